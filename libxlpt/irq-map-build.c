/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Indexing interrupt-maps when the tree is built. */
#include <errno.h>
#include <stdlib.h>

#include "irq-map-rows.h"

/* Is there a further entry to read? Linux wants more than the child's part and a phandle. */
static bool has_entry(const struct masked_map *m)
{
	return m->map.n_cells - m->map.position > m->n_key + 1;
}

/* qsort has no closure; the map being ordered is set around the call. */
static __thread const struct masked_map *sorting;

/* Equal keys compare equal; hashes may be made to collide, so they alone do not order. */
static int by_key(const struct irq_map_row *a, const struct irq_map_row *b)
{
	unsigned i;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	for (i = 0; i < sorting->n_key; i++) {
		uint32_t x = irq_map_entry_cell(sorting, a->position, i);
		uint32_t y = irq_map_entry_cell(sorting, b->position, i);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

static int by_key_and_position(const void *a_, const void *b_)
{
	const struct irq_map_row *a = a_, *b = b_;
	int rc = by_key(a, b);

	if (!rc)
		rc = a->position < b->position ? -1 : a->position > b->position;
	return rc;
}

/* Order the rows of a map, which are the last ones, and leave the first of each key. */
static uint32_t order_rows(const struct xlpt_tree *tree, const struct masked_map *m, uint32_t first)
{
	uint32_t n = tree->n_irq_rows - first, i, left = 0;
	struct irq_map_row *row;

	if (!n)
		return 0;
	row = tree->irq_rows + first;
	sorting = m;
	qsort(row, n, sizeof(*row), by_key_and_position);
	for (i = 0; i < n; i++)
		if (!left || by_key(&row[left - 1], &row[i]))
			row[left++] = row[i];
	sorting = NULL;
	return left;
}

struct building {
	struct xlpt_tree *tree;
	struct irq_map *map;	/* those that lines may come to, each once */
	size_t n_maps;
	uint32_t room;		/* for rows */
};

static int add_row(struct building *b, uint64_t hash, uint32_t position)
{
	struct xlpt_tree *tree = b->tree;

	if (tree->n_irq_rows == b->room) {
		uint32_t room = b->room ? b->room * 2 : 64;
		struct irq_map_row *row = realloc(tree->irq_rows, room * sizeof(*row));

		if (!row)
			return -ENOMEM;
		tree->irq_rows = row;
		b->room = room;
	}
	tree->irq_rows[tree->n_irq_rows++] = (struct irq_map_row){ hash, position, LAST_UNKNOWN };
	return 0;
}

/* Index one map, up to where it is broken. */
static int build_map(struct building *b, struct irq_map *index)
{
	struct xlpt_tree *tree = b->tree;
	struct masked_map m;
	struct interrupt irq;
	unsigned n_address, i, start;
	uint64_t hash;

	index->first = tree->n_irq_rows;
	if (!irq_map_masked(tree, index->node, index->n_key, &m))
		return 0;
	while (has_entry(&m)) {
		start = m.map.position;
		m.map.position += index->n_key;
		if (!irq_map_read_parent(tree, &m.map, &irq, &n_address))
			break;
		if (!tree_enabled(tree, irq.controller))
			continue;
		for (hash = 0, i = 0; i < index->n_key; i++)
			hash = irq_map_hash_cell(hash, irq_map_entry_cell(&m, start, i));
		if (add_row(b, hash, start))
			return -ENOMEM;
	}
	index->n = order_rows(tree, &m, index->first);
	tree->n_irq_rows = index->first + index->n;
	return 0;
}

/* A node's lines come to a map with a key as long as the node counts it. */
static void want_map(struct building *b, uint32_t node, unsigned n_key)
{
	if (n_key <= INTERRUPT_MAX_CELLS)
		b->map[b->n_maps++] = (struct irq_map){ .node = node, .n_key = n_key };
}

static int want_maps(struct building *b)
{
	const struct xlpt_tree *tree = b->tree;
	uint32_t node, stop, n_irq, n = 0, i, left = 0;
	bool own;

	for (node = 0; node < tree->n_nodes; node++)
		n += tree_prop(tree, node, P_INTERRUPT_CELLS) != NULL;
	b->map = malloc((2 * (size_t)n + 1) * sizeof(*b->map));
	if (!b->map)
		return -ENOMEM;
	for (node = 0; node < tree->n_nodes; node++) {
		if (!tree_u32(tree, node, P_INTERRUPT_CELLS, &n_irq) || n_irq > INTERRUPT_MAX_CELLS)
			continue;
		stop = tree->irq_stop[node];
		if (stop == XLPT_NO_NODE || tree->node[stop].flags & TREE_TAKES_LINES)
			continue;
		/* A child finds the cells through the parents, a map above it does not. */
		own = tree->node[node].flags & TREE_OWN_ADDRESS_CELLS;
		want_map(b, stop, n_irq + irq_map_address_cells(tree, node));
		if (!own)
			want_map(b, stop, n_irq);
	}
	if (b->n_maps)
		qsort(b->map, b->n_maps, sizeof(*b->map), irq_map_compare);
	for (i = 0; i < b->n_maps; i++)
		if (!left || irq_map_compare(&b->map[left - 1], &b->map[i]))
			b->map[left++] = b->map[i];
	b->n_maps = left;
	return 0;
}

/* The row a line goes through after this one: the same if it ends there, NO_ROW if it is lost. */
static uint32_t next_row(const struct xlpt_tree *tree, uint32_t row)
{
	struct irq_map_key key;
	struct interrupt irq;
	uint32_t node = irq_map_read_row(tree, row, &irq, &key), stop;

	if (node == XLPT_NO_NODE)
		return NO_ROW;
	if (irq.controller == node)
		return row;
	stop = tree->irq_stop[irq.controller];
	if (stop == XLPT_NO_NODE)
		return NO_ROW;
	return tree->node[stop].flags & TREE_TAKES_LINES ? row : irq_map_find_row(tree, stop, &key);
}

/* Where a line through this row ends it ends through all rows on the way. */
static void follow(struct xlpt_tree *tree, uint32_t row, uint32_t *way)
{
	struct irq_map_row *rows = tree->irq_rows;
	uint32_t n = 0, last;

	for (; rows[row].last == LAST_UNKNOWN; row = last) {
		rows[row].last = LAST_OPEN;
		way[n++] = row;
		last = next_row(tree, row);
		if (last == row || last == NO_ROW)
			goto out;
	}
	last = rows[row].last == LAST_OPEN ? NO_ROW : rows[row].last;
out:
	while (n)
		rows[way[--n]].last = last;
}

int interrupt_build_maps(struct xlpt_tree *tree)
{
	struct building b = { .tree = tree };
	uint32_t *way, i;
	int rc;

	rc = want_maps(&b);
	for (i = 0; i < b.n_maps && !rc; i++)
		rc = build_map(&b, &b.map[i]);
	tree->irq_maps = b.map;
	tree->n_irq_maps = (uint32_t)b.n_maps;
	if (rc || !tree->n_irq_rows)
		return rc;
	way = malloc(tree->n_irq_rows * sizeof(*way));
	if (!way)
		return -ENOMEM;
	for (i = 0; i < tree->n_irq_rows; i++)
		follow(tree, i, way);
	free(way);
	tree->long_size += tree->n_irq_maps * sizeof(struct irq_map) +
			   tree->n_irq_rows * sizeof(struct irq_map_row);
	return 0;
}
