/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit.h"
#include "json.h"
#include "json-write.h"
#include "layout.h"
#include "merge-origin.h"
#include "merge-show.h"

static void put_node(struct text *out, struct judge *j, uint32_t node, struct arena *scratch)
{
	const char *path = NULL;
	uint64_t host = 0;
	bool mapped = merge_host(j, node, &host, &path);

	arena_reset(scratch);
	text_puts(out, "{\"path\":");
	json_put_string(out, tree_path(j->tree, node, scratch));
	text_puts(out, ",\"origin\":");
	json_put_string(out, merge_origin(j, node) == ORIGIN_LIBXL ? "libxl" : "partial");
	text_puts(out, ",\"host\":");
	json_put_string(out, path);
	text_puts(out, ",\"host_address\":");
	if (mapped)
		json_put_number(out, host);
	else
		text_puts(out, "null");
	text_puts(out, "}");
}

/* Without json-c's values: a tree may have tens of thousands of nodes. */
static void put_nodes(struct text *out, struct judge *j)
{
	struct arena scratch;
	uint32_t node;

	arena_init(&scratch);
	text_puts(out, "[");
	for (node = 0; node < j->tree->n_nodes && !out->failed; node++) {
		text_puts(out, node ? "," : "");
		put_node(out, j, node, &scratch);
		/* The next node begins with the arena anew. */
		out->failed |= scratch.failed;
	}
	text_puts(out, "]");
	arena_free(&scratch);
}

static struct json_object *regions_array(struct json *json, const struct xlpt_settings *settings)
{
	struct region regions[LAYOUT_MAX_REGIONS];
	size_t n = layout_regions(settings, regions), i;
	struct json_object *array = json_new_array(json, n), *object;

	for (i = 0; i < n; i++) {
		object = json_new_object(json);
		json_add(json, object, "base", json_new_number(json, regions[i].base));
		json_add(json, object, "size", json_new_number(json, regions[i].size));
		json_add(json, object, "name", json_new_string(json, regions[i].name));
		json_add(json, object, "used", json_new_bool(json, regions[i].use == REGION_USED));
		json_append(json, array, object);
	}
	return array;
}

static void put(const struct merge_view *view, struct judge *j, struct text *out)
{
	unsigned minor = view->in->settings->xen_last;
	struct json_diags diags = { .with_speaker = false };
	struct json json = { 0 };

	text_printf(out, "{\"xen\":\"4.%u\",\"ok\":%s,\"proven\":%s,\"size\":%u,\"nodes\":", minor,
		    xlpt_diags_count(view->diags, XLPT_ERROR) ? "false" : "true",
		    !view->settings || guest_base_proven(minor) ? "true" : "false",
		    be32_at((const uint8_t *)view->in->merged + 4));
	put_nodes(out, j);
	text_puts(out, ",\"regions\":");
	json_write(&json, regions_array(&json, view->in->settings), out);
	text_puts(out, ",\"diagnostics\":");
	diags.diag = xlpt_diags_list(view->diags, &diags.n);
	json_put_diags(out, &diags);
	text_puts(out, "}");
}

int merge_show_json(const struct merge_view *view, char **text_r)
{
	return merge_show(view, put, text_r);
}
