/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "plan-owners.h"

#define NAMED 2

static void add(struct plan_owners *owners, uint64_t first, uint64_t last, const char *path)
{
	struct plan_owner *grown;

	if (owners->n == owners->room) {
		owners->room = owners->room ? owners->room * 2 : 16;
		grown = reallocarray(owners->owner, owners->room, sizeof(*grown));
		if (!grown) {
			owners->failed = true;
			owners->room = owners->n;
			return;
		}
		owners->owner = grown;
	}
	owners->owner[owners->n++] = (struct plan_owner){ first, last, path };
}

static void add_bytes(struct plan_owners *owners, uint64_t base, uint64_t size, const char *path)
{
	if (size)
		add(owners, base >> XLPT_FRAME_SHIFT, last_byte(base, size) >> XLPT_FRAME_SHIFT, path);
}

static int by_first(const void *a_, const void *b_)
{
	const struct plan_owner *a = a_, *b = b_;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return strcmp(a->path, b->path);
}

static void sort(struct plan_owners *owners)
{
	if (owners->n)
		qsort(owners->owner, owners->n, sizeof(*owners->owner), by_first);
}

void plan_owners_of_frames(struct plan_owners *owners, const struct xlpt_plan *plan)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	struct pci_window window;
	uint64_t base, size;
	uint32_t node, i;
	unsigned w;
	size_t k;

	*owners = (struct plan_owners){ 0 };
	for (k = 0; k < plan->n_items; k++) {
		const struct plan_item *item = &plan->item[k];

		for (node = item->node; node < tree->node[item->node].end; node++) {
			for (i = r->first_reg[node]; i < r->first_reg[node + 1]; i++) {
				item_reg(tree, item, &r->reg[i], &base, &size);
				add_bytes(owners, base, size, item->path);
			}
			for (w = 0; pci_memory_window(tree, node, &w, &window);)
				add_bytes(owners, window.host, window.size, item->path);
		}
	}
	sort(owners);
}

void plan_owners_of_irqs(struct plan_owners *owners, const struct xlpt_plan *plan)
{
	size_t k, i;

	*owners = (struct plan_owners){ 0 };
	for (k = 0; k < plan->n_items; k++)
		for (i = 0; i < plan->devices[k].n_irqs; i++)
			add(owners, plan->devices[k].irqs[i], plan->devices[k].irqs[i],
			    plan->devices[k].path);
	sort(owners);
}

void plan_owners_free(struct plan_owners *owners)
{
	free(owners->owner);
	*owners = (struct plan_owners){ 0 };
}

void plan_owners_name(const struct plan_owners *owners, size_t *next, uint64_t first,
		      uint64_t last, struct text *out)
{
	const char *named[NAMED];
	size_t n = 0, i;
	bool others = false;

	for (; *next < owners->n && owners->owner[*next].first <= last; ++*next) {
		const struct plan_owner *owner = &owners->owner[*next];

		if (owner->last < first)
			continue;
		for (i = 0; i < n && strcmp(named[i], owner->path); i++)
			;
		if (i < n)
			continue;
		if (n == NAMED) {
			others = true;
			continue;
		}
		named[n++] = owner->path;
		text_printf(out, "%s%s", n > 1 ? ", " : "", owner->path);
	}
	if (others)
		text_puts(out, " and others");
}
