/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which guest has which devices, in columns for a person. */
#include <inttypes.h>
#include <string.h>

#include "list-table.h"

enum column {
	DOMID,
	NAME,
	DEVICE,
	IOMEM,
	IRQS,
	IOMMU,
	N_COLUMNS,
};

static const char *const titles[N_COLUMNS] = { "domid", "name", "device", "iomem", "irqs", "iommu" };

/* A cell that is longer pushes the rest of its own row only. */
#define WIDEST 48

struct row {
	const char *cell[N_COLUMNS];
};

struct table {
	struct arena *arena;
	struct row *row;
	size_t n, room;
	const struct owner *owner;
};

/* What was gathered in `text`, or "-". */
static const char *cell(struct arena *arena, struct text *text)
{
	char *copy = text->failed ? NULL : arena_strdup(arena, text->len ? text->s : "-");

	/* the caller asks the arena */
	arena->failed |= text->failed;
	text_free(text);
	return copy;
}

static const char *plain(struct arena *arena, const char *s)
{
	struct text text;

	text_init(&text);
	if (s)
		text_escaped(&text, s, strlen(s));
	return cell(arena, &text);
}

static void add_row(void *opaque, const struct held *held)
{
	struct table *table = opaque;
	struct arena *arena = table->arena;
	struct row *row = arena_push(arena, &table->row, &table->n, &table->room, sizeof(*row));
	struct text text;
	size_t i;

	if (!row)
		return;
	row->cell[DOMID] = arena_printf(arena, "%u", table->owner->domain->domid);
	row->cell[NAME] = plain(arena, table->owner->name);
	row->cell[DEVICE] = plain(arena, held->path);
	text_init(&text);
	for (i = 0; i < held->n_iomem; i++)
		text_printf(&text, "%s0x%" PRIx64 ",0x%" PRIx64 "@0x%" PRIx64, i ? " " : "",
			    held->iomem[i].start, held->iomem[i].count, held->iomem[i].gfn);
	row->cell[IOMEM] = cell(arena, &text);
	text_init(&text);
	for (i = 0; i < held->n_irqs; i++)
		text_printf(&text, "%s%u", i ? "," : "", held->irqs[i]);
	row->cell[IRQS] = cell(arena, &text);
	row->cell[IOMMU] = plain(arena, held->iommu);
}

static void put_row(struct text *text, const char *const *cells, const size_t *width)
{
	unsigned c;

	for (c = 0; c < N_COLUMNS; c++) {
		const char *s = cells[c] ? cells[c] : "";

		if (c == DOMID)
			text_printf(text, "%*s", (int)width[c], s);
		else if (c == IOMMU)
			text_printf(text, "  %s\n", s);
		else
			text_printf(text, "  %-*s", (int)width[c], s);
	}
}

void list_write_table(const struct owner *const *owner, size_t n, struct arena *arena,
		      struct text *text)
{
	struct table table = { .arena = arena };
	size_t width[N_COLUMNS], i, len;
	unsigned c;

	for (i = 0; i < n; i++) {
		table.owner = owner[i];
		list_each_device(&owner[i]->holding, add_row, &table);
	}
	text->failed |= arena->failed;
	for (c = 0; c < N_COLUMNS; c++)
		width[c] = strlen(titles[c]);
	for (i = 0; i < table.n && !text->failed; i++) {
		for (c = 0; c < N_COLUMNS; c++) {
			len = strlen(table.row[i].cell[c]);
			if (len > width[c] && len <= WIDEST)
				width[c] = len;
		}
	}
	put_row(text, titles, width);
	for (i = 0; i < table.n && !text->failed; i++)
		put_row(text, table.row[i].cell, width);
}
