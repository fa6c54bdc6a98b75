/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of all items into the guest's address map. */
#include <errno.h>
#include <stdlib.h>

#include "place.h"

static int add_segment(struct xlpt_plan *plan, struct place_segments *s, size_t item, uint64_t base,
		       uint64_t size)
{
	struct place_segment *slot;

	if (!size)
		return 0;
	slot = arena_push(&plan->arena, &s->segment, &s->n, &s->room, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = (struct place_segment){ base >> XLPT_FRAME_SHIFT, frames_of(base, size), item };
	return 0;
}

static int add_item(struct xlpt_plan *plan, struct place_segments *s, size_t index)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	const struct plan_item *item = &plan->item[index];
	uint32_t node, end = tree->node[item->node].end, i;
	struct pci_window window;
	uint64_t base, size;
	unsigned w;
	int rc = 0;

	for (i = r->first_reg[item->node]; !rc && i < r->first_reg[end]; i++) {
		item_reg(tree, item, &r->reg[i], &base, &size);
		rc = add_segment(plan, s, index, base, size);
	}
	for (node = item->node; !rc && node < end; node++)
		for (w = 0; !rc && pci_memory_window(tree, node, &w, &window);)
			rc = add_segment(plan, s, index, window.host, window.size);
	return rc;
}

static int by_start(const void *a_, const void *b_)
{
	const struct place_segment *a = a_, *b = b_;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

/*
 * Runs: ranges that share a frame become one, and so do ranges of one item that
 * touch. What only touches and belongs to different devices stays apart, so
 * that placing one does not drag the other along.
 */
static int make_runs(struct xlpt_plan *plan, struct place_segments *s)
{
	size_t i, item = 0;

	qsort(s->segment, s->n, sizeof(*s->segment), by_start);
	plan->run = arena_alloc(&plan->arena, s->n, sizeof(*plan->run));
	if (!plan->run)
		return -ENOMEM;
	for (i = 0; i < s->n; i++) {
		const struct place_segment *segment = &s->segment[i];
		struct hole_run *run = plan->n_runs ? &plan->run[plan->n_runs - 1] : NULL;
		uint64_t end = run ? run->start + run->count : 0;

		if (run && (segment->start < end || (segment->start == end && segment->item == item))) {
			if (segment->start + segment->count > end)
				run->count = segment->start + segment->count - run->start;
		} else {
			plan->run[plan->n_runs++] = (struct hole_run){
				.start = segment->start, .count = segment->count,
			};
		}
		item = segment->item;
	}
	return 0;
}

struct hole_run *place_run_of(const struct xlpt_plan *plan, uint64_t frame)
{
	size_t low = 0, high = plan->n_runs, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (plan->run[middle].start + plan->run[middle].count <= frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low < plan->n_runs && plan->run[low].start <= frame ? &plan->run[low] : NULL;
}

bool plan_guest_address(const struct xlpt_plan *plan, uint64_t host, uint64_t *guest_r)
{
	const struct hole_run *run = place_run_of(plan, host >> XLPT_FRAME_SHIFT);

	if (!run || !plan->placed)
		return false;
	*guest_r = ((run->gfn + (host >> XLPT_FRAME_SHIFT) - run->start) << XLPT_FRAME_SHIFT) |
		   (host & (((uint64_t)1 << XLPT_FRAME_SHIFT) - 1));
	return true;
}

/* ,gfn= is the first frame of the first reg; the item's other runs follow it without gaps. */
static void fix_item(struct xlpt_plan *plan, const struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t i, end = r->first_reg[tree->node[item->node].end];
	uint64_t next = item->options->gfn, base, size;
	bool first = true;

	for (i = r->first_reg[item->node]; i < end; i++) {
		struct hole_run *run;
		uint64_t ahead;

		item_reg(tree, item, &r->reg[i], &base, &size);
		run = size ? place_run_of(plan, base >> XLPT_FRAME_SHIFT) : NULL;
		if (!run)
			continue;
		/* Frames of the run before the one that was asked for: a page shared within the guest. */
		ahead = first ? (base >> XLPT_FRAME_SHIFT) - run->start : 0;
		first = false;
		if (run->fixed) {
			if (next == item->options->gfn && run->gfn + ahead != next)
				diag_add(plan->diags, DIAG_GFN_OVERLAP, 0, item->path, "reg", NULL,
					 "frame 0x%llx is shared with a device that is forced to another guest frame",
					 (unsigned long long)(base >> XLPT_FRAME_SHIFT));
			continue;
		}
		if (next < ahead) {
			diag_add(plan->diags, DIAG_GFN_OVERLAP, 0, item->path, "reg", NULL,
				 "guest frame 0x%llx leaves no room for the frames before it",
				 (unsigned long long)next);
			return;
		}
		run->fixed = true;
		run->gfn = next - ahead;
		next = run->gfn + run->count;
	}
	if (first)
		diag_add(plan->diags, DIAG_SELECTION_INVALID, 0, item->path, NULL, NULL,
			 "gfn= was given, but the device has no registers to place");
}

/* Place what is not fixed; runs of items that allow it may use reserved windows when all else is full. */
static int place_rest(struct xlpt_plan *plan, const struct slots *slots, struct holes_shortage *shortage_r)
{
	struct holes_options options = {
		.ipa_end = layout_ipa_end(plan->settings),
		.use_reserved = diag_allowed(plan->diags, DIAG_GFN_RESERVED),
		.slots = slots,
	};
	size_t i;

	if (place_windows(plan, slots))
		return -ENOMEM;
	for (i = 0; i < plan->n_items; i++)
		if (diag_set_has(&plan->item[i].options->allowed, DIAG_GFN_RESERVED))
			options.use_reserved = true;
	return holes_place(plan->run, plan->n_runs, plan->host->regions, plan->host->n_regions, &options,
			   shortage_r);
}

void place_forget(struct xlpt_plan *plan)
{
	plan->run = NULL;
	plan->n_runs = 0;
	plan->placed = false;
}

uint64_t place_frames(const struct xlpt_plan *plan, const struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t node, end = tree->node[item->node].end, i;
	struct pci_window window;
	uint64_t base, size, frames = 0;
	unsigned w;

	for (i = r->first_reg[item->node]; i < r->first_reg[end]; i++) {
		item_reg(tree, item, &r->reg[i], &base, &size);
		frames += frames_of(base, size);
	}
	for (node = item->node; node < end; node++)
		for (w = 0; pci_memory_window(tree, node, &w, &window);)
			frames += frames_of(window.host, window.size);
	return frames;
}

/* Runs that a 32 bit guest without LPAE does not reach. */
static size_t n_high(const struct xlpt_plan *plan)
{
	size_t i, n = 0;

	for (i = 0; i < plan->n_runs; i++)
		n += (plan->run[i].gfn + plan->run[i].count - 1) >> (32 - XLPT_FRAME_SHIFT) != 0;
	return n;
}

/*
 * With the slots; if that leaves no room, or has more runs above 4 GiB than it
 * need have, packed. `fixed`: the runs that the user fixed.
 */
static int place_runs(struct xlpt_plan *plan, const struct slots *slots, const bool *fixed,
		      struct holes_shortage *shortage_r)
{
	int rc = place_rest(plan, slots, shortage_r), packed_rc;
	struct hole_run *run = plan->run;
	size_t i, high;

	if (!slots || (rc && rc != -ENOSPC))
		return rc;
	high = rc ? 0 : n_high(plan);
	if (!rc && !high)
		return 0;
	plan->run = arena_alloc(&plan->arena, plan->n_runs, sizeof(*plan->run));
	if (!plan->run)
		return -ENOMEM;
	for (i = 0; i < plan->n_runs; i++) {
		plan->run[i] = run[i];
		plan->run[i].fixed = fixed[i];
	}
	packed_rc = place_rest(plan, NULL, shortage_r);
	if (rc || (!packed_rc && n_high(plan) < high))
		return packed_rc;
	plan->run = run;
	return packed_rc == -ENOSPC ? 0 : packed_rc;
}

/* Does more than one item have registers? */
static bool are_several(const struct place_segments *s)
{
	size_t i;

	for (i = 1; i < s->n; i++)
		if (s->segment[i].item != s->segment[0].item)
			return true;
	return false;
}

int place_items(struct xlpt_plan *plan)
{
	struct place_segments s = { 0 };
	struct holes_shortage shortage = { 0 };
	const struct slots *slots = NULL;
	bool *fixed;
	size_t i;
	int rc;

	for (i = 0; i < plan->n_items; i++) {
		rc = add_item(plan, &s, i);
		if (rc)
			return rc;
	}
	rc = s.n ? make_runs(plan, &s) : 0;
	if (rc)
		return rc;
	for (i = 0; i < plan->n_items; i++)
		if (plan->item[i].options->has_gfn)
			fix_item(plan, &plan->item[i]);
	if (!s.n) {
		plan->placed = true;
		return 0;
	}
	/* One alone moves no other: it gets the first place. */
	if (are_several(&s)) {
		slots = place_slots(plan);
		if (!slots)
			return -ENOMEM;
	}
	rc = place_report_clashes(plan, &s, NULL);
	fixed = arena_alloc(&plan->arena, plan->n_runs, sizeof(*fixed));
	if (rc || !fixed)
		return -ENOMEM;
	for (i = 0; i < plan->n_runs; i++)
		fixed[i] = plan->run[i].fixed;
	rc = place_runs(plan, slots, fixed, &shortage);
	if (rc == -ENOSPC) {
		place_report_shortage(plan, &s, &shortage);
		return 0;
	}
	if (rc)
		return rc;
	plan->placed = true;
	/* A reserved window that was taken because it is allowed is still worth a word. */
	for (i = 0; i < plan->n_runs; i++)
		plan->run[i].fixed = true;
	return place_report_clashes(plan, &s, fixed);
}
