/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nodes and properties of the guest's tree. */
#include <string.h>

#include "guest.h"

/* A dtb spends this much on a node and a property beside their contents. */
#define NODE_OVERHEAD 12
#define PROP_OVERHEAD 16

static bool spend(struct guest_tree *out, size_t bytes)
{
	if (out->too_big || bytes > GUEST_MAX_BYTES - out->bytes) {
		out->too_big = true;
		return false;
	}
	out->bytes += bytes;
	return true;
}

struct guest_node *guest_node_new(struct guest_tree *out, const char *name)
{
	struct guest_node *node;

	if (!name || !spend(out, NODE_OVERHEAD + strlen(name)))
		return NULL;
	node = arena_alloc(out->arena, 1, sizeof(*node));
	if (node)
		node->name = name;
	return node;
}

void guest_attach(struct guest_node *parent, struct guest_node *node)
{
	node->parent = parent;
	if (parent->last_child)
		parent->last_child->next = node;
	else
		parent->child = node;
	parent->last_child = node;
}

struct guest_node *guest_node_add(struct guest_tree *out, struct guest_node *parent,
				  const char *name)
{
	struct guest_node *node = parent ? guest_node_new(out, name) : NULL;

	if (node)
		guest_attach(parent, node);
	return node;
}

struct guest_prop *guest_prop_add(struct guest_tree *out, struct guest_node *node,
				  const char *name, const void *value, size_t len)
{
	struct guest_prop *prop;

	if (!node || !name || (len && !value) || !spend(out, PROP_OVERHEAD + strlen(name) + len))
		return NULL;
	prop = arena_alloc(out->arena, 1, sizeof(*prop));
	if (!prop)
		return NULL;
	prop->name = name;
	prop->value = value;
	prop->len = (uint32_t)len;
	if (node->last_prop)
		node->last_prop->next = prop;
	else
		node->prop = prop;
	node->last_prop = prop;
	return prop;
}

void guest_prop_string(struct guest_tree *out, struct guest_node *node, const char *name,
		       const char *string)
{
	if (string)
		guest_prop_add(out, node, name, string, strlen(string) + 1);
}

void guest_prop_cell(struct guest_tree *out, struct guest_node *node, const char *name,
		     uint32_t cell)
{
	struct guest_cells cells = { .out = out };
	struct guest_prop *prop;

	guest_cell(&cells, cell);
	prop = guest_prop_add(out, node, name, cells.value, cells.len);
	if (prop)
		prop->form = GUEST_CELLS;
}

void guest_ref_add(struct guest_tree *out, struct guest_prop *prop, uint32_t offset, uint32_t host,
		   struct guest_node *to)
{
	struct guest_ref *ref;

	if (!prop)
		return;
	ref = arena_alloc(out->arena, 1, sizeof(*ref));
	if (!ref)
		return;
	ref->offset = offset;
	ref->host = host;
	ref->to = to;
	if (prop->last_ref)
		prop->last_ref->next = ref;
	else
		prop->ref = ref;
	prop->last_ref = ref;
	prop->form = GUEST_CELLS;
}

void guest_left_add(struct guest_tree *out, struct guest_node *node, const char *name)
{
	struct guest_left *left;

	if (!node)
		return;
	left = arena_alloc(out->arena, 1, sizeof(*left));
	if (!left)
		return;
	left->name = name;
	if (node->last_left)
		node->last_left->next = left;
	else
		node->left = left;
	node->last_left = left;
}

uint32_t guest_phandle(struct guest_tree *out, struct guest_node *node)
{
	if (!node->phandle) {
		if (out->next_phandle >= GUEST_PHANDLE_GIC || !spend(out, PROP_OVERHEAD + 4)) {
			out->too_big = true;
			return 0;
		}
		node->phandle = out->next_phandle++;
	}
	return node->phandle;
}

struct guest_node *guest_next(const struct guest_node *node)
{
	if (node->child)
		return node->child;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}
