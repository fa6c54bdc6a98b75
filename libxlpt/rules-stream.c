/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams that go to the guest: what their IOMMUs are like, and who else has the StreamIDs. */
#include "dma.h"

#define FEW 8

struct shared_stream {
	struct xlpt_plan *plan;
	bool assigned;		/* the stream will be assigned, not only described */
	const struct stream *stream;
	uint32_t last;
	unsigned n;
	bool cut;		/* not all were looked at */
};

static int other_user(void *opaque, const struct stream *other)
{
	struct shared_stream *s = opaque;
	struct xlpt_plan *plan = s->plan;
	const struct xlpt_tree *tree = plan->tree;

	if (!plan_may_look(plan)) {
		s->cut = true;
		return 1;
	}
	if (other->node == s->stream->node || other->node == s->last ||
	    plan_item_of(plan, other->node))
		return 0;
	s->last = other->node;
	if (!tree_enabled(tree, other->node)) {
		plan_mark(plan, other->node);
		diag_add(plan->diags, DIAG_SHARER_DISABLED, 0, plan_path(plan, other->node), "iommus", NULL,
			 "disabled, but has StreamID 0x%x of %s too; Xen would assign it to dom0, so it is marked too",
			 s->stream->id, plan_path(plan, s->stream->iommu));
	} else if (s->assigned) {
		diag_add(plan->diags, DIAG_STREAM_SHARED, 0, plan_path(plan, s->stream->node), "iommus",
			 NULL, "StreamID 0x%x of %s is also that of %s", s->stream->id,
			 plan_path(plan, s->stream->iommu), plan_path(plan, other->node));
	}
	return plan->limited && ++s->n >= FEW;
}

/*
 * Behind an IOMMU that protects nothing no stream is assigned, and only marking is left to do.
 * False: there is more to look at than is looked at.
 */
static bool check_stream(struct xlpt_plan *plan, const struct stream *stream, bool assigned)
{
	const struct xlpt_tree *tree = plan->tree;
	struct shared_stream shared = { plan, assigned, stream, XLPT_NO_NODE, 0, false };
	enum iommu_kind kind = iommu_kind(tree, stream->iommu);
	const char *path = plan_path(plan, stream->node);
	uint32_t bridge;

	shared.cut = streams_too_many(plan->others, stream);
	if (!shared.cut)
		streams_overlapping(plan->others, stream, other_user, &shared);
	if (shared.cut) {
		diag_add(plan->diags, DIAG_STREAM_SHARED, 0, path, "iommus", NULL,
			 "StreamID 0x%x of %s: there are too many StreamIDs with masks, or sharers of them, to look at all",
			 stream->id, plan_path(plan, stream->iommu));
		return false;
	}
	if (!assigned)
		return true;
	if (stream->id > iommu_max_id(kind))
		diag_add(plan->diags, DIAG_STREAM_RANGE, 0, path, "iommus", NULL,
			 "StreamID 0x%x is beyond the 0x%x that %s takes", stream->id,
			 iommu_max_id(kind), plan_path(plan, stream->iommu));
	if (stream->mask && plan->settings->xen_first < 20 && kind == IOMMU_SMMU)
		diag_add(plan->diags, DIAG_STREAM_MASK, 0, path, "iommus", NULL,
			 "StreamID 0x%x has the mask 0x%x, which Xen 4.%u ignores", stream->id,
			 stream->mask, plan->settings->xen_first);
	bridge = stream_in_map(tree, stream);
	if (bridge != XLPT_NO_NODE && !plan_item_of(plan, bridge))
		diag_add(plan->diags, DIAG_STREAM_SHARED, 0, path, "iommus", NULL,
			 "StreamID 0x%x of %s is also one of the PCI functions behind %s", stream->id,
			 plan_path(plan, stream->iommu), plan_path(plan, bridge));
	return true;
}

/* What the IOMMUs of a carrier are like; once per IOMMU. */
static void report_iommus(struct xlpt_plan *plan, uint32_t carrier)
{
	const struct xlpt_tree *tree = plan->tree;
	uint32_t n, i, last = XLPT_NO_NODE;
	const struct stream *stream = dma_streams_of(tree, carrier, &n);
	const char *path = plan_path(plan, carrier);

	for (i = 0; i < n; i++) {
		const char *iommu = plan_path(plan, stream[i].iommu);

		if (stream[i].iommu == last)
			continue;
		last = stream[i].iommu;
		switch (dma_protection(plan, &stream[i])) {
		case IS_DISABLED:
			diag_add(plan->diags, DIAG_IOMMU_DISABLED, 0, path, "iommus", NULL,
				 "%s is disabled in the host tree and protects nothing", iommu);
			break;
		case IS_UNDRIVEN:
			diag_add(plan->diags, DIAG_IOMMU_UNDRIVEN, 0, path, "iommus", NULL,
				 "%s is not driven by every Xen release this plan is for", iommu);
			break;
		case PROTECTS:
			if (iommu_kind(tree, stream[i].iommu) == IOMMU_SMMU_V3)
				diag_add(plan->diags, DIAG_IOMMU_EXPERIMENTAL, 0, path, "iommus", NULL,
					 "%s is an SMMUv3, whose driver Xen has as an experimental option",
					 iommu);
			if (plan->settings->xen_first <= 16 && plan->settings->xen_last >= 16 &&
			    iommu_kind(tree, stream[i].iommu) == IOMMU_SMMU)
				diag_add(plan->diags, DIAG_IOMMU_REASSIGN, 0, path, "iommus", NULL,
					 "Xen 4.16 forgets the streams at %s when the guest reboots", iommu);
			break;
		}
	}
	if (n > IOMMU_XEN_MAX_STREAMS)
		diag_add(plan->diags, DIAG_STREAM_COUNT, 0, path, "iommus", NULL,
			 "%u StreamIDs; Xen takes at most %u", n, IOMMU_XEN_MAX_STREAMS);
}

static void push_node(struct xlpt_plan *plan, uint32_t **array, size_t *n, size_t *room, uint32_t node)
{
	uint32_t *slot = arena_push(&plan->arena, array, n, room, sizeof(*slot));

	if (slot)
		*slot = node;
}

/* A node whose streams go to the guest. */
void dma_add_carrier(struct xlpt_plan *plan, uint32_t carrier)
{
	uint32_t n, i;
	const struct stream *stream = dma_streams_of(plan->tree, carrier, &n);

	bool assigned = dma_protected(plan, carrier);

	report_iommus(plan, carrier);
	for (i = 0; i < n; i++) {
		/* The same once more says nothing new. */
		if (i && stream[i].iommu == stream[i - 1].iommu && stream[i].id == stream[i - 1].id &&
		    stream[i].mask == stream[i - 1].mask)
			continue;
		if (!check_stream(plan, &stream[i], assigned))
			break;
	}
	if (!assigned)
		return;
	push_node(plan, &plan->dtdev_node, &plan->n_dtdev, &plan->dtdev_room, carrier);
	plan_mark(plan, carrier);
	for (i = 0; i < n; i++)
		if (!tree_enabled(plan->tree, stream[i].iommu))
			push_node(plan, &plan->enable_node, &plan->n_enable, &plan->enable_room,
				  stream[i].iommu);
}

/*
 * An ancestor's stream carries the DMA of everything below it. What stays with
 * dom0 there would then write into the guest.
 */
void dma_check_siblings(struct xlpt_plan *plan, uint32_t rider, uint32_t carrier)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t node, end = tree->node[carrier].end;
	const char *why;
	unsigned n = 0;

	for (node = carrier + 1; node < end; node++) {
		if (!(tree->node[node].flags & TREE_CANDIDATE) || !tree_enabled(tree, node) ||
		    plan_item_of(plan, node) || r->first_stream[node + 1] > r->first_stream[node] ||
		    dma_can_master(tree, node, &why) == MASTER_NO)
			continue;
		diag_add(plan->diags, DIAG_STREAM_SHARED, 0, plan_path(plan, rider), NULL, NULL,
			 "its DMA has the stream of %s, which also carries that of %s",
			 plan_path(plan, carrier), plan_path(plan, node));
		if (plan->limited && ++n >= FEW)
			return;
	}
}
