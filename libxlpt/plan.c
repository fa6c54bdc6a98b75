/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Putting the stages together, and what the public API hands out of the result. */
#include <errno.h>
#include <stdlib.h>

#include "groups.h"
#include "outside.h"
#include "plan.h"
#include "u32-set.h"

/* Pattern items drop out until nothing changes; a chain longer than this is reported instead. */
#define MAX_SKIP_ROUNDS 16

struct plan_item *plan_item_of(const struct xlpt_plan *plan, uint32_t node)
{
	size_t low = 0, high = plan->n_items, middle;

	/* The last item that starts at or before the node. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (plan->item[middle].node <= node)
			low = middle + 1;
		else
			high = middle;
	}
	return low && tree_within(plan->tree, node, plan->item[low - 1].node) ?
	       &plan->item[low - 1] : NULL;
}

const char *plan_path(struct xlpt_plan *plan, uint32_t node)
{
	const char *path = tree_path(plan->tree, node, &plan->arena);

	return path ? path : "";
}

void plan_mark(struct xlpt_plan *plan, uint32_t node)
{
	uint32_t *slot = arena_push(&plan->arena, &plan->mark_node, &plan->n_mark, &plan->mark_room,
				    sizeof(*slot));

	if (slot)
		*slot = node;
}

static void run_rules(struct xlpt_plan *plan, struct plan_item *item)
{
	plan->diags->allowed_here = item->options->allowed;
	rules_device(plan, item);
	/* What Xen keeps needs no further reasons. */
	if (!device_reserved(plan->host, item->node)) {
		rules_pci(plan, item);
		rules_iomem(plan, item);
		rules_irq(plan, item);
		rules_dma(plan, item);
	}
	plan->diags->allowed_here = (struct diag_set){ { 0, 0 } };
}

static void forget_nodes(struct xlpt_plan *plan)
{
	plan->n_mark = plan->n_dtdev = plan->n_enable = 0;
}

/* The first error of a probe, as the reason why an item was left out. */
static void note_skipped(struct xlpt_plan *plan, const struct plan_item *item,
			 const struct xlpt_diags *probe)
{
	size_t i;

	for (i = 0; i < probe->n; i++) {
		const struct xlpt_diag *diag = &probe->list[i];

		if (diag->severity != XLPT_ERROR)
			continue;
		diag_add(plan->diags, DIAG_SELECTION_SKIPPED, 0, item->path, diag->property, diag->hint,
			 "left out: %s%s%s [%s]", diag->message,
			 diag->node && strcmp(diag->node, item->path) ? " in " : "",
			 diag->node && strcmp(diag->node, item->path) ? diag->node : "", diag->id);
		return;
	}
}

static void drop_items(struct xlpt_plan *plan, const bool *drop)
{
	size_t i, kept = 0;

	for (i = 0; i < plan->n_items; i++)
		if (!drop[i])
			plan->item[kept++] = plan->item[i];
	plan->n_items = kept;
}

/* Leave out the pattern items that break a rule; true if any did. */
static bool skip_by_rules(struct xlpt_plan *plan, struct xlpt_diags *probe, bool *drop)
{
	struct xlpt_diags *diags = plan->diags;
	bool lost = false;
	size_t i;

	if (outside_make(plan)) {
		plan->arena.failed = true;
		return false;
	}
	/* Here the first error counts; all that is left is looked at in full when the guest is built. */
	plan->nodes_left = NODES_LEFT(plan->tree->n_nodes);
	plan->limited = true;
	for (i = 0; i < plan->n_items; i++) {
		drop[i] = false;
		if (plan->item[i].literal)
			continue;
		diags_clear(probe);
		plan->diags = probe;
		run_rules(plan, &plan->item[i]);
		if (!probe->count[XLPT_ERROR])
			guest_check(plan, &plan->item[i]);
		plan->diags = diags;
		if (!probe->count[XLPT_ERROR])
			continue;
		note_skipped(plan, &plan->item[i], probe);
		drop[i] = lost = true;
	}
	plan->limited = false;
	drop_items(plan, drop);
	forget_nodes(plan);
	return lost;
}

/* If all together find no place, leave out the pattern item that needs most; true if one went. */
static bool skip_by_space(struct xlpt_plan *plan, struct xlpt_diags *probe, bool *drop)
{
	struct xlpt_diags *diags = plan->diags;
	size_t i, largest = 0;
	uint64_t most = 0, frames;

	diags_clear(probe);
	plan->diags = probe;
	if (place_items(plan))
		plan->arena.failed = true;
	plan->diags = diags;
	if (plan->placed) {
		place_forget(plan);
		return false;
	}
	place_forget(plan);
	for (i = 0; i < plan->n_items; i++) {
		drop[i] = false;
		frames = plan->item[i].literal ? 0 : place_frames(plan, &plan->item[i]);
		if (frames > most) {
			most = frames;
			largest = i;
		}
	}
	if (!most)
		return false;
	diag_add(diags, DIAG_SELECTION_SKIPPED, 0, plan->item[largest].path, "reg", NULL,
		 "left out: the guest's address map has no place for all devices, and this one needs most, %llu frames [out-of-space]",
		 (unsigned long long)most);
	drop[largest] = true;
	drop_items(plan, drop);
	return true;
}

/*
 * What a pattern caught and cannot be passed is left out, with its reason.
 * Each loss may take a sharer's partner away, so look again until none is lost.
 */
static void skip_impassable(struct xlpt_plan *plan)
{
	struct xlpt_diags probe;
	unsigned round, pieces;
	bool patterns = false;
	size_t i;
	bool *drop;

	for (i = 0; i < plan->n_items; i++)
		patterns |= !plan->item[i].literal;
	drop = arena_alloc(&plan->arena, plan->n_items, sizeof(*drop));
	if (!patterns || !drop)
		return;
	diags_init(&probe);
	probe.allowed = plan->diags->allowed;
	probe.strict = plan->diags->strict;
	for (pieces = 0; pieces < MAX_SKIP_ROUNDS; pieces++) {
		for (round = 0; round < MAX_SKIP_ROUNDS; round++)
			if (!skip_by_rules(plan, &probe, drop))
				break;
		if (!skip_by_space(plan, &probe, drop))
			break;
	}
	diags_fini(&probe);
}

/* Nodes of an item that Xen would give to dom0, unless they are marked. */
static void mark_item(struct xlpt_plan *plan, const struct plan_item *item)
{
	const struct resources *r = plan->tree->resources;
	uint32_t node, end = plan->tree->node[item->node].end, i;

	plan_mark(plan, item->node);
	for (node = item->node + 1; node < end; node++) {
		bool wanted = r->first_reg[node + 1] > r->first_reg[node] ||
			      r->first_stream[node + 1] > r->first_stream[node];

		for (i = r->first_irq[node]; i < r->first_irq[node + 1] && !wanted; i++)
			wanted = r->irq[i].kind == IRQ_SPI;
		if (wanted)
			plan_mark(plan, node);
	}
}

/* Memory windows of the host bridges in a subtree. */
static size_t count_windows(const struct xlpt_tree *tree, uint32_t top)
{
	struct pci_window window;
	uint32_t node;
	size_t n = 0;
	unsigned w;

	for (node = top; node < tree->node[top].end; node++)
		for (w = 0; pci_memory_window(tree, node, w, &window); w++)
			n++;
	return n;
}

static int finish_devices(struct xlpt_plan *plan)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	size_t item, n_irqs = 0, n_regs, k;
	struct pci_window window;
	unsigned w;
	uint32_t i;

	plan->devices = arena_alloc(&plan->arena, plan->n_items, sizeof(*plan->devices));
	if (!plan->devices)
		return -ENOMEM;
	for (item = 0; item < plan->n_items; item++) {
		uint32_t node = plan->item[item].node, end = tree->node[node].end;

		n_irqs += r->first_irq[end] - r->first_irq[node];
	}
	plan->irqs = arena_alloc(&plan->arena, n_irqs, sizeof(*plan->irqs));
	if (!plan->irqs)
		return -ENOMEM;

	for (item = 0; item < plan->n_items; item++) {
		const struct plan_item *from = &plan->item[item];
		struct xlpt_plan_device *to = &plan->devices[item];
		uint32_t node = from->node, end = tree->node[node].end;
		struct xlpt_plan_reg *reg;
		uint32_t *irq;

		n_regs = r->first_reg[end] - r->first_reg[node] + count_windows(tree, node);
		reg = arena_alloc(&plan->arena, n_regs, sizeof(*reg));
		irq = arena_alloc(&plan->arena, r->first_irq[end] - r->first_irq[node], sizeof(*irq));
		if (!reg || !irq)
			return -ENOMEM;
		to->path = from->path;
		to->guest_path = from->guest_path;
		to->regs = reg;
		to->irqs = irq;
		for (i = r->first_reg[node]; i < r->first_reg[end]; i++) {
			struct xlpt_plan_reg *slot = &reg[to->n_regs++];

			item_reg(tree, from, &r->reg[i], &slot->host, &slot->size);
		}
		for (i = node; i < end; i++)
			for (w = 0; pci_memory_window(tree, i, w, &window); w++)
				reg[to->n_regs++] = (struct xlpt_plan_reg){
					.host = window.host, .size = window.size,
				};
		/* 0 where the plan found no place. */
		for (k = 0; k < to->n_regs; k++)
			if (!plan_guest_address(plan, reg[k].host, &reg[k].guest))
				reg[k].guest = 0;
		for (i = r->first_irq[node]; i < r->first_irq[end]; i++)
			if (r->irq[i].kind == IRQ_SPI)
				irq[to->n_irqs++] = r->irq[i].intid;
		for (k = 0; k < to->n_irqs; k++)
			plan->irqs[plan->n_irqs++] = irq[k];
	}
	plan->n_irqs = u32_set_make(plan->irqs, plan->n_irqs);
	return 0;
}

static int finish_iomem(struct xlpt_plan *plan)
{
	size_t i;

	if (!plan->placed)
		return 0;
	plan->iomem = arena_alloc(&plan->arena, plan->n_runs, sizeof(*plan->iomem));
	if (!plan->iomem)
		return -ENOMEM;
	for (i = 0; i < plan->n_runs; i++) {
		const struct hole_run *run = &plan->run[i];
		struct xlpt_iomem *last = plan->n_iomem ? &plan->iomem[plan->n_iomem - 1] : NULL;

		if (last && last->start + last->count == run->start &&
		    last->gfn + last->count == run->gfn)
			last->count += run->count;
		else
			plan->iomem[plan->n_iomem++] = (struct xlpt_iomem){
				run->start, run->count, run->gfn,
			};
	}
	return 0;
}

static int finish_paths(struct xlpt_plan *plan)
{
	size_t i;

	plan->n_mark = u32_set_make(plan->mark_node, plan->n_mark);
	plan->mark = arena_alloc(&plan->arena, plan->n_mark, sizeof(*plan->mark));
	plan->dtdev = arena_alloc(&plan->arena, plan->n_dtdev, sizeof(*plan->dtdev));
	if (!plan->mark || !plan->dtdev)
		return -ENOMEM;
	for (i = 0; i < plan->n_mark; i++)
		plan->mark[i] = plan_path(plan, plan->mark_node[i]);
	for (i = 0; i < plan->n_dtdev; i++)
		plan->dtdev[i] = plan_path(plan, plan->dtdev_node[i]);
	return 0;
}

int xlpt_plan_make(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		   const char *const *selections, size_t n_selections,
		   struct xlpt_diags *diags, struct xlpt_plan **plan_r)
{
	struct xlpt_plan *plan;
	size_t i;
	int rc;

	*plan_r = NULL;
	plan = calloc(1, sizeof(*plan));
	if (!plan)
		return -ENOMEM;
	arena_init(&plan->arena);
	plan->tree = tree;
	plan->settings = settings;
	plan->diags = diags;
	plan->host = &plan->own_host;
	plan->others = tree;
	rc = plan_host_init(&plan->own_host, tree, settings, &plan->arena);
	if (!rc)
		rc = select_items(plan, selections, n_selections);
	if (rc)
		goto out;
	skip_impassable(plan);
	rc = outside_make(plan);
	if (rc)
		goto out;
	if (n_selections && !plan->n_items && !diags->count[XLPT_ERROR])
		diag_add(diags, DIAG_SELECTION_EMPTY, 0, NULL, NULL, NULL,
			 "nothing is left to pass: every device that was selected is left out for the reason noted");
	for (i = 0; i < plan->n_items; i++) {
		run_rules(plan, &plan->item[i]);
		mark_item(plan, &plan->item[i]);
	}
	rules_dma_finish(plan);
	rules_providers(plan);
	outside_free(plan);
	rc = place_items(plan);
	if (!rc)
		rc = guest_build(plan);
	if (!rc)
		groups_hint(plan);
	if (!rc)
		rc = finish_devices(plan);
	if (!rc)
		rc = finish_iomem(plan);
	if (!rc)
		rc = finish_paths(plan);
	if (!rc && (plan->arena.failed || diags->arena.failed))
		rc = -ENOMEM;
	plan->ok = !rc && !diags->count[XLPT_ERROR] && plan->placed && plan->n_items;
out:
	if (rc)
		xlpt_plan_free(plan);
	else
		*plan_r = plan;
	return rc;
}

void xlpt_plan_free(struct xlpt_plan *plan)
{
	if (!plan)
		return;
	outside_free(plan);
	arena_free(&plan->arena);
	free(plan);
}

bool xlpt_plan_ok(const struct xlpt_plan *plan)
{
	return plan->ok;
}

const struct xlpt_plan_device *xlpt_plan_devices(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_items;
	return plan->devices;
}

const struct xlpt_iomem *xlpt_plan_iomem(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_iomem;
	return plan->iomem;
}

const uint32_t *xlpt_plan_irqs(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_irqs;
	return plan->irqs;
}

const char *const *xlpt_plan_dtdev(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_dtdev;
	return plan->dtdev;
}

const char *const *xlpt_plan_mark(const struct xlpt_plan *plan, size_t *n_r)
{
	*n_r = plan->n_mark;
	return plan->mark;
}
