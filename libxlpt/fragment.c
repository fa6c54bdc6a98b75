/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "fdt-writer.h"
#include "fragment.h"
#include "guest-base.h"
#include "partial.h"
#include "tree.h"

/* One of the two trees that are read, with the nodes that libxl copies. */
struct side {
	void *copy;	/* that the index is of, if it is not the blob itself */
	struct xlpt_tree *tree;
	uint32_t passthrough, aliases;
};

struct overlay {
	struct fdt_writer w;
	const struct xlpt_tree *base, *fragment;
	struct arena *arena;
	bool failed;	/* out of memory */
};

/* The properties or children of one node by name, to find partners in. */
struct entry {
	const char *name;
	uint32_t index;
};

struct entries {
	struct entry *list;
	size_t n;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	/* Of the same name the first one counts, as for libfdt. */
	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void sort(struct entries *entries)
{
	if (entries->n > 1)
		qsort(entries->list, entries->n, sizeof(*entries->list), compare_entries);
}

static uint32_t find(const struct entries *entries, const char *name)
{
	size_t low = 0, high = entries->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(entries->list[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < entries->n && !strcmp(entries->list[low].name, name) ?
	       entries->list[low].index : XLPT_NO_NODE;
}

/* Of an absent node: none. */
static struct entries props_of(struct overlay *o, const struct xlpt_tree *tree, uint32_t node)
{
	struct entries entries = { 0 };
	uint32_t prop;

	if (node == XLPT_NO_NODE)
		return entries;
	entries.list = arena_alloc(o->arena, tree->node[node + 1].prop - tree->node[node].prop,
				   sizeof(*entries.list));
	if (!entries.list) {
		o->failed = true;
		return entries;
	}
	for (prop = tree->node[node].prop; prop < tree->node[node + 1].prop; prop++)
		entries.list[entries.n++] = (struct entry){ prop_name(tree, &tree->prop[prop]), prop };
	sort(&entries);
	return entries;
}

static struct entries children_of(struct overlay *o, const struct xlpt_tree *tree, uint32_t node)
{
	struct entries entries = { 0 };
	uint32_t child;
	size_t n = 0;

	if (node == XLPT_NO_NODE)
		return entries;
	for (child = tree_child(tree, node); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		n++;
	entries.list = arena_alloc(o->arena, n, sizeof(*entries.list));
	if (!entries.list) {
		o->failed = true;
		return entries;
	}
	for (child = tree_child(tree, node); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		entries.list[entries.n++] = (struct entry){ tree_name(tree, child), child };
	sort(&entries);
	return entries;
}

static void put_prop(struct overlay *o, const struct xlpt_tree *tree, uint32_t index)
{
	const struct tree_prop *prop = &tree->prop[index];

	fdtw_bytes(&o->w, prop_name(tree, prop), prop_value(tree, prop), prop->len);
}

/* The base's in their places, then what only the fragment has. */
static void put_props(struct overlay *o, uint32_t base, uint32_t fragment)
{
	struct entries in_base = props_of(o, o->base, base);
	struct entries in_fragment = props_of(o, o->fragment, fragment);
	uint32_t i, other;

	if (base != XLPT_NO_NODE)
		for (i = o->base->node[base].prop; i < o->base->node[base + 1].prop; i++) {
			other = find(&in_fragment, prop_name(o->base, &o->base->prop[i]));
			if (other == XLPT_NO_NODE)
				put_prop(o, o->base, i);
			else
				put_prop(o, o->fragment, other);
		}
	if (fragment != XLPT_NO_NODE)
		for (i = o->fragment->node[fragment].prop;
		     i < o->fragment->node[fragment + 1].prop; i++)
			if (find(&in_base, prop_name(o->fragment, &o->fragment->prop[i])) == XLPT_NO_NODE)
				put_prop(o, o->fragment, i);
}

/*
 * A node that one of the trees has, or both. As deep as an index lets a tree
 * be, TREE_MAX_DEPTH.
 */
static void put_node(struct overlay *o, uint32_t base, uint32_t fragment)
{
	struct entries in_base = { 0 }, in_fragment = { 0 };
	uint32_t child;

	if (o->failed || o->w.error)
		return;
	fdtw_begin(&o->w, base != XLPT_NO_NODE ? tree_name(o->base, base) :
		   tree_name(o->fragment, fragment));
	put_props(o, base, fragment);
	/* What has no partner needs no looking for one. */
	if (base != XLPT_NO_NODE && fragment != XLPT_NO_NODE) {
		in_base = children_of(o, o->base, base);
		in_fragment = children_of(o, o->fragment, fragment);
	}
	if (base != XLPT_NO_NODE)
		for (child = tree_child(o->base, base); child != XLPT_NO_NODE;
		     child = tree_sibling(o->base, child))
			put_node(o, child, find(&in_fragment, tree_name(o->base, child)));
	if (fragment != XLPT_NO_NODE)
		for (child = tree_child(o->fragment, fragment); child != XLPT_NO_NODE;
		     child = tree_sibling(o->fragment, child))
			if (find(&in_base, tree_name(o->fragment, child)) == XLPT_NO_NODE)
				put_node(o, XLPT_NO_NODE, child);
	fdtw_end(&o->w);
}

/* The root as the base has it; of the fragment only what libxl copies. */
static void put_root(struct overlay *o, const struct side *base, const struct side *fragment)
{
	uint32_t child;

	fdtw_begin(&o->w, "");
	put_props(o, 0, XLPT_NO_NODE);
	for (child = tree_child(o->base, 0); child != XLPT_NO_NODE;
	     child = tree_sibling(o->base, child))
		put_node(o, child, child == base->passthrough ? fragment->passthrough :
			 child == base->aliases ? fragment->aliases : XLPT_NO_NODE);
	if (base->aliases == XLPT_NO_NODE && fragment->aliases != XLPT_NO_NODE)
		put_node(o, XLPT_NO_NODE, fragment->aliases);
	fdtw_end(&o->w);
}

static int build(struct overlay *o, const struct side *base, const struct side *fragment,
		 struct xlpt_diags *diags, void **blob_r, size_t *size_r)
{
	/* Names are not shared between properties, which takes no more than this. */
	size_t room = 2 * ((size_t)base->tree->size + fragment->tree->size) +
		      sizeof(struct fdt_header) + 64 +
		      32 * ((size_t)base->tree->n_props + fragment->tree->n_props);
	void *buffer;
	int rc;

	buffer = malloc(room);
	if (!buffer)
		return -ENOMEM;
	fdtw_create(&o->w, buffer, room);
	put_root(o, base, fragment);
	rc = fdtw_finish(&o->w);
	if (o->failed || rc) {
		free(buffer);
		if (o->failed || rc == -FDT_ERR_INTERNAL)
			return -ENOMEM;
		diag_add(diags, DIAG_PARTIAL_TREE_INVALID, 0, NULL, NULL, NULL,
			 "the partial tree cannot be laid over the generated one: %s",
			 fdt_strerror(rc));
		return -EINVAL;
	}
	*blob_r = buffer;
	*size_r = fdt_totalsize(buffer);
	return 0;
}

static void side_free(struct side *side)
{
	xlpt_tree_free(side->tree);
	free(side->copy);
}

int fragment_overlay(const void *base, size_t base_size, const void *fragment,
		     size_t fragment_size, struct xlpt_diags *diags, void **blob_r,
		     size_t *size_r)
{
	struct side below = { 0 }, above = { 0 };
	struct xlpt_diags scratch;
	struct overlay overlay;
	struct arena arena;
	int rc;

	if (fragment_size > GUEST_TREE_MAX) {
		diag_add(diags, DIAG_PARTIAL_TREE_INVALID, 0, NULL, NULL, NULL,
			 "the partial tree is larger than the 1 MiB that libxl has for all of the guest's");
		return -EINVAL;
	}
	/* Nobody wants to hear of a generated tree. */
	diags_init(&scratch);
	rc = partial_open(base, base_size, &scratch, &below.copy, &below.tree,
			  &below.passthrough, &below.aliases);
	diags_fini(&scratch);
	if (!rc)
		rc = partial_open(fragment, fragment_size, diags, &above.copy, &above.tree,
				  &above.passthrough, &above.aliases);
	if (!rc) {
		arena_init(&arena);
		overlay = (struct overlay){
			.base = below.tree, .fragment = above.tree, .arena = &arena,
		};
		rc = build(&overlay, &below, &above, diags, blob_r, size_r);
		arena_free(&arena);
	}
	side_free(&above);
	side_free(&below);
	return rc;
}
