/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Supplies: a regulator that stays with the host becomes one that is always on. */
#include "guest.h"

struct regulator {
	const char *name;
	uint32_t microvolt;	/* 0: not one known value */
	bool switched;		/* the host may turn it off */
};

static bool has(const struct xlpt_tree *tree, uint32_t node, const char *name)
{
	return tree_prop_named(tree, node, name) != NULL;
}

static void read_regulator(const struct xlpt_tree *tree, uint32_t node, struct regulator *r)
{
	const struct tree_prop *name = tree_prop_named(tree, node, "regulator-name");
	const struct tree_prop *min = tree_prop_named(tree, node, "regulator-min-microvolt");
	const struct tree_prop *max = tree_prop_named(tree, node, "regulator-max-microvolt");
	bool gate = has(tree, node, "gpio") || has(tree, node, "gpios") ||
		    has(tree, node, "enable-gpio") || has(tree, node, "enable-gpios");

	*r = (struct regulator){ .name = name ? prop_string(tree, name, 0) : NULL };
	if (!r->name)
		r->name = tree_name(tree, node);
	if (min && max && min->len >= 4 && max->len >= 4 &&
	    prop_cell(tree, min, 0) == prop_cell(tree, max, 0))
		r->microvolt = prop_cell(tree, min, 0);
	/* A fixed regulator without a line to switch it is a wire. */
	r->switched = !has(tree, node, "regulator-always-on") &&
		      (gate || !tree_compatible(tree, node, "regulator-fixed"));
}

void guest_regulators_report(struct guest_walk *w, uint32_t node, const struct tree_prop *prop)
{
	const char *name = prop_name(w->tree, prop);
	struct link_walk walk;
	struct regulator r;

	if (w->silent)
		return;
	link_walk_init(&walk, w->tree, node, prop);
	while (link_walk_next(&walk)) {
		if (!walk.phandle || guest_inside(w, walk.target))
			continue;
		read_regulator(w->tree, walk.target, &r);
		if (r.microvolt && !r.switched)
			continue;
		diag_add(w->plan->diags, DIAG_DROPPED_REFERENCE, 0, guest_path_of(w, node), name, NULL,
			 "%s (%s) becomes a fixed regulator%s: the host must %skeep it on (boot dom0 with regulator_ignore_unused)",
			 name, r.name, r.microvolt ? "" : " without a voltage",
			 r.microvolt ? "" : "leave it at the voltage that the device needs and ");
		return;
	}
}

bool guest_regulators_vary(struct guest_walk *w, uint32_t node)
{
	const struct xlpt_tree *tree = w->tree;
	struct link_walk walk;
	struct regulator r;
	uint32_t i;

	for (i = tree->node[node].prop; i < tree->node[node + 1].prop; i++) {
		const struct tree_prop *prop = &tree->prop[i];

		if (!prop->link || links[prop->link - 1].fate != FATE_REGULATOR)
			continue;
		link_walk_init(&walk, tree, node, prop);
		while (link_walk_next(&walk)) {
			if (walk.target == XLPT_NO_NODE || guest_inside(w, walk.target))
				continue;
			read_regulator(tree, walk.target, &r);
			if (!r.microvolt)
				return true;
		}
	}
	return false;
}

/* One stub for each regulator, however many refer to it. */
static void build_stub(struct guest_walk *w, uint32_t target)
{
	struct guest_tree *out = w->out;
	struct guest_node *stub;
	const char *own = tree_name(w->tree, target), *at = strchr(own, '@'), *base;
	struct regulator r;

	if (!w->stub_of)
		w->stub_of = arena_alloc(out->arena, w->tree->n_nodes, sizeof(struct guest_node *));
	if (!w->stub_of || w->stub_of[target])
		return;
	read_regulator(w->tree, target, &r);
	base = arena_printf(out->arena, "%.*s%s%s-stub", (int)strcspn(own, "@"), own, at ? "-" : "",
			    at ? at + 1 : "");
	if (!base)
		return;
	stub = guest_node_add(out, guest_no_mmio(out), guest_unique_name(out, base, "", target));
	if (!stub)
		return;
	w->stub_of[target] = stub;
	stub->comment = arena_printf(out->arena, "stub: %s", guest_path_of(w, target));
	guest_prop_string(out, stub, "compatible", "regulator-fixed");
	guest_prop_string(out, stub, "regulator-name", r.name);
	if (r.microvolt) {
		guest_prop_cell(out, stub, "regulator-min-microvolt", r.microvolt);
		guest_prop_cell(out, stub, "regulator-max-microvolt", r.microvolt);
	}
	guest_prop_add(out, stub, "regulator-always-on", NULL, 0);
}

void guest_regulators_build(struct guest_walk *w, uint32_t node, struct guest_node *out,
			    const struct tree_prop *prop)
{
	struct link_walk walk;

	link_walk_init(&walk, w->tree, node, prop);
	while (link_walk_next(&walk))
		if (walk.phandle && !guest_inside(w, walk.target))
			build_stub(w, walk.target);
	guest_renumber(w, node, out, prop);
}
