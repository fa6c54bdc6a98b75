/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's address space as a picture. Regions differ in size by a factor of
 * a million, so the drawing is not to scale: each gets a height by the
 * logarithm of its size, and the addresses stand beside it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "emit.h"
#include "layout.h"
#include "merge-origin.h"
#include "merge-show.h"

#define WIDTH 980
#define TOP 76
#define BAR_X 190
#define BAR_WIDTH 330
#define LABEL_X (BAR_X + BAR_WIDTH + 14)
#define ROW_MIN 24
#define MOST_DEVICES 200
#define LABEL_MOST 58	/* characters; of a longer one the end tells more */
#define SPARE 40	/* below the last band, for the legend */

/* A band of the picture. */
struct band {
	uint64_t base, end;	/* bytes [base, end) */
	const char *name, *kind;	/* kind: a CSS class */
};

struct picture {
	struct band *band;
	size_t n, room;
	struct arena *arena;
};

static void add(struct picture *p, uint64_t base, uint64_t end, const char *name, const char *kind)
{
	struct band *band;

	if (base >= end)
		return;
	band = arena_push(p->arena, &p->band, &p->n, &p->room, sizeof(*band));
	if (band)
		*band = (struct band){ base, end, name, kind };
}

static const char *region_kind(const struct region *region)
{
	if (region->use == REGION_RESERVED)
		return "reserved";
	if (region->kind == REGION_RAM)
		return "ram";
	if (region->kind == REGION_EXTENDED)
		return "extended";
	return "xen";
}

static int by_base(const void *a_p, const void *b_p)
{
	const struct band *a = a_p, *b = b_p;

	if (a->base != b->base)
		return a->base < b->base ? -1 : 1;
	return a->end < b->end ? -1 : a->end > b->end;
}

/* Bands in order, free ones between them; what overlaps keeps its place and shows where it starts. */
static void gather(struct picture *p, struct judge *j)
{
	const struct judge_lists *lists = j->in->lists;
	const char **labels = merge_labels(j);
	struct region regions[LAYOUT_MAX_REGIONS];
	size_t n = layout_regions(j->in->settings, regions), i, known;
	uint64_t done = 0;

	for (i = 0; i < n; i++)
		add(p, regions[i].base, regions[i].base + regions[i].size, regions[i].name,
		    region_kind(&regions[i]));
	for (i = 0; lists && labels && i < lists->n_iomem && i < MOST_DEVICES; i++)
		add(p, lists->iomem[i].gfn << XLPT_FRAME_SHIFT,
		    (lists->iomem[i].gfn + lists->iomem[i].count) << XLPT_FRAME_SHIFT,
		    arena_printf(p->arena, "%s  (host 0x%" PRIx64 ")",
				 labels[i] ? labels[i] : "iomem",
				 lists->iomem[i].start << XLPT_FRAME_SHIFT), "device");
	known = p->n;
	if (known)
		qsort(p->band, known, sizeof(*p->band), by_base);
	for (i = 0; i < known; i++) {
		if (p->band[i].base > done)
			add(p, done, p->band[i].base, "free", "free");
		if (p->band[i].end > done)
			done = p->band[i].end;
	}
	add(p, done, layout_ipa_end(j->in->settings), "free", "free");
	if (p->n)
		qsort(p->band, p->n, sizeof(*p->band), by_base);
}

static unsigned height(const struct band *band)
{
	unsigned log2 = 0;

	while (log2 < 63 && (band->end - band->base) >> (log2 + 1))
		log2++;
	return ROW_MIN + (log2 > 20 ? (log2 - 20) * 2 : 0);
}

static void put_size(struct text *out, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t u = 0;

	while (u < 4 && bytes >= 1024 && !(bytes % 1024)) {
		bytes /= 1024;
		u++;
	}
	/* Odd sizes rounded to what can be read. */
	for (; bytes >= 10240 && u < 4; u++)
		bytes = (bytes + 512) / 1024;
	text_printf(out, "%" PRIu64 " %s", bytes, units[u]);
}

/* No name of a node or a region has a character of XML's. */
static void put_label(struct text *out, const char *s)
{
	size_t len = strlen(s);

	if (len > LABEL_MOST) {
		s += len - LABEL_MOST;
		s = strchr(s, '/') ? strchr(s, '/') : s;
		text_puts(out, "...");
	}
	for (; *s; s++)
		text_add(out, *s >= ' ' && *s <= '~' && !strchr("<&", *s) ? s : "?", 1);
}

static void put_band(struct text *out, const struct band *band, unsigned y)
{
	unsigned h = height(band), middle = y + h / 2 + 4;

	text_printf(out, "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"3\"/>\n",
		    band->kind, BAR_X, y, BAR_WIDTH, h - 2);
	text_printf(out, "<text class=\"address\" x=\"%u\" y=\"%u\">0x%08" PRIx64 "</text>\n",
		    BAR_X - 14, middle, band->base);
	text_printf(out, "<text class=\"%s\" x=\"%u\" y=\"%u\">", "size", BAR_X + BAR_WIDTH / 2, middle);
	put_size(out, band->end - band->base);
	text_printf(out, "</text>\n<text class=\"label%s\" x=\"%u\" y=\"%u\">",
		    !strcmp(band->kind, "device") ? " strong" :
		    !strcmp(band->kind, "free") ? " faint" : "", LABEL_X, middle);
	put_label(out, band->name ? band->name : "");
	text_puts(out, "</text>\n");
}

static void put_legend(struct text *out, unsigned y)
{
	static const struct {
		const char *kind, *name;
	} rows[] = {
		{ "ram", "RAM" }, { "device", "passed-through device" }, { "xen", "emulated or used by Xen" },
		{ "extended", "extended region" }, { "reserved", "set aside" },
	};
	unsigned x = BAR_X - 150;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		text_printf(out, "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"14\" height=\"14\" rx=\"3\"/>"
			    "<text class=\"label\" x=\"%u\" y=\"%u\">%s</text>\n", rows[i].kind, x, y,
			    x + 20, y + 12, rows[i].name);
		x += 50 + 8 * (unsigned)strlen(rows[i].name);
	}
}

static void draw(struct text *out, const struct merge_view *view, const struct picture *p)
{
	const struct xlpt_settings *settings = view->in->settings;
	unsigned y = TOP, total = TOP + SPARE;
	size_t i;

	for (i = 0; i < p->n; i++)
		total += height(&p->band[i]);
	text_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		    "viewBox=\"0 0 %u %u\">\n", WIDTH, total, WIDTH, total);
	text_puts(out, "<title>Address space of a Xen guest</title>\n<style>\n"
		  "text { font-family: \"DejaVu Sans\", Verdana, sans-serif; font-size: 12px; fill: #24323f }\n"
		  ".title { font-size: 18px; font-weight: bold }\n"
		  ".address { font-family: \"DejaVu Sans Mono\", monospace; text-anchor: end; fill: #5a6b7b }\n"
		  ".size { text-anchor: middle; font-size: 11px }\n"
		  ".strong { font-weight: bold }\n.faint { fill: #8b98a5 }\n"
		  "rect { stroke: #ffffff; stroke-width: 1 }\n"
		  ".page { fill: #ffffff; stroke: none }\n"
		  ".ram { fill: #8fc1e8 }\n.device { fill: #f2a65a }\n.xen { fill: #b9a5d6 }\n"
		  ".extended { fill: #cfe8d5 }\n.reserved { fill: #e3e3e8 }\n"
		  ".free { fill: #f7f9fb; stroke: #dde4ea }\n</style>\n");
	text_printf(out, "<rect class=\"page\" width=\"%u\" height=\"%u\"/>\n", WIDTH, total);
	text_printf(out, "<text class=\"title\" x=\"40\" y=\"36\">Guest of Xen 4.%u</text>\n"
		    "<text class=\"faint\" x=\"40\" y=\"58\">", settings->xen_last);
	if (settings->memory_mib)
		text_printf(out, "%" PRIu64 " MiB of RAM, ", settings->memory_mib);
	text_printf(out, "%s, heights not to scale</text>\n",
		    settings->gic == 2 ? "GICv2" : settings->gic == 3 ? "GICv3" : "either GIC");
	for (i = 0; i < p->n; i++) {
		put_band(out, &p->band[i], y);
		y += height(&p->band[i]);
	}
	put_legend(out, y + 12);
	text_puts(out, "</svg>\n");
}

static void put(const struct merge_view *view, struct judge *j, struct text *out)
{
	struct picture picture = { .arena = &j->arena };

	gather(&picture, j);
	draw(out, view, &picture);
}

int merge_show_svg(const struct merge_view *view, char **text_r)
{
	return merge_show(view, put, text_r);
}
