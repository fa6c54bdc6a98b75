/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one guest holds, or would hold: frames, SPIs and assigned nodes, from
 * a plan, from a record of ours, or from what libxl stored of a domain; and
 * where two guests want the same. Values only, no tree and no Xen.
 */
#ifndef XLPT_HOLDING_H
#define XLPT_HOLDING_H

#include "arena.h"
#include "libxlpt.h"
#include "windows.h"

/* A device, or with path NULL what a configuration gives without naming a device. */
struct held {
	const char *path;
	const char *iommu;		/* path of the IOMMU it is assigned behind, or NULL */
	struct xlpt_iomem *iomem;
	size_t n_iomem, iomem_room;
	uint32_t *irqs;
	size_t n_irqs, irqs_room;
	bool may_share;			/* its frames may be another guest's too: iomem-shared-page */
};

/* One INTID, and the first device that has it; one with a name, if there is one. */
struct held_irq {
	uint32_t irq;
	size_t device;
	const char *path;	/* of that device, or NULL */
};

struct held_dtdev {
	const char *path;
	size_t index;		/* among those of the holding */
};

struct holding {
	struct held *device;
	size_t n_devices, devices_room;
	const char **dtdev;		/* as Xen was told, or will be */
	size_t n_dtdev, dtdev_room;

	/* made by holding_finish(), for what looks things up in it */
	struct held_dtdev *dtdev_sorted;	/* as same_xen_path() compares them */
	struct xlpt_iomem *frames;	/* of all devices: disjoint and ascending */
	size_t n_frames;
	struct windows named;		/* the runs of devices with a name, in the devices' order */
	uint32_t *named_by;		/* the device of each of them */
	struct held_irq *irqs;		/* ascending and unique */
	size_t n_irqs;
};

/* Build one. All of them -ENOMEM only. */
struct held *holding_add_device(struct arena *arena, struct holding *holding, const char *path);
int held_add_iomem(struct arena *arena, struct held *held, const struct xlpt_iomem *iomem, size_t n);
int held_add_irqs(struct arena *arena, struct held *held, const uint32_t *irqs, size_t n);
int holding_add_dtdev(struct arena *arena, struct holding *holding, const char *const *paths, size_t n);
int holding_finish(struct arena *arena, struct holding *holding);

/* Of a run that is not empty. */
static inline uint64_t last_frame(const struct xlpt_iomem *run)
{
	return run->start + (run->count - 1);
}

/* A plan with what its guest's configuration gives beside it (may be NULL). Strings are borrowed. */
int holding_of_plan(struct arena *arena, const struct xlpt_plan *plan,
		    const struct xlpt_own_lists *own, struct holding *holding_r);

enum conflict_kind {
	CONFLICT_DTDEV,		/* the same node assigned */
	CONFLICT_IRQ,
	CONFLICT_FRAMES,
};

struct conflict {
	enum conflict_kind kind;
	const char *path;		/* CONFLICT_DTDEV */
	uint32_t irq;			/* CONFLICT_IRQ */
	uint64_t start, count;		/* CONFLICT_FRAMES */
	const char *ours, *theirs;	/* devices it belongs to, NULL where not known */
	/* Frames only: two devices in one page, and ours was allowed to share it. */
	bool may_share;
};

/*
 * holding-conflicts.c: everything both have. A non-zero return of fn stops and
 * is returned. Next to nothing more than what the smaller of the two has is
 * looked at, so that one may be held against many.
 */
typedef int (*conflict_fn)(void *opaque, const struct conflict *conflict);
int holding_conflicts(const struct holding *ours, const struct holding *theirs, conflict_fn fn,
		      void *opaque);

/* Paths as Xen compares them: dt_find_node_by_path() ignores case. */
bool same_xen_path(const char *a, const char *b);

#endif
