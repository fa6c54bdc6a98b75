/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns: what one caught and cannot be passed is left out, and the reason noted. */
#include "outside.h"
#include "plan.h"

/* Pattern items drop out until nothing changes; a chain longer than this is reported instead. */
#define MAX_SKIP_ROUNDS 16

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
		plan_run_rules(plan, &plan->item[i]);
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
void plan_skip(struct xlpt_plan *plan)
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
