/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A partition as JSON, and as a report for a person. */
#include "emit.h"
#include "json.h"
#include "partition.h"
#include "report.h"
#include "wrap.h"

int xlpt_partition_json(const struct xlpt_partition_guest *guests, size_t n, char **text_r)
{
	struct json json = { 0 };
	struct json_object *root = json_new_object(&json), *list = json_new_array(&json, n);
	struct text out;
	size_t i;

	json_add(&json, root, "ok", json_new_bool(&json, xlpt_partition_ok(guests, n)));
	for (i = 0; i < n; i++) {
		struct json_object *guest = json_new_object(&json);

		json_add(&json, guest, "name", json_new_string(&json, guests[i].name));
		json_add(&json, guest, "config", json_new_string(&json, guests[i].config));
		json_add(&json, guest, "plan", emit_plan_object(&json, guests[i].plan, false));
		json_append(&json, list, guest);
	}
	json_add(&json, root, "guests", list);
	text_init(&out);
	json_write(&json, root, &out);
	return emit_take(&out, text_r);
}

static void put_count(struct text *out, size_t n, const char *what, const char *before)
{
	text_printf(out, "%s%zu %s%s", before, n, what, n == 1 ? "" : "s");
}

static void put_guest(struct text *out, const struct xlpt_partition_guest *guest)
{
	struct xlpt_plan *plan = guest->plan;
	size_t errors = xlpt_diags_count(plan->diags, XLPT_ERROR), i;
	uint64_t frames = 0;

	for (i = 0; i < plan->n_iomem; i++)
		frames += plan->iomem[i].count;
	text_puts(out, "\nGuest '");
	text_escaped(out, guest->name, strlen(guest->name));
	text_puts(out, "'");
	if (guest->config)
		text_printf(out, " (%s)", guest->config);
	put_count(out, plan->n_items, "device", ": ");
	put_count(out, (size_t)frames, "frame", ", ");
	put_count(out, plan->n_irqs, "interrupt", ", ");
	put_count(out, plan->n_dtdev, "assigned node", ", ");
	if (errors)
		put_count(out, errors, "error", ": not usable, ");
	text_puts(out, plan->ok ? ": usable\n" : "\n");
	for (i = 0; i < plan->n_items && i < REPORT_MAX_LISTED; i++)
		wrap_printf(out, "  ", 4, "%s", plan->item[i].path);
	if (i < plan->n_items)
		text_printf(out, "  and %zu more\n", plan->n_items - i);
	report_findings(out, plan);
}

static void put_next_steps(struct text *out, const struct xlpt_partition_guest *guests, size_t n)
{
	report_heading(out, "What to do next");
	if (!xlpt_partition_ok(guests, n)) {
		wrap_puts(out, "  ", 2,
			  "Resolve the errors above: what two guests want goes to one of them. Until then there are neither configuration lines nor guest trees nor a boot script.");
		return;
	}
	wrap_puts(out, "  1. ", 5,
		  "Before Xen boots, run the one boot script for all of them in U-Boot (--format=uboot, or boot.cmd of -o DIR).");
	wrap_puts(out, "  2. ", 5,
		  "Create each guest with `xl-passthrough create`, or with xl and the files that -o writes to DIR/NAME.");
}

int xlpt_partition_report(const struct xlpt_partition_guest *guests, size_t n, char **text_r)
{
	bool ok = xlpt_partition_ok(guests, n);
	struct text out;
	size_t i;

	text_init(&out);
	text_printf(&out, "Partition of the host among %zu guest%s: %s.\n", n, n == 1 ? "" : "s",
		    ok ? "no device, page, SPI or StreamID is given twice" : "not usable");
	for (i = 0; i < n; i++)
		put_guest(&out, &guests[i]);
	put_next_steps(&out, guests, n);
	return emit_take(&out, text_r);
}
