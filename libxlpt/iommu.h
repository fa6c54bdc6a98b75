/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is behind which IOMMU with which StreamIDs: iommus (iommu/iommu.txt),
 * the legacy mmu-masters (iommu/arm,smmu.txt of old kernels), and iommu-map,
 * which speaks of PCI functions, never of tree devices.
 */
#ifndef XLPT_IOMMU_H
#define XLPT_IOMMU_H

#include "tree.h"

enum iommu_kind {
	IOMMU_OTHER,		/* no release of Xen drives it */
	IOMMU_SMMU,		/* SMMUv1, SMMUv2 */
	IOMMU_SMMU_V3,
	IOMMU_IPMMU,		/* Renesas */
};

enum iommu_kind iommu_kind(const struct xlpt_tree *tree, uint32_t iommu);

/*
 * Does the driver of Xen 4.minor take this IOMMU with streams given so?
 * SMMUv1/v2: 4.6, the generic binding since 4.16; SMMUv3: 4.15, not built by
 * default; IPMMU: 4.13 (xen/drivers/passthrough/arm).
 */
bool iommu_driven(enum iommu_kind kind, bool legacy_binding, unsigned minor);

/* Largest StreamID the IOMMU takes, by its architecture (SMMUv2: 15 bits, ...). */
uint32_t iommu_max_id(enum iommu_kind kind);

#define IOMMU_XEN_MAX_STREAMS 16	/* MAX_PHANDLE_ARGS of Xen's device tree code */

struct stream {
	uint32_t node;		/* that carries it */
	uint32_t iommu;
	uint32_t id, mask;
	uint32_t order;		/* among all streams, as the tree gives them */
	bool legacy;		/* from mmu-masters */
};

/* What else a walk over a node's streams met. */
struct stream_trouble {
	bool dangling;		/* an entry whose IOMMU is not there, or cut short */
};

typedef int (*stream_fn)(void *opaque, const struct stream *stream);

/* Streams of `iommus`, in order; stops at a non-zero return and returns it. */
int iommu_streams(const struct xlpt_tree *tree, uint32_t node, stream_fn fn, void *opaque,
		  struct stream_trouble *trouble_r);
/* Streams an SMMU gives to others by mmu-masters. */
int iommu_legacy_streams(const struct xlpt_tree *tree, uint32_t iommu, stream_fn fn, void *opaque,
			 struct stream_trouble *trouble_r);

#endif
