/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who else? Look-ups over what resources.c gathered and ordered. */
#include "resources.h"

static int overlap_walk(const struct resources *r, uint32_t low, uint32_t high, uint64_t first,
			uint64_t last, reg_fn fn, void *opaque)
{
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct res_reg *reg = &r->reg[r->reg_by_base[middle]];
		int rc;

		if (r->reg_max_end[middle] < first)
			return 0;
		rc = overlap_walk(r, low, middle, first, last, fn, opaque);
		if (rc)
			return rc;
		if (reg->base > last)
			return 0;
		if (reg->size && last_byte(reg->base, reg->size) >= first) {
			rc = fn(opaque, reg);
			if (rc)
				return rc;
		}
		low = middle + 1;
		/* The right half's own greatest end is looked at in the next turn. */
	}
	return 0;
}

int regs_overlapping(const struct xlpt_tree *tree, uint64_t first, uint64_t last, reg_fn fn,
		     void *opaque)
{
	return overlap_walk(tree->resources, 0, tree->resources->n_reg, first, last, fn, opaque);
}

const uint32_t *spis_with(const struct xlpt_tree *tree, uint32_t intid, uint32_t *n_r)
{
	const struct resources *r = tree->resources;

	*n_r = 0;
	if (intid < RES_FIRST_SPI || intid - RES_FIRST_SPI >= RES_SPIS)
		return r->spi_by_intid;
	intid -= RES_FIRST_SPI;
	*n_r = r->first_spi[intid + 1] - r->first_spi[intid];
	return r->spi_by_intid + r->first_spi[intid];
}

uint32_t spis_other_trigger(const struct xlpt_tree *tree, const struct res_irq *irq)
{
	const struct resources *r = tree->resources;
	uint32_t n;
	const uint32_t *spi = spis_with(tree, irq->intid, &n);

	/* Either the first one differs, or what differs from the first one does. */
	return n && r->irq[spi[0]].flags != irq->flags ? 0 : r->other_trigger[irq->intid - RES_FIRST_SPI];
}

uint32_t spis_from(const struct xlpt_tree *tree, const uint32_t *spi, uint32_t n, uint32_t i,
		   uint32_t node)
{
	const struct resources *r = tree->resources;
	uint32_t step = 1, low = i, high, middle;

	/* Mostly it is the next one. */
	while (low + step < n && r->irq[spi[low + step]].node < node) {
		low += step;
		step *= 2;
	}
	high = low + step < n ? low + step : n;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (r->irq[spi[middle]].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is a stream before (iommu, unmasked, id)? Those with a mask come first: see by_stream(). */
static bool stream_before(const struct stream *stream, uint32_t iommu, bool unmasked, uint32_t id)
{
	if (stream->iommu != iommu)
		return stream->iommu < iommu;
	if (!stream->mask != unmasked)
		return stream->mask != 0;
	return unmasked && stream->id < id;
}

static uint32_t stream_bound(const struct resources *r, uint32_t iommu, bool unmasked, uint32_t id)
{
	uint32_t low = 0, high = r->n_stream, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (stream_before(&r->stream[r->stream_by_id[middle]], iommu, unmasked, id))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const uint32_t *streams_of_iommu(const struct xlpt_tree *tree, uint32_t iommu, uint32_t *n_r)
{
	const struct resources *r = tree->resources;
	uint32_t first = stream_bound(r, iommu, false, 0);

	*n_r = stream_bound(r, iommu + 1, false, 0) - first;
	return r->stream_by_id + first;
}

static uint32_t map_bound(const struct resources *r, uint32_t iommu)
{
	uint32_t low = 0, high = r->n_map, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (r->map[middle].iommu < iommu)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct res_map *maps_of_iommu(const struct xlpt_tree *tree, uint32_t iommu, uint32_t *n_r)
{
	const struct resources *r = tree->resources;
	uint32_t first = map_bound(r, iommu);

	*n_r = map_bound(r, iommu + 1) - first;
	/* NULL where no tree has a map, and not to be added to */
	return *n_r ? r->map + first : NULL;
}

bool streams_too_many(const struct xlpt_tree *tree, const struct stream *stream)
{
	const struct resources *r = tree->resources;

	return stream_bound(r, stream->iommu, true, 0) - stream_bound(r, stream->iommu, false, 0) >
	       STREAMS_MANY_MASKED;
}

int streams_overlapping(const struct xlpt_tree *tree, const struct stream *stream,
			other_stream_fn fn, void *opaque)
{
	const struct resources *r = tree->resources;
	uint32_t i = stream_bound(r, stream->iommu, false, 0);
	int rc;

	for (; i < r->n_stream; i++) {
		const struct stream *other = &r->stream[r->stream_by_id[i]];

		/* A single identity is looked up among those without a mask. */
		if (!stream->mask && !other->mask && other->iommu == stream->iommu &&
		    other->id < stream->id) {
			i = stream_bound(r, stream->iommu, true, stream->id);
			if (i == r->n_stream)
				break;
			other = &r->stream[r->stream_by_id[i]];
		}
		if (other->iommu != stream->iommu ||
		    (!stream->mask && !other->mask && other->id != stream->id))
			break;
		if ((other->id ^ stream->id) & ~(other->mask | stream->mask))
			continue;
		rc = fn(opaque, other);
		if (rc)
			return rc;
	}
	return 0;
}

/* Maps of an IOMMU that a masked stream is held against one by one. */
#define MAPS_MANY 256

/* The lowest StreamID from `first` on that the stream matches; above UINT32_MAX if there is none. */
static uint64_t first_match(const struct stream *stream, uint32_t first)
{
	uint32_t fixed = ~stream->mask, base = stream->id & fixed, differs = (first ^ base) & fixed;
	uint64_t from = first, bit;

	if (!differs)
		return first;
	/* The highest fixed bit that differs: 1 in the stream's makes all below it free to be lowest. */
	bit = (uint64_t)1 << (31 - __builtin_clz(differs));
	if (base & bit)
		return (from & ~(2 * bit - 1)) | (base & (2 * bit - 1));
	/* 0: a bit above must carry it, the lowest one that the mask leaves open. */
	for (bit *= 2; bit <= UINT32_MAX && (!(stream->mask & bit) || from & bit); bit *= 2)
		;
	return bit > UINT32_MAX ? bit : (from & ~(2 * bit - 1)) | bit | (base & (bit - 1));
}

static uint32_t masked_in_map(const struct xlpt_tree *tree, const struct stream *stream)
{
	uint32_t n, i;
	const struct res_map *map = maps_of_iommu(tree, stream->iommu, &n);

	/* With very many the safe answer is that one of them matches. */
	if (n > MAPS_MANY)
		return map[n - 1].lowest;
	for (i = 0; i < n; i++)
		if (first_match(stream, map[i].first) <= map[i].last)
			return map[i].node;
	return XLPT_NO_NODE;
}

uint32_t stream_in_map(const struct xlpt_tree *tree, const struct stream *stream)
{
	const struct resources *r = tree->resources;
	uint32_t low = 0, high = r->n_map, middle, id = stream->id;
	const struct res_map *map;

	if (stream->mask)
		return masked_in_map(tree, stream);
	/* The last map of the IOMMU that begins at or before the identity. */
	while (low < high) {
		middle = low + (high - low) / 2;
		map = &r->map[middle];
		if (map->iommu < stream->iommu || (map->iommu == stream->iommu && map->first <= id))
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || r->map[low - 1].iommu != stream->iommu)
		return XLPT_NO_NODE;
	map = &r->map[r->map[low - 1].widest];
	return map->last >= id ? map->node : XLPT_NO_NODE;
}

const uint32_t *links_to(const struct xlpt_tree *tree, uint32_t node, uint32_t *n_r)
{
	const struct resources *r = tree->resources;
	uint32_t low = 0, high = r->n_link, middle, end;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (r->link[r->link_by_target[middle]].to < node)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < r->n_link && r->link[r->link_by_target[end]].to == node; end++)
		;
	*n_r = end - low;
	return r->link_by_target + low;
}
