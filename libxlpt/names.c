/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a name to the node: path, alias, label, platform name. */
#include <stdio.h>

#include "names.h"
#include "resources.h"

static bool equals(const char *s, const char *name, size_t len)
{
	return !strncmp(s, name, len) && s[len] == '\0';
}

/* The node whose full path is the value of a property of /aliases or /__symbols__. */
static uint32_t find_in(const struct xlpt_tree *tree, const char *table, const char *name, size_t len)
{
	uint32_t node = tree_by_path(tree, table, strlen(table)), i;

	if (node == XLPT_NO_NODE)
		return XLPT_NO_NODE;
	for (i = tree->node[node].prop; i < tree->node[node + 1].prop; i++) {
		const struct tree_prop *prop = &tree->prop[i];
		const char *path;

		if (!equals(prop_name(tree, prop), name, len))
			continue;
		path = prop_string(tree, prop, 0);
		return path ? tree_by_path(tree, path, strlen(path)) : XLPT_NO_NODE;
	}
	return XLPT_NO_NODE;
}

/*
 * Is this what Linux's of_device_make_bus_id() (6.1) calls the node?
 * "ADDRESS.NAME" where the first reg translates, else the full name behind
 * what the parent is called: "soc:gpio-keys". Read from its end, so that
 * nearly every node is told apart by one comparison.
 */
static bool has_platform_name(const struct xlpt_tree *tree, uint32_t node, const char *name,
			      size_t len)
{
	const struct resources *r = tree->resources;

	for (; node; node = tree->node[node].parent) {
		const char *own = tree_name(tree, node);
		size_t own_len = strlen(own);

		if (r->first_reg[node + 1] > r->first_reg[node] && !r->reg[r->first_reg[node]].entry) {
			const struct tree_prop *mask = tree_prop_named(tree, node, "mask");
			char address[40];
			size_t n;

			own_len = strcspn(own, "@");
			n = (size_t)snprintf(address, sizeof(address), "%llx.",
					     (unsigned long long)r->reg[r->first_reg[node]].base);
			if (mask && mask->len >= 4)
				n += (size_t)snprintf(address + n, sizeof(address) - n, "%x.",
					(unsigned)__builtin_ffs((int)be32_at(prop_value(tree, mask))) - 1);
			return len == n + own_len && !memcmp(name, address, n) &&
			       !memcmp(name + n, own, own_len);
		}
		if (len < own_len || memcmp(name + len - own_len, own, own_len))
			return false;
		len -= own_len;
		if (!len)
			return tree->node[node].parent == 0;
		if (name[--len] != ':')
			return false;
	}
	return false;
}

size_t names_find(const struct xlpt_tree *tree, const char *name, size_t len, uint32_t *node,
		  size_t room)
{
	uint32_t found = XLPT_NO_NODE, i;
	size_t n = 0;

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

	for (i = 1; i < tree->n_nodes; i++) {
		if (tree->node[i].flags & TREE_SPECIAL) {
			i = tree->node[i].end - 1;
			continue;
		}
		if (!has_platform_name(tree, i, name, len))
			continue;
		if (n < room)
			node[n] = i;
		n++;
	}
	return n;
}

uint32_t xlpt_tree_find(const struct xlpt_tree *tree, const char *name)
{
	uint32_t node;

	return names_find(tree, name, strlen(name), &node, 1) == 1 ? node : XLPT_NO_NODE;
}
