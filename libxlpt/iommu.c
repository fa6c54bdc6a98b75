/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "iommu.h"

static const char *const known[] = {
	/* xen/drivers/passthrough/arm/smmu.c */
	"arm,smmu-v1",
	"arm,smmu-v2",
	"arm,mmu-400",
	"arm,mmu-401",
	"arm,mmu-500",
	/* xen/drivers/passthrough/arm/smmu-v3.c */
	"arm,smmu-v3",
	/* xen/drivers/passthrough/arm/ipmmu-vmsa.c */
	"renesas,ipmmu-r8a7795",
	"renesas,ipmmu-r8a77965",
	"renesas,ipmmu-r8a7796",
	"renesas,ipmmu-r8a77961",
	"renesas,ipmmu-r8a779f0",
	"renesas,ipmmu-r8a779g0",
};

/* The last of each kind in the list above. */
#define LAST_SMMU 4
#define LAST_SMMU_V3 5

enum iommu_kind iommu_kind(const struct xlpt_tree *tree, uint32_t iommu)
{
	const size_t n = sizeof(known) / sizeof(*known);
	size_t i = tree_compatible_among(tree, iommu, known, n);

	if (i == n)
		return IOMMU_OTHER;
	return i <= LAST_SMMU ? IOMMU_SMMU : i <= LAST_SMMU_V3 ? IOMMU_SMMU_V3 : IOMMU_IPMMU;
}

bool iommu_driven(enum iommu_kind kind, bool legacy_binding, unsigned minor)
{
	switch (kind) {
	case IOMMU_SMMU:
		return legacy_binding || minor >= 16;
	case IOMMU_SMMU_V3:
		return minor >= 15;
	case IOMMU_IPMMU:
		return minor >= 13;
	case IOMMU_OTHER:
		break;
	}
	return false;
}

uint32_t iommu_max_id(enum iommu_kind kind)
{
	switch (kind) {
	case IOMMU_SMMU:
		return 0x7fff;		/* SMMU_SMRn.ID has 15 bits: ARM IHI 0062, 9.6 */
	case IOMMU_IPMMU:
		return 47;		/* micro-TLBs, IPMMU_UTLB_MAX 48 */
	case IOMMU_SMMU_V3:
		/*
		 * What Xen's two-level stream table can hold (smmu-v3.c). The
		 * hardware may take less, which no tree tells (IDR1.SIDSIZE).
		 */
		return 0x1ffffff;
	case IOMMU_OTHER:
		break;
	}
	return UINT32_MAX;
}

int iommu_streams(const struct xlpt_tree *tree, uint32_t node, stream_fn fn, void *opaque,
		  struct stream_trouble *trouble_r)
{
	const struct tree_prop *prop = tree_prop(tree, node, P_IOMMUS);
	uint32_t position = 0, n, n_args;
	const uint8_t *cells;
	int rc;

	if (!prop)
		return 0;
	cells = prop_value(tree, prop);
	n = prop->len / 4;
	while (position < n) {
		uint32_t phandle = be32_at(cells + position++ * 4);
		struct stream stream = { .node = node, .iommu = tree_by_phandle(tree, phandle) };

		if (!phandle)
			continue;
		if (stream.iommu == XLPT_NO_NODE ||
		    !tree_u32(tree, stream.iommu, P_IOMMU_CELLS, &n_args) || n_args > n - position) {
			trouble_r->dangling = true;
			return 0;
		}
		if (n_args)
			stream.id = be32_at(cells + position * 4);
		/* arm,smmu binding: the second cell is a mask; without it, the SMMU's own. */
		if (n_args == 2)
			stream.mask = be32_at(cells + (position + 1) * 4);
		else if (n_args == 1 && iommu_kind(tree, stream.iommu) == IOMMU_SMMU)
			tree_u32(tree, stream.iommu, P_STREAM_MATCH_MASK, &stream.mask);
		position += n_args;
		rc = fn(opaque, &stream);
		if (rc)
			return rc;
	}
	return 0;
}

int iommu_legacy_streams(const struct xlpt_tree *tree, uint32_t iommu, stream_fn fn, void *opaque,
			 struct stream_trouble *trouble_r)
{
	const struct tree_prop *prop = tree_prop(tree, iommu, P_MMU_MASTERS);
	uint32_t position = 0, n, n_ids, i;
	const uint8_t *cells;
	int rc;

	if (!prop)
		return 0;
	cells = prop_value(tree, prop);
	n = prop->len / 4;
	while (position < n) {
		struct stream stream = { .iommu = iommu, .legacy = true };

		stream.node = tree_by_phandle(tree, be32_at(cells + position++ * 4));
		if (stream.node == XLPT_NO_NODE ||
		    !tree_u32(tree, stream.node, P_STREAM_ID_CELLS, &n_ids) || n_ids > n - position) {
			trouble_r->dangling = true;
			return 0;
		}
		for (i = 0; i < n_ids; i++) {
			stream.id = be32_at(cells + position++ * 4);
			rc = fn(opaque, &stream);
			if (rc)
				return rc;
		}
	}
	return 0;
}
