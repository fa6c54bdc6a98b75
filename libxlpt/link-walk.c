/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "interrupt.h"
#include "link-walk.h"

void link_walk_init(struct link_walk *walk, const struct xlpt_tree *tree, uint32_t node,
		    const struct tree_prop *prop)
{
	*walk = (struct link_walk){
		.tree = tree, .node = node, .prop = prop, .link = &links[prop->link - 1],
		.n_cells = prop->len / 4, .entry = UINT32_MAX, .cached_target = XLPT_NO_NODE,
		.target = XLPT_NO_NODE, .malformed = prop->len % 4 != 0,
	};
	if (walk->link->unless && tree_prop_named(tree, node, walk->link->unless)) {
		walk->n_cells = 0;
		walk->malformed = false;
	}
}

/* Arguments that follow a phandle; false if nobody says how many. */
static bool count_args(struct link_walk *walk)
{
	const struct tree_prop *cells;

	switch (walk->link->form) {
	case FORM_PHANDLES:
		walk->n_args = 0;
		return true;
	case FORM_FIXED:
		walk->n_args = walk->link->n_args;
		return true;
	case FORM_FIRST:
		walk->n_args = walk->n_cells - walk->position;
		return true;
	case FORM_CELLS:
		break;
	case FORM_INTERRUPT_MAP:
		return false;
	}
	if (walk->target == XLPT_NO_NODE)
		return false;
	if (walk->target == walk->cached_target) {
		walk->n_args = walk->cached_args;
		return true;
	}
	cells = tree_prop_named(walk->tree, walk->target, walk->link->cells);
	if (cells && cells->len >= 4)
		walk->n_args = prop_cell(walk->tree, cells, 0);
	else if (walk->link->optional)
		walk->n_args = walk->link->n_args;
	else
		return false;
	walk->cached_target = walk->target;
	walk->cached_args = walk->n_args;
	return true;
}

static bool next_in_map(struct link_walk *walk)
{
	struct interrupt_map_entry entry;
	unsigned position = walk->position;

	if (!interrupt_map_next(walk->tree, walk->node, &position, &entry)) {
		walk->malformed |= walk->position != walk->n_cells;
		return false;
	}
	walk->entry++;
	walk->cell = walk->position + entry.n_child;
	walk->phandle = prop_cell(walk->tree, walk->prop, walk->cell);
	walk->target = entry.parent;
	walk->first_arg = walk->cell + 1;
	walk->n_args = position - walk->first_arg;
	walk->position = position;
	return true;
}

bool link_walk_next(struct link_walk *walk)
{
	if (walk->link->form == FORM_INTERRUPT_MAP)
		return next_in_map(walk);
	while (walk->position < walk->n_cells) {
		walk->entry++;
		if (walk->link->n_lead >= walk->n_cells - walk->position) {
			walk->malformed = true;
			return false;
		}
		walk->position += walk->link->n_lead;
		walk->cell = walk->position++;
		walk->phandle = prop_cell(walk->tree, walk->prop, walk->cell);
		walk->target = XLPT_NO_NODE;
		if (!walk->phandle && walk->link->form != FORM_FIRST)
			continue;
		walk->target = tree_by_phandle(walk->tree, walk->phandle);
		walk->first_arg = walk->position;
		if (!count_args(walk) || walk->n_args > walk->n_cells - walk->position) {
			walk->malformed = true;
			walk->n_args = walk->n_cells - walk->position;
		}
		walk->position += walk->n_args;
		return true;
	}
	return false;
}
