/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the nodes of a tree occupy and refer to, gathered once: registers,
 * interrupts, streams and phandle references, each as a slice per node and
 * ordered the other way round, so that "who else?" is a slice as well.
 */
#ifndef XLPT_RESOURCES_H
#define XLPT_RESOURCES_H

#include "interrupt.h"
#include "iommu.h"
#include "tree.h"

struct res_reg {
	uint64_t base, size;	/* CPU address; only entries that translate are here */
	uint32_t node;
	uint32_t entry : 30;	/* index in the property */
	bool past_window : 1;
	bool spans_below : 1;	/* of a bus: holds every register range below the node */
};

struct res_irq {
	uint32_t node;
	uint32_t controller;	/* XLPT_NO_NODE if unresolved */
	uint32_t intid;		/* IRQ_SPI, IRQ_PRIVATE */
	uint32_t flags;
	uint32_t entry : 28;	/* index among the node's interrupts */
	uint32_t kind : 3;	/* enum irq_kind */
	bool from_map : 1;	/* an SPI of a PCI host bridge's interrupt-map, behind its own ones */
};

/* StreamIDs that an iommu-map gives to the PCI functions behind a bridge. */
struct res_map {
	uint32_t node, iommu;
	uint32_t first, count;
	uint32_t last;		/* first + count - 1 */
	uint32_t lowest;	/* of this IOMMU's maps up to this one, the first node */
	uint32_t widest;	/* of this IOMMU's maps up to this one, that with the greatest last */
};

/* A phandle in a property whose binding we know. */
struct res_link {
	uint32_t from;		/* node */
	uint32_t prop;		/* index in tree->prop */
	uint32_t cell;		/* of the phandle in the property */
	uint32_t to;		/* XLPT_NO_NODE: dangling */
};

/* INTIDs of SPIs: 32 to 1019. */
#define RES_FIRST_SPI 32u
#define RES_SPIS 988u

struct resources {
	/* slices by node: first_x[node] .. first_x[node + 1] */
	uint32_t *first_reg, *first_irq, *first_stream, *first_link;
	struct res_reg *reg;
	struct res_irq *irq;
	struct stream *stream;
	struct res_link *link;
	struct res_map *map;		/* by (iommu, first) */
	uint32_t n_reg, n_irq, n_stream, n_link, n_map;

	/* registers by base, as an implicit interval tree: see regs_overlapping() */
	uint32_t *reg_by_base;
	uint64_t *reg_max_end;

	uint32_t *spi_by_intid;		/* irqs of kind IRQ_SPI, by (intid, node) */
	uint32_t *first_spi;		/* slices of it by INTID - RES_FIRST_SPI */
	uint32_t *other_trigger;	/* the first in each slice with other flags than its first one */
	uint32_t n_spi;
	uint32_t *stream_by_id;		/* by (iommu, id, node) */
	uint32_t *link_by_target;	/* by (to, from) */
};

int resources_build(struct xlpt_tree *tree);
/* reg_max_end for reg_by_base. */
void resources_fill_ends(struct resources *resources);
void resources_free(struct resources *resources);
size_t resources_size(const struct resources *resources);

/* The arrays that answer "who else?", once all slices are there. -ENOMEM. */
int resources_order(struct resources *resources, uint32_t n_nodes);

/* Called for each register range that touches [first, last] (bytes); non-zero stops and is returned. */
typedef int (*reg_fn)(void *opaque, const struct res_reg *reg);
int regs_overlapping(const struct xlpt_tree *tree, uint64_t first, uint64_t last, reg_fn fn,
		     void *opaque);

/* The slice of spi_by_intid with this INTID. */
const uint32_t *spis_with(const struct xlpt_tree *tree, uint32_t intid, uint32_t *n_r);

/* In such a slice: the first whose trigger flags are others than those of `irq`; n if none. */
uint32_t spis_other_trigger(const struct xlpt_tree *tree, const struct res_irq *irq);
/* In such a slice: the first from i on that belongs to `node` or one behind it. */
uint32_t spis_from(const struct xlpt_tree *tree, const uint32_t *spi, uint32_t n, uint32_t i,
		   uint32_t node);

/* More masked StreamIDs than a lookup goes through; an SMMU matches at most 128 of them. */
#define STREAMS_MANY_MASKED 4096
/* Has its IOMMU so many that streams_overlapping() must not be asked? */
bool streams_too_many(const struct xlpt_tree *tree, const struct stream *stream);

/* Streams of the same IOMMU that match a common StreamID. */
typedef int (*other_stream_fn)(void *opaque, const struct stream *stream);
int streams_overlapping(const struct xlpt_tree *tree, const struct stream *stream,
			other_stream_fn fn, void *opaque);

/* The slice of stream_by_id, and that of map, of one IOMMU. */
const uint32_t *streams_of_iommu(const struct xlpt_tree *tree, uint32_t iommu, uint32_t *n_r);
const struct res_map *maps_of_iommu(const struct xlpt_tree *tree, uint32_t iommu, uint32_t *n_r);

/* A node whose iommu-map covers an identity of this stream, or XLPT_NO_NODE. */
uint32_t stream_in_map(const struct xlpt_tree *tree, const struct stream *stream);

/* The slice of link_by_target that refers to this node. */
const uint32_t *links_to(const struct xlpt_tree *tree, uint32_t node, uint32_t *n_r);

/* The frames of a byte range: pfn(last byte) - pfn(first byte) + 1, none for size 0. */
static inline uint64_t frames_of(uint64_t base, uint64_t size)
{
	uint64_t last;

	if (!size)
		return 0;
	last = size - 1 > UINT64_MAX - base ? UINT64_MAX : base + size - 1;
	return (last >> XLPT_FRAME_SHIFT) - (base >> XLPT_FRAME_SHIFT) + 1;
}

static inline uint64_t last_byte(uint64_t base, uint64_t size)
{
	return size - 1 > UINT64_MAX - base ? UINT64_MAX : base + size - 1;
}

/* Ranges of one node that are each looked at, whatever they are. */
#define REGS_MANY 64

/* Is the i-th range in the one frame of that before it, of a node that has very many? */
static inline bool regs_repeat(const struct resources *r, uint32_t i)
{
	const struct res_reg *reg = &r->reg[i];

	return i - r->first_reg[reg->node] >= REGS_MANY &&
	       reg[-1].base >> XLPT_FRAME_SHIFT == reg->base >> XLPT_FRAME_SHIFT &&
	       frames_of(reg->base, reg->size) <= 1 && frames_of(reg[-1].base, reg[-1].size) == 1;
}

#endif
