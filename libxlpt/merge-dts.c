/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>

#include "dts-print.h"
#include "emit.h"
#include "emit-map.h"
#include "merge-origin.h"
#include "merge-show.h"

static const char *comment(void *opaque, uint32_t node)
{
	struct judge *j = opaque;
	const char *purpose, *path;
	uint64_t host;

	if (!node)
		return NULL;
	if (merge_origin(j, node) == ORIGIN_LIBXL) {
		purpose = merge_purpose(j->tree, node);
		if (j->tree->node[node].parent)
			return NULL;	/* its parent says it */
		return purpose ? arena_printf(&j->arena, "libxl: %s", purpose) : "libxl";
	}
	if (merge_host(j, node, &host, &path))
		return path ? arena_printf(&j->arena, "partial tree; on the host %s, 0x%" PRIx64, path, host) :
		       arena_printf(&j->arena, "partial tree; 0x%" PRIx64 " on the host", host);
	return j->tree->node[node].parent && j->tree->node[node].parent != j->passthrough ? NULL :
	       "partial tree";
}

/* Text of several lines as lines of the comment at the head. */
static void put_lines(struct text *out, char *text)
{
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line && !rest)
			break;
		text_puts(out, *line ? " * " : " *");
		dts_comment_text(out, line);
		text_puts(out, "\n");
	}
}

static void put_heading(struct text *out, const struct merge_view *view, size_t n_errors)
{
	unsigned minor = view->in->settings->xen_last;

	if (view->settings)
		text_printf(out, " * The device tree of this guest as libxl of Xen 4.%u makes it, %u bytes.\n",
			    minor, fdt_totalsize(view->in->merged));
	else
		text_printf(out, " * The device tree of this guest on a dumped base, %u bytes.\n",
			    fdt_totalsize(view->in->merged));
	if (view->settings && !guest_base_proven(minor))
		text_printf(out, " * Unproven: the libxl of 4.%u was read, but its trees were not compared with these.\n",
			    minor);
	if (view->settings)
		text_puts(out, " * libxl draws rng-seed at random; zeroes stand for it.\n");
	if (view->settings && view->settings->ramdisk && !view->settings->ramdisk_size)
		text_puts(out, " * The ramdisk's place is filled in when its size is known.\n");
	if (view->settings && !view->in->settings->gic)
		text_puts(out, " * No gic_version is given: GICv3 is shown, libxl takes the host's.\n");
	if (view->settings && !view->in->settings->memory_mib)
		text_puts(out, " * No memory is given: both banks are shown full.\n");
	if (view->partial) {
		text_puts(out, " * /passthrough and /aliases are those of ");
		dts_comment_text(out, view->partial);
		text_puts(out, ".\n");
	}
	if (n_errors)
		text_printf(out, " * INVALID: this tree has %zu %s.\n", n_errors,
			    n_errors == 1 ? "error" : "errors");
	text_puts(out, " *\n");
}

static void put_map(struct text *out, const struct merge_view *view, struct judge *j)
{
	const struct judge_lists *lists = view->in->lists;
	struct text map;

	text_init(&map);
	emit_map(&map, view->in->settings, lists ? lists->iomem : NULL, lists ? lists->n_iomem : 0,
		 merge_labels(j));
	if (map.failed)
		out->failed = true;
	else
		put_lines(out, map.s);
	text_free(&map);
}

static void put(const struct merge_view *view, struct judge *j, struct text *out)
{
	text_puts(out, "/*\n");
	put_heading(out, view, xlpt_diags_count(view->diags, XLPT_ERROR));
	put_map(out, view, j);
	text_puts(out, " */\n/dts-v1/;\n\n");
	dts_print(out, j->tree, comment, j);
}

int merge_show_dts(const struct merge_view *view, char **text_r)
{
	return merge_show(view, put, text_r);
}
