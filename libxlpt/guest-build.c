/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second pass: an item, or what a reference takes along, as nodes of the guest's tree. */
#include <stdio.h>

#include "address.h"
#include "guest.h"

/* The building of one node. */
struct building {
	uint32_t node;
	enum guest_role role;
	struct guest_node *out;
	struct guest_addresses *addresses;	/* of an item */
	uint32_t lone;				/* see guest_lone_endpoint() */
	bool interrupts, map, map_kept, status, reg, ranges;
};

static void build_cells_prop(struct guest_walk *w, struct guest_node *out, const char *name,
			     const struct guest_cells *cells)
{
	struct guest_prop *prop = cells->len ?
				  guest_prop_add(w->out, out, name, cells->value, cells->len) : NULL;

	if (prop)
		prop->form = GUEST_CELLS;
}

static void copy(struct guest_walk *w, struct guest_node *out, const struct tree_prop *prop)
{
	guest_prop_add(w->out, out, prop_name(w->tree, prop), prop_value(w->tree, prop), prop->len);
}

static bool first_time(bool *done)
{
	bool first = !*done;

	*done = true;
	return first;
}

/* A property that the node's own rules make. */
static void build_own(struct guest_walk *w, struct building *b, const struct tree_prop *prop)
{
	bool hardware = b->role == ROLE_ITEM || b->role == ROLE_BELOW;

	switch ((enum prop_name)prop->known) {
	case P_STATUS:
		if (b->role == ROLE_ITEM && first_time(&b->status))
			guest_prop_string(w->out, b->out, "status", "okay");
		else if (b->role != ROLE_TAKEN && b->role != ROLE_ITEM)
			copy(w, b->out, prop);
		break;
	case P_REG:
		if (b->node == w->lone)
			break;
		if (b->role == ROLE_ITEM && first_time(&b->reg))
			build_cells_prop(w, b->out, "reg", &b->addresses->reg);
		else if (b->role == ROLE_BELOW)
			guest_reg_below(w, b->node, b->out, prop);
		else if (b->role == ROLE_TAKEN_BELOW)
			copy(w, b->out, prop);
		break;
	case P_RANGES:
		if (b->role == ROLE_ITEM && first_time(&b->ranges))
			build_cells_prop(w, b->out, "ranges", &b->addresses->ranges);
		else if (b->role == ROLE_BELOW)
			guest_ranges_below(w, b->node, b->out, prop);
		break;
	case P_ADDRESS_CELLS:
	case P_SIZE_CELLS:
		if (b->lone == XLPT_NO_NODE && guest_counts_serve(w, b->node))
			copy(w, b->out, prop);
		break;
	case P_BUS_RANGE:
		guest_bus_range(w, b->node, b->out, prop);
		break;
	case P_INTERRUPTS:
	case P_INTERRUPTS_EXTENDED:
		if (hardware && first_time(&b->interrupts))
			guest_interrupts(w, b->node, b->out);
		break;
	case P_INTERRUPT_MAP:
		if (hardware && first_time(&b->map))
			b->map_kept = guest_interrupt_map(w, b->node, b->out);
		break;
	case P_INTERRUPT_CELLS:
		/* Of a nexus it says how its map is to be read, and says nothing without one. */
		if (w->tree->node[b->node].flags & TREE_INTERRUPT_CONTROLLER ||
		    !tree_prop(w->tree, b->node, P_INTERRUPT_MAP))
			copy(w, b->out, prop);
		break;
	default:
		break;
	}
}

/* What the host's node does not say itself. */
static void build_extras(struct guest_walk *w, struct building *b)
{
	const struct xlpt_tree *tree = w->tree;

	if (b->map_kept && !(tree->node[b->node].flags & TREE_INTERRUPT_CONTROLLER))
		guest_prop_add(w->out, b->out, "#interrupt-cells",
			       prop_value(tree, tree_prop(tree, b->node, P_INTERRUPT_CELLS)), 4);
	if ((b->role == ROLE_ITEM || b->role == ROLE_BELOW) && !tree_prop(tree, b->node, P_BUS_RANGE))
		guest_bus_range(w, b->node, b->out, NULL);
	if (b->role == ROLE_ITEM || b->role == ROLE_BELOW)
		guest_add_counts(w, b->node, b->out);
	if (b->role == ROLE_ITEM && guest_inherits_coherency(w, w->item))
		guest_prop_add(w->out, b->out, "dma-coherent", NULL, 0);
}

/* Copied with the interrupts; or in the way of the guest's own virtual PCI bridge, which has none. */
static bool goes_elsewhere(const struct guest_walk *w, const char *name)
{
	return !strcmp(name, "interrupt-names") ||
	       (w->plan->settings->pci && !strcmp(name, "linux,pci-domain"));
}

static void build_props(struct guest_walk *w, struct building *b)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t first = tree->node[b->node].prop, n = tree->node[b->node + 1].prop - first, i;
	enum guest_action *action = arena_alloc(w->out->arena, n, sizeof(*action));

	if (!action)
		return;
	for (i = 0; i < n; i++)
		action[i] = guest_fate(w, b->node, b->role, &tree->prop[first + i]);
	guest_fate_names(w, b->node, action);
	b->lone = guest_lone_endpoint(w, b->node);
	for (i = 0; i < n && !w->out->too_big; i++) {
		const struct tree_prop *prop = &tree->prop[first + i];
		const char *name = prop_name(tree, prop);

		switch (action[i]) {
		case ACT_COPY:
			if (!goes_elsewhere(w, name))
				copy(w, b->out, prop);
			break;
		case ACT_RENUMBER:
			guest_renumber(w, b->node, b->out, prop);
			break;
		case ACT_CLOCKS:
			guest_clocks_build(w, b->node, b->out, prop);
			break;
		case ACT_REGULATORS:
			guest_regulators_build(w, b->node, b->out, prop);
			break;
		case ACT_OWN:
			build_own(w, b, prop);
			break;
		case ACT_LEAVE:
			guest_left_add(w->out, b->out, name);
			break;
		case ACT_FORGET:
			break;
		}
	}
	build_extras(w, b);
}

/* ---- nodes ----------------------------------------------------------------- */

/* The host's name of a node, which a source can hold. */
static const char *legal_name(struct guest_tree *out, const char *name)
{
	char *copy, *c, one[2] = "";

	if (guest_name_is_legal(name))
		return name;
	copy = arena_strdup(out->arena, name);
	for (c = copy; c && *c; c++) {
		one[0] = *c;
		if (!guest_name_is_legal(one))
			*c = '_';
	}
	return copy;
}

/*
 * A PCI function is found on the bus whether it has a node or not; a disabled
 * node keeps its driver from it, and no node would not.
 */
static void build_disabled(struct guest_walk *w, uint32_t node, struct guest_node *parent)
{
	const struct xlpt_tree *tree = w->tree;
	const struct tree_prop *reg = tree_prop(tree, node, P_REG);
	struct guest_node *out;

	if (tree->node[tree->node[node].parent].bus != BUS_PCI || !reg)
		return;
	out = guest_node_add(w->out, parent, legal_name(w->out, tree_name(tree, node)));
	if (!out)
		return;
	copy(w, out, reg);
	guest_prop_string(w->out, out, "status", "disabled");
}

/* Nodes first, so that each knows which of its children are there. */
static void build_subtree(struct guest_walk *w, uint32_t top, const struct plan_item *item,
			  struct guest_addresses *addresses)
{
	const struct xlpt_tree *tree = w->tree;
	struct guest_tree *out = w->out;
	uint32_t node, end = tree->node[top].end;
	struct guest_node *parent;

	for (node = top + 1; node < end && !out->too_big;) {
		enum guest_left_out left = item ? guest_left_out(w, item, node) :
					   tree_enabled(tree, node) ? LEFT_NOT : LEFT_DISABLED;

		parent = w->guest_of[tree->node[node].parent];
		if (left != LEFT_NOT || w->guest_of[node]) {
			if (left != LEFT_NOT)
				guest_left_add(out, parent, arena_printf(out->arena, "%s (%s)",
							tree_name(tree, node),
							left == LEFT_DISABLED ? "disabled" :
							"other end not here"));
			if (left == LEFT_DISABLED)
				build_disabled(w, node, parent);
			node = tree->node[node].end;
			continue;
		}
		w->guest_of[node] = guest_node_add(out, parent, legal_name(out, tree_name(tree, node)));
		if (!w->guest_of[node])
			return;
		node++;
	}
	for (node = top; node < end && !out->too_big; node++) {
		struct building b = {
			.node = node, .out = w->guest_of[node], .addresses = addresses,
			.lone = XLPT_NO_NODE,
			.role = item ? (node == top ? ROLE_ITEM : ROLE_BELOW) :
				       (node == top ? ROLE_TAKEN : ROLE_TAKEN_BELOW),
		};

		if (b.out)
			build_props(w, &b);
		/* It comes next if it comes at all, so one is enough to remember. */
		if (b.out && b.lone != XLPT_NO_NODE) {
			w->lone = b.lone;
			w->guest_of[b.lone]->name = "endpoint";
		}
	}
}

void guest_build_item(struct guest_walk *w, const struct plan_item *item)
{
	const char *own = tree_name(w->tree, item->node);
	struct guest_tree *out = w->out;
	struct guest_addresses addresses;
	struct guest_node *node;
	char unit[17] = "", *base;

	guest_addresses(w, item, &addresses);
	if (addresses.has_unit)
		snprintf(unit, sizeof(unit), "%llx", (unsigned long long)addresses.unit);
	base = arena_strndup(out->arena, own, strcspn(own, "@"));
	if (!base)
		return;
	node = guest_node_add(out, addresses.has_unit ? guest_with_mmio(out, unit) : guest_no_mmio(out),
			      guest_unique_name(out, base, unit, (size_t)(item - w->plan->item)));
	if (!node)
		return;
	node->comment = item->path;
	w->guest_of[item->node] = node;
	build_subtree(w, item->node, item, &addresses);
}

void guest_build_taken(struct guest_walk *w, uint32_t top)
{
	const char *own = tree_name(w->tree, top);
	struct guest_tree *out = w->out;
	struct guest_node *node;
	char *base;

	if (w->guest_of[top])
		return;
	base = arena_strndup(out->arena, own, strcspn(own, "@"));
	if (!base)
		return;
	node = guest_node_add(out, guest_no_mmio(out), guest_unique_name(out, base, "", top));
	if (!node)
		return;
	node->comment = arena_printf(out->arena, "taken along: %s", plan_path(w->plan, top));
	w->guest_of[top] = node;
	build_subtree(w, top, NULL, NULL);
}
