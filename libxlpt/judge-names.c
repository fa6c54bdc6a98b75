/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names that must be unique, aliases, and properties that are not for a guest. */
#include <stdlib.h>

#include "address.h"
#include "judge-parts.h"

static int by_string(const void *a_p, const void *b_p)
{
	const char *const *a = a_p, *const *b = b_p;

	return strcmp(*a, *b);
}

/* The first string that is there twice, or NULL. Sorts. */
static const char *twice(const char **names, size_t n)
{
	size_t i;

	qsort(names, n, sizeof(*names), by_string);
	for (i = 1; i < n; i++)
		if (!strcmp(names[i - 1], names[i]))
			return names[i];
	return NULL;
}

static void check_unique(struct judge *j, uint32_t node, const char **names)
{
	const struct xlpt_tree *tree = j->tree;
	uint32_t child, prop;
	const char *name;
	size_t n = 0;

	for (child = tree_child(tree, node); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		names[n++] = tree_name(tree, child);
	name = twice(names, n);
	if (name)
		judge_add(j, DIAG_GUEST_NAME_DUPLICATE, node, NULL, "has two nodes named %s", name);

	n = 0;
	for (prop = tree->node[node].prop; prop < tree->node[node + 1].prop; prop++)
		names[n++] = prop_name(tree, &tree->prop[prop]);
	name = twice(names, n);
	if (name)
		judge_add(j, DIAG_GUEST_NAME_DUPLICATE, node, name,
			  "has two properties named %s: Linux sees one of them", name);
}

static void check_host_properties(struct judge *j, uint32_t node)
{
	static const struct {
		const char *name, *why;
	} rows[] = {
		{ "iommus", "the guest has no SMMU" },
		{ "iommu-map", "the guest has no SMMU" },
		{ "msi-parent", "the guest has no interrupt translation service" },
		{ "msi-map", "the guest has no interrupt translation service" },
		{ "xen,passthrough", "it marks a node of the host's tree" },
		{ "xen,reg", "only guests that Xen itself starts have it" },
		{ "xen,path", "only guests that Xen itself starts have it" },
		{ "xen,force-assign-without-iommu", "only guests that Xen itself starts have it" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (tree_prop_named(j->tree, node, rows[i].name))
			judge_add(j, DIAG_GUEST_HOST_PROPERTY, node, rows[i].name,
				  "%s does nothing here: %s", rows[i].name, rows[i].why);
	/* Of a function that PCI finds by itself it says: hands off. */
	if (tree_prop(j->tree, node, P_REG) && !tree_enabled(j->tree, node) &&
	    !(node && j->tree->node[j->tree->node[node].parent].bus == BUS_PCI))
		judge_add(j, DIAG_GUEST_NODE_DISABLED, node, "status",
			  "is disabled: the guest will not use the device");
}

static void check_alias(struct judge *j, uint32_t aliases, const struct tree_prop *prop)
{
	const char *name = prop_name(j->tree, prop), *path = prop_string(j->tree, prop, 0);
	size_t len;
	uint32_t node;

	/* Numbers, not paths; dtc adds them to a node that something refers to. */
	if (prop->known == P_PHANDLE || prop->known == P_LINUX_PHANDLE)
		return;
	len = path ? strcspn(path, ":") : 0;
	node = path ? tree_by_path(j->tree, path, len) : XLPT_NO_NODE;
	if (!path)
		judge_add(j, DIAG_GUEST_ALIAS_INVALID, aliases, name, "%s is no string", name);
	else if (node == XLPT_NO_NODE)
		judge_add(j, DIAG_GUEST_ALIAS_INVALID, aliases, name,
			  "%s is %s, which the guest does not have", name, path);
	else if (!tree_within(j->tree, node, j->passthrough))
		judge_add(j, DIAG_GUEST_ALIAS_INVALID, aliases, name,
			  "%s is %s, which is not below /passthrough", name, path);
}

static void check_aliases(struct judge *j)
{
	uint32_t aliases = tree_by_path(j->tree, "/aliases", strlen("/aliases")), prop;

	if (aliases == XLPT_NO_NODE)
		return;
	for (prop = j->tree->node[aliases].prop; prop < j->tree->node[aliases + 1].prop; prop++)
		check_alias(j, aliases, &j->tree->prop[prop]);
}

void judge_names(struct judge *j)
{
	const struct xlpt_tree *tree = j->tree;
	/* No node has more children or properties than the tree has of them. */
	size_t most = tree->n_nodes > tree->n_props ? tree->n_nodes : tree->n_props;
	const char **names = arena_alloc(&j->arena, most, sizeof(*names));
	uint32_t node;

	if (!names)
		return;
	check_unique(j, 0, names);
	for (node = j->passthrough; node < tree->node[j->passthrough].end; node++) {
		check_unique(j, node, names);
		check_host_properties(j, node);
	}
	check_aliases(j);
}
