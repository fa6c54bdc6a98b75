/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "wide.h"

/* FNV-1a; the names are at most TREE_NAME_MAX long. */
static uint32_t hash_name(const char *name)
{
	uint32_t hash = 2166136261u;

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 16777619u;
	return hash;
}

static int by_hash(const void *a_, const void *b_)
{
	const struct wide_prop *a = a_, *b = b_;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->prop < b->prop ? -1 : a->prop > b->prop;
}

static uint32_t n_props(const struct xlpt_tree *tree, uint32_t node)
{
	return tree->node[node + 1].prop - tree->node[node].prop;
}

int wide_build(struct xlpt_tree *tree)
{
	uint32_t node, i, n_wide = 0, props = 0;

	for (node = 0; node < tree->n_nodes; node++)
		if (n_props(tree, node) > WIDE_PROPS) {
			n_wide++;
			props += n_props(tree, node);
		}
	tree->wide = arena_alloc(&tree->arena, n_wide, sizeof(*tree->wide));
	tree->wide_prop = arena_alloc(&tree->arena, props, sizeof(*tree->wide_prop));
	if (!tree->wide || !tree->wide_prop)
		return -ENOMEM;
	props = 0;
	for (node = 0; node < tree->n_nodes; node++) {
		struct wide_node *wide = &tree->wide[tree->n_wide];
		uint32_t n = n_props(tree, node);

		if (n <= WIDE_PROPS)
			continue;
		*wide = (struct wide_node){ node, props, n };
		for (i = tree->node[node].prop; i < tree->node[node + 1].prop; i++)
			tree->wide_prop[props++] = (struct wide_prop){
				hash_name(prop_name(tree, &tree->prop[i])), i,
			};
		qsort(tree->wide_prop + wide->first, n, sizeof(*tree->wide_prop), by_hash);
		tree->node[node].flags |= TREE_WIDE;
		tree->n_wide++;
	}
	return 0;
}

const struct tree_prop *wide_find(const struct xlpt_tree *tree, uint32_t node, const char *name)
{
	uint32_t low = 0, high = tree->n_wide, middle, hash = hash_name(name), end;
	const struct wide_node *wide;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (tree->wide[middle].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	wide = &tree->wide[low];
	low = wide->first;
	high = end = wide->first + wide->n;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (tree->wide_prop[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < end && tree->wide_prop[low].hash == hash; low++) {
		const struct tree_prop *prop = &tree->prop[tree->wide_prop[low].prop];

		if (!strcmp(prop_name(tree, prop), name))
			return prop;
	}
	return NULL;
}
