/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* DMA of single nodes: can it write memory by itself, and which IOMMU holds it back? */
#ifndef XLPT_DMA_H
#define XLPT_DMA_H

#include "plan.h"

/* Why an IOMMU does not protect with these settings. */
enum dma_protection {
	PROTECTS,
	IS_DISABLED,
	IS_UNDRIVEN,
};
enum dma_protection dma_protection(const struct xlpt_plan *plan, const struct stream *stream);

/* The streams of one node. */
const struct stream *dma_streams_of(const struct xlpt_tree *tree, uint32_t node, uint32_t *n_r);

/* Every stream of the node ends at an IOMMU that protects, and there is one. */
bool dma_protected(const struct xlpt_plan *plan, uint32_t node);

/* Can this very node master the bus? *why_r: the sign of it. */
enum mastery {
	MASTER_NO,
	MASTER_MAY,
	MASTER_YES,
};
enum mastery dma_can_master(const struct xlpt_tree *tree, uint32_t node, const char **why_r);

/* The nearest ancestor that carries streams, and with them the node's DMA; or XLPT_NO_NODE. */
uint32_t dma_carrier_above(const struct xlpt_tree *tree, uint32_t node);

/* rules-stream.c: a node whose streams go to the guest: its IOMMUs, who else has its StreamIDs, dtdev. */
void dma_add_carrier(struct xlpt_plan *plan, uint32_t carrier);
/* rules-stream.c: what stays with dom0 and has its DMA by the stream of a carrier above the plan's `rider`. */
void dma_check_siblings(struct xlpt_plan *plan, uint32_t rider, uint32_t carrier);

#endif
