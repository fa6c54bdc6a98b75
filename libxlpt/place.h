/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of all items into the guest's address map: what the files of it share. */
#ifndef XLPT_PLACE_H
#define XLPT_PLACE_H

#include "plan.h"

/* Frames of one register range. */
struct place_segment {
	uint64_t start, count;
	size_t item;
};

struct place_segments {
	struct place_segment *segment;
	size_t n, room;
};

/* The run that has this host frame, or NULL. */
struct hole_run *place_run_of(const struct xlpt_plan *plan, uint64_t frame);

/*
 * place-windows.c: fix the runs of the items' PCI windows, outside the slots'
 * area (NULL: there are no slots) if there is such a place. -ENOMEM
 */
int place_windows(struct xlpt_plan *plan, const struct slots *slots);

/* place-slots.c: the slots of this host for these settings, made once. NULL: -ENOMEM */
const struct slots *place_slots(struct xlpt_plan *plan);

/* place-report.c: the runs whose frame is fixed; with `before`, those that were not so before. -ENOMEM */
int place_report_clashes(struct xlpt_plan *plan, const struct place_segments *s, const bool *before);
void place_report_shortage(struct xlpt_plan *plan, const struct place_segments *s,
			   const struct holes_shortage *shortage);

#endif
