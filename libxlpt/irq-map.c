/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "irq-map-rows.h"

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

uint64_t irq_map_hash_cell(uint64_t hash, uint32_t cell)
{
	hash ^= cell;
	hash *= 0x9e3779b97f4a7c15ull;
	return hash ^ hash >> 29;
}

bool irq_map_masked(const struct xlpt_tree *tree, uint32_t node, unsigned n_key,
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

uint32_t irq_map_mask_cell(const struct masked_map *m, unsigned i)
{
	return m->mask ? be32_at(m->mask + i * 4) : UINT32_MAX;
}

/* The i-th cell of an entry as the mask leaves it. */
uint32_t irq_map_entry_cell(const struct masked_map *m, unsigned position, unsigned i)
{
	return be32_at(m->map.cells + (position + i) * 4) & irq_map_mask_cell(m, i);
}

int irq_map_compare(const void *a_, const void *b_)
{
	const struct irq_map *a = a_, *b = b_;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return a->n_key < b->n_key ? -1 : a->n_key > b->n_key;
}

/* The row of a map that matches first, or NO_ROW. */
uint32_t irq_map_find_row(const struct xlpt_tree *tree, uint32_t node, const struct irq_map_key *key)
{
	const struct irq_map wanted = { .node = node, .n_key = key->n_address + key->n_irq };
	const struct irq_map *index = tree->irq_maps ?
				      bsearch(&wanted, tree->irq_maps, tree->n_irq_maps,
					      sizeof(wanted), irq_map_compare) : NULL;
	const struct irq_map_row *row;
	uint32_t low, high, middle, cell;
	struct masked_map m;
	uint64_t hash = 0;
	int order;
	unsigned i;

	if (!index || !irq_map_masked(tree, node, index->n_key, &m))
		return NO_ROW;
	for (i = 0; i < m.n_key; i++)
		hash = irq_map_hash_cell(hash, key->cell[i] & irq_map_mask_cell(&m, i));
	low = index->first;
	high = low + index->n;
	while (low < high) {
		middle = low + (high - low) / 2;
		row = &tree->irq_rows[middle];
		order = row->hash < hash ? -1 : row->hash > hash;
		for (i = 0; i < m.n_key && !order; i++) {
			cell = irq_map_entry_cell(&m, row->position, i);
			order = cell < (key->cell[i] & irq_map_mask_cell(&m, i)) ? -1 :
				cell > (key->cell[i] & irq_map_mask_cell(&m, i));
		}
		if (!order)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NO_ROW;
}

/* What a row makes of a line, and the node it is of. */
uint32_t irq_map_read_row(const struct xlpt_tree *tree, uint32_t row, struct interrupt *irq,
			 struct irq_map_key *key)
{
	uint32_t low = 0, high = tree->n_irq_maps, middle;
	const struct irq_map *index;
	struct masked_map m;
	unsigned n_address, i;

	/* The last map that begins at or before it; one without rows has the next one's beginning. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (tree->irq_maps[middle].first <= row)
			low = middle + 1;
		else
			high = middle;
	}
	index = &tree->irq_maps[low - 1];
	if (!irq_map_masked(tree, index->node, index->n_key, &m))
		return XLPT_NO_NODE;
	m.map.position = tree->irq_rows[row].position + m.n_key;
	if (!irq_map_read_parent(tree, &m.map, irq, &n_address))
		return XLPT_NO_NODE;
	key->n_address = n_address;
	key->n_irq = irq->n_cells;
	for (i = 0; i < n_address + irq->n_cells; i++)
		key->cell[i] = be32_at(m.map.cells + (m.map.position - n_address - irq->n_cells + i) * 4);
	return index->node;
}

void interrupt_free_maps(struct xlpt_tree *tree)
{
	free(tree->irq_maps);
	free(tree->irq_rows);
}

bool irq_map_lookup(const struct xlpt_tree *tree, uint32_t node, const struct irq_map_key *key,
		    struct interrupt *irq)
{
	uint32_t row = irq_map_find_row(tree, node, key);
	struct irq_map_key last;

	if (row == NO_ROW || tree->irq_rows[row].last == NO_ROW)
		return false;
	return irq_map_read_row(tree, tree->irq_rows[row].last, irq, &last) != XLPT_NO_NODE;
}
