/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `devices --format=json`: one object a line for each host tree. */
#include <errno.h>

#include "devices.h"
#include "json-write.h"

struct writer {
	const struct xlpt_tree *tree;
	struct text out;
	struct arena arena;	/* of the device in work */
	bool first;
};

/* `key` has the brace or comma before it: {"base": */
static void put_number(struct text *out, const char *key, uint64_t value)
{
	text_puts(out, key);
	json_put_number(out, value);
}

static void put_string(struct text *out, const char *key, const char *value)
{
	text_puts(out, key);
	json_put_string(out, value);
}

static void put_regs(struct writer *w, uint32_t node)
{
	const struct resources *r = w->tree->resources;
	uint32_t i, first = r->first_reg[node];

	for (i = first; i < r->first_reg[node + 1]; i++) {
		put_number(&w->out, i > first ? ",{\"base\":" : "{\"base\":", r->reg[i].base);
		put_number(&w->out, ",\"size\":", r->reg[i].size);
		text_puts(&w->out, "}");
	}
}

static void put_frames(struct writer *w, uint32_t node)
{
	size_t n, i;
	const struct xlpt_iomem *run = device_frames(w->tree->resources, node, &w->arena, &n);

	for (i = 0; i < n; i++) {
		put_number(&w->out, i ? ",{\"start\":" : "{\"start\":", run[i].start);
		put_number(&w->out, ",\"count\":", run[i].count);
		text_puts(&w->out, "}");
	}
}

static void put_irqs(struct writer *w, uint32_t node)
{
	size_t n, i;
	const uint32_t *intid = device_spis(w->tree->resources, node, &w->arena, &n);

	for (i = 0; i < n; i++)
		put_number(&w->out, i ? "," : "", intid[i]);
}

/* Streams by IOMMU, in the order the tree gives them. */
static void put_streams(struct writer *w, uint32_t node)
{
	const struct resources *r = w->tree->resources;
	uint32_t i, first = r->first_stream[node], end = r->first_stream[node + 1];

	for (i = first; i < end; i++) {
		const struct stream *stream = &r->stream[i];
		bool another = i == first || stream->iommu != stream[-1].iommu;

		if (another) {
			put_string(&w->out, i > first ? "]},{\"iommu\":" : "{\"iommu\":",
				   tree_path(w->tree, stream->iommu, &w->arena));
			text_puts(&w->out, ",\"ids\":[");
		}
		put_number(&w->out, another ? "{\"id\":" : ",{\"id\":", stream->id);
		put_number(&w->out, ",\"mask\":", stream->mask);
		text_puts(&w->out, "}");
	}
	if (end > first)
		text_puts(&w->out, "]}");
}

static void put_compatible(struct writer *w, uint32_t node)
{
	const struct tree_prop *prop = tree_prop(w->tree, node, P_COMPATIBLE);
	const char *s = prop ? (const char *)prop_value(w->tree, prop) : NULL;
	const char *end = prop ? s + prop->len : NULL, *nul, *before = "";

	for (; s < end; s = nul + 1) {
		nul = memchr(s, '\0', (size_t)(end - s));
		if (!nul)
			break;
		put_string(&w->out, before, s);
		before = ",";
	}
}

static int add_device(void *opaque, const struct device_verdict *verdict)
{
	struct writer *w = opaque;
	struct text *out = &w->out;
	const char *status = tree_string(w->tree, verdict->node, P_STATUS);
	struct json_diags diags = { .with_speaker = false };

	diags.diag = xlpt_diags_list(verdict->diags, &diags.n);
	arena_reset(&w->arena);
	put_string(out, w->first ? "{\"path\":" : ",{\"path\":", verdict->path);
	w->first = false;
	text_puts(out, ",\"compatible\":[");
	put_compatible(w, verdict->node);
	put_string(out, "],\"status\":", status ? status : "okay");
	text_puts(out, ",\"regs\":[");
	put_regs(w, verdict->node);
	text_puts(out, "],\"frames\":[");
	put_frames(w, verdict->node);
	text_puts(out, "],\"irqs\":[");
	put_irqs(w, verdict->node);
	text_puts(out, "],\"streams\":[");
	put_streams(w, verdict->node);
	put_string(out, "],\"verdict\":", xlpt_verdict_name(verdict->verdict));
	text_puts(out, ",\"diagnostics\":");
	json_put_diags(out, &diags);
	text_puts(out, "}");
	return out->failed || w->arena.failed ? -ENOMEM : 0;
}

int xlpt_devices_json(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		      const char *file, char **json_r)
{
	struct writer w = { .tree = tree, .first = true };
	int rc;

	*json_r = NULL;
	text_init(&w.out);
	arena_init(&w.arena);
	put_string(&w.out, "{\"file\":", file);
	put_string(&w.out, ",\"host\":{\"model\":", tree_string(tree, 0, P_MODEL));
	text_puts(&w.out, ",\"compatible\":[");
	put_compatible(&w, 0);
	text_puts(&w.out, "]},\"devices\":[");
	rc = devices_each(tree, settings, add_device, &w);
	text_puts(&w.out, "]}");
	arena_free(&w.arena);
	if (!rc && !(*json_r = text_take(&w.out, NULL)))
		rc = -ENOMEM;
	text_free(&w.out);
	return rc;
}
