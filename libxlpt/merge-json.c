/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "emit.h"
#include "json.h"
#include "layout.h"
#include "merge-origin.h"
#include "merge-show.h"

static struct json_object *node_object(struct json *json, struct judge *j, uint32_t node)
{
	struct json_object *object = json_new_object(json);
	const char *path = NULL;
	uint64_t host = 0;
	bool mapped = merge_host(j, node, &host, &path);

	json_add(json, object, "path", json_new_string(json, tree_path(j->tree, node, &j->arena)));
	json_add(json, object, "origin",
		 json_new_string(json, merge_origin(j, node) == ORIGIN_LIBXL ? "libxl" : "partial"));
	json_add(json, object, "host", json_new_string(json, path));
	json_add(json, object, "host_address", mapped ? json_new_number(json, host) : NULL);
	return object;
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
	struct json json = { 0 };
	struct json_object *root = json_new_object(&json), *nodes;
	const struct xlpt_diag *diags;
	char xen[16];
	uint32_t node;
	size_t n;

	snprintf(xen, sizeof(xen), "4.%u", minor);
	json_add(&json, root, "xen", json_new_string(&json, xen));
	json_add(&json, root, "ok",
		 json_new_bool(&json, !xlpt_diags_count(view->diags, XLPT_ERROR)));
	json_add(&json, root, "proven",
		 json_new_bool(&json, !view->settings || guest_base_proven(minor)));
	json_add(&json, root, "size", json_new_number(&json, be32_at((const uint8_t *)view->in->merged + 4)));
	nodes = json_new_array(&json, j->tree->n_nodes);
	for (node = 0; node < j->tree->n_nodes; node++)
		json_append(&json, nodes, node_object(&json, j, node));
	json_add(&json, root, "nodes", nodes);
	json_add(&json, root, "regions", regions_array(&json, view->in->settings));
	diags = xlpt_diags_list(view->diags, &n);
	json_add(&json, root, "diagnostics", json_new_diags(&json, diags, n, false));
	json_write(&json, root, out);
}

int merge_show_json(const struct merge_view *view, char **text_r)
{
	return merge_show(view, put, text_r);
}
