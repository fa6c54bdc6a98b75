/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "irq-map.h"

struct irq_map_row {
	uint64_t hash;		/* of the masked cells */
	uint32_t position;	/* cell where the entry begins */
};

/* The index of a long map, for keys of n_key cells. */
struct irq_map {
	uint32_t node;
	unsigned n_key;
	uint32_t n, room;
	struct irq_map_row *row;	/* malloc'd; by hash, then by position */
};

unsigned irq_map_address_cells(const struct xlpt_tree *tree, uint32_t node)
{
	for (; node != XLPT_NO_NODE; node = tree->node[node].parent)
		if (tree->node[node].flags & TREE_OWN_ADDRESS_CELLS)
			return tree->node[node].address_cells;
	return 2;
}

bool irq_map_read_parent(const struct xlpt_tree *tree, struct irq_map_reader *map,
			 struct interrupt *irq, unsigned *n_address_r)
{
	uint32_t parent, n_irq;
	unsigned n_address, i;

	if (map->position >= map->n_cells)
		return false;
	parent = tree_by_phandle(tree, be32_at(map->cells + map->position++ * 4));
	if (parent == XLPT_NO_NODE || !tree_u32(tree, parent, P_INTERRUPT_CELLS, &n_irq))
		return false;
	n_address = tree->node[parent].flags & TREE_OWN_ADDRESS_CELLS ?
		    tree->node[parent].address_cells : 0;
	if (n_irq > INTERRUPT_MAX_CELLS || n_address + n_irq > INTERRUPT_MAX_CELLS ||
	    map->n_cells - map->position < n_address + n_irq)
		return false;
	irq->controller = parent;
	irq->n_cells = n_irq;
	for (i = 0; i < n_irq; i++)
		irq->cell[i] = be32_at(map->cells + (map->position + n_address + i) * 4);
	map->position += n_address + n_irq;
	*n_address_r = n_address;
	return true;
}

static uint64_t hash_cell(uint64_t hash, uint32_t cell)
{
	hash ^= cell;
	hash *= 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

static int by_hash(const void *a_, const void *b_)
{
	const struct irq_map_row *a = a_, *b = b_;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->position < b->position ? -1 : a->position > b->position;
}

/* The first row with this hash, UINT32_MAX if none; rows with the same hash follow it. */
static uint32_t find_row(const struct irq_map *map, uint64_t hash)
{
	uint32_t low = 0, high = map->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (map->row[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low < map->n && map->row[low].hash == hash ? low : UINT32_MAX;
}

static int add_row(struct irq_map *map, uint64_t hash, uint32_t position)
{
	if (map->n == map->room) {
		uint32_t room = map->room ? map->room * 2 : 32;
		struct irq_map_row *row = realloc(map->row, room * sizeof(*row));

		if (!row)
			return -ENOMEM;
		map->row = row;
		map->room = room;
	}
	map->row[map->n++] = (struct irq_map_row){ hash, position };
	return 0;
}

/* An interrupt-map with the mask its entries are compared under. */
struct masked_map {
	struct irq_map_reader map;
	const uint8_t *mask;	/* NULL: all bits count */
	unsigned n_key;
};

static bool masked_map_of(const struct xlpt_tree *tree, uint32_t node, unsigned n_key,
			  struct masked_map *m)
{
	const struct tree_prop *map = tree_prop(tree, node, P_INTERRUPT_MAP);
	const struct tree_prop *mask = tree_prop(tree, node, P_INTERRUPT_MAP_MASK);

	if (!map || (mask && mask->len / 4 < n_key))
		return false;
	*m = (struct masked_map){
		.map = { prop_value(tree, map), map->len / 4, 0 },
		.mask = mask ? prop_value(tree, mask) : NULL, .n_key = n_key,
	};
	return true;
}

static uint32_t mask_cell(const struct masked_map *m, unsigned i)
{
	return m->mask ? be32_at(m->mask + i * 4) : UINT32_MAX;
}

/* Does the entry at a cell have this key? */
static bool entry_matches(const struct masked_map *m, unsigned position, const struct irq_map_key *key)
{
	unsigned i;

	for (i = 0; i < m->n_key; i++)
		if ((key->cell[i] ^ be32_at(m->map.cells + (position + i) * 4)) & mask_cell(m, i))
			return false;
	return true;
}

/* The entry is the one: irq and key become those of its parent. */
static void take_entry(struct masked_map *m, unsigned n_address, struct irq_map_key *key,
		       const struct interrupt *irq)
{
	unsigned i, n = n_address + irq->n_cells;

	key->n_address = n_address;
	key->n_irq = irq->n_cells;
	for (i = 0; i < n; i++)
		key->cell[i] = be32_at(m->map.cells + (m->map.position - n + i) * 4);
}

/* Is there a further entry to read? Linux wants more than the child's part and a phandle. */
static bool has_entry(const struct masked_map *m)
{
	return m->map.n_cells - m->map.position > m->n_key + 1;
}

static int by_map(const void *a_, const void *b_)
{
	const struct irq_map *a = a_, *b = b_;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return a->n_key < b->n_key ? -1 : a->n_key > b->n_key;
}

/* Index one map for keys of n_key cells, up to where it is broken. */
static int build_map(struct xlpt_tree *tree, uint32_t node, unsigned n_key, struct irq_map *index)
{
	struct masked_map m;
	struct interrupt irq;
	unsigned n_address, i, start;
	uint64_t hash;

	*index = (struct irq_map){ .node = node, .n_key = n_key };
	if (!masked_map_of(tree, node, n_key, &m))
		return 0;
	while (has_entry(&m)) {
		start = m.map.position;
		m.map.position += n_key;
		if (!irq_map_read_parent(tree, &m.map, &irq, &n_address))
			break;
		if (!tree_enabled(tree, irq.controller))
			continue;
		for (hash = 0, i = 0; i < n_key; i++)
			hash = hash_cell(hash, be32_at(m.map.cells + (start + i) * 4) & mask_cell(&m, i));
		if (add_row(index, hash, start))
			return -ENOMEM;
	}
	if (index->n)
		qsort(index->row, index->n, sizeof(*index->row), by_hash);
	return 0;
}

/* Cells below which a map is not worth an index; an entry has at least two. */
static bool is_long(const struct tree_prop *map)
{
	return map && map->len / 4 > TREE_LONG_LIST * 8;
}

int interrupt_build_maps(struct xlpt_tree *tree)
{
	uint32_t node, n_irq, n_long = 0;
	unsigned n_key[2];
	int pass, i, rc;

	for (pass = 0; pass < 2; pass++) {
		if (pass && n_long) {
			tree->irq_maps = calloc(n_long, sizeof(*tree->irq_maps));
			if (!tree->irq_maps)
				return -ENOMEM;
		}
		for (node = 0; node < tree->n_nodes; node++) {
			if (!is_long(tree_prop(tree, node, P_INTERRUPT_MAP)) ||
			    !tree_u32(tree, node, P_INTERRUPT_CELLS, &n_irq) ||
			    n_irq > INTERRUPT_MAX_CELLS)
				continue;
			/* A child finds the cells through the parents, a map above it does not. */
			n_key[0] = n_irq + (tree->node[node].flags & TREE_OWN_ADDRESS_CELLS ?
					    tree->node[node].address_cells : 0);
			n_key[1] = n_irq + irq_map_address_cells(tree, node);
			if (n_key[0] > n_key[1]) {
				unsigned swap = n_key[0];

				n_key[0] = n_key[1];
				n_key[1] = swap;
			}
			for (i = n_key[0] == n_key[1]; i < 2; i++) {
				if (!pass) {
					n_long++;
					continue;
				}
				if (n_key[i] > INTERRUPT_MAX_CELLS)
					n_key[i] = 0;
				rc = build_map(tree, node, n_key[i], &tree->irq_maps[tree->n_irq_maps++]);
				if (rc)
					return rc;
				tree->long_size += tree->irq_maps[tree->n_irq_maps - 1].n *
						   sizeof(struct irq_map_row);
			}
		}
	}
	return 0;
}

void interrupt_free_maps(struct xlpt_tree *tree)
{
	uint32_t i;

	for (i = 0; i < tree->n_irq_maps; i++)
		free(tree->irq_maps[i].row);
	free(tree->irq_maps);
}

/* The entry of a long map that matches first. */
static bool lookup_long(const struct xlpt_tree *tree, struct masked_map *m, uint32_t node,
			    struct irq_map_key *key, struct interrupt *irq)
{
	const struct irq_map wanted = { .node = node, .n_key = m->n_key };
	const struct irq_map *index = bsearch(&wanted, tree->irq_maps, tree->n_irq_maps, sizeof(wanted),
					      by_map);
	unsigned i, n_address;
	uint64_t hash = 0;
	uint32_t row;

	if (!index)
		return false;
	for (i = 0; i < m->n_key; i++)
		hash = hash_cell(hash, key->cell[i] & mask_cell(m, i));
	for (row = find_row(index, hash); row < index->n && index->row[row].hash == hash; row++) {
		if (!entry_matches(m, index->row[row].position, key))
			continue;
		m->map.position = index->row[row].position + m->n_key;
		if (!irq_map_read_parent(tree, &m->map, irq, &n_address))
			return false;
		take_entry(m, n_address, key, irq);
		return true;
	}
	return false;
}

bool irq_map_lookup(const struct xlpt_tree *tree, uint32_t node, const struct tree_prop *prop,
		    struct irq_map_key *key, struct interrupt *irq)
{
	struct masked_map m;
	unsigned n_address;
	bool match;

	if (!masked_map_of(tree, node, key->n_address + key->n_irq, &m))
		return false;
	if (is_long(prop))
		return lookup_long(tree, &m, node, key, irq);
	while (has_entry(&m)) {
		match = entry_matches(&m, m.map.position, key);
		m.map.position += m.n_key;
		if (!irq_map_read_parent(tree, &m.map, irq, &n_address))
			return false;
		if (!match || !tree_enabled(tree, irq->controller))
			continue;
		take_entry(&m, n_address, key, irq);
		return true;
	}
	return false;
}
