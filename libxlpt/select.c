/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Selection strings to the items of a plan: what is left out is marked first,
 * then each inclusion hits nodes, then hits inside one another become one item.
 */
#include <errno.h>
#include <stdlib.h>

#include "select.h"

/* What is left out, its subtrees, and what has such a node below it. */
static int apply_exclusions(struct selecting *s)
{
	const struct xlpt_tree *tree = s->tree;
	uint32_t i;
	bool any = false;

	for (i = 0; i < s->n_selectors; i++)
		any |= s->selector[i].exclude;
	if (!any)
		return 0;
	s->left_out = arena_alloc(&s->scratch, tree->n_nodes, sizeof(*s->left_out));
	s->has_left_out = arena_alloc(&s->scratch, tree->n_nodes, sizeof(*s->has_left_out));
	if (!s->left_out || !s->has_left_out)
		return -ENOMEM;
	for (i = 0; i < s->n_selectors; i++)
		if (s->selector[i].exclude)
			select_apply(s, i);
	for (i = 1; i < tree->n_nodes; i++)
		if (!s->left_out[i])
			s->left_out[i] = s->left_out[tree->node[i].parent];
	for (i = tree->n_nodes; --i;)
		if (s->left_out[i] || s->has_left_out[i])
			s->has_left_out[tree->node[i].parent] = true;
	return 0;
}

static int by_node(const void *a_, const void *b_)
{
	const struct hit *a = a_, *b = b_;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return a->selector < b->selector ? -1 : a->selector > b->selector;
}

/* Ascending, none inside another: an outer hit comes first and takes the inner ones in. */
static int make_items(struct selecting *s)
{
	static const struct item_options no_options;
	struct xlpt_plan *plan = s->plan;
	struct plan_item *item = NULL;
	size_t i;
	int rc;

	if (s->n_hits)
		qsort(s->hit, s->n_hits, sizeof(*s->hit), by_node);
	for (i = 0; i < s->n_hits; i++) {
		const struct hit *hit = &s->hit[i];
		const struct selector *selector = &s->selector[hit->selector];

		if (!item || !tree_within(s->tree, hit->node, item->node)) {
			item = arena_push(&plan->arena, &plan->item, &plan->n_items, &plan->item_room,
					  sizeof(*item));
			if (!item)
				return -ENOMEM;
			item->node = hit->node;
			item->end = s->tree->node[hit->node].end;
			item->path = plan_path(plan, hit->node);
			item->options = &no_options;
		}
		/* Also if it lies inside: it must not vanish unheard with what holds it. */
		item->literal |= selector->kind == SELECTOR_NAME;
		if (!selector->has_options || item->options == &selector->options)
			continue;
		if (item->options == &no_options && hit->node == item->node) {
			item->options = &selector->options;
			continue;
		}
		rc = select_merge_options(s, item, selector, hit->node != item->node);
		if (rc)
			return rc;
	}
	return 0;
}

static int parse(struct selecting *s, const char *const *selections, size_t n)
{
	struct xlpt_diags *diags = s->plan->diags;
	bool invalid = false, any = false;
	size_t i;
	int rc;

	if (n >= UINT32_MAX)
		return -ENOMEM;
	/* Items point at the options. */
	s->selector = arena_alloc(&s->plan->arena, n, sizeof(*s->selector));
	if (!s->selector)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		rc = selector_parse(&s->selector[i], selections[i], &s->plan->arena, diags);
		if (rc == -ENOMEM)
			return rc;
		invalid |= rc != 0;
		any |= !s->selector[i].exclude;
	}
	s->n_selectors = n;
	/* No selection at all is a plan of nothing, for what a configuration has of its own. */
	if (!invalid && !any && n) {
		diag_add(diags, DIAG_SELECTION_INVALID, 0, NULL, NULL, NULL,
			 "devices are only left out, none is selected");
		invalid = true;
	}
	return invalid ? -EINVAL : 0;
}

int select_items(struct xlpt_plan *plan, const char *const *selections, size_t n)
{
	struct selecting s = { .plan = plan, .tree = plan->tree };
	uint32_t i;
	int rc;

	arena_init(&s.scratch);
	rc = parse(&s, selections, n);
	if (!rc)
		rc = apply_exclusions(&s);
	for (i = 0; !rc && i < s.n_selectors; i++)
		if (!s.selector[i].exclude)
			select_apply(&s, i);
	if (!rc)
		rc = s.scratch.failed ? -ENOMEM : make_items(&s);
	arena_free(&s.scratch);
	return rc;
}
