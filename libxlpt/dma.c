/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which nodes can write memory by themselves, and what holds them back. */
#include "dma.h"
#include "slaves.h"

enum dma_protection dma_protection(const struct xlpt_plan *plan, const struct stream *stream)
{
	enum iommu_kind kind = iommu_kind(plan->tree, stream->iommu);
	unsigned minor;

	/* All releases the plan must hold for; drivers come, they do not go. */
	for (minor = plan->settings->xen_first; minor <= plan->settings->xen_last; minor++)
		if (!iommu_driven(kind, stream->legacy, minor))
			return IS_UNDRIVEN;
	if (!tree_enabled(plan->tree, stream->iommu) && !plan->settings->enable_iommu)
		return IS_DISABLED;
	return PROTECTS;
}

const struct stream *dma_streams_of(const struct xlpt_tree *tree, uint32_t node, uint32_t *n_r)
{
	const struct resources *r = tree->resources;

	*n_r = r->first_stream[node + 1] - r->first_stream[node];
	return r->stream + r->first_stream[node];
}

bool dma_protected(const struct xlpt_plan *plan, uint32_t node)
{
	uint32_t n, i;
	const struct stream *stream = dma_streams_of(plan->tree, node, &n);

	/*
	 * Xen strips iommus and SMMUs from dom0's tree. What is left of them
	 * there does not prove that no other node has the stream, and a second
	 * assignment of it brings the whole machine down: nothing is assigned.
	 */
	if (plan->settings->dom0_view)
		return false;
	for (i = 0; i < n; i++)
		if (dma_protection(plan, &stream[i]) != PROTECTS)
			return false;
	return n > 0;
}

/* The order is the one the manual gives. */
enum mastery dma_can_master(const struct xlpt_tree *tree, uint32_t node, const char **why_r)
{
	static const struct {
		enum prop_name prop;
		const char *why;
	} signs[] = {
		{ P_IOMMUS, "it has iommus" },
		{ P_IOMMU_MAP, "it has an iommu-map" },
		{ P_DMA_RANGES, "it has dma-ranges" },
		{ P_DMA_COHERENT, "it has dma-coherent" },
	};
	const struct tree_prop *compatible = tree_prop(tree, node, P_COMPATIBLE);
	const struct resources *r = tree->resources;
	const char *type = tree_string(tree, node, P_DEVICE_TYPE), *s, *end, *nul;
	size_t i;

	for (i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (tree_prop(tree, node, signs[i].prop)) {
			*why_r = signs[i].why;
			return MASTER_YES;
		}
	if (r->first_stream[node + 1] > r->first_stream[node]) {
		*why_r = "an SMMU names it as a master";
		return MASTER_YES;
	}
	if (type && !strcmp(type, "pci")) {
		*why_r = "it is a PCI host bridge";
		return MASTER_YES;
	}
	s = compatible ? (const char *)prop_value(tree, compatible) : NULL;
	end = compatible ? s + compatible->len : NULL;
	for (; s < end && (nul = memchr(s, '\0', (size_t)(end - s))); s = nul + 1)
		if (slave_known(s))
			return MASTER_NO;
	*why_r = "nothing shows that it cannot";
	return MASTER_MAY;
}

uint32_t dma_carrier_above(const struct xlpt_tree *tree, uint32_t top)
{
	const struct resources *r = tree->resources;
	uint32_t node;

	for (node = tree->node[top].parent; node != XLPT_NO_NODE && node; node = tree->node[node].parent)
		if (r->first_stream[node + 1] > r->first_stream[node])
			return node;
	return XLPT_NO_NODE;
}
