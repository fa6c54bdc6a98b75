/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "find.h"
#include "resources.h"

struct key {
	uint64_t hash;
	uint32_t node;
};

struct find {
	/* What look-ups cost so far, in nodes; then their index, by hash and then by node. */
	uint64_t siblings, platforms;
	struct key *child, *platform;	/* malloc'd, or NULL */
	uint32_t n_platforms;
};

/* An index costs about as much as going past so many nodes, for each of the tree's. */
#define INDEX_COST 16
/* Namesakes that are compared in full. */
#define COMPARED 8

#define HASH_START 14695981039346656037ull

/* FNV-1a */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	while (n--)
		hash = (hash ^ *p++) * 1099511628211ull;
	return hash;
}

static int by_hash(const void *a_, const void *b_)
{
	const struct key *a = a_, *b = b_;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->node < b->node ? -1 : a->node > b->node;
}

/* The first key with this hash or a greater one. */
static uint32_t key_at(const struct key *key, uint32_t n, uint64_t hash)
{
	uint32_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (key[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int find_init(struct xlpt_tree *tree)
{
	tree->find = arena_alloc(&tree->arena, 1, sizeof(*tree->find));
	return tree->find ? 0 : -ENOMEM;
}

void find_free(struct find *find)
{
	if (!find)
		return;
	free(find->child);
	free(find->platform);
}

size_t find_size(const struct xlpt_tree *tree)
{
	const struct find *find = tree->find;

	return ((find->child ? tree->n_nodes : 0) + (find->platform ? find->n_platforms : 0)) * sizeof(struct key);
}

static uint64_t child_hash(uint32_t parent, const char *name, size_t len)
{
	return hash_bytes(hash_bytes(HASH_START, &parent, sizeof(parent)), name, len);
}

/* All nodes but the root, by their parent and name. */
static void index_children(const struct xlpt_tree *tree)
{
	struct key *key = malloc(tree->n_nodes * sizeof(*key));
	uint32_t node;

	if (!key)
		return;
	for (node = 1; node < tree->n_nodes; node++) {
		const char *name = tree_name(tree, node);

		key[node - 1] = (struct key){ child_hash(tree->node[node].parent, name, strlen(name)), node };
	}
	qsort(key, tree->n_nodes - 1, sizeof(*key), by_hash);
	tree->find->child = key;
}

static bool is_called(const struct xlpt_tree *tree, uint32_t node, const char *name, size_t len)
{
	const char *own = tree_name(tree, node);

	return !strncmp(own, name, len) && own[len] == '\0';
}

/* The first child of that name, or XLPT_NO_NODE. */
static uint32_t find_child(const struct xlpt_tree *tree, uint32_t parent, const char *name, size_t len)
{
	struct find *find = tree->find;
	uint32_t child, i, n = tree->n_nodes - 1;
	uint64_t hash;

	if (!find->child && find->siblings > (uint64_t)INDEX_COST * tree->n_nodes) {
		find->siblings = 0;
		index_children(tree);
	}
	if (!find->child) {
		for (child = tree_child(tree, parent); child != XLPT_NO_NODE;
		     child = tree_sibling(tree, child), find->siblings++)
			if (is_called(tree, child, name, len))
				break;
		return child;
	}
	hash = child_hash(parent, name, len);
	for (i = key_at(find->child, n, hash); i < n && find->child[i].hash == hash; i++) {
		child = find->child[i].node;
		if (tree->node[child].parent == parent && is_called(tree, child, name, len))
			return child;
	}
	return XLPT_NO_NODE;
}

uint32_t tree_by_path(const struct xlpt_tree *tree, const char *path, size_t len)
{
	const char *end = path + len, *slash;
	uint32_t node = 0;

	if (!len || *path != '/')
		return XLPT_NO_NODE;
	if (len == 1)
		return 0;
	while (path < end && node != XLPT_NO_NODE) {
		path++;		/* the slash */
		slash = memchr(path, '/', (size_t)(end - path));
		node = find_child(tree, node, path, (size_t)((slash ? slash : end) - path));
		path = slash ? slash : end;
	}
	return node;
}

static bool has_address(const struct xlpt_tree *tree, uint32_t node)
{
	const struct resources *r = tree->resources;

	return r->first_reg[node + 1] > r->first_reg[node] && !r->reg[r->first_reg[node]].entry;
}

#define ADDRESS_ROOM 40

/* "ADDRESS." of a node that has one, with the lowest bit of its mask behind it if it has that. */
static size_t platform_address(const struct xlpt_tree *tree, uint32_t node, char out[ADDRESS_ROOM])
{
	const struct tree_prop *mask = tree_prop_named(tree, node, "mask");
	const struct resources *r = tree->resources;
	size_t n = (size_t)snprintf(out, ADDRESS_ROOM, "%llx.",
				    (unsigned long long)r->reg[r->first_reg[node]].base);

	if (mask && mask->len >= 4)
		n += (size_t)snprintf(out + n, ADDRESS_ROOM - n, "%x.",
				      (unsigned)__builtin_ffs((int)be32_at(prop_value(tree, mask))) - 1);
	return n;
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
	for (; node; node = tree->node[node].parent) {
		const char *own = tree_name(tree, node);
		size_t own_len = strlen(own);

		if (has_address(tree, node)) {
			char address[ADDRESS_ROOM];
			size_t n = platform_address(tree, node, address);

			own_len = strcspn(own, "@");
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

/* The hash of what has_platform_name() would say yes to, from that of the parent's. */
static uint64_t platform_hash(const struct xlpt_tree *tree, uint32_t node, const uint64_t *hash)
{
	const char *own = tree_name(tree, node);
	uint32_t parent = tree->node[node].parent;
	char address[ADDRESS_ROOM];

	if (has_address(tree, node))
		return hash_bytes(hash_bytes(HASH_START, address, platform_address(tree, node, address)), own,
				  strcspn(own, "@"));
	return hash_bytes(parent ? hash_bytes(hash[parent], ":", 1) : HASH_START, own, strlen(own));
}

/* By the hash of their platform name; NULL without memory. */
static struct key *index_platform(const struct xlpt_tree *tree, uint32_t *n_r)
{
	uint64_t *hash = malloc(tree->n_nodes * sizeof(*hash));
	struct key *key = malloc(tree->n_nodes * sizeof(*key));
	uint32_t node, n = 0;

	if (!hash || !key) {
		free(hash);
		free(key);
		return NULL;
	}
	for (node = 1; node < tree->n_nodes; node++) {
		hash[node] = platform_hash(tree, node, hash);
		if (!(tree->node[node].flags & TREE_SPECIAL))
			key[n++] = (struct key){ hash[node], node };
	}
	if (n)
		qsort(key, n, sizeof(*key), by_hash);
	free(hash);
	*n_r = n;
	return key;
}

size_t find_platform(const struct xlpt_tree *tree, const char *name, size_t len, uint32_t *node,
		     size_t room)
{
	struct find *find = tree->find;
	uint64_t hash;
	size_t n = 0;
	uint32_t i;

	if (!find->platform && find->platforms > (uint64_t)INDEX_COST * tree->n_nodes) {
		find->platforms = 0;
		find->platform = index_platform(tree, &find->n_platforms);
	}
	if (find->platform) {
		hash = hash_bytes(HASH_START, name, len);
		for (i = key_at(find->platform, find->n_platforms, hash);
		     i < find->n_platforms && find->platform[i].hash == hash && n < COMPARED + room; i++)
			if (has_platform_name(tree, find->platform[i].node, name, len)) {
				if (n < room)
					node[n] = find->platform[i].node;
				n++;
			}
		/* The rest has the hash of at least so many of that name. */
		if (i < find->n_platforms && find->platform[i].hash == hash)
			n += (hash < UINT64_MAX ? key_at(find->platform, find->n_platforms, hash + 1) :
			      find->n_platforms) - i;
		return n;
	}
	for (i = 1; i < tree->n_nodes; i++, find->platforms++) {
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
