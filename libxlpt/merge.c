/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "fdt-writer.h"
#include "guest-index.h"
#include "merge.h"
#include "partial.h"
#include "tree.h"

/* libxl doubles its buffer from here up to GUEST_TREE_MAX; the tree is the same in any. */
#define FIRST_ROOM 4096

struct merge {
	const struct merge_settings *settings;
	const struct xlpt_tree *base;	/* NULL: libxl's for the settings */
	const struct xlpt_tree *partial;	/* NULL: none */
	uint32_t passthrough, aliases;	/* in `partial`, or XLPT_NO_NODE */
};

/* Copy a node with everything below. The slice of the index is in document order. */
static void copy_node(struct fdt_writer *w, const struct xlpt_tree *tree, uint32_t top)
{
	uint32_t node, prop, up;

	for (node = top; node < tree->node[top].end && !w->error; node++) {
		fdtw_begin(w, tree_name(tree, node));
		for (prop = tree->node[node].prop; prop < tree->node[node + 1].prop; prop++)
			fdtw_bytes(w, prop_name(tree, &tree->prop[prop]),
				   prop_value(tree, &tree->prop[prop]), tree->prop[prop].len);
		/* Close this node and each one above that it was the last of, up to `top`. */
		for (up = node; tree->node[up].end == node + 1; up = tree->node[up].parent) {
			fdtw_end(w);
			if (up == top)
				break;
		}
	}
}

/* A dumped tree without what came from a partial one; the root stays open. */
static void copy_base(struct fdt_writer *w, const struct xlpt_tree *base)
{
	uint32_t child, prop;

	fdtw_begin(w, "");
	for (prop = base->node[0].prop; prop < base->node[1].prop; prop++)
		fdtw_bytes(w, prop_name(base, &base->prop[prop]),
			   prop_value(base, &base->prop[prop]), base->prop[prop].len);
	for (child = tree_child(base, 0); child != XLPT_NO_NODE; child = tree_sibling(base, child))
		if (strcmp(tree_name(base, child), "passthrough") &&
		    strcmp(tree_name(base, child), "aliases"))
			copy_node(w, base, child);
}

/* The whole tree into a buffer of `room` bytes; 0 or a negative FDT_ERR_*. */
static int build(const struct merge *merge, void *fdt, size_t room)
{
	struct fdt_writer w;
	int rc;

	fdtw_create(&w, fdt, room);
	if (merge->base)
		copy_base(&w, merge->base);
	else
		guest_base_write(&w, merge->settings);
	if (merge->partial)
		copy_node(&w, merge->partial, merge->passthrough);
	if (merge->partial && merge->aliases != XLPT_NO_NODE)
		copy_node(&w, merge->partial, merge->aliases);
	fdtw_end(&w);
	rc = fdtw_finish(&w);
	if (!rc && !merge->base)
		rc = guest_base_finalise(fdt, merge->settings);
	return rc;
}

static int build_growing(const struct merge *merge, struct xlpt_diags *diags, void **blob_r,
			 size_t *size_r)
{
	size_t room = FIRST_ROOM;
	int rc = -FDT_ERR_NOSPACE;
	void *fdt = NULL, *more;

	/* A large partial tree mostly goes into the guest's as it is. */
	while (merge->partial && room < merge->partial->size && room < GUEST_TREE_MAX)
		room *= 2;
	for (; room <= GUEST_TREE_MAX && rc == -FDT_ERR_NOSPACE; room *= 2) {
		more = realloc(fdt, room);
		if (!more) {
			free(fdt);
			return -ENOMEM;
		}
		fdt = more;
		rc = build(merge, fdt, room);
	}
	if (!rc) {
		*size_r = fdt_totalsize(fdt);
		*blob_r = fdt;
		return 0;
	}
	free(fdt);
	if (rc == -FDT_ERR_INTERNAL)
		return -ENOMEM;
	if (rc == -FDT_ERR_NOSPACE)
		diag_add(diags, DIAG_PARTIAL_TREE_SIZE, 0, "/passthrough", NULL, NULL,
			 "the guest's tree with this partial tree exceeds the 1 MiB that libxl has for it");
	else
		diag_add(diags, DIAG_PARTIAL_TREE_INVALID, 0, "/passthrough", NULL, NULL,
			 "libxl could not write the guest's tree: %s", fdt_strerror(rc));
	return -EINVAL;
}

/* Is partial-tree-invalid among the findings from here on? It sums up every other one. */
static bool named(const struct xlpt_diags *diags, size_t before)
{
	for (; before < diags->n; before++)
		if (!strcmp(diags->list[before].id, diag_name(DIAG_PARTIAL_TREE_INVALID)))
			return true;
	return false;
}

int xlpt_merge(const struct merge_settings *settings, const void *base, size_t base_size,
	       const void *partial, size_t partial_size, struct xlpt_diags *diags,
	       void **blob_r, size_t *size_r)
{
	struct merge merge = {
		.settings = settings, .passthrough = XLPT_NO_NODE, .aliases = XLPT_NO_NODE,
	};
	struct xlpt_tree *base_tree = NULL, *partial_tree = NULL;
	void *base_copy = NULL, *partial_copy = NULL;
	size_t before = diags->n;
	int rc = 0;

	if (base)
		rc = guest_index(base, base_size, diags, "the base", &base_copy, &base_tree);
	if (!rc && partial)
		rc = partial_open(partial, partial_size, diags, &partial_copy, &partial_tree,
				  &merge.passthrough, &merge.aliases);
	merge.base = base_tree;
	merge.partial = partial_tree;
	if (!rc)
		rc = build_growing(&merge, diags, blob_r, size_r);
	if (rc == -EINVAL && !named(diags, before))
		diag_add(diags, DIAG_PARTIAL_TREE_INVALID, 0, "/passthrough", NULL, NULL,
			 "libxl cannot make a guest's tree with this partial tree");
	xlpt_tree_free(partial_tree);
	xlpt_tree_free(base_tree);
	free(partial_copy);
	free(base_copy);
	return rc;
}
