/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What two guests both have. */
#include <stdlib.h>
#include <strings.h>

#include "holding.h"

/* As the holding has it: the first of those that differ in case, or where it would be. */
static size_t dtdev_at(const struct holding *holding, const char *path)
{
	size_t low = 0, high = holding->n_dtdev, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcasecmp(holding->dtdev_sorted[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_dtdev(const struct holding *holding, size_t at, const char *path)
{
	return at < holding->n_dtdev && same_xen_path(holding->dtdev_sorted[at].path, path);
}

static int dtdev_conflict(const struct holding *ours, size_t index, const struct holding *theirs,
			  conflict_fn fn, void *opaque)
{
	const char *path = ours->dtdev[index];
	size_t at = dtdev_at(theirs, path);
	struct conflict conflict = { .kind = CONFLICT_DTDEV, .path = path, .ours = path };

	if (!is_dtdev(theirs, at, path))
		return 0;
	conflict.theirs = theirs->dtdev_sorted[at].path;
	return fn(opaque, &conflict);
}

static int by_index(const void *a_, const void *b_)
{
	const size_t *a = a_, *b = b_;

	return *a < *b ? -1 : *a > *b;
}

/* Which of ours they have too, in our order, found from theirs; false: no memory. */
static bool list_common(const struct holding *ours, const struct holding *theirs, size_t **list_r,
			size_t *n_r)
{
	size_t *list, n = 0, i, at;
	bool again = false;

	/* Once to count, once to fill. */
	for (list = NULL;; again = true) {
		for (n = i = 0; i < theirs->n_dtdev; i++) {
			const char *path = theirs->dtdev_sorted[i].path;

			if (i && same_xen_path(theirs->dtdev_sorted[i - 1].path, path))
				continue;
			for (at = dtdev_at(ours, path); is_dtdev(ours, at, path); at++, n++)
				if (again)
					list[n] = ours->dtdev_sorted[at].index;
		}
		if (again)
			break;
		list = malloc((n ? n : 1) * sizeof(*list));
		if (!list)
			return false;
	}
	qsort(list, n, sizeof(*list), by_index);
	*list_r = list;
	*n_r = n;
	return true;
}

static int dtdev_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
			   void *opaque)
{
	size_t *list = NULL, n = ours->n_dtdev, i;
	int rc = 0;

	if (!theirs->n_dtdev)
		return 0;
	/* Without memory for it, all of ours are looked up. */
	if (theirs->n_dtdev < n)
		list_common(ours, theirs, &list, &n);
	for (i = 0; i < n && !rc; i++)
		rc = dtdev_conflict(ours, list ? list[i] : i, theirs, fn, opaque);
	free(list);
	return rc;
}

/*
 * The first index from `from` on of which `behind` says no, for a list that
 * begins with those of which it says yes: in steps that double, then by
 * halving, so that to skip m of them takes log m looks.
 */
static size_t skip(const struct holding *holding, size_t n, size_t from, uint64_t key,
		   bool (*behind)(const struct holding *holding, size_t i, uint64_t key))
{
	size_t low = from, high = from, step = 1, middle;

	while (high < n && behind(holding, high, key)) {
		low = high + 1;
		high = n - high > step ? high + step : n;
		step *= 2;
	}
	while (low < high) {
		middle = low + (high - low) / 2;
		if (behind(holding, middle, key))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool irq_behind(const struct holding *holding, size_t i, uint64_t irq)
{
	return holding->irqs[i].irq < irq;
}

static int irq_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
			 void *opaque)
{
	size_t i = 0, k = 0;
	int rc;

	while (i < ours->n_irqs && k < theirs->n_irqs) {
		const struct held_irq *a = &ours->irqs[i], *b = &theirs->irqs[k];
		struct conflict conflict = { .kind = CONFLICT_IRQ, .irq = a->irq, .ours = a->path,
					     .theirs = b->path };

		if (a->irq < b->irq) {
			i = skip(ours, ours->n_irqs, i, b->irq, irq_behind);
		} else if (b->irq < a->irq) {
			k = skip(theirs, theirs->n_irqs, k, a->irq, irq_behind);
		} else {
			rc = fn(opaque, &conflict);
			if (rc)
				return rc;
			i++;
			k++;
		}
	}
	return 0;
}

static bool run_behind(const struct holding *holding, size_t i, uint64_t frame)
{
	return last_frame(&holding->frames[i]) < frame;
}

/* The device with a name that has the frame, the first if there are more; NULL: none has a name. */
static const struct held *frame_holder(const struct holding *holding, uint64_t frame)
{
	uint32_t run = windows_find(&holding->named, (struct window_key){ .number = frame });

	return run == UINT32_MAX ? NULL : &holding->device[holding->named_by[run]];
}

static int frame_conflict(const struct holding *ours, const struct holding *theirs, uint64_t first,
			  uint64_t last, conflict_fn fn, void *opaque)
{
	const struct held *x = frame_holder(ours, first), *y = frame_holder(theirs, first);
	const struct conflict conflict = {
		.kind = CONFLICT_FRAMES, .start = first, .count = last - first + 1,
		.ours = x ? x->path : NULL,
		.theirs = y ? y->path : NULL,
		.may_share = x && y && x->may_share && !same_xen_path(x->path, y->path),
	};

	return fn(opaque, &conflict);
}

static int frame_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
			   void *opaque)
{
	size_t i = 0, k = 0;
	int rc;

	while (i < ours->n_frames && k < theirs->n_frames) {
		uint64_t a_start = ours->frames[i].start, b_start = theirs->frames[k].start;
		uint64_t a = last_frame(&ours->frames[i]), b = last_frame(&theirs->frames[k]);

		if (a < b_start) {
			i = skip(ours, ours->n_frames, i, b_start, run_behind);
			continue;
		}
		if (b < a_start) {
			k = skip(theirs, theirs->n_frames, k, a_start, run_behind);
			continue;
		}
		rc = frame_conflict(ours, theirs, a_start > b_start ? a_start : b_start, a < b ? a : b, fn,
				    opaque);
		if (rc)
			return rc;
		if (a <= b)
			i++;
		if (b <= a)
			k++;
	}
	return 0;
}

int holding_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
		      void *opaque)
{
	int rc;

	rc = dtdev_conflicts(ours, theirs, fn, opaque);
	if (!rc)
		rc = irq_conflicts(ours, theirs, fn, opaque);
	if (!rc)
		rc = frame_conflicts(ours, theirs, fn, opaque);
	return rc;
}
