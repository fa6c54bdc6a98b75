/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Streams and DMA: which nodes dtdev lists, which StreamIDs somebody else has,
 * and which of the device's nodes can write memory with nobody holding them back.
 */
#include "plan.h"
#include "slaves.h"
#include "text.h"
#include "u32-set.h"

#define FEW 8

/* Why an IOMMU does not protect with these settings. */
enum protection {
	PROTECTS,
	IS_DISABLED,
	IS_UNDRIVEN,
};

static enum protection protection_by(const struct xlpt_plan *plan, const struct stream *stream)
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

/* The streams of one node. */
static const struct stream *streams_of(const struct xlpt_tree *tree, uint32_t node, uint32_t *n_r)
{
	const struct resources *r = tree->resources;

	*n_r = r->first_stream[node + 1] - r->first_stream[node];
	return r->stream + r->first_stream[node];
}

bool dma_protected(const struct xlpt_plan *plan, uint32_t node)
{
	uint32_t n, i;
	const struct stream *stream = streams_of(plan->tree, node, &n);

	/*
	 * Xen strips iommus and SMMUs from dom0's tree. What is left of them
	 * there does not prove that no other node has the stream, and a second
	 * assignment of it brings the whole machine down: nothing is assigned.
	 */
	if (plan->settings->dom0_view)
		return false;
	for (i = 0; i < n; i++)
		if (protection_by(plan, &stream[i]) != PROTECTS)
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
		if (slave_find(s))
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

/* Does a node on the way from `node` up to the item's top, or below `node`, carry streams that protect? */
static bool covered_inside(const struct xlpt_plan *plan, const struct plan_item *item, uint32_t node)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t i;

	for (i = node; i != XLPT_NO_NODE && tree_within(tree, i, item->node); i = tree->node[i].parent)
		if (dma_protected(plan, i))
			return true;
	for (i = r->first_stream[node]; i < r->first_stream[tree->node[node].end]; i++)
		if (dma_protected(plan, r->stream[i].node))
			return true;
	return false;
}

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
	const struct stream *stream = streams_of(tree, carrier, &n);
	const char *path = plan_path(plan, carrier);

	for (i = 0; i < n; i++) {
		const char *iommu = plan_path(plan, stream[i].iommu);

		if (stream[i].iommu == last)
			continue;
		last = stream[i].iommu;
		switch (protection_by(plan, &stream[i])) {
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
static void add_carrier(struct xlpt_plan *plan, uint32_t carrier)
{
	uint32_t n, i;
	const struct stream *stream = streams_of(plan->tree, carrier, &n);

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
static void check_siblings(struct xlpt_plan *plan, uint32_t rider, uint32_t carrier)
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

static void unprotected(struct xlpt_plan *plan, uint32_t node, enum mastery mastery, const char *why,
			bool behind_iommu)
{
	const char *path = plan_path(plan, node);

	diag_add(plan->diags, DIAG_DMA_UNPROTECTED, 0, path, NULL, NULL,
		 "%s master the bus (%s), and %s", mastery == MASTER_YES ? "can" : "may", why,
		 behind_iommu ? "its IOMMU protects nothing here" : "no IOMMU of the tree has its stream");
	if (diag_allowed(plan->diags, DIAG_DMA_UNPROTECTED))
		diag_add(plan->diags, DIAG_DMA_AFTER_DESTROY, 0, path, NULL, NULL,
			 "DMA it has started goes on after the guest is destroyed, into memory that is then somebody else's");
}

void rules_dma(struct xlpt_plan *plan, struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t node, end = item->end, above = XLPT_NO_NODE;
	bool asked_above = false, used_above = false;

	for (node = item->node; node < end; node++) {
		bool own = r->first_stream[node + 1] > r->first_stream[node];
		const char *why = "";
		enum mastery mastery;

		if (own)
			add_carrier(plan, node);
		/* Only what has registers of its own can be programmed to do DMA. */
		if (!own && r->first_reg[node + 1] == r->first_reg[node])
			continue;
		mastery = dma_can_master(tree, node, &why);
		if (mastery == MASTER_NO || covered_inside(plan, item, node))
			continue;
		if (!asked_above) {
			above = dma_carrier_above(tree, item->node);
			asked_above = true;
		}
		if (!own && above != XLPT_NO_NODE) {
			if (!used_above && !plan_item_of(plan, above)) {
				used_above = true;
				add_carrier(plan, above);
				if (dma_protected(plan, above))
					check_siblings(plan, node, above);
			}
			if (dma_protected(plan, above))
				continue;
		}
		unprotected(plan, node, mastery, why, own || above != XLPT_NO_NODE);
	}
}

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
	const struct stream *a = streams_of(tree, node, &n), *b = streams_of(tree, other, &m);

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
		const struct stream *stream = streams_of(tree, node, &n);
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
