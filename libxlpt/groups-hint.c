/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which further devices would make a refused one passable, and what dom0 loses by it. */
#include "groups.h"
#include "text.h"

/* Named in a hint; the others are counted. */
#define MAX_NAMED 4
/* Devices to propose something for; each costs a walk over its neighbourhood. */
#define MAX_ITEMS 64

static bool resolvable(const char *id)
{
	static const enum diag_id ids[] = {
		DIAG_IOMEM_SHARED_PAGE, DIAG_IRQ_SHARED, DIAG_STREAM_SHARED, DIAG_IRQ_NOT_GIC,
		DIAG_REFERENCE_REFUSED,
	};
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (id == diag_name(ids[i]))
			return true;
	return false;
}

/* A hint of the finding's own says why no further device helps. */
static bool has_own_hint(const struct xlpt_diag *diag)
{
	return diag->hint != diag_remedy(diag_find(diag->id, strlen(diag->id)));
}

static bool in_group(const struct xlpt_tree *tree, const struct group *group, uint32_t node)
{
	size_t i;

	for (i = 0; i < group->n; i++)
		if (tree_within(tree, node, group->node[i]))
			return true;
	return false;
}

/* An interrupt-parent speaks for all that is below, down to the next one. */
static void put_user(struct xlpt_plan *plan, struct text *out, size_t i, const struct res_link *link)
{
	const struct tree_prop *prop = &plan->tree->prop[link->prop];
	bool all = prop->known == P_INTERRUPT_PARENT &&
		   tree_child(plan->tree, link->from) != XLPT_NO_NODE &&
		   !tree_prop(plan->tree, link->from, P_INTERRUPTS);

	text_printf(out, "%s%s%s", i ? ", " : "", all ? "what is below " : "", plan_path(plan, link->from));
}

/* Enabled nodes outside that refer to the companions: they stay behind without them. */
static void put_users(struct xlpt_plan *plan, struct text *out, const struct group *group)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	const struct res_link *named[MAX_NAMED];
	uint32_t node, n, k;
	size_t i, n_named = 0, users = 0, j;

	for (i = 1; i < group->n; i++)
		for (node = group->node[i]; node < tree->node[group->node[i]].end; node++) {
			const uint32_t *link = links_to(tree, node, &n);

			for (k = 0; k < n; k++) {
				uint32_t from = r->link[link[k]].from;

				if (!tree_enabled(tree, from) || plan_item_of(plan, from) ||
				    tree->node[from].flags & TREE_SPECIAL || in_group(tree, group, from) ||
				    (k && r->link[link[k - 1]].from == from))
					continue;
				for (j = 0; j < n_named && named[j]->from != from; j++)
					;
				if (j < n_named)
					continue;
				users++;
				if (n_named < MAX_NAMED)
					named[n_named++] = &r->link[link[k]];
			}
		}
	if (!users)
		return;
	text_puts(out, group->n == 2 ? ", where it serves " : ", where they serve ");
	for (j = 0; j < n_named; j++)
		put_user(plan, out, j, named[j]);
	if (users > n_named)
		text_puts(out, " and others");
}

/* The proposal, or NULL where more devices do not help. */
static const char *propose(struct xlpt_plan *plan, const struct plan_item *item)
{
	struct group group;
	const char *hint = NULL;
	struct text out;
	size_t i;

	group_find(plan, item->node, &group);
	if (group.n < 2 && group.blocker == XLPT_NO_NODE)
		return NULL;
	text_init(&out);
	if (group.blocker != XLPT_NO_NODE) {
		text_printf(&out, "No selection helps: it is bound to %s, %s.",
			    plan_path(plan, group.blocker), group.why);
	} else if (group.cut) {
		text_printf(&out, "It is bound to more than %d other devices; pass their whole bus, or none.",
			    GROUP_MAX);
	} else {
		text_puts(&out, "Pass ");
		for (i = 1; i < group.n; i++)
			text_printf(&out, "%s%s", i == 1 ? "" : i + 1 == group.n ? " and " : ", ",
				    plan_path(plan, group.node[i]));
		text_printf(&out, " too; dom0 then loses %s", group.n == 2 ? "it" : "them");
		put_users(plan, &out, &group);
		text_puts(&out, ".");
	}
	if (!out.failed)
		hint = arena_strdup(&plan->diags->arena, out.s);
	text_free(&out);
	return hint;
}

void groups_hint(struct xlpt_plan *plan)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct plan_item *last = NULL;
	const char *proposal = NULL;
	unsigned items = 0;
	size_t i;

	for (i = 0; i < plan->diags->n && items < MAX_ITEMS; i++) {
		struct xlpt_diag *diag = &plan->diags->list[i];
		const struct plan_item *item;
		uint32_t node;

		if (diag->severity != XLPT_ERROR || !diag->node || !resolvable(diag->id) ||
		    has_own_hint(diag))
			continue;
		node = tree_by_path(tree, diag->node, strlen(diag->node));
		item = node == XLPT_NO_NODE ? NULL : plan_item_of(plan, node);
		if (!item)
			continue;
		if (item != last) {
			last = item;
			items++;
			proposal = propose(plan, item);
		}
		if (!proposal)
			continue;
		/* What it means to allow it instead is the catalogue's to say. */
		if (diag_class(diag_find(diag->id, strlen(diag->id))) == DIAG_CLASS_ALLOW)
			diag->hint = arena_printf(&plan->diags->arena, "%s Or allow it: see --allow=%s.",
						  proposal, diag->id);
		else
			diag->hint = proposal;
	}
}
