/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `devices` for a person: a line a device, its reasons by id, and what the ids mean. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "devices.h"
#include "groups.h"
#include "text.h"

#define PATH_WIDTH 44
#define MANY_IRQS 4

struct table {
	const struct xlpt_tree *tree;
	struct text rows;
	struct arena arena;		/* of the row in work */
	struct diag_set seen;
	unsigned n[XLPT_IMPOSSIBLE + 1];
	const uint32_t *group;		/* by node: its number, 0 for none */
	bool any_group;
};

static void put_frames(struct table *table, uint32_t node)
{
	size_t n, i;
	const struct xlpt_iomem *run = device_frames(table->tree->resources, node, &table->arena, &n);
	uint64_t frames = 0;

	for (i = 0; i < n; i++)
		frames += run[i].count;
	text_printf(&table->rows, " %6llu", (unsigned long long)frames);
}

/* "42", "40 53 54 ...": what fits a column. */
static void put_irqs(struct table *table, uint32_t node)
{
	char column[40] = "-";
	size_t n, k;
	const uint32_t *intid = device_spis(table->tree->resources, node, &table->arena, &n);
	int len = 0;

	for (k = 0; k < (n > MANY_IRQS ? MANY_IRQS - 1 : n); k++)
		len += snprintf(column + len, sizeof(column) - (size_t)len, "%s%u", k ? " " : "", intid[k]);
	if (n > MANY_IRQS)
		snprintf(column + len, sizeof(column) - (size_t)len, " ...");
	text_printf(&table->rows, "  %-15s", column);
}

/* The ids of what keeps it back, else of what is worth knowing. */
static void put_reasons(struct table *table, const struct device_verdict *verdict)
{
	size_t n, i;
	const struct xlpt_diag *diag = xlpt_diags_list(verdict->diags, &n);
	struct diag_set here = { { 0, 0 } };
	enum xlpt_severity least = verdict->verdict == XLPT_READY ? XLPT_WARNING : XLPT_ERROR;
	const char *between = " ";

	for (i = 0; i < n; i++) {
		enum diag_id id = diag_find(diag[i].id, strlen(diag[i].id));

		if (diag[i].severity < least || diag_set_has(&here, id))
			continue;
		diag_set_add(&here, id);
		diag_set_add(&table->seen, id);
		text_printf(&table->rows, "%s%s", between, diag[i].id);
		between = ", ";
	}
}

static int add_row(void *opaque, const struct device_verdict *verdict)
{
	struct table *table = opaque;

	table->n[verdict->verdict]++;
	text_printf(&table->rows, "%-10s  %-*s", xlpt_verdict_name(verdict->verdict), PATH_WIDTH,
		    verdict->path);
	if (strlen(verdict->path) > PATH_WIDTH)
		text_printf(&table->rows, "\n%-10s  %-*s", "", PATH_WIDTH, "");
	arena_reset(&table->arena);
	put_frames(table, verdict->node);
	put_irqs(table, verdict->node);
	if (table->group && table->group[verdict->node]) {
		text_printf(&table->rows, " %5u", table->group[verdict->node]);
		table->any_group = true;
	} else {
		text_puts(&table->rows, "     -");
	}
	put_reasons(table, verdict);
	text_puts(&table->rows, "\n");
	return table->rows.failed || table->arena.failed ? -ENOMEM : 0;
}

static void put_meanings(struct text *out, const struct diag_set *seen)
{
	size_t n, i;
	const struct xlpt_diag_info *info = xlpt_diag_catalogue(&n);
	bool any = false;

	for (i = 0; i < n; i++) {
		if (!diag_set_has(seen, (enum diag_id)i))
			continue;
		text_printf(out, "%s  %-20s %s\n", any ? "" : "\nReasons (more in xl-passthrough-diagnostics(7)):\n",
			    info[i].id, info[i].title);
		any = true;
	}
}

int xlpt_devices_table(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		       const char *file, char **table_r)
{
	struct table table = { .tree = tree };
	const char *model = tree_string(tree, 0, P_MODEL);
	struct arena arena;
	struct text out;
	int rc;

	*table_r = NULL;
	text_init(&out);
	text_init(&table.rows);
	arena_init(&arena);
	arena_init(&table.arena);
	table.group = groups_number(tree, &arena);
	rc = table.group ? devices_each(tree, settings, add_row, &table) : -ENOMEM;
	text_printf(&out, "%s: ", file ? file : "host tree");
	model = model ? model : "(no model)";
	text_escaped(&out, model, strlen(model));
	text_puts(&out, "\n");
	text_printf(&out, "%u ready, %u need attention, %u impossible\n\n", table.n[XLPT_READY],
		    table.n[XLPT_ATTENTION], table.n[XLPT_IMPOSSIBLE]);
	text_printf(&out, "%-10s  %-*s %6s  %-15s %5s %s\n", "VERDICT", PATH_WIDTH, "DEVICE", "FRAMES",
		    "IRQS", "GROUP", "REASONS");
	if (table.rows.len)
		text_add(&out, table.rows.s, table.rows.len);
	if (table.any_group)
		text_puts(&out, "\nDevices of one GROUP share a page, an SPI or a StreamID, or need each other:\n"
			  "they go to one guest, or stay. `plan` says which ones a device needs.\n");
	put_meanings(&out, &table.seen);
	if (!rc && (table.rows.failed || !(*table_r = text_take(&out, NULL))))
		rc = -ENOMEM;
	text_free(&out);
	text_free(&table.rows);
	arena_free(&arena);
	arena_free(&table.arena);
	return rc;
}
