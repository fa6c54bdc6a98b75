/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "holding.h"
#include "u32-set.h"

bool same_xen_path(const char *a, const char *b)
{
	return !strcasecmp(a, b);
}

struct held *holding_add_device(struct arena *arena, struct holding *holding, const char *path)
{
	struct held *held = arena_push(arena, &holding->device, &holding->n_devices,
				       &holding->devices_room, sizeof(*held));

	if (held)
		held->path = path;
	return held;
}

int held_add_iomem(struct arena *arena, struct held *held, const struct xlpt_iomem *iomem, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct xlpt_iomem *slot;

		/* Nothing, or a range that Xen would refuse for wrapping: nobody holds it. */
		if (!iomem[i].count || iomem[i].count - 1 > UINT64_MAX - iomem[i].start)
			continue;
		slot = arena_push(arena, &held->iomem, &held->n_iomem, &held->iomem_room, sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = iomem[i];
	}
	return 0;
}

int held_add_irqs(struct arena *arena, struct held *held, const uint32_t *irqs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		uint32_t *slot = arena_push(arena, &held->irqs, &held->n_irqs, &held->irqs_room,
					    sizeof(*slot));

		if (!slot)
			return -ENOMEM;
		*slot = irqs[i];
	}
	return 0;
}

int holding_add_dtdev(struct arena *arena, struct holding *holding, const char *const *paths, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char **slot = arena_push(arena, &holding->dtdev, &holding->n_dtdev,
					       &holding->dtdev_room, sizeof(*slot));

		if (!slot)
			return -ENOMEM;
		*slot = paths[i];
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct xlpt_iomem *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static uint64_t last_frame(const struct xlpt_iomem *run)
{
	return run->start + (run->count - 1);
}

/* Sort, then merge what overlaps. */
static void join_frames(struct holding *holding)
{
	size_t i, n = 0;

	qsort(holding->frames, holding->n_frames, sizeof(*holding->frames), by_start);
	for (i = 0; i < holding->n_frames; i++) {
		struct xlpt_iomem *run = &holding->frames[i], *last = n ? &holding->frames[n - 1] : NULL;

		if (!last || run->start > last_frame(last))
			holding->frames[n++] = *run;
		else if (last_frame(run) > last_frame(last))
			last->count = last_frame(run) - last->start + 1;
	}
	holding->n_frames = n;
}

static int by_xen_path(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int order = strcasecmp(x, y);

	return order ? order : strcmp(x, y);
}

/* As the holding has it; the first of those that differ in case. NULL: it has none. */
static const char *find_dtdev(const struct holding *holding, const char *path)
{
	size_t low = 0, high = holding->n_dtdev, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcasecmp(holding->dtdev_sorted[middle], path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < holding->n_dtdev && same_xen_path(holding->dtdev_sorted[low], path) ?
	       holding->dtdev_sorted[low] : NULL;
}

int holding_finish(struct arena *arena, struct holding *holding)
{
	size_t i, n_frames = 0, n_irqs = 0;

	for (i = 0; i < holding->n_devices; i++) {
		n_frames += holding->device[i].n_iomem;
		n_irqs += holding->device[i].n_irqs;
	}
	holding->frames = arena_alloc(arena, n_frames, sizeof(*holding->frames));
	holding->irqs = arena_alloc(arena, n_irqs, sizeof(*holding->irqs));
	holding->dtdev_sorted = arena_alloc(arena, holding->n_dtdev, sizeof(*holding->dtdev_sorted));
	holding->n_frames = holding->n_irqs = 0;
	if (!holding->frames || !holding->irqs || !holding->dtdev_sorted)
		return -ENOMEM;
	if (holding->n_dtdev)
		memcpy(holding->dtdev_sorted, holding->dtdev,
		       holding->n_dtdev * sizeof(*holding->dtdev));
	qsort(holding->dtdev_sorted, holding->n_dtdev, sizeof(*holding->dtdev_sorted), by_xen_path);
	for (i = 0; i < holding->n_devices; i++) {
		const struct held *held = &holding->device[i];

		if (held->n_iomem)
			memcpy(holding->frames + holding->n_frames, held->iomem,
			       held->n_iomem * sizeof(*held->iomem));
		if (held->n_irqs)
			memcpy(holding->irqs + holding->n_irqs, held->irqs,
			       held->n_irqs * sizeof(*held->irqs));
		holding->n_frames += held->n_iomem;
		holding->n_irqs += held->n_irqs;
	}
	join_frames(holding);
	holding->n_irqs = u32_set_make(holding->irqs, holding->n_irqs);
	return 0;
}

/* Who has this frame: a device with a name, if there is one. */
static const struct held *frame_holder(const struct holding *holding, uint64_t frame)
{
	const struct held *found = NULL;
	size_t i, k;

	for (i = 0; i < holding->n_devices; i++) {
		const struct held *held = &holding->device[i];

		for (k = 0; k < held->n_iomem; k++)
			if (frame >= held->iomem[k].start && frame <= last_frame(&held->iomem[k]) &&
			    (!found || !found->path))
				found = held;
	}
	return found;
}

static const char *irq_holder(const struct holding *holding, uint32_t irq)
{
	size_t i, k;

	for (i = 0; i < holding->n_devices; i++)
		for (k = 0; k < holding->device[i].n_irqs && holding->device[i].path; k++)
			if (holding->device[i].irqs[k] == irq)
				return holding->device[i].path;
	return NULL;
}

static int dtdev_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
			   void *opaque)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < ours->n_dtdev && !rc; i++) {
		struct conflict conflict = { .kind = CONFLICT_DTDEV, .path = ours->dtdev[i],
					     .ours = ours->dtdev[i],
					     .theirs = find_dtdev(theirs, ours->dtdev[i]) };

		if (conflict.theirs)
			rc = fn(opaque, &conflict);
	}
	return rc;
}

static int irq_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
			 void *opaque)
{
	size_t i;
	int rc;

	for (i = 0; i < ours->n_irqs; i++) {
		struct conflict conflict = { .kind = CONFLICT_IRQ, .irq = ours->irqs[i] };

		if (!u32_set_has(theirs->irqs, theirs->n_irqs, conflict.irq))
			continue;
		conflict.ours = irq_holder(ours, conflict.irq);
		conflict.theirs = irq_holder(theirs, conflict.irq);
		rc = fn(opaque, &conflict);
		if (rc)
			return rc;
	}
	return 0;
}

static int frame_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
			   void *opaque)
{
	size_t i = 0, k = 0;
	int rc;

	while (i < ours->n_frames && k < theirs->n_frames) {
		uint64_t a = last_frame(&ours->frames[i]), b = last_frame(&theirs->frames[k]);
		uint64_t last = a < b ? a : b;
		struct conflict conflict = { .kind = CONFLICT_FRAMES };

		conflict.start = ours->frames[i].start > theirs->frames[k].start ?
				 ours->frames[i].start : theirs->frames[k].start;
		if (conflict.start <= last) {
			const struct held *x = frame_holder(ours, conflict.start);
			const struct held *y = frame_holder(theirs, conflict.start);

			conflict.count = last - conflict.start + 1;
			conflict.ours = x ? x->path : NULL;
			conflict.theirs = y ? y->path : NULL;
			conflict.may_share = x && x->may_share && conflict.ours && conflict.theirs &&
					     !same_xen_path(conflict.ours, conflict.theirs);
			rc = fn(opaque, &conflict);
			if (rc)
				return rc;
		}
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
