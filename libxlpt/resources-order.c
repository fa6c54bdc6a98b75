/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What resources.c gathered by node, ordered by address, INTID, StreamID and target. */
#include <errno.h>
#include <stdlib.h>

#include "resources.h"

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* qsort has no closure; the arrays being ordered are set around each call. */
static __thread const struct resources *sorting;

static int by_base(const void *a_, const void *b_)
{
	uint32_t a = *(const uint32_t *)a_, b = *(const uint32_t *)b_;
	int rc = compare_u64(sorting->reg[a].base, sorting->reg[b].base);

	return rc ? rc : compare_u64(a, b);
}

static int by_stream(const void *a_, const void *b_)
{
	uint32_t a = *(const uint32_t *)a_, b = *(const uint32_t *)b_;
	const struct stream *x = &sorting->stream[a], *y = &sorting->stream[b];
	int rc = compare_u64(x->iommu, y->iommu);

	/* Masked ones first: each may match any identity of its IOMMU. */
	if (!rc)
		rc = (y->mask != 0) - (x->mask != 0);
	if (!rc)
		rc = compare_u64(x->id, y->id);
	return rc ? rc : compare_u64(a, b);
}

static int by_map(const void *a_, const void *b_)
{
	const struct res_map *a = a_, *b = b_;
	int rc = compare_u64(a->iommu, b->iommu);

	if (!rc)
		rc = compare_u64(a->first, b->first);
	return rc ? rc : compare_u64(a->node, b->node);
}

static uint32_t *order(uint32_t n, int (*compare)(const void *, const void *),
		       const struct resources *r)
{
	uint32_t *array = malloc((n ? n : 1) * sizeof(*array)), i;
	bool sorted = true;

	if (!array)
		return NULL;
	sorting = r;
	for (i = 0; i < n; i++) {
		array[i] = i;
		sorted = sorted && (!i || compare(&array[i - 1], &array[i]) < 0);
	}
	/* As most trees are written. */
	if (!sorted)
		qsort(array, n, sizeof(*array), compare);
	return array;
}

/*
 * The greatest end below each position of a tree that is implicit in the
 * sorted array: the node of a slice is its middle, its children are the middles
 * of the halves.
 */
static uint64_t fill_max_end(struct resources *r, uint32_t low, uint32_t high)
{
	uint32_t middle = low + (high - low) / 2;
	const struct res_reg *reg;
	uint64_t end, below;

	if (low >= high)
		return 0;
	reg = &r->reg[r->reg_by_base[middle]];
	end = reg->size ? last_byte(reg->base, reg->size) : 0;
	below = fill_max_end(r, low, middle);
	if (below > end)
		end = below;
	below = fill_max_end(r, middle + 1, high);
	if (below > end)
		end = below;
	r->reg_max_end[middle] = end;
	return end;
}

void resources_fill_ends(struct resources *r)
{
	fill_max_end(r, 0, r->n_reg);
}

/* By INTID, within one in node order; there are few numbers, so they are counted. */
static int order_spis(struct resources *r)
{
	uint32_t i, intid, total = 0;

	for (i = 0; i < r->n_irq; i++)
		if (r->irq[i].kind == IRQ_SPI)
			r->n_spi++;
	r->spi_by_intid = malloc((r->n_spi ? r->n_spi : 1) * sizeof(*r->spi_by_intid));
	r->first_spi = calloc(RES_SPIS + 1, sizeof(*r->first_spi));
	r->other_trigger = calloc(RES_SPIS, sizeof(*r->other_trigger));
	if (!r->spi_by_intid || !r->first_spi || !r->other_trigger)
		return -ENOMEM;
	for (i = 0; i < r->n_irq; i++)
		if (r->irq[i].kind == IRQ_SPI)
			r->first_spi[r->irq[i].intid - RES_FIRST_SPI]++;
	for (intid = 0; intid <= RES_SPIS; intid++) {
		uint32_t n = r->first_spi[intid];

		r->first_spi[intid] = total;
		total += n;
	}
	/* Filling moves each beginning to the next one's; it is moved back behind that. */
	for (i = 0; i < r->n_irq; i++)
		if (r->irq[i].kind == IRQ_SPI)
			r->spi_by_intid[r->first_spi[r->irq[i].intid - RES_FIRST_SPI]++] = i;
	for (intid = RES_SPIS; intid; intid--)
		r->first_spi[intid] = r->first_spi[intid - 1];
	r->first_spi[0] = 0;
	for (intid = 0; intid < RES_SPIS; intid++) {
		uint32_t first = r->first_spi[intid], end = r->first_spi[intid + 1];

		for (i = first; i < end; i++)
			if (r->irq[r->spi_by_intid[i]].flags != r->irq[r->spi_by_intid[first]].flags)
				break;
		r->other_trigger[intid] = i - first;
	}
	return 0;
}

/* References by the node they lead to, within one in the order of those that refer. */
static int order_links(struct resources *r, uint32_t n_nodes)
{
	uint32_t *first = calloc((size_t)n_nodes + 2, sizeof(*first)), i;

	r->link_by_target = malloc((r->n_link ? r->n_link : 1) * sizeof(*r->link_by_target));
	if (!first || !r->link_by_target) {
		free(first);
		return -ENOMEM;
	}
	/* Dangling ones are XLPT_NO_NODE, the greatest number: they come last. */
	for (i = 0; i < r->n_link; i++)
		first[(r->link[i].to < n_nodes ? r->link[i].to : n_nodes) + 1]++;
	for (i = 1; i <= n_nodes; i++)
		first[i] += first[i - 1];
	for (i = 0; i < r->n_link; i++)
		r->link_by_target[first[r->link[i].to < n_nodes ? r->link[i].to : n_nodes]++] = i;
	free(first);
	return 0;
}

/* Maps by IOMMU and identity; what stands for those up to each of them is kept beside it. */
static void order_maps(struct resources *r)
{
	uint32_t i;

	if (r->n_map)
		qsort(r->map, r->n_map, sizeof(*r->map), by_map);
	for (i = 0; i < r->n_map; i++) {
		struct res_map *map = &r->map[i];
		bool more = i && map[-1].iommu == map->iommu;

		map->last = map->count - 1 > UINT32_MAX - map->first ? UINT32_MAX :
			    map->first + map->count - 1;
		map->lowest = more && map[-1].lowest < map->node ? map[-1].lowest : map->node;
		map->widest = more && r->map[map[-1].widest].last >= map->last ? map[-1].widest : i;
	}
}

int resources_order(struct resources *r, uint32_t n_nodes)
{
	int rc;

	r->reg_by_base = order(r->n_reg, by_base, r);
	r->reg_max_end = malloc((r->n_reg ? r->n_reg : 1) * sizeof(*r->reg_max_end));
	r->stream_by_id = order(r->n_stream, by_stream, r);
	if (!r->reg_by_base || !r->reg_max_end || !r->stream_by_id)
		return -ENOMEM;
	resources_fill_ends(r);
	order_maps(r);
	rc = order_spis(r);
	return rc ? rc : order_links(r, n_nodes);
}
