/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's tree as a blob (Devicetree Specification 0.4, chapter 5).
 * libfdt's writer looks every property's name up by reading all names so far,
 * which a tree made for it turns into minutes; a hash does not.
 */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>

#include "guest.h"
#include "text.h"

struct blob {
	struct text structure, strings;
	uint32_t *slot;		/* offset of a name + 1 */
	size_t n_slots;
};

static void put_cell(struct text *text, uint32_t value)
{
	const fdt32_t cell = cpu_to_fdt32(value);

	text_add(text, (const char *)&cell, sizeof(cell));
}

static void put_padded(struct text *text, const void *bytes, size_t len)
{
	static const char zero[4];

	text_add(text, bytes, len);
	text_add(text, zero, -len & 3);
}

/* The offset of a name in the strings block. */
static uint32_t intern(struct blob *blob, const char *name)
{
	uint32_t hash = 2166136261u, offset;
	const char *s;
	size_t i;

	for (s = name; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 16777619u;
	for (i = hash & (blob->n_slots - 1); blob->slot[i]; i = (i + 1) & (blob->n_slots - 1))
		if (!blob->strings.failed && !strcmp(blob->strings.s + blob->slot[i] - 1, name))
			return blob->slot[i] - 1;
	offset = (uint32_t)blob->strings.len;
	text_add(&blob->strings, name, strlen(name) + 1);
	blob->slot[i] = offset + 1;
	return offset;
}

static void put_prop(struct blob *blob, const char *name, const void *value, uint32_t len)
{
	put_cell(&blob->structure, FDT_PROP);
	put_cell(&blob->structure, len);
	put_cell(&blob->structure, intern(blob, name));
	if (len)
		put_padded(&blob->structure, value, len);
}

static void put_node(struct blob *blob, const struct guest_node *node)
{
	const fdt32_t phandle = cpu_to_fdt32(node->phandle);
	const struct guest_prop *prop;

	put_cell(&blob->structure, FDT_BEGIN_NODE);
	put_padded(&blob->structure, node->name, strlen(node->name) + 1);
	for (prop = node->prop; prop; prop = prop->next)
		put_prop(blob, prop->name, prop->value, prop->len);
	if (node->phandle)
		put_prop(blob, "phandle", &phandle, sizeof(phandle));
}

static int make_slots(struct blob *blob, const struct guest_tree *guest)
{
	const struct guest_node *node;
	const struct guest_prop *prop;
	size_t n = 1;

	for (node = guest->root; node; node = guest_next(node))
		for (prop = node->prop; prop; prop = prop->next)
			n++;
	for (blob->n_slots = 64; blob->n_slots < n * 2; blob->n_slots *= 2)
		;
	blob->slot = calloc(blob->n_slots, sizeof(*blob->slot));
	return blob->slot ? 0 : -ENOMEM;
}

static void put_tree(struct blob *blob, const struct guest_tree *guest)
{
	const struct guest_node *node = guest->root;

	while (node) {
		put_node(blob, node);
		if (node->child) {
			node = node->child;
			continue;
		}
		put_cell(&blob->structure, FDT_END_NODE);
		for (; node && !node->next; node = node->parent)
			if (node->parent)
				put_cell(&blob->structure, FDT_END_NODE);
		node = node ? node->next : NULL;
	}
	put_cell(&blob->structure, FDT_END);
}

/* Header, an empty reservation map, and the two blocks. */
static void assemble(struct text *out, const struct blob *blob)
{
	const uint32_t map = sizeof(struct fdt_header);
	const uint32_t structure = map + sizeof(struct fdt_reserve_entry);
	const uint32_t strings = structure + (uint32_t)blob->structure.len;
	const struct fdt_header header = {
		.magic = cpu_to_fdt32(FDT_MAGIC),
		.totalsize = cpu_to_fdt32(strings + (uint32_t)blob->strings.len),
		.off_dt_struct = cpu_to_fdt32(structure),
		.off_dt_strings = cpu_to_fdt32(strings),
		.off_mem_rsvmap = cpu_to_fdt32(map),
		.version = cpu_to_fdt32(17),
		.last_comp_version = cpu_to_fdt32(16),
		.size_dt_strings = cpu_to_fdt32((uint32_t)blob->strings.len),
		.size_dt_struct = cpu_to_fdt32((uint32_t)blob->structure.len),
	};
	const struct fdt_reserve_entry end = { 0, 0 };

	text_add(out, (const char *)&header, sizeof(header));
	text_add(out, (const char *)&end, sizeof(end));
	text_add(out, blob->structure.s, blob->structure.len);
	text_add(out, blob->strings.s, blob->strings.len);
}

int xlpt_emit_partial(const struct xlpt_plan *plan, void **blob_r, size_t *size_r)
{
	struct blob blob = { .n_slots = 0 };
	struct text out;
	int rc;

	*blob_r = NULL;
	*size_r = 0;
	if (!plan->guest)
		return -EINVAL;
	text_init(&out);
	text_init(&blob.structure);
	text_init(&blob.strings);
	rc = make_slots(&blob, plan->guest);
	if (!rc) {
		put_tree(&blob, plan->guest);
		if (blob.structure.failed || blob.strings.failed)
			rc = -ENOMEM;
	}
	if (!rc) {
		assemble(&out, &blob);
		*blob_r = text_take(&out, size_r);
		rc = *blob_r ? 0 : -ENOMEM;
	}
	free(blob.slot);
	text_free(&blob.structure);
	text_free(&blob.strings);
	text_free(&out);
	return rc;
}
