/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of nodes that Xen assigns, and the SMMUs that the boot script enables for it. */
#include "dma.h"
#include "text.h"
#include "u32-set.h"

/* How the streams of a listed carrier relate to another one's. */
struct overlap {
	struct xlpt_plan *plan;
	const uint32_t *listed;
	size_t n_listed;
	uint32_t carrier;	/* out: a listed node with a common StreamID */
};

static int overlaps_listed(void *opaque, const struct stream *other)
{
	struct overlap *o = opaque;

	/* Where too many had to be looked at, an error says so. */
	if (!plan_may_look(o->plan))
		return 1;
	if (!u32_set_has(o->listed, o->n_listed, other->node))
		return 0;
	o->carrier = other->node;
	return 1;
}

/* Is each stream of `node` one of `other`'s, to the bit? */
static bool same_streams(const struct xlpt_tree *tree, uint32_t node, uint32_t other)
{
	uint32_t n, m, i, k;
	const struct stream *a = dma_streams_of(tree, node, &n), *b = dma_streams_of(tree, other, &m);

	/* Xen takes no more, as an error says. */
	if (n > IOMMU_XEN_MAX_STREAMS || m > IOMMU_XEN_MAX_STREAMS)
		return false;
	for (i = 0; i < n; i++) {
		for (k = 0; k < m; k++)
			if (a[i].iommu == b[k].iommu && a[i].id == b[k].id && a[i].mask == b[k].mask)
				break;
		if (k == m)
			return false;
	}
	return true;
}

/*
 * The other masters behind an IOMMU: by their own streams, or PCI functions by an iommu-map. NULL
 * if memory ran out.
 */
static const uint32_t *other_masters(struct xlpt_plan *plan, uint32_t iommu, size_t *n_r)
{
	const struct resources *r = plan->tree->resources;
	uint32_t n_streams, n_maps, i;
	const uint32_t *stream = streams_of_iommu(plan->tree, iommu, &n_streams);
	const struct res_map *map = maps_of_iommu(plan->tree, iommu, &n_maps);
	uint32_t *node = arena_alloc(&plan->arena, (size_t)n_streams + n_maps, sizeof(*node));
	size_t n = 0;

	if (!node)
		return NULL;
	for (i = 0; i < n_streams; i++)
		if (!plan_item_of(plan, r->stream[stream[i]].node))
			node[n++] = r->stream[stream[i]].node;
	for (i = 0; i < n_maps; i++)
		if (!plan_item_of(plan, map[i].node))
			node[n++] = map[i].node;
	*n_r = u32_set_make(node, n);
	return node;
}

/* What else an SMMU that gets enabled will stop. */
static void report_enabled(struct xlpt_plan *plan, uint32_t iommu)
{
	size_t i, n = 0;
	const uint32_t *node = other_masters(plan, iommu, &n);
	struct text list;

	if (!n)
		return;
	text_init(&list);
	for (i = 0; i < n; i++)
		text_printf(&list, "%s%s", i ? ", " : "", plan_path(plan, node[i]));
	if (list.failed)
		plan->arena.failed = true;
	else
		diag_add(plan->diags, DIAG_IOMMU_ENABLED, 0, plan_path(plan, iommu), "status", NULL,
			 "with it enabled, the streams of %zu other masters are translated too and fault unless Xen assigns them to dom0: %s",
			 n, list.s);
	text_free(&list);
}

/*
 * Of several carriers with the same streams one is listed: assigning a shared
 * StreamID a second time crashes Xen 4.17 (smmu-v3.c:747). Carriers whose
 * streams overlap without being the same cannot be assigned at all.
 */
void rules_dma_finish(struct xlpt_plan *plan)
{
	const struct xlpt_tree *tree = plan->tree;
	size_t i, n_listed = 0;
	uint32_t n, k;

	if (plan->settings->dom0_view)
		diag_add(plan->diags, DIAG_HOST_TREE_MISSING, 0, NULL, NULL, NULL,
			 "dom0's own tree tells neither IOMMUs and StreamIDs nor what Xen keeps for itself; no device is assigned behind an IOMMU");
	plan->n_dtdev = u32_set_make(plan->dtdev_node, plan->n_dtdev);
	plan->n_enable = u32_set_make(plan->enable_node, plan->n_enable);
	for (i = 0; i < plan->n_enable; i++)
		report_enabled(plan, plan->enable_node[i]);
	for (i = 0; i < plan->n_dtdev; i++) {
		uint32_t node = plan->dtdev_node[i];
		const struct stream *stream = dma_streams_of(tree, node, &n);
		struct overlap o = { plan, plan->dtdev_node, n_listed, XLPT_NO_NODE };

		for (k = 0; n_listed && k < n && o.carrier == XLPT_NO_NODE; k++)
			if (!streams_too_many(tree, &stream[k]))
				streams_overlapping(tree, &stream[k], overlaps_listed, &o);
		if (o.carrier == XLPT_NO_NODE) {
			plan->dtdev_node[n_listed++] = node;
		} else if (same_streams(tree, node, o.carrier)) {
			diag_add(plan->diags, DIAG_STREAM_LISTED_ONCE, 0, plan_path(plan, node), "iommus",
				 NULL, "has the streams of %s, which is the one dtdev lists",
				 plan_path(plan, o.carrier));
		} else {
			diag_add(plan->diags, DIAG_STREAM_SHARED, DIAG_IMPOSSIBLE, plan_path(plan, node),
				 "iommus", NULL,
				 "has only some of its StreamIDs in common with %s: Xen can assign neither beside the other",
				 plan_path(plan, o.carrier));
		}
	}
	plan->n_dtdev = n_listed;
}
