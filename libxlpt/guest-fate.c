/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of a property in the guest's node, and what to say about it. */
#include "groups.h"
#include "guest.h"

const char *guest_path_of(struct guest_walk *w, uint32_t node)
{
	if (node == w->item->node)
		return w->item->path;
	if (!w->path || w->path_node != node) {
		w->path = plan_path(w->plan, node);
		w->path_node = node;
	}
	return w->path;
}

/* A property without a row in any table: numbers that equal a phandle may be one. */
static enum guest_action fate_of_unknown(struct guest_walk *w, uint32_t node,
					 const struct tree_prop *prop)
{
	const struct xlpt_tree *tree = w->tree;
	const char *name = prop_name(tree, prop);
	uint32_t cell, target = XLPT_NO_NODE;

	if (prop->len % 4 || value_is_strings(prop_value(tree, prop), prop->len))
		return ACT_COPY;
	for (cell = 0; cell < prop->len / 4 && target == XLPT_NO_NODE; cell++)
		target = tree_by_phandle(tree, prop_cell(tree, prop, cell));
	if (target == XLPT_NO_NODE)
		return ACT_COPY;
	if (!w->silent)
		diag_add(w->plan->diags, DIAG_PROPERTY_UNKNOWN, 0, guest_path_of(w, node), name, NULL,
			 "%s is unknown here, and its cell %u is the phandle of %s or a plain number",
			 name, cell - 1, plan_path(w->plan, target));
	return ACT_LEAVE;
}

/* What the walk over a property's phandles found. */
struct targets {
	bool broken;		/* dangling or cut short */
	uint32_t dangling;
	uint32_t outside;	/* the first that does not go along, or XLPT_NO_NODE */
};

static void find_targets(struct guest_walk *w, uint32_t node, const struct tree_prop *prop,
			 struct targets *t)
{
	struct link_walk walk;

	*t = (struct targets){ .outside = XLPT_NO_NODE };
	link_walk_init(&walk, w->tree, node, prop);
	while (link_walk_next(&walk)) {
		if (!walk.phandle)
			continue;
		if (walk.target == XLPT_NO_NODE) {
			t->broken = true;
			t->dangling = walk.phandle;
			return;
		}
		if (t->outside == XLPT_NO_NODE && !guest_inside(w, walk.target))
			t->outside = walk.target;
	}
	t->broken = walk.malformed;
}

static enum guest_action dangling(struct guest_walk *w, uint32_t node, const struct tree_prop *prop,
				  const struct targets *t)
{
	const char *name = prop_name(w->tree, prop);

	if (w->silent)
		return ACT_LEAVE;
	if (t->dangling)
		diag_add(w->plan->diags, DIAG_REFERENCE_DANGLING, 0, guest_path_of(w, node), name, NULL,
			 "%s refers to phandle 0x%x, which no node has", name, t->dangling);
	else
		diag_add(w->plan->diags, DIAG_REFERENCE_DANGLING, 0, guest_path_of(w, node), name, NULL,
			 "%s is cut short, or its target does not say how long an entry is", name);
	return ACT_LEAVE;
}

static void report_drop(struct guest_walk *w, uint32_t node, const struct tree_prop *prop,
			const struct targets *t)
{
	const struct link *link = &links[prop->link - 1];
	const char *name = prop_name(w->tree, prop);

	if (!w->silent)
		diag_add(w->plan->diags, DIAG_DROPPED_REFERENCE, 0, guest_path_of(w, node), name, NULL,
			 "%s (%s) is left out: %s", name, tree_name(w->tree, t->outside),
			 link->advice ? link->advice : "what it refers to stays with the host");
}

static enum guest_action refuse(struct guest_walk *w, uint32_t node, const struct tree_prop *prop,
				uint32_t target, const char *why)
{
	const char *name = prop_name(w->tree, prop), *hint = NULL;
	uint32_t device = group_device_of(w->tree, target);

	if (w->silent)
		return ACT_LEAVE;
	/* What helps with any other is in the hint that names all of the group. */
	if (plan_item_of(w->plan, target))
		hint = "That node is in the plan and disabled in the host tree: it stays out of the guest's. Allowed, the property is left out too.";
	else if (!tree_enabled(w->tree, device))
		hint = arena_printf(&w->plan->arena,
				    "Pass %s too, which is disabled in the host tree; allowed, the property is left out.",
				    plan_path(w->plan, device));
	diag_add(w->plan->diags, DIAG_REFERENCE_REFUSED, 0, guest_path_of(w, node), name, hint,
		 "%s (%s) cannot be kept: %s", name, plan_path(w->plan, target), why);
	return ACT_LEAVE;
}

/* Every target outside goes along, or none does. */
static enum guest_action take(struct guest_walk *w, uint32_t node, const struct tree_prop *prop)
{
	struct link_walk walk;

	link_walk_init(&walk, w->tree, node, prop);
	while (link_walk_next(&walk))
		if (walk.phandle && !guest_inside(w, walk.target) && !guest_takeable(w, walk.target))
			return refuse(w, node, prop, walk.target,
				      "it refers to hardware where only data is expected");
	link_walk_init(&walk, w->tree, node, prop);
	while (!w->silent && link_walk_next(&walk))
		if (walk.phandle && !guest_inside(w, walk.target))
			guest_take(w, walk.target);
	return ACT_RENUMBER;
}

/* Does the first operating point of a table set a voltage? They are all alike. */
static bool sets_voltage(const struct xlpt_tree *tree, uint32_t table)
{
	uint32_t point = tree_child(tree, table);
	uint32_t i;

	if (point == XLPT_NO_NODE)
		return false;
	for (i = tree->node[point].prop; i < tree->node[point + 1].prop; i++)
		if (!strncmp(prop_name(tree, &tree->prop[i]), "opp-microvolt", 13))
			return true;
	return false;
}

/*
 * Operating points are data, and yet need hardware: where a voltage cannot be
 * set, Linux's OPP code fails, and drivers such as Panfrost's give up.
 * Without a table they stay at the rate and voltage they find.
 */
static bool table_unusable(struct guest_walk *w, uint32_t node, const struct tree_prop *prop,
			   const struct targets *t)
{
	const char *name = prop_name(w->tree, prop);

	if (strcmp(name, "operating-points-v2") || !sets_voltage(w->tree, t->outside) ||
	    !guest_regulators_vary(w, node))
		return false;
	if (!w->silent)
		diag_add(w->plan->diags, DIAG_DROPPED_REFERENCE, 0, guest_path_of(w, node), name, NULL,
			 "%s (%s) is left out: the guest cannot set the voltages in it; the host must leave the device at one rate and voltage",
			 name, tree_name(w->tree, t->outside));
	return true;
}

/* The entries of an interrupt-map are rewritten one by one, as far as it can be read. */
static void check_map(struct guest_walk *w, uint32_t node, const struct tree_prop *prop)
{
	struct link_walk walk;

	if (w->silent)
		return;
	link_walk_init(&walk, w->tree, node, prop);
	while (link_walk_next(&walk))
		;
	if (walk.malformed)
		dangling(w, node, prop, &(struct targets){ .broken = true });
}

static enum guest_action fate_of_link(struct guest_walk *w, uint32_t node,
				      const struct tree_prop *prop)
{
	const struct link *link = &links[prop->link - 1];
	struct targets t;

	if (link->fate == FATE_SILENT)
		return ACT_LEAVE;
	if (link->fate == FATE_INTERRUPT) {
		if (prop->known == P_INTERRUPT_MAP)
			check_map(w, node, prop);
		return ACT_OWN;
	}
	find_targets(w, node, prop, &t);
	if (t.broken)
		return dangling(w, node, prop, &t);
	if (link->fate == FATE_CLOCK)
		return guest_clocks_fate(w, node, prop);
	if (t.outside == XLPT_NO_NODE)
		return ACT_RENUMBER;

	switch (link->fate) {
	case FATE_REGULATOR:
		guest_regulators_report(w, node, prop);
		return ACT_REGULATORS;
	case FATE_TAKE:
		if (table_unusable(w, node, prop, &t))
			return ACT_LEAVE;
		return take(w, node, prop);
	case FATE_REFUSE:
		return refuse(w, node, prop, t.outside, link->advice ? link->advice : "it stays with the host");
	default:
		report_drop(w, node, prop, &t);
		return ACT_LEAVE;
	}
}

/* DMA windows are the host's: they say nothing about guest addresses. */
static enum guest_action fate_of_dma_ranges(struct guest_walk *w, uint32_t node,
					    const struct tree_prop *prop)
{
	if (!prop->len)
		return ACT_FORGET;
	if (!w->silent)
		diag_add(w->plan->diags, DIAG_COHERENCY_INHERITED, 0, guest_path_of(w, node), "dma-ranges",
			 NULL, "dma-ranges is left out: its window is counted in host addresses");
	return ACT_LEAVE;
}

static enum guest_action fate_of_illegal(struct guest_walk *w, uint32_t node, const char *name)
{
	if (!w->silent)
		diag_add(w->plan->diags, DIAG_PROPERTY_UNKNOWN, 0, guest_path_of(w, node), name, NULL,
			 "%s has a character that no device tree source may have", name);
	return ACT_LEAVE;
}

enum guest_action guest_fate(struct guest_walk *w, uint32_t node, enum guest_role role,
			     const struct tree_prop *prop)
{
	const char *name = prop_name(w->tree, prop);

	switch ((enum prop_name)prop->known) {
	case P_PHANDLE:
	case P_LINUX_PHANDLE:
	case P_XEN_PASSTHROUGH:
	case P_XEN_BOOTARGS:
	case P_STREAM_ID_CELLS:
		return ACT_FORGET;
	case P_STATUS:
	case P_REG:
	case P_RANGES:
	case P_ADDRESS_CELLS:
	case P_SIZE_CELLS:
	case P_BUS_RANGE:
	case P_INTERRUPTS:
	case P_INTERRUPT_CELLS:
	case P_INTERRUPT_MAP_MASK:
		return ACT_OWN;
	case P_DMA_RANGES:
		return fate_of_dma_ranges(w, node, prop);
	case P_ASSIGNED_ADDRESSES:
		return role == ROLE_ITEM ? ACT_FORGET : ACT_COPY;
	case P_OTHER:
	case P_PLAIN:
		if (!guest_name_is_legal(name))
			return fate_of_illegal(w, node, name);
		break;
	default:
		break;
	}
	if (prop->link)
		return fate_of_link(w, node, prop);
	/* Between Xen and the host; and the node's name as trees before version 16 repeat it. */
	if (!strncmp(name, "xen,", 4) || !strcmp(name, "name"))
		return ACT_FORGET;
	return prop->known ? ACT_COPY : fate_of_unknown(w, node, prop);
}

/* Distinct lists of names in links.def are fewer. */
#define MAX_NAMES 64

/* The lists of names of properties that are left out. */
static unsigned left_names(const struct xlpt_tree *tree, uint32_t node,
			   const enum guest_action *action, const char *names[MAX_NAMES])
{
	uint32_t first = tree->node[node].prop, n = tree->node[node + 1].prop - first, i;
	unsigned n_names = 0, k;

	for (i = 0; i < n; i++) {
		uint16_t row = tree->prop[first + i].link;

		if (!row || !links[row - 1].names || action[i] != ACT_LEAVE)
			continue;
		for (k = 0; k < n_names; k++)
			if (!strcmp(names[k], links[row - 1].names))
				break;
		if (k == n_names && n_names < MAX_NAMES)
			names[n_names++] = links[row - 1].names;
	}
	return n_names;
}

void guest_fate_names(struct guest_walk *w, uint32_t node, enum guest_action *action)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t first = tree->node[node].prop, n = tree->node[node + 1].prop - first, i;
	const char *names[MAX_NAMES];
	unsigned n_names = left_names(tree, node, action, names), k;

	/* Several properties with one list of names (pinctrl-N) stand and fall together. */
	for (k = 0; k < n_names; k++)
		for (i = 0; i < n; i++) {
			const struct tree_prop *prop = &tree->prop[first + i];

			if (!strcmp(prop_name(tree, prop), names[k]) ||
			    (prop->link && links[prop->link - 1].names &&
			     !strcmp(links[prop->link - 1].names, names[k])))
				action[i] = ACT_LEAVE;
		}
}

void guest_renumber(struct guest_walk *w, uint32_t node, struct guest_node *out,
		    const struct tree_prop *prop)
{
	const struct link *link = &links[prop->link - 1];
	struct guest_prop *copy = guest_prop_add(w->out, out, prop_name(w->tree, prop),
						 prop_value(w->tree, prop), prop->len);
	struct link_walk walk;
	unsigned i;

	link_walk_init(&walk, w->tree, node, prop);
	while (copy && link_walk_next(&walk)) {
		if (!walk.phandle)
			continue;
		guest_ref_add(w->out, copy, walk.cell * 4, walk.target, NULL);
		for (i = 0; link->args_below && i < walk.n_args; i++) {
			uint32_t below = tree_by_phandle(w->tree, prop_cell(w->tree, prop, walk.first_arg + i));

			if (below != XLPT_NO_NODE && below != walk.target &&
			    tree_within(w->tree, below, walk.target))
				guest_ref_add(w->out, copy, (walk.first_arg + i) * 4, below, NULL);
		}
	}
}
