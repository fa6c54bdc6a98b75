/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building the index: two passes over the structure block, one that counts and one that fills. */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>

#include "address.h"
#include "diag.h"
#include "interrupt.h"
#include "links.h"
#include "resources.h"
#include "tree.h"
#include "wide.h"

/* What an offset into the strings block turned out to be; found once per name. */
struct name_class {
	uint32_t offset_plus_1;		/* 0: slot is free */
	uint16_t known, link;
};

struct builder {
	struct xlpt_tree *tree;
	struct xlpt_diags *diags;
	struct name_class *names;	/* open addressing, a power of two of slots */
	uint32_t n_names, n_slots;
};

/* One line that says what is wrong and where. */
#define INVALID(b, ...) \
	(diag_add((b)->diags, DIAG_HOST_TREE_INVALID, 0, NULL, NULL, NULL, __VA_ARGS__), -EINVAL)

static int check_header(struct builder *b, const void *blob, size_t size)
{
	uint32_t totalsize;
	int rc;

	if (size == 0)
		return INVALID(b, "the file is empty");
	if (size < sizeof(struct fdt_header))
		return INVALID(b, "%zu bytes are too short for a device tree blob", size);
	if (fdt_magic(blob) != FDT_MAGIC)
		return INVALID(b, "no device tree blob: magic 0x%08x instead of 0xd00dfeed at byte 0",
			       fdt_magic(blob));
	totalsize = fdt_totalsize(blob);
	if (totalsize > size)
		return INVALID(b, "truncated: the header announces %u bytes, there are %zu",
			       totalsize, size);
	if (totalsize > INT32_MAX)
		return INVALID(b, "%u bytes are more than a device tree blob may have", totalsize);
	rc = fdt_check_header(blob);
	if (rc)
		return INVALID(b, "bad header (version %u, structure block at %u, strings at %u): %s",
			       fdt_version(blob), fdt_off_dt_struct(blob),
			       fdt_off_dt_strings(blob), fdt_strerror(rc));
	if (fdt_version(blob) < 17)
		return INVALID(b, "version %u of the format; version 17 is needed (dtc -V 17)",
			       fdt_version(blob));
	return 0;
}

/*
 * Names end up in paths, scripts and configurations, so what could change
 * their meaning there is refused here, once. dtc accepts none of these.
 */
static bool name_is_clean(const char *name, size_t len)
{
	static const bool forbidden[0x80] = {
		['"'] = true, ['\''] = true, ['`'] = true, ['$'] = true, [';'] = true, ['&'] = true,
		['|'] = true, ['<'] = true, ['>'] = true, ['/'] = true, ['\\'] = true,
	};
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c <= ' ' || c >= 0x7f || forbidden[c])
			return false;
	}
	return true;
}

static uint32_t name_hash(uint32_t offset)
{
	return (offset * 2654435761u) ^ (offset >> 15);
}

static struct name_class *name_slot(struct name_class *names, uint32_t n_slots, uint32_t offset)
{
	uint32_t i = name_hash(offset) & (n_slots - 1);

	while (names[i].offset_plus_1 && names[i].offset_plus_1 != offset + 1)
		i = (i + 1) & (n_slots - 1);
	return &names[i];
}

static int names_grow(struct builder *b)
{
	uint32_t i, n_slots = b->n_slots ? b->n_slots * 2 : 512;
	struct name_class *names = calloc(n_slots, sizeof(*names));

	if (!names)
		return -ENOMEM;
	for (i = 0; i < b->n_slots; i++)
		if (b->names[i].offset_plus_1)
			*name_slot(names, n_slots, b->names[i].offset_plus_1 - 1) = b->names[i];
	free(b->names);
	b->names = names;
	b->n_slots = n_slots;
	return 0;
}

/* Classify the property name at an offset of the strings block. */
static int name_classify(struct builder *b, uint32_t offset, const struct name_class **class_r)
{
	struct xlpt_tree *tree = b->tree;
	uint32_t strings = fdt_off_dt_strings(tree->blob);
	uint32_t size = fdt_size_dt_strings(tree->blob);
	struct name_class *slot;
	const struct link *link;
	const char *name;
	size_t len, max;
	unsigned i;
	bool plain;

	if (b->n_names * 2 >= b->n_slots && names_grow(b))
		return -ENOMEM;
	slot = name_slot(b->names, b->n_slots, offset);
	if (slot->offset_plus_1) {
		*class_r = slot;
		return 0;
	}
	if (offset >= size)
		return INVALID(b, "a property's name is at %u of a strings block of %u bytes",
			       offset, size);
	name = (const char *)tree->blob + strings + offset;
	max = size - offset < TREE_NAME_MAX + 1 ? size - offset : TREE_NAME_MAX + 1;
	len = strnlen(name, max);
	if (len == max)
		return INVALID(b, "the property name at byte %u does not end within %u characters",
			       strings + offset, TREE_NAME_MAX);
	if (!len || !name_is_clean(name, len))
		return INVALID(b, "the property name at byte %u is empty or has a character that no name may have",
			       strings + offset);
	slot->offset_plus_1 = offset + 1;
	for (i = 1; i < N_PROP_NAMES; i++)
		if (tree_prop_names[i][0] == name[0] && !strcmp(tree_prop_names[i], name))
			slot->known = (uint16_t)i;
	/* Asked once a name, since guest.c would ask at every property. */
	link = link_classify(name, &plain);
	slot->link = link ? (uint16_t)(link - links + 1) : 0;
	if (!slot->known && plain)
		slot->known = P_PLAIN;
	b->n_names++;
	*class_r = slot;
	return 0;
}

static int count_tags(struct builder *b)
{
	struct xlpt_tree *tree = b->tree;
	const void *fdt = tree->blob;
	bool children = false;
	int offset, next = 0, depth = 0;
	uint32_t tag;

	do {
		offset = next;
		tag = fdt_next_tag(fdt, offset, &next);
		switch (tag) {
		case FDT_BEGIN_NODE:
			if (depth == 0 && tree->n_nodes)
				return INVALID(b, "a second root node at byte %d of the structure block", offset);
			if (++depth > TREE_MAX_DEPTH)
				return INVALID(b, "nested deeper than %d levels at byte %d of the structure block; Linux reads no deeper",
					       TREE_MAX_DEPTH, offset);
			tree->n_nodes++;
			children = false;
			break;
		case FDT_END_NODE:
			if (--depth < 0)
				return INVALID(b, "a node ends that did not begin at byte %d of the structure block", offset);
			children = true;
			break;
		case FDT_PROP:
			if (!depth || children)
				return INVALID(b, "a property %s at byte %d of the structure block",
					       depth ? "behind a subnode" : "outside any node", offset);
			tree->n_props++;
			break;
		case FDT_NOP:
			break;
		case FDT_END:
			if (next < 0)
				return INVALID(b, "the structure block is cut short or corrupt at byte %d: %s",
					       offset, fdt_strerror(next));
			break;
		default:
			return INVALID(b, "unknown tag 0x%x at byte %d of the structure block", tag, offset);
		}
	} while (tag != FDT_END);

	if (depth || !tree->n_nodes)
		return INVALID(b, tree->n_nodes ? "the structure block ends inside a node" :
			       "the structure block has no root node");
	return 0;
}

static int fill_prop(struct builder *b, int offset, struct tree_prop *prop)
{
	struct xlpt_tree *tree = b->tree;
	const uint8_t *base = tree->blob + fdt_off_dt_struct(tree->blob) + offset;
	const struct name_class *class;
	uint32_t name = be32_at(base + 8);
	int rc;

	rc = name_classify(b, name, &class);
	if (rc)
		return rc;
	prop->name = fdt_off_dt_strings(tree->blob) + name;
	prop->value = (uint32_t)(base + 12 - tree->blob);
	prop->len = be32_at(base + 4);
	prop->known = class->known;
	prop->link = class->link;
	return 0;
}

/* fdt_next_tag() for a structure block that count_tags() has been through. */
static uint32_t checked_tag(const struct xlpt_tree *tree, int offset, int *next_r)
{
	const uint8_t *p = tree->blob + fdt_off_dt_struct(tree->blob) + offset;
	uint32_t tag = be32_at(p), len = 4;

	if (tag == FDT_BEGIN_NODE)
		len += (uint32_t)strlen((const char *)p + 4) + 1;
	else if (tag == FDT_PROP)
		len += 8 + be32_at(p + 4);
	*next_r = offset + (int)((len + 3) & ~3u);
	return tag;
}

static int fill_nodes(struct builder *b)
{
	struct xlpt_tree *tree = b->tree;
	uint32_t node = 0, prop = 0, open = XLPT_NO_NODE, tag;
	int offset, next = 0, rc;

	do {
		offset = next;
		tag = checked_tag(tree, offset, &next);
		if (tag == FDT_BEGIN_NODE) {
			uint32_t name = fdt_off_dt_struct(tree->blob) + (uint32_t)offset + 4;
			size_t len = strnlen((const char *)tree->blob + name, TREE_NAME_MAX + 1);

			if (len > TREE_NAME_MAX)
				return INVALID(b, "the node name at byte %u is longer than %u characters",
					       name, TREE_NAME_MAX);
			if (node && (!len || !name_is_clean((const char *)tree->blob + name, len)))
				return INVALID(b, "the node name at byte %u is empty or has a character that no name may have",
					       name);
			tree->node[node].name = name;
			tree->node[node].parent = open;
			tree->node[node].prop = prop;
			open = node++;
		} else if (tag == FDT_END_NODE) {
			tree->node[open].end = node;
			open = tree->node[open].parent;
		} else if (tag == FDT_PROP) {
			rc = fill_prop(b, offset, &tree->prop[prop]);
			if (rc)
				return rc;
			tree->node[open].has |= (uint64_t)1 << tree->prop[prop++].known;
		}
	} while (tag != FDT_END);

	tree->node[node].prop = prop;
	return 0;
}

static int phandle_compare(const void *a_, const void *b_)
{
	const struct tree_phandle *a = a_, *b = b_;

	if (a->phandle != b->phandle)
		return a->phandle < b->phandle ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

static int fill_phandles(struct xlpt_tree *tree)
{
	uint32_t node, phandle, n = 0;
	bool sorted = true;

	for (node = 0; node < tree->n_nodes; node++)
		n += tree_phandle_of(tree, node) != 0;
	tree->phandle = arena_alloc(&tree->arena, n, sizeof(*tree->phandle));
	if (!tree->phandle)
		return -ENOMEM;
	for (node = 0; node < tree->n_nodes; node++) {
		phandle = tree_phandle_of(tree, node);
		if (!phandle)
			continue;
		if (tree->n_phandles && tree->phandle[tree->n_phandles - 1].phandle > phandle)
			sorted = false;
		tree->phandle[tree->n_phandles++] = (struct tree_phandle){ phandle, node };
	}
	if (!sorted)
		qsort(tree->phandle, n, sizeof(*tree->phandle), phandle_compare);
	return 0;
}

/* The root children that are no devices, whatever they hold. */
static bool is_special(const struct xlpt_tree *tree, uint32_t node)
{
	static const char *const names[] = {
		"cpus", "memory", "reserved-memory", "chosen", "aliases", "options",
	};
	const char *name = tree_name(tree, node);
	const char *type = tree_string(tree, node, P_DEVICE_TYPE);
	size_t i, len = strlen(name);

	if (tree->node[node].parent != 0)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (tree_name_is(tree, node, names[i]))
			return true;
	if (len > 4 && !strncmp(name, "__", 2) && !strcmp(name + len - 2, "__"))
		return true;
	return type && !strcmp(type, "memory");
}

static uint8_t cells_of(const struct xlpt_tree *tree, uint32_t node, enum prop_name name,
			uint8_t inherited, bool *own_r)
{
	uint32_t cells;

	*own_r = tree_u32(tree, node, name, &cells);
	if (!*own_r)
		return inherited;
	return cells > 254 ? 255 : (uint8_t)cells;
}

static void fill_flags(struct xlpt_tree *tree)
{
	uint32_t i;

	for (i = 0; i < tree->n_nodes; i++) {
		struct tree_node *node = &tree->node[i];
		/* A root without cell counts has 2 and 1: Devicetree Specification, 2.3.5. */
		uint8_t na = i ? tree->node[node->parent].address_cells : 2;
		uint8_t ns = i ? tree->node[node->parent].size_cells : 1;
		const struct tree_prop *status = tree_prop(tree, i, P_STATUS);
		bool own, own_size;

		node->address_cells = cells_of(tree, i, P_ADDRESS_CELLS, na, &own);
		node->size_cells = cells_of(tree, i, P_SIZE_CELLS, ns, &own_size);
		if (own)
			node->flags |= TREE_OWN_ADDRESS_CELLS;
		if (status) {
			const char *s = prop_string(tree, status, 0);

			if (!s || (strcmp(s, "okay") && strcmp(s, "ok")))
				node->flags |= TREE_DISABLED;
		}
		if (tree_prop(tree, i, P_COMPATIBLE))
			node->flags |= TREE_COMPATIBLE;
		if (tree_prop(tree, i, P_RANGES))
			node->flags |= TREE_BUS;
		if (tree_prop(tree, i, P_INTERRUPT_CONTROLLER))
			node->flags |= TREE_INTERRUPT_CONTROLLER;
		if (i && ((tree->node[node->parent].flags & TREE_SPECIAL) || is_special(tree, i)))
			node->flags |= TREE_SPECIAL;
		node->bus = (uint8_t)address_bus_kind(tree, i);
	}
}

/* An overlay has its nodes in __overlay__, and no board to stand on. */
static int refuse_overlay(struct builder *b)
{
	const struct xlpt_tree *tree = b->tree;
	uint32_t child, below;

	for (child = tree_child(tree, 0); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		for (below = tree_child(tree, child); below != XLPT_NO_NODE;
		     below = tree_sibling(tree, below))
			if (!strcmp(tree_name(tree, below), "__overlay__"))
				return INVALID(b, "an overlay (/%s/__overlay__), not a board's tree: apply it to its base with fdtoverlay first",
					       tree_name(tree, child));
	return 0;
}

int xlpt_tree_parse(const void *blob, size_t size, struct xlpt_diags *diags,
		    struct xlpt_tree **tree_r)
{
	struct builder b = { .diags = diags };
	struct xlpt_tree *tree;
	int rc;

	*tree_r = NULL;
	if ((uintptr_t)blob % 8)
		return INVALID(&b, "the blob is not in memory aligned to 8 bytes");
	b.tree = tree = calloc(1, sizeof(*tree));
	if (!tree)
		return -ENOMEM;
	arena_init(&tree->arena);
	tree->blob = blob;
	tree->gic = XLPT_NO_NODE;

	rc = check_header(&b, blob, size);
	if (rc)
		goto out;
	tree->size = fdt_totalsize(blob);
	rc = count_tags(&b);
	if (rc)
		goto out;
	rc = -ENOMEM;
	tree->node = arena_alloc(&tree->arena, (size_t)tree->n_nodes + 1, sizeof(*tree->node));
	tree->prop = arena_alloc(&tree->arena, tree->n_props, sizeof(*tree->prop));
	if (!tree->node || !tree->prop)
		goto out;
	rc = fill_nodes(&b);
	if (rc)
		goto out;
	rc = refuse_overlay(&b);
	if (rc)
		goto out;
	rc = wide_build(tree);
	if (rc)
		goto out;
	rc = fill_phandles(tree);
	if (rc)
		goto out;
	fill_flags(tree);
	rc = address_build_windows(tree);
	if (rc)
		goto out;
	rc = interrupt_build_maps(tree);
	if (rc)
		goto out;
	rc = resources_build(tree);
out:
	free(b.names);
	if (rc)
		xlpt_tree_free(tree);
	else
		*tree_r = tree;
	return rc;
}

void xlpt_tree_free(struct xlpt_tree *tree)
{
	if (!tree)
		return;
	resources_free(tree->resources);
	address_free_windows(tree);
	interrupt_free_maps(tree);
	arena_free(&tree->arena);
	free(tree);
}
