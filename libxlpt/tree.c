/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Look-ups over the index. */
#include "find.h"
#include "resources.h"
#include "wide.h"

const char *const tree_prop_names[N_PROP_NAMES] = {
#define PROP_NAME(symbol, string) [symbol] = string,
#include "prop-names.def"
#undef PROP_NAME
};

uint32_t xlpt_tree_node_count(const struct xlpt_tree *tree)
{
	return tree->n_nodes;
}

size_t xlpt_tree_index_size(const struct xlpt_tree *tree)
{
	return sizeof(*tree) + tree->arena.total + tree->long_size + resources_size(tree->resources) +
	       find_size(tree);
}

const struct tree_prop *tree_prop(const struct xlpt_tree *tree, uint32_t node, enum prop_name name)
{
	const struct tree_prop *prop;

	/* Most of what is asked for is not there. */
	if (!(tree->node[node].has & (uint64_t)1 << name))
		return NULL;
	if (tree->node[node].flags & TREE_WIDE)
		return wide_find(tree, node, tree_prop_names[name]);
	for (prop = &tree->prop[tree->node[node].prop]; prop->known != name; prop++)
		;
	return prop;
}

const struct tree_prop *tree_prop_named(const struct xlpt_tree *tree, uint32_t node, const char *name)
{
	uint32_t i, end = tree->node[node + 1].prop;

	if (tree->node[node].flags & TREE_WIDE)
		return wide_find(tree, node, name);
	for (i = tree->node[node].prop; i < end; i++)
		if (!strcmp(prop_name(tree, &tree->prop[i]), name))
			return &tree->prop[i];
	return NULL;
}

bool tree_u32(const struct xlpt_tree *tree, uint32_t node, enum prop_name name, uint32_t *value_r)
{
	const struct tree_prop *prop = tree_prop(tree, node, name);

	if (!prop || prop->len < 4)
		return false;
	*value_r = be32_at(prop_value(tree, prop));
	return true;
}

const char *prop_string(const struct xlpt_tree *tree, const struct tree_prop *prop, size_t i)
{
	const char *s = (const char *)prop_value(tree, prop);
	const char *end = s + prop->len;

	while (s < end) {
		const char *nul = memchr(s, '\0', (size_t)(end - s));

		if (!nul)
			return NULL;
		if (!i--)
			return s;
		s = nul + 1;
	}
	return NULL;
}

const char *tree_string(const struct xlpt_tree *tree, uint32_t node, enum prop_name name)
{
	const struct tree_prop *prop = tree_prop(tree, node, name);

	return prop ? prop_string(tree, prop, 0) : NULL;
}

bool tree_compatible(const struct xlpt_tree *tree, uint32_t node, const char *string)
{
	return tree_compatible_among(tree, node, &string, 1) == 0;
}

size_t tree_compatible_among(const struct xlpt_tree *tree, uint32_t node,
			     const char *const *string, size_t n)
{
	const struct tree_prop *prop = tree_prop(tree, node, P_COMPATIBLE);
	const char *s, *end, *nul;
	size_t i, found = n;

	if (!prop)
		return n;
	s = (const char *)prop_value(tree, prop);
	for (end = s + prop->len; s < end; s = nul + 1) {
		nul = memchr(s, '\0', (size_t)(end - s));
		if (!nul)
			break;
		for (i = 0; i < found; i++)
			if (*s == *string[i] && !strcmp(s, string[i]))
				found = i;
	}
	return found;
}

bool tree_name_is(const struct xlpt_tree *tree, uint32_t node, const char *name)
{
	const char *own = tree_name(tree, node);
	size_t len = strlen(name);

	return !strncmp(own, name, len) && (own[len] == '\0' || own[len] == '@');
}

uint32_t tree_by_phandle(const struct xlpt_tree *tree, uint32_t phandle)
{
	uint32_t low = 0, high = tree->n_phandles, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (tree->phandle[middle].phandle < phandle)
			low = middle + 1;
		else
			high = middle;
	}
	return phandle && low < tree->n_phandles && tree->phandle[low].phandle == phandle ?
	       tree->phandle[low].node : XLPT_NO_NODE;
}

uint32_t tree_phandle_of(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t phandle = 0;

	/* 0 and -1 are no phandles (Devicetree Specification, 2.3.3; libfdt). */
	if (tree_u32(tree, node, P_PHANDLE, &phandle) || tree_u32(tree, node, P_LINUX_PHANDLE, &phandle))
		return phandle == UINT32_MAX ? 0 : phandle;
	return 0;
}

char *tree_path(const struct xlpt_tree *tree, uint32_t node, struct arena *arena)
{
	size_t len = 0, n;
	uint32_t i;
	char *path;

	if (node == 0)
		return arena_strdup(arena, "/");
	for (i = node; i; i = tree->node[i].parent)
		len += 1 + strlen(tree_name(tree, i));
	path = arena_alloc(arena, len + 1, 1);
	if (!path)
		return NULL;
	for (i = node; i; i = tree->node[i].parent) {
		n = strlen(tree_name(tree, i));
		len -= n + 1;
		path[len] = '/';
		memcpy(path + len + 1, tree_name(tree, i), n);
	}
	return path;
}

char *xlpt_tree_path(const struct xlpt_tree *tree, uint32_t node)
{
	struct arena arena;
	char *path, *copy;

	arena_init(&arena);
	path = tree_path(tree, node, &arena);
	copy = path ? strdup(path) : NULL;
	arena_free(&arena);
	return copy;
}

bool value_is_strings(const uint8_t *value, uint32_t len)
{
	uint32_t i;

	if (!len || value[len - 1] || !value[0])
		return false;
	for (i = 0; i < len; i++)
		if (value[i] ? value[i] < ' ' || value[i] > '~' : i && !value[i - 1])
			return false;
	return true;
}
