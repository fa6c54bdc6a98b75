/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "report.h"
#include "wrap.h"

void report_heading(struct text *out, const char *title)
{
	text_printf(out, "\n%s\n", title);
}

/* Ids that tell what the guest's nodes lack, and what the host must do about it. */
static const enum diag_id left_out[] = {
	DIAG_DROPPED_REFERENCE, DIAG_REFERENCE_REFUSED, DIAG_REFERENCE_DANGLING,
	DIAG_PROPERTY_UNKNOWN, DIAG_CLOCK_RATE_UNKNOWN, DIAG_COHERENCY_INHERITED,
};

static bool is_left_out(enum diag_id id)
{
	size_t i;

	for (i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
		if (left_out[i] == id)
			return true;
	return false;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void put_hint(struct text *out, const char *hint)
{
	if (hint)
		wrap_printf(out, "      ", 8, "hint: %s", hint);
}

/*
 * All findings with this id and severity, a hint that several in a row share
 * once, behind them. Ids are the catalogue's own strings.
 */
static void put_id(struct text *out, const struct xlpt_plan *plan, enum diag_id id,
		   enum xlpt_severity severity, const char **heading)
{
	size_t n, i, listed = 0, more = 0;
	const struct xlpt_diag *diag = xlpt_diags_list(plan->diags, &n);
	const char *hint = NULL;

	for (i = 0; i < n; i++, diag++) {
		if (diag->id != diag_name(id) || diag->severity != severity)
			continue;
		if (listed == REPORT_MAX_LISTED) {
			more++;
			continue;
		}
		if (!listed++) {
			if (*heading)
				report_heading(out, *heading);
			*heading = NULL;
			text_printf(out, "  %s: %s\n", xlpt_severity_name(severity), diag->id);
		} else if (!same(hint, diag->hint)) {
			put_hint(out, hint);
		}
		hint = diag->hint;
		wrap_printf(out, "    ", 6, "%s%s%s", diag->node ? diag->node : "",
			    diag->node ? ": " : "", diag->message);
	}
	if (more)
		text_printf(out, "    and %zu more; --format=json has all of them\n", more);
	put_hint(out, hint);
}

static void put_group(struct text *out, const struct xlpt_plan *plan, bool about_nodes,
		      const char *heading)
{
	int severity;
	enum diag_id id;

	for (severity = XLPT_ERROR; severity >= XLPT_NOTE; severity--)
		for (id = 0; id < N_DIAGS; id++)
			if ((is_left_out(id) && severity != XLPT_ERROR) == about_nodes)
				put_id(out, plan, id, (enum xlpt_severity)severity, &heading);
}

void report_findings(struct text *out, const struct xlpt_plan *plan)
{
	put_group(out, plan, false, "Findings");
	put_group(out, plan, true, "Left out of the guest's nodes");
}
