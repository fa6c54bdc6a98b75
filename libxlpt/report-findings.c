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

/*
 * All findings with this id and severity, a hint that they share once. Ids are
 * the catalogue's own strings.
 */
static void put_id(struct text *out, const struct xlpt_plan *plan, enum diag_id id,
		   enum xlpt_severity severity, const char **heading)
{
	const struct xlpt_diag *first = NULL;
	size_t n, i, listed = 0, more = 0;
	const struct xlpt_diag *diag = xlpt_diags_list(plan->diags, &n);
	bool shared = true;

	for (i = 0; i < n; i++) {
		if (diag[i].id != diag_name(id) || diag[i].severity != severity)
			continue;
		if (!first)
			first = &diag[i];
		shared &= same(first->hint, diag[i].hint);
	}
	if (!first)
		return;
	if (*heading)
		report_heading(out, *heading);
	*heading = NULL;
	text_printf(out, "  %s: %s\n", xlpt_severity_name(severity), first->id);
	for (i = 0; i < n; i++) {
		if (diag[i].id != diag_name(id) || diag[i].severity != severity)
			continue;
		if (listed++ >= REPORT_MAX_LISTED) {
			more++;
			continue;
		}
		wrap_printf(out, "    ", 6, "%s%s%s", diag[i].node ? diag[i].node : "",
			    diag[i].node ? ": " : "", diag[i].message);
		if (!shared && diag[i].hint)
			wrap_printf(out, "      ", 8, "hint: %s", diag[i].hint);
	}
	if (more)
		text_printf(out, "    and %zu more; --format=json has all of them\n", more);
	if (shared && first->hint)
		wrap_printf(out, "    ", 6, "hint: %s", first->hint);
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
