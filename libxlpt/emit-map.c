/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit-map.h"
#include "layout.h"

#define COLUMNS 80
#define SIZE_COLUMNS 10

/* Device lines below one region: all up to MANY, else the first HEAD and the last TAIL. */
#define MANY 12
#define HEAD 8
#define TAIL 3

/* A stretch of the map: a region, several of one kind that touch, or free space. */
struct stretch {
	uint64_t base, end;	/* bytes [base, end) */
	const struct region *region;	/* NULL: free */
	const char *name;
	unsigned first, last;	/* releases */
};

/* Device frames that are one piece both in the host and in the guest. */
struct piece {
	uint64_t start, count, gfn;
	const char *label;
};

struct map {
	struct text *out;
	const struct xlpt_settings *settings;
	int width;		/* of an address */
	bool used, reserved, moved, identity;	/* marks that need an explanation */
};

/* Names for what several regions of a kind make together. */
static const char *const kind_names[] = {
	[REGION_RAM] = "RAM",
	[REGION_EXTENDED] = "extended region",
	[REGION_GIC] = "interrupt controller",
	[REGION_GNTTAB] = "grant table",
	[REGION_MAGIC] = "magic pages",
	[REGION_VUART] = "virtual UART",
	[REGION_VIRTIO] = "virtio-mmio",
	[REGION_VPCI] = "vPCI",
	[REGION_ACPI] = "ACPI tables",
	[REGION_NULL_PAGE] = "frame 0",
};

/* "4 KiB", "191.9 MiB": exact where it is short. */
static const char *human(char *buf, size_t room, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	uint64_t unit = 1, tenths;
	size_t u = 0;

	while (u + 1 < sizeof(units) / sizeof(*units) && bytes >= unit << 10) {
		unit <<= 10;
		u++;
	}
	if (!(bytes % unit)) {
		snprintf(buf, room, "%" PRIu64 " %s", bytes / unit, units[u]);
		return buf;
	}
	tenths = bytes / unit * 10 + (bytes % unit * 10 + unit / 2) / unit;
	/* "1024.0 MiB" is a rounded GiB. */
	if (tenths >= 10240 && u + 1 < sizeof(units) / sizeof(*units)) {
		tenths /= 1024;
		u++;
	}
	snprintf(buf, room, "%" PRIu64 ".%u %s", tenths / 10, (unsigned)(tenths % 10), units[u]);
	return buf;
}

/* One line of the map; a name that is too long loses its beginning. */
static void line(const struct map *map, uint64_t base, uint64_t end, const char *mark,
		 const char *name)
{
	size_t room = (size_t)(COLUMNS - 2 * map->width - SIZE_COLUMNS - 10), len, i;
	char from[24], to[24], size[32], text[COLUMNS + 1];
	const char *cut = NULL;

	snprintf(from, sizeof(from), "0x%08" PRIx64, base);
	snprintf(to, sizeof(to), "0x%08" PRIx64, end - 1);
	len = strlen(name);
	if (len > room) {
		cut = name + len - room + 3;
		/* At a whole component of a path, if one is left. */
		if (strchr(cut, '/'))
			cut = strchr(cut, '/');
	}
	snprintf(text, room + 1, "%s%s", cut ? "..." : "", cut ? cut : name);
	/* Names come from a tree that may hold anything. */
	for (i = 0; text[i]; i++)
		if (text[i] < ' ' || text[i] > '~')
			text[i] = '?';
	text_printf(map->out, "%*s .. %*s %*s  %s %s\n", map->width, from, map->width, to,
		    SIZE_COLUMNS, human(size, sizeof(size), end - base), mark, text);
}

static void stretch_line(struct map *map, const struct stretch *stretch, size_t n_pieces)
{
	const struct xlpt_settings *settings = map->settings;
	const char *mark = "  ";
	char name[COLUMNS];

	if (!stretch->region) {
		line(map, stretch->base, stretch->end, mark, n_pieces ? "free but for" : "free");
		return;
	}
	if (stretch->region->use == REGION_USED) {
		mark = "##";
		map->used = true;
	} else {
		mark = "::";
		map->reserved = true;
	}
	if (stretch->first > settings->xen_first || stretch->last < settings->xen_last)
		snprintf(name, sizeof(name), "%s (Xen 4.%u-4.%u)", stretch->name, stretch->first,
			 stretch->last);
	else
		snprintf(name, sizeof(name), "%s", stretch->name);
	line(map, stretch->base, stretch->end, mark, name);
}

static void piece_line(struct map *map, const struct piece *piece)
{
	bool same = piece->start == piece->gfn;
	char host[40];

	if (same)
		map->identity = true;
	else
		map->moved = true;
	snprintf(host, sizeof(host), "host 0x%" PRIx64, piece->start << XLPT_FRAME_SHIFT);
	line(map, piece->gfn << XLPT_FRAME_SHIFT,
	     (piece->gfn + piece->count) << XLPT_FRAME_SHIFT, same ? "==" : ">>",
	     piece->label ? piece->label : host);
}

static void piece_lines(struct map *map, const struct piece *pieces, size_t n)
{
	uint64_t frames = 0;
	char size[32];
	size_t i;

	if (n <= MANY) {
		for (i = 0; i < n; i++)
			piece_line(map, &pieces[i]);
		return;
	}
	for (i = 0; i < HEAD; i++)
		piece_line(map, &pieces[i]);
	for (; i < n - TAIL; i++)
		frames += pieces[i].count;
	text_printf(map->out, "%*s    %*s %*s  >> and %zu more\n", map->width, "...", map->width,
		    "...", SIZE_COLUMNS, human(size, sizeof(size), frames << XLPT_FRAME_SHIFT),
		    n - TAIL - HEAD);
	for (; i < n; i++)
		piece_line(map, &pieces[i]);
}

static int by_gfn(const void *a_p, const void *b_p)
{
	const struct piece *a = a_p, *b = b_p;

	if (a->gfn != b->gfn)
		return a->gfn < b->gfn ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

/* Ascending by gfn, neighbours with one label as one; returns how many. */
static size_t gather(struct piece *pieces, const struct xlpt_iomem *iomem, size_t n_iomem,
		     const char *const *labels)
{
	size_t n = 0, i;
	struct piece *last;

	for (i = 0; i < n_iomem; i++)
		pieces[i] = (struct piece){ iomem[i].start, iomem[i].count, iomem[i].gfn,
					    labels ? labels[i] : NULL };
	qsort(pieces, n_iomem, sizeof(*pieces), by_gfn);
	for (i = 0; i < n_iomem; i++) {
		last = n ? &pieces[n - 1] : NULL;
		if (last && last->gfn + last->count == pieces[i].gfn &&
		    last->start + last->count == pieces[i].start &&
		    (last->label == pieces[i].label ||
		     (last->label && pieces[i].label && !strcmp(last->label, pieces[i].label))))
			last->count += pieces[i].count;
		else
			pieces[n++] = pieces[i];
	}
	return n;
}

/* The whole map in stretches without overlap or gap; returns their number. */
static size_t stretches(struct stretch *out, const struct region *regions, size_t n_regions,
			uint64_t ipa_end)
{
	uint64_t base, end, done = 0;
	struct stretch *last = NULL;
	size_t n = 0, i;

	for (i = 0; i < n_regions; i++) {
		const struct region *region = &regions[i];

		base = region->base;
		end = base + region->size < ipa_end ? base + region->size : ipa_end;
		if (last && last->region && base <= last->end &&
		    region->kind == last->region->kind && region->use == last->region->use &&
		    region->first == last->first && region->last == last->last) {
			if (end > last->end)
				last->end = end;
			if (strcmp(last->name, region->name))
				last->name = kind_names[region->kind];
			done = last->end;
			continue;
		}
		/* Of two kinds at one address, which no release has, the first is shown. */
		if (base < done)
			base = done;
		if (base >= end)
			continue;
		if (base > done)
			out[n++] = (struct stretch){ .base = done, .end = base };
		last = &out[n++];
		*last = (struct stretch){ base, end, region, region->name, region->first,
					  region->last };
		done = end;
	}
	if (done < ipa_end)
		out[n++] = (struct stretch){ .base = done, .end = ipa_end };
	return n;
}

static void heading(const struct map *map)
{
	const struct xlpt_settings *settings = map->settings;
	char size[32];

	text_printf(map->out, "Guest of Xen 4.%u", settings->xen_first);
	if (settings->xen_last != settings->xen_first)
		text_printf(map->out, " to 4.%u", settings->xen_last);
	if (settings->memory_mib)
		text_printf(map->out, ", %s of RAM",
			    human(size, sizeof(size), settings->memory_mib << 20));
	else
		text_puts(map->out, ", RAM of any size");
	if (settings->gic)
		text_printf(map->out, ", GICv%u", settings->gic);
	text_puts(map->out, "\n\n");
}

static void legend(const struct map *map)
{
	text_puts(map->out, "\n");
	if (map->moved)
		text_puts(map->out, "  >> device");
	if (map->identity)
		text_puts(map->out, "  == device at its host address");
	if (map->used)
		text_puts(map->out, "  ## in use");
	if (map->reserved)
		text_puts(map->out, "  :: set aside, unused");
	text_puts(map->out, "\n");
}

void emit_map(struct text *out, const struct xlpt_settings *settings,
	      const struct xlpt_iomem *iomem, size_t n_iomem, const char *const *labels)
{
	struct stretch *map_stretches = NULL;
	struct region regions[LAYOUT_MAX_REGIONS];
	struct map map = { .out = out, .settings = settings, .width = 10 };
	uint64_t ipa_end = layout_ipa_end(settings), last = ipa_end - 1;
	size_t n_regions, n_stretches, n_pieces, piece = 0, until, i;
	struct piece *pieces;

	pieces = calloc(n_iomem + 1, sizeof(*pieces));
	map_stretches = calloc(2 * LAYOUT_MAX_REGIONS + 1, sizeof(*map_stretches));
	if (!pieces || !map_stretches) {
		out->failed = true;
		goto out;
	}
	n_pieces = gather(pieces, iomem, n_iomem, labels);
	if (n_pieces && (pieces[n_pieces - 1].gfn + pieces[n_pieces - 1].count)
			<< XLPT_FRAME_SHIFT > last)
		last = ((pieces[n_pieces - 1].gfn + pieces[n_pieces - 1].count)
			<< XLPT_FRAME_SHIFT) - 1;
	for (i = 32; i < 64 && last >> i; i += 4)
		map.width++;

	n_regions = layout_regions(settings, regions);
	n_stretches = stretches(map_stretches, regions, n_regions, ipa_end);

	heading(&map);
	for (i = 0; i < n_stretches; i++) {
		for (until = piece; until < n_pieces; until++)
			if (pieces[until].gfn >= map_stretches[i].end >> XLPT_FRAME_SHIFT)
				break;
		stretch_line(&map, &map_stretches[i], until - piece);
		piece_lines(&map, pieces + piece, until - piece);
		piece = until;
	}
	if (piece < n_pieces) {
		text_puts(out, "Beyond what the guest can address:\n");
		piece_lines(&map, pieces + piece, n_pieces - piece);
	}
	legend(&map);
out:
	free(map_stretches);
	free(pieces);
}
