/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the report; see emit-report.c. */
#ifndef XLPT_REPORT_H
#define XLPT_REPORT_H

#include "plan.h"
#include "text.h"

/* Longer lists are cut: a driver domain has hundreds of devices, and JSON tells all. */
#define REPORT_MAX_LISTED 24

void report_heading(struct text *out, const char *title);

/* report-devices.c: where registers, interrupts and streams of each device go */
void report_devices(struct text *out, const struct xlpt_plan *plan);

/* report-findings.c: by what they mean to the reader, then by id */
void report_findings(struct text *out, const struct xlpt_plan *plan);

#endif
