/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building the index: two passes over the structure block, one that counts and one that fills. */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>

#include "address.h"
#include "diag.h"
#include "find.h"
#include "interrupt.h"
#include "prop-names.h"
#include "resources.h"
#include "tree.h"
#include "tree-flags.h"
#include "wide.h"

/*
 * Paths of all nodes together, to the size of the tree: real ones come to half
 * of it. Where paths are printed, many nodes below long names would cost more
 * than all else.
 */
#define PATHS_MOST 16
#define PATHS_FREE 65536	/* of a small tree */

struct builder {
	struct xlpt_tree *tree;
	struct xlpt_diags *diags;
	struct prop_names names;
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
		case FDT_END:	/* or a tag that libfdt does not know */
			if (next < 0)
				return INVALID(b, "the structure block is cut short or corrupt at byte %d: %s",
					       offset, fdt_strerror(next));
			break;
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
	const struct prop_class *class;
	uint32_t name = be32_at(base + 8);
	int rc;

	rc = prop_names_classify(&b->names, name, b->diags, &class);
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
	size_t path = 0;	/* length of the open node's */
	uint64_t paths = 0;
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
			path += 1 + len;
			paths += path;
		} else if (tag == FDT_END_NODE) {
			tree->node[open].end = node;
			path -= 1 + strlen(tree_name(tree, open));
			open = tree->node[open].parent;
		} else if (tag == FDT_PROP) {
			rc = fill_prop(b, offset, &tree->prop[prop]);
			if (rc)
				return rc;
			tree->node[open].has |= (uint64_t)1 << tree->prop[prop++].known;
		}
	} while (tag != FDT_END);

	tree->node[node].prop = prop;
	if (paths > PATHS_FREE + (uint64_t)PATHS_MOST * tree->size)
		return INVALID(b, "the paths of its nodes would take more than %u times as much as the tree itself",
			       PATHS_MOST);
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
	b.names.blob = blob;
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
	tree_flags_fill(tree);
	rc = address_build_windows(tree);
	if (rc)
		goto out;
	rc = interrupt_build_parents(tree);
	if (rc)
		goto out;
	rc = interrupt_build_maps(tree);
	if (rc)
		goto out;
	rc = resources_build(tree);
	if (rc)
		goto out;
	rc = find_init(tree);
out:
	free(b.names.slot);
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
	find_free(tree->find);
	arena_free(&tree->arena);
	free(tree);
}
