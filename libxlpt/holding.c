/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "holding.h"

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

		/* Nothing, or a range that Xen would refuse for where it ends: nobody holds it. */
		if (!iomem[i].count || iomem[i].count > UINT64_MAX - iomem[i].start)
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

/* The index of the windows, in the arena as all else is. */
static int windows_in(struct arena *arena, struct windows *windows, const struct window *window,
		      uint32_t n)
{
	struct window_span *span;

	if (windows_make(windows, 0, window, n))
		return -ENOMEM;
	span = arena_alloc(arena, windows->n, sizeof(*span));
	if (span && windows->n)
		memcpy(span, windows->span, windows->n * sizeof(*span));
	free(windows->span);
	windows->span = span;
	return span ? 0 : -ENOMEM;
}

static int by_start(const void *a, const void *b)
{
	const struct xlpt_iomem *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
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

static int finish_frames(struct arena *arena, struct holding *holding, size_t n)
{
	struct window *window = arena_alloc(arena, n, sizeof(*window));
	uint32_t n_named = 0;
	size_t i, k;

	holding->frames = arena_alloc(arena, n, sizeof(*holding->frames));
	holding->named_by = arena_alloc(arena, n, sizeof(*holding->named_by));
	holding->n_frames = 0;
	if (!window || !holding->frames || !holding->named_by || n >= UINT32_MAX / 2)
		return -ENOMEM;
	for (i = 0; i < holding->n_devices; i++) {
		const struct held *held = &holding->device[i];

		for (k = 0; k < held->n_iomem; k++) {
			const struct xlpt_iomem *run = &held->iomem[k];

			holding->frames[holding->n_frames++] = *run;
			if (!held->path)
				continue;
			holding->named_by[n_named] = (uint32_t)i;
			window[n_named++] = (struct window){ { .number = run->start }, run->count };
		}
	}
	join_frames(holding);
	return windows_in(arena, &holding->named, window, n_named);
}

/* By number, and of one number the device to name first. */
static int by_irq(const void *a_, const void *b_)
{
	const struct held_irq *a = a_, *b = b_;

	if (a->irq != b->irq)
		return a->irq < b->irq ? -1 : 1;
	if (!a->path != !b->path)
		return a->path ? -1 : 1;
	return a->device < b->device ? -1 : a->device > b->device;
}

static int finish_irqs(struct arena *arena, struct holding *holding, size_t n)
{
	size_t i, k;

	holding->irqs = arena_alloc(arena, n, sizeof(*holding->irqs));
	holding->n_irqs = 0;
	if (!holding->irqs)
		return -ENOMEM;
	n = 0;
	for (i = 0; i < holding->n_devices; i++) {
		const struct held *held = &holding->device[i];

		for (k = 0; k < held->n_irqs; k++)
			holding->irqs[n++] = (struct held_irq){ held->irqs[k], i, held->path };
	}
	qsort(holding->irqs, n, sizeof(*holding->irqs), by_irq);
	for (i = 0; i < n; i++)
		if (!holding->n_irqs || holding->irqs[holding->n_irqs - 1].irq != holding->irqs[i].irq)
			holding->irqs[holding->n_irqs++] = holding->irqs[i];
	return 0;
}

static int by_xen_path(const void *a_, const void *b_)
{
	const struct held_dtdev *a = a_, *b = b_;
	int order = strcasecmp(a->path, b->path);

	if (!order)
		order = strcmp(a->path, b->path);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int finish_dtdev(struct arena *arena, struct holding *holding)
{
	size_t i;

	holding->dtdev_sorted = arena_alloc(arena, holding->n_dtdev, sizeof(*holding->dtdev_sorted));
	if (!holding->dtdev_sorted)
		return -ENOMEM;
	for (i = 0; i < holding->n_dtdev; i++)
		holding->dtdev_sorted[i] = (struct held_dtdev){ holding->dtdev[i], i };
	qsort(holding->dtdev_sorted, holding->n_dtdev, sizeof(*holding->dtdev_sorted), by_xen_path);
	return 0;
}

int holding_finish(struct arena *arena, struct holding *holding)
{
	size_t i, n_frames = 0, n_irqs = 0;
	int rc;

	for (i = 0; i < holding->n_devices; i++) {
		n_frames += holding->device[i].n_iomem;
		n_irqs += holding->device[i].n_irqs;
	}
	rc = finish_frames(arena, holding, n_frames);
	if (!rc)
		rc = finish_irqs(arena, holding, n_irqs);
	return rc ? rc : finish_dtdev(arena, holding);
}
