/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a name to the node: path, alias, label, platform name. */
#include "find.h"
#include "names.h"

/* The node whose full path is the value of a property of /aliases or /__symbols__. */
static uint32_t find_in(const struct xlpt_tree *tree, const char *table, const char *name, size_t len)
{
	uint32_t node = tree_by_path(tree, table, strlen(table));
	const struct tree_prop *prop;
	char copy[TREE_NAME_MAX + 1];
	const char *path;

	if (node == XLPT_NO_NODE || len > TREE_NAME_MAX)
		return XLPT_NO_NODE;
	memcpy(copy, name, len);
	copy[len] = '\0';
	prop = tree_prop_named(tree, node, copy);
	path = prop ? prop_string(tree, prop, 0) : NULL;
	return path ? tree_by_path(tree, path, strlen(path)) : XLPT_NO_NODE;
}

size_t names_find(const struct xlpt_tree *tree, const char *name, size_t len, uint32_t *node,
		  size_t room)
{
	uint32_t found;

	if (!len)
		return 0;
	if (*name == '/')
		found = tree_by_path(tree, name, len);
	else if (*name == '&')
		found = find_in(tree, "/__symbols__", name + 1, len - 1);
	else
		found = find_in(tree, "/aliases", name, len);
	if (found != XLPT_NO_NODE) {
		if (room)
			node[0] = found;
		return 1;
	}
	if (*name == '/' || *name == '&')
		return 0;
	return find_platform(tree, name, len, node, room);
}

uint32_t xlpt_tree_find(const struct xlpt_tree *tree, const char *name)
{
	uint32_t node;

	return names_find(tree, name, strlen(name), &node, 1) == 1 ? node : XLPT_NO_NODE;
}
