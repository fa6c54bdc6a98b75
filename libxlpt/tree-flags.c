/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the flags of each node say, and the cells its children's reg is counted in. */
#include "address.h"
#include "tree-flags.h"

/* The root children that are no devices, whatever they hold. */
static bool is_special(const struct xlpt_tree *tree, uint32_t node)
{
	static const char *const names[] = {
		"cpus", "memory", "reserved-memory", "chosen", "aliases", "options",
	};
	const char *name = tree_name(tree, node);
	const char *type = tree_string(tree, node, P_DEVICE_TYPE);
	size_t i, len = strlen(name);

	if (tree->node[node].parent != 0)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (tree_name_is(tree, node, names[i]))
			return true;
	if (len > 4 && !strncmp(name, "__", 2) && !strcmp(name + len - 2, "__"))
		return true;
	return type && !strcmp(type, "memory");
}

static uint8_t cells_of(const struct xlpt_tree *tree, uint32_t node, enum prop_name name,
			uint8_t inherited, bool *own_r)
{
	uint32_t cells;

	*own_r = tree_u32(tree, node, name, &cells);
	if (!*own_r)
		return inherited;
	return cells > 254 ? 255 : (uint8_t)cells;
}

/* Kept, since a compatible may be long and a clock may be asked for at each cell of another node. */
static uint16_t clock_flags(const struct xlpt_tree *tree, uint32_t node)
{
	if (!tree_prop(tree, node, P_CLOCK_CELLS) || !tree_enabled(tree, node))
		return 0;
	if (tree_compatible(tree, node, "fixed-factor-clock"))
		return TREE_FIXED_FACTOR;
	return tree_compatible(tree, node, "fixed-clock") ? TREE_FIXED_CLOCK : 0;
}

void tree_flags_fill(struct xlpt_tree *tree)
{
	uint32_t i;

	for (i = 0; i < tree->n_nodes; i++) {
		struct tree_node *node = &tree->node[i];
		/* A root without cell counts has 2 and 1: Devicetree Specification, 2.3.5. */
		uint8_t na = i ? tree->node[node->parent].address_cells : 2;
		uint8_t ns = i ? tree->node[node->parent].size_cells : 1;
		const struct tree_prop *status = tree_prop(tree, i, P_STATUS);
		bool own, own_size;

		node->address_cells = cells_of(tree, i, P_ADDRESS_CELLS, na, &own);
		node->size_cells = cells_of(tree, i, P_SIZE_CELLS, ns, &own_size);
		if (own)
			node->flags |= TREE_OWN_ADDRESS_CELLS;
		if (status) {
			const char *s = prop_string(tree, status, 0);

			if (!s || (strcmp(s, "okay") && strcmp(s, "ok")))
				node->flags |= TREE_DISABLED;
		}
		if (tree_prop(tree, i, P_COMPATIBLE))
			node->flags |= TREE_COMPATIBLE;
		if (tree_prop(tree, i, P_RANGES))
			node->flags |= TREE_BUS;
		if (tree_prop(tree, i, P_INTERRUPT_CONTROLLER))
			node->flags |= TREE_INTERRUPT_CONTROLLER;
		if (i && ((tree->node[node->parent].flags & TREE_SPECIAL) || is_special(tree, i)))
			node->flags |= TREE_SPECIAL;
		node->bus = (uint8_t)address_bus_kind(tree, i);
		node->flags |= clock_flags(tree, i);
	}
}
