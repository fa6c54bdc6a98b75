/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `devices --format=json`: one object a line for each host tree. */
#include <errno.h>
#include <stdlib.h>

#include "devices.h"
#include "json.h"
#include "u32-set.h"

struct writer {
	const struct xlpt_tree *tree;
	struct json json;
	struct text out;
	struct arena arena;	/* of the device in work */
	bool first;
};

/* Byte ranges a device occupies, by address. */
static int by_start(const void *a_, const void *b_)
{
	const struct xlpt_iomem *a = a_, *b = b_;

	return a->start < b->start ? -1 : a->start > b->start;
}

static struct json_object *new_regs(struct writer *w, uint32_t node)
{
	const struct resources *r = w->tree->resources;
	uint32_t i, end = r->first_reg[node + 1];
	struct json_object *array = json_new_array(&w->json, end - r->first_reg[node]);

	for (i = r->first_reg[node]; i < end; i++) {
		struct json_object *reg = json_new_object(&w->json);

		json_add(&w->json, reg, "base", json_new_number(&w->json, r->reg[i].base));
		json_add(&w->json, reg, "size", json_new_number(&w->json, r->reg[i].size));
		json_append(&w->json, array, reg);
	}
	return array;
}

/* Frames of all entries, merged where they touch or overlap. */
static struct json_object *new_frames(struct writer *w, uint32_t node)
{
	const struct resources *r = w->tree->resources;
	uint32_t i, first = r->first_reg[node], n = r->first_reg[node + 1] - first;
	struct xlpt_iomem *run = arena_alloc(&w->arena, n, sizeof(*run));
	struct json_object *array = json_new_array(&w->json, n);
	size_t n_runs = 0, out = 0, k;

	if (!run)
		return array;
	for (i = first; i < first + n; i++)
		if (r->reg[i].size)
			run[n_runs++] = (struct xlpt_iomem){
				.start = r->reg[i].base >> XLPT_FRAME_SHIFT,
				.count = frames_of(r->reg[i].base, r->reg[i].size),
			};
	if (n_runs)
		qsort(run, n_runs, sizeof(*run), by_start);
	for (k = 1; k < n_runs; k++) {
		uint64_t end = run[k].start + run[k].count;

		if (run[k].start > run[out].start + run[out].count)
			run[++out] = run[k];
		else if (end > run[out].start + run[out].count)
			run[out].count = end - run[out].start;
	}
	for (k = 0; n_runs && k <= out; k++) {
		struct json_object *frames = json_new_object(&w->json);

		json_add(&w->json, frames, "start", json_new_number(&w->json, run[k].start));
		json_add(&w->json, frames, "count", json_new_number(&w->json, run[k].count));
		json_append(&w->json, array, frames);
	}
	return array;
}

static struct json_object *new_irqs(struct writer *w, uint32_t node)
{
	const struct resources *r = w->tree->resources;
	uint32_t i, first = r->first_irq[node], end = r->first_irq[node + 1];
	uint32_t *intid = arena_alloc(&w->arena, end - first, sizeof(*intid));
	size_t n = 0;

	for (i = first; intid && i < end; i++)
		if (r->irq[i].kind == IRQ_SPI && !r->irq[i].from_map)
			intid[n++] = r->irq[i].intid;
	return json_new_numbers(&w->json, intid, u32_set_make(intid, n));
}

/* Streams by IOMMU, in the order the tree gives them. */
static struct json_object *new_streams(struct writer *w, uint32_t node)
{
	const struct resources *r = w->tree->resources;
	uint32_t i, first = r->first_stream[node], end = r->first_stream[node + 1];
	struct json_object *array = json_new_array(&w->json, end - first), *ids = NULL;

	for (i = first; i < end; i++) {
		const struct stream *stream = &r->stream[i];
		struct json_object *id = json_new_object(&w->json);

		if (i == first || stream->iommu != r->stream[i - 1].iommu) {
			struct json_object *group = json_new_object(&w->json);

			ids = json_new_array(&w->json, end - i);
			json_add(&w->json, group, "iommu",
				 json_new_string(&w->json, tree_path(w->tree, stream->iommu, &w->arena)));
			json_add(&w->json, group, "ids", ids);
			json_append(&w->json, array, group);
		}
		json_add(&w->json, id, "id", json_new_number(&w->json, stream->id));
		json_add(&w->json, id, "mask", json_new_number(&w->json, stream->mask));
		json_append(&w->json, ids, id);
	}
	return array;
}

static struct json_object *new_compatible(struct writer *w, uint32_t node)
{
	const struct tree_prop *prop = tree_prop(w->tree, node, P_COMPATIBLE);
	struct json_object *array = json_new_array(&w->json, 4);
	const char *s = prop ? (const char *)prop_value(w->tree, prop) : NULL;
	const char *end = prop ? s + prop->len : NULL, *nul;

	for (; s < end; s = nul + 1) {
		nul = memchr(s, '\0', (size_t)(end - s));
		if (!nul)
			break;
		json_append(&w->json, array, json_new_string(&w->json, s));
	}
	return array;
}

static int add_device(void *opaque, const struct device_verdict *verdict)
{
	struct writer *w = opaque;
	const char *status = tree_string(w->tree, verdict->node, P_STATUS);
	struct json_object *device = json_new_object(&w->json);
	size_t n;
	const struct xlpt_diag *diag = xlpt_diags_list(verdict->diags, &n);

	arena_reset(&w->arena);
	json_add(&w->json, device, "path", json_new_string(&w->json, verdict->path));
	json_add(&w->json, device, "compatible", new_compatible(w, verdict->node));
	json_add(&w->json, device, "status", json_new_string(&w->json, status ? status : "okay"));
	json_add(&w->json, device, "regs", new_regs(w, verdict->node));
	json_add(&w->json, device, "frames", new_frames(w, verdict->node));
	json_add(&w->json, device, "irqs", new_irqs(w, verdict->node));
	json_add(&w->json, device, "streams", new_streams(w, verdict->node));
	json_add(&w->json, device, "verdict",
		 json_new_string(&w->json, xlpt_verdict_name(verdict->verdict)));
	json_add(&w->json, device, "diagnostics", json_new_diags(&w->json, diag, n, false));
	if (!w->first)
		text_puts(&w->out, ",");
	w->first = false;
	/* One device at a time is turned into text, so that a large tree is never held as objects. */
	json_write(&w->json, device, &w->out);
	return w->json.failed || w->out.failed || w->arena.failed ? -ENOMEM : 0;
}

static void add_value(struct writer *w, const char *key, struct json_object *value)
{
	text_printf(&w->out, "\"%s\":", key);
	json_write(&w->json, value, &w->out);
}

int xlpt_devices_json(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		      const char *file, char **json_r)
{
	struct writer w = { .tree = tree, .first = true };
	struct json_object *host;
	int rc;

	*json_r = NULL;
	text_init(&w.out);
	arena_init(&w.arena);
	text_puts(&w.out, "{");
	add_value(&w, "file", json_new_string(&w.json, file));
	text_puts(&w.out, ",");
	host = json_new_object(&w.json);
	json_add(&w.json, host, "model", json_new_string(&w.json, tree_string(tree, 0, P_MODEL)));
	json_add(&w.json, host, "compatible", new_compatible(&w, 0));
	add_value(&w, "host", host);
	text_puts(&w.out, ",\"devices\":[");
	rc = devices_each(tree, settings, add_device, &w);
	text_puts(&w.out, "]}");
	arena_free(&w.arena);
	if (!rc && (w.json.failed || !(*json_r = text_take(&w.out, NULL))))
		rc = -ENOMEM;
	text_free(&w.out);
	return rc;
}
