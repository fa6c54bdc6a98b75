/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a guest's tree has whatever is passed, and parents for nodes that cannot stand right below it. */
#include <limits.h>
#include <stdio.h>

#include "guest.h"

struct guest_tree *guest_tree_new(struct arena *arena)
{
	struct guest_tree *out = arena_alloc(arena, 1, sizeof(*out));

	if (!out)
		return NULL;
	out->arena = arena;
	out->next_phandle = 1;
	out->root = guest_node_new(out, "");
	guest_prop_cell(out, out->root, "#address-cells", 2);
	guest_prop_cell(out, out->root, "#size-cells", 2);

	/* libxl copies /passthrough and /aliases only and has its GIC under this very phandle. */
	out->gic = guest_node_add(out, out->root, "gic");
	guest_prop_cell(out, out->gic, "#address-cells", 0);
	guest_prop_cell(out, out->gic, "#interrupt-cells", 3);
	guest_prop_add(out, out->gic, "interrupt-controller", NULL, 0);
	if (out->gic) {
		out->gic->phandle = GUEST_PHANDLE_GIC;
		out->gic->comment = "stands for the guest's GIC; not copied by libxl";
	}
	out->aliases = guest_node_new(out, "aliases");
	out->passthrough = guest_node_add(out, out->root, "passthrough");
	guest_prop_string(out, out->passthrough, "compatible", "simple-bus");
	guest_prop_add(out, out->passthrough, "ranges", NULL, 0);
	guest_prop_cell(out, out->passthrough, "#address-cells", 2);
	guest_prop_cell(out, out->passthrough, "#size-cells", 2);
	return out->passthrough ? out : NULL;
}

/*
 * Nodes without registers would each be a warning of dtc (simple_bus_reg)
 * right below /passthrough. A simple-mfd is populated like a bus but may hold
 * them; its one empty window justifies its unit address and maps nothing.
 */
struct guest_node *guest_no_mmio(struct guest_tree *out)
{
	struct guest_cells window = { .out = out };
	struct guest_prop *prop;

	if (out->no_mmio)
		return out->no_mmio;
	out->no_mmio = guest_node_new(out, guest_unique_name(out, "no-mmio", "0", 0));
	if (!out->no_mmio)
		return NULL;
	out->no_mmio->comment = "what has no registers: stubs for what the host keeps, and data";
	guest_prop_string(out, out->no_mmio, "compatible", "simple-mfd");
	guest_prop_cell(out, out->no_mmio, "#address-cells", 1);
	guest_prop_cell(out, out->no_mmio, "#size-cells", 1);
	guest_number(&window, 4, 0);
	prop = guest_prop_add(out, out->no_mmio, "ranges", window.value, window.len);
	if (prop)
		prop->form = GUEST_CELLS;
	return out->no_mmio;
}

/* The parent of those whose unit address this many others have. */
static struct guest_node *twins_new(struct guest_tree *out, unsigned nth)
{
	struct guest_cells windows = { .out = out };
	struct guest_node *twins;
	struct guest_prop *prop;
	char unit[16];

	snprintf(unit, sizeof(unit), "%x", nth);
	twins = guest_node_new(out, guest_unique_name(out, "same-registers", unit, 0));
	if (!twins)
		return NULL;
	twins->comment = "what has the registers of another node";
	guest_prop_string(out, twins, "compatible", "simple-mfd");
	guest_prop_cell(out, twins, "#address-cells", 2);
	guest_prop_cell(out, twins, "#size-cells", 2);
	guest_number(&windows, 2, 0);
	guest_number(&windows, 2, nth);
	guest_number(&windows, 2, 0);
	guest_number(&windows, 2, 0);
	guest_number(&windows, 2, 0);
	guest_number(&windows, 2, UINT64_MAX);
	prop = guest_prop_add(out, twins, "ranges", windows.value, windows.len);
	if (prop)
		prop->form = GUEST_CELLS;
	return twins;
}

/* Their unit addresses stay below those of page 1, the first that a device can have. */
#define MAX_TWINS 4095

/*
 * Several nodes may describe the same registers, on the host under different
 * parents. Side by side they would share a unit address, of which dtc warns;
 * so the later ones get parents of their own. The first window of such a
 * parent, an empty one, justifies its unit address, the second is everything.
 */
struct guest_node *guest_with_mmio(struct guest_tree *out, const char *unit)
{
	unsigned taken = guest_unit_taken(out, unit);
	struct guest_node **slot;

	if (!taken)
		return out->passthrough;
	if (taken == UINT_MAX)
		return NULL;
	if (taken > MAX_TWINS)
		taken = MAX_TWINS;
	if (taken > out->n_twins) {
		slot = arena_push(out->arena, &out->twins, &out->n_twins, &out->twins_room, sizeof(*slot));
		if (!slot)
			return NULL;
		*slot = twins_new(out, taken);
	}
	return out->twins[taken - 1];
}
