/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of all items into the guest's address map. */
#include <errno.h>
#include <stdlib.h>

#include "plan.h"

/* Frames of one register range. */
struct segment {
	uint64_t start, count;
	size_t item;
};

struct segments {
	struct segment *segment;
	size_t n, room;
};

static int add_segment(struct xlpt_plan *plan, struct segments *s, size_t item, uint64_t base,
		       uint64_t size)
{
	struct segment *slot;

	if (!size)
		return 0;
	slot = arena_push(&plan->arena, &s->segment, &s->n, &s->room, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = (struct segment){ base >> XLPT_FRAME_SHIFT, frames_of(base, size), item };
	return 0;
}

static int add_item(struct xlpt_plan *plan, struct segments *s, size_t index)
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
		for (w = 0; !rc && pci_memory_window(tree, node, w, &window); w++)
			rc = add_segment(plan, s, index, window.host, window.size);
	return rc;
}

static int by_start(const void *a_, const void *b_)
{
	const struct segment *a = a_, *b = b_;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

/*
 * Runs: ranges that share a frame become one, and so do ranges of one item that
 * touch. What only touches and belongs to different devices stays apart, so
 * that placing one does not drag the other along.
 */
static int make_runs(struct xlpt_plan *plan, struct segments *s)
{
	size_t i, item = 0;

	qsort(s->segment, s->n, sizeof(*s->segment), by_start);
	plan->run = arena_alloc(&plan->arena, s->n, sizeof(*plan->run));
	if (!plan->run)
		return -ENOMEM;
	for (i = 0; i < s->n; i++) {
		const struct segment *segment = &s->segment[i];
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

static struct hole_run *run_of(const struct xlpt_plan *plan, uint64_t frame)
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
	const struct hole_run *run = run_of(plan, host >> XLPT_FRAME_SHIFT);

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
		run = size ? run_of(plan, base >> XLPT_FRAME_SHIFT) : NULL;
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

/* The first frame at or above `from` that is congruent to `like` modulo a power of two. */
static uint64_t next_like(uint64_t from, uint64_t like, uint64_t modulus)
{
	return from + ((like - from) & (modulus - 1));
}

/* Does the run, at gfn, touch what is not free? *past_r: the first frame behind that. */
static bool touches(const struct xlpt_plan *plan, const struct hole_run *run, uint64_t gfn, uint64_t *past_r)
{
	size_t i;

	for (i = 0; i < plan->host->n_regions; i++) {
		const struct region *region = &plan->host->regions[i];
		uint64_t first = region->base >> XLPT_FRAME_SHIFT;
		uint64_t last = (region->base + region->size - 1) >> XLPT_FRAME_SHIFT;

		*past_r = last + 1;
		if (gfn <= last && gfn + run->count > first)
			return true;
	}
	for (i = 0; i < plan->n_runs; i++) {
		const struct hole_run *other = &plan->run[i];

		*past_r = other->gfn + other->count;
		if (other->fixed && gfn < *past_r && gfn + run->count > other->gfn)
			return true;
	}
	return false;
}

/*
 * A guest places BARs by the CPU address of their window, aligned to their
 * size, and expects the PCI address to be aligned too: so a window keeps its
 * host offset modulo the largest BAR it could hold. If no hole has room for
 * that, holes_place() finds one with the usual offset, or says that there is none.
 */
static bool align_run(struct xlpt_plan *plan, struct hole_run *run, uint64_t from, uint64_t modulus)
{
	uint64_t end = layout_ipa_end(plan->settings) >> XLPT_FRAME_SHIFT, gfn, past;

	for (gfn = next_like(from, run->start, modulus); gfn + run->count <= end;
	     gfn = next_like(past, run->start, modulus)) {
		if (touches(plan, run, gfn, &past))
			continue;
		run->fixed = true;
		run->gfn = gfn;
		return true;
	}
	return false;
}

/* Where the general-purpose hole of every release begins, the one holes_place() prefers as well. */
#define GENERAL_HOLE 0x4020
/* Frame 0 stays free: a mapping there hides bugs. */
#define FIRST_FRAME 1

static void align_window(struct xlpt_plan *plan, const struct pci_window *window)
{
	struct hole_run *run = window->size ? run_of(plan, window->host >> XLPT_FRAME_SHIFT) : NULL;
	uint64_t modulus = 1;

	if (!run || run->fixed || run->count >= layout_ipa_end(plan->settings) >> XLPT_FRAME_SHIFT)
		return;
	while (modulus * 2 <= window->size >> XLPT_FRAME_SHIFT)
		modulus *= 2;
	if (!align_run(plan, run, GENERAL_HOLE, modulus))
		align_run(plan, run, FIRST_FRAME, modulus);
}

/* More windows than boards have are placed like all else: each costs a look at all that is fixed. */
#define MAX_ALIGNED_WINDOWS 64

static void align_windows(struct xlpt_plan *plan, const struct plan_item *item, unsigned *left)
{
	const struct xlpt_tree *tree = plan->tree;
	struct pci_window window;
	uint32_t node;
	unsigned w;

	for (node = item->node; node < tree->node[item->node].end; node++)
		for (w = 0; *left && pci_memory_window(tree, node, w, &window); w++, --*left)
			align_window(plan, &window);
}

/* The item that a run belongs to, for a message: the first one that has registers in it. */
static const struct plan_item *item_of_run(const struct xlpt_plan *plan, const struct segments *s,
					   const struct hole_run *run)
{
	size_t low = 0, high = s->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (s->segment[middle].start < run->start)
			low = middle + 1;
		else
			high = middle;
	}
	return &plan->item[s->segment[low].item];
}

/* `placed`: by holes_place(), which lets no two runs overlap. */
static void report_clash(struct xlpt_plan *plan, const struct segments *s, size_t i, uint64_t ipa_end,
			 bool placed)
{
	const struct plan_item *item = item_of_run(plan, s, &plan->run[i]);
	const struct hole_run *run = &plan->run[i];
	const unsigned long long gfn = run->gfn;
	struct hole_clash clash = holes_check_fixed(placed ? run : plan->run, placed ? 1 : plan->n_runs,
						    placed ? 0 : i, plan->host->regions,
						    plan->host->n_regions, ipa_end);

	plan->diags->allowed_here = item->options->allowed;
	switch (clash.kind) {
	case HOLE_FREE:
		break;
	case HOLE_BEYOND_IPA:
		diag_add(plan->diags, DIAG_GFN_OVERLAP, 0, item->path, "reg", NULL,
			 "guest frames 0x%llx..0x%llx lie beyond the guest's %u address bits", gfn,
			 gfn + run->count - 1, (unsigned)__builtin_ctzll(ipa_end));
		break;
	case HOLE_OVERLAPS_RUN:
		diag_add(plan->diags, DIAG_GFN_OVERLAP, 0, item->path, "reg", NULL,
			 "guest frames 0x%llx..0x%llx overlap those of %s", gfn, gfn + run->count - 1,
			 item_of_run(plan, s, &plan->run[clash.other])->path);
		break;
	case HOLE_OVERLAPS_REGION:
		diag_add(plan->diags, clash.region->use == REGION_USED ? DIAG_GFN_OVERLAP : DIAG_GFN_RESERVED,
			 0, item->path, "reg", NULL,
			 "guest frames 0x%llx..0x%llx lie in the %s (0x%llx..0x%llx) of Xen 4.%u", gfn,
			 gfn + run->count - 1, clash.region->name, (unsigned long long)clash.region->base,
			 (unsigned long long)(clash.region->base + clash.region->size - 1),
			 clash.region->last);
		break;
	}
	plan->diags->allowed_here = (struct diag_set){ { 0, 0 } };
}

/* Place what is not fixed; runs of items that allow it may use reserved windows when all else is full. */
static int place_rest(struct xlpt_plan *plan, const struct segments *s)
{
	struct holes_options options = {
		.ipa_end = layout_ipa_end(plan->settings),
		.use_reserved = diag_allowed(plan->diags, DIAG_GFN_RESERVED),
	};
	struct holes_shortage shortage = { 0 };
	size_t i;
	int rc;

	for (i = 0; i < plan->n_items && !options.use_reserved; i++)
		options.use_reserved = diag_set_has(&plan->item[i].options->allowed, DIAG_GFN_RESERVED);
	rc = holes_place(plan->run, plan->n_runs, plan->host->regions, plan->host->n_regions, &options,
			 &shortage);
	if (rc != -ENOSPC)
		return rc;
	diag_add(plan->diags, DIAG_OUT_OF_SPACE, 0, item_of_run(plan, s, &plan->run[shortage.run])->path,
		 "reg", NULL,
		 "%llu frames (%llu KiB) from host frame 0x%llx find no place: the largest hole left has %llu frames (%llu KiB)",
		 (unsigned long long)shortage.needed, (unsigned long long)shortage.needed * 4,
		 (unsigned long long)plan->run[shortage.run].start,
		 (unsigned long long)shortage.largest, (unsigned long long)shortage.largest * 4);
	return -ENOSPC;
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
		for (w = 0; pci_memory_window(tree, node, w, &window); w++)
			frames += frames_of(window.host, window.size);
	return frames;
}

int place_items(struct xlpt_plan *plan)
{
	struct segments s = { 0 };
	uint64_t ipa_end = layout_ipa_end(plan->settings);
	unsigned windows_left = MAX_ALIGNED_WINDOWS;
	bool *fixed;
	size_t i;
	int rc;

	for (i = 0; i < plan->n_items; i++) {
		rc = add_item(plan, &s, i);
		if (rc)
			return rc;
	}
	if (!s.n) {
		plan->placed = true;
		return 0;
	}
	rc = make_runs(plan, &s);
	if (rc)
		return rc;
	for (i = 0; i < plan->n_items; i++)
		if (plan->item[i].options->has_gfn)
			fix_item(plan, &plan->item[i]);
	for (i = 0; i < plan->n_items; i++)
		align_windows(plan, &plan->item[i], &windows_left);
	fixed = arena_alloc(&plan->arena, plan->n_runs, sizeof(*fixed));
	if (!fixed)
		return -ENOMEM;
	for (i = 0; i < plan->n_runs; i++) {
		fixed[i] = plan->run[i].fixed;
		if (fixed[i])
			report_clash(plan, &s, i, ipa_end, false);
	}
	rc = place_rest(plan, &s);
	if (rc == -ENOSPC)
		return 0;
	if (rc)
		return rc;
	plan->placed = true;
	/* A reserved window that was taken because it is allowed is still worth a word. */
	for (i = 0; i < plan->n_runs; i++) {
		plan->run[i].fixed = true;
		if (!fixed[i])
			report_clash(plan, &s, i, ipa_end, true);
	}
	return 0;
}
