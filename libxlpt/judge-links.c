/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Phandles, and what refers to them. */
#include "guest-base.h"
#include "judge-parts.h"
#include "link-walk.h"

static void check_phandles(struct judge *j)
{
	const struct xlpt_tree *tree = j->tree;
	uint32_t i;

	for (i = 0; i < tree->n_phandles; i++) {
		uint32_t phandle = tree->phandle[i].phandle, node = tree->phandle[i].node;

		if (!tree_within(tree, node, j->passthrough))
			continue;
		if (phandle == GUEST_PHANDLE_GIC || phandle == GUEST_PHANDLE_IOMMU) {
			judge_add(j, DIAG_GUEST_PHANDLE_RESERVED, node, "phandle",
				  "has phandle %u, which is that of libxl's %s", phandle,
				  phandle == GUEST_PHANDLE_GIC ? "interrupt controller" : "IOMMU for grants");
			continue;
		}
		/* They are ordered by phandle, then by node. */
		if (!i || tree->phandle[i - 1].phandle != phandle)
			continue;
		judge_add(j, DIAG_GUEST_PHANDLE_DUPLICATE, node, "phandle",
			  "has phandle %u, which %s has too: references mean the latter", phandle,
			  judge_path(j, DIAG_GUEST_PHANDLE_DUPLICATE, tree, tree->phandle[i - 1].node));
	}
}

static void check_links(struct judge *j, uint32_t node, const struct tree_prop *prop)
{
	const char *name = prop_name(j->tree, prop);
	struct link_walk walk;

	link_walk_init(&walk, j->tree, node, prop);
	while (link_walk_next(&walk)) {
		if (walk.target != XLPT_NO_NODE)
			continue;
		judge_add(j, DIAG_GUEST_REFERENCE_DANGLING, node, name,
			  "%s refers to phandle %u, which no node of the guest has", name, walk.phandle);
		return;
	}
	if (!walk.malformed)
		return;
	if (walk.target != XLPT_NO_NODE && walk.link->cells)
		judge_add(j, DIAG_GUEST_REFERENCE_DANGLING, node, name,
			  "%s is cut short, or a node it refers to has no %s", name, walk.link->cells);
	else
		judge_add(j, DIAG_GUEST_REFERENCE_DANGLING, node, name, "%s is cut short", name);
}

void judge_links(struct judge *j)
{
	const struct xlpt_tree *tree = j->tree;
	uint32_t node, prop;

	check_phandles(j);
	for (node = j->passthrough; node < tree->node[j->passthrough].end; node++) {
		if (!judge_is_live(j, node))
			continue;
		for (prop = tree->node[node].prop; prop < tree->node[node + 1].prop; prop++)
			if (tree->prop[prop].link &&
			    links[tree->prop[prop].link - 1].fate != FATE_INTERRUPT)
				check_links(j, node, &tree->prop[prop]);
	}
}
