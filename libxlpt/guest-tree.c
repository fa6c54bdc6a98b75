/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nodes and properties of the guest's tree. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

/* A dtb spends this much on a node and a property beside their contents. */
#define NODE_OVERHEAD 12
#define PROP_OVERHEAD 16

static bool spend(struct guest_tree *out, size_t bytes)
{
	if (out->too_big || bytes > GUEST_MAX_BYTES - out->bytes) {
		out->too_big = true;
		return false;
	}
	out->bytes += bytes;
	return true;
}

struct guest_node *guest_node_new(struct guest_tree *out, const char *name)
{
	struct guest_node *node;

	if (!name || !spend(out, NODE_OVERHEAD + strlen(name)))
		return NULL;
	node = arena_alloc(out->arena, 1, sizeof(*node));
	if (node)
		node->name = name;
	return node;
}

void guest_attach(struct guest_node *parent, struct guest_node *node)
{
	node->parent = parent;
	if (parent->last_child)
		parent->last_child->next = node;
	else
		parent->child = node;
	parent->last_child = node;
}

struct guest_node *guest_node_add(struct guest_tree *out, struct guest_node *parent,
				  const char *name)
{
	struct guest_node *node = parent ? guest_node_new(out, name) : NULL;

	if (node)
		guest_attach(parent, node);
	return node;
}

struct guest_prop *guest_prop_add(struct guest_tree *out, struct guest_node *node,
				  const char *name, const void *value, size_t len)
{
	struct guest_prop *prop;

	if (!node || !name || (len && !value) || !spend(out, PROP_OVERHEAD + strlen(name) + len))
		return NULL;
	prop = arena_alloc(out->arena, 1, sizeof(*prop));
	if (!prop)
		return NULL;
	prop->name = name;
	prop->value = value;
	prop->len = (uint32_t)len;
	if (node->last_prop)
		node->last_prop->next = prop;
	else
		node->prop = prop;
	node->last_prop = prop;
	return prop;
}

void guest_prop_string(struct guest_tree *out, struct guest_node *node, const char *name,
		       const char *string)
{
	if (string)
		guest_prop_add(out, node, name, string, strlen(string) + 1);
}

void guest_prop_cell(struct guest_tree *out, struct guest_node *node, const char *name,
		     uint32_t cell)
{
	struct guest_cells cells = { .out = out };
	struct guest_prop *prop;

	guest_cell(&cells, cell);
	prop = guest_prop_add(out, node, name, cells.value, cells.len);
	if (prop)
		prop->form = GUEST_CELLS;
}

void guest_ref_add(struct guest_tree *out, struct guest_prop *prop, uint32_t offset, uint32_t host,
		   struct guest_node *to)
{
	struct guest_ref *ref;

	if (!prop)
		return;
	ref = arena_alloc(out->arena, 1, sizeof(*ref));
	if (!ref)
		return;
	ref->offset = offset;
	ref->host = host;
	ref->to = to;
	if (prop->last_ref)
		prop->last_ref->next = ref;
	else
		prop->ref = ref;
	prop->last_ref = ref;
	prop->form = GUEST_CELLS;
}

void guest_left_add(struct guest_tree *out, struct guest_node *node, const char *name)
{
	struct guest_left *left;

	if (!node)
		return;
	left = arena_alloc(out->arena, 1, sizeof(*left));
	if (!left)
		return;
	left->name = name;
	if (node->last_left)
		node->last_left->next = left;
	else
		node->left = left;
	node->last_left = left;
}

uint32_t guest_phandle(struct guest_tree *out, struct guest_node *node)
{
	if (!node->phandle) {
		if (out->next_phandle >= GUEST_PHANDLE_GIC || !spend(out, PROP_OVERHEAD + 4)) {
			out->too_big = true;
			return 0;
		}
		node->phandle = out->next_phandle++;
	}
	return node->phandle;
}

struct guest_node *guest_next(const struct guest_node *node)
{
	if (node->child)
		return node->child;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

/* ---- cells -------------------------------------------------------------- */

void guest_bytes(struct guest_cells *cells, const void *bytes, size_t len)
{
	if (!len)
		return;
	if (cells->room - cells->len < len) {
		size_t room = cells->room ? cells->room * 2 : 16;
		uint8_t *value;

		while (room - cells->len < len)
			room *= 2;
		cells->out->too_big |= room > 4 * (size_t)GUEST_MAX_BYTES;
		value = cells->out->too_big ? NULL : arena_alloc(cells->out->arena, room, 1);
		if (!value) {
			cells->len = cells->room = 0;
			cells->value = NULL;
			return;
		}
		if (cells->len)
			memcpy(value, cells->value, cells->len);
		cells->value = value;
		cells->room = room;
	}
	memcpy(cells->value + cells->len, bytes, len);
	cells->len += len;
}

void guest_cell(struct guest_cells *cells, uint32_t value)
{
	const uint8_t bytes[4] = {
		(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value,
	};

	guest_bytes(cells, bytes, sizeof(bytes));
}

void guest_number(struct guest_cells *cells, unsigned n, uint64_t value)
{
	for (; n > 2; n--)
		guest_cell(cells, 0);
	if (n == 2)
		guest_cell(cells, (uint32_t)(value >> 32));
	if (n)
		guest_cell(cells, (uint32_t)value);
}

/* ---- the frame ---------------------------------------------------------- */

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
