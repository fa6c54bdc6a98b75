/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who shares something with a plan of ten thousand devices, and is none of
 * them? The orders of resources.h without what belongs to the plan's items, so
 * that the answer takes no look at each of the others for each item.
 */
#ifndef XLPT_OUTSIDE_H
#define XLPT_OUTSIDE_H

#include "plan.h"

/* For the plan's items as they are now, as plan->others, and with new plan_may_look(). -ENOMEM. */
int outside_make(struct xlpt_plan *plan);
void outside_free(struct xlpt_plan *plan);

#endif
