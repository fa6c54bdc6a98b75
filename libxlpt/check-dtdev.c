/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest's configuration assigns by itself. Xen crashes when a StreamID
 * is assigned twice, so a dtdev of the user's is held to the same proof as the
 * plan's: the host tree must show that nobody else has its streams.
 */
#include <errno.h>
#include <inttypes.h>

#include "check.h"
#include "dma.h"
#include "u32-set.h"

struct sharer {
	struct check *check;
	uint32_t node;		/* the own dtdev */
	uint32_t other;		/* out: a node it must not share a stream with */
	uint32_t id;
};

static int shares_stream(void *opaque, const struct stream *stream)
{
	struct sharer *s = opaque;
	const struct check *check = s->check;
	bool assigned = u32_set_has(check->assign_node, check->n_assign, stream->node);

	if (stream->node == s->node)
		return 0;
	/* The same guest's, and not assigned itself: covered by this one. */
	if (!assigned && plan_item_of(check->plan, stream->node))
		return 0;
	s->other = stream->node;
	s->id = stream->id;
	return 1;
}

static void check_streams(struct check *check, uint32_t node, const char *path)
{
	const struct xlpt_tree *tree = check->plan->tree;
	const struct resources *r = tree->resources;
	struct sharer sharer = { check, node, XLPT_NO_NODE, 0 };
	uint32_t i;

	for (i = r->first_stream[node]; i < r->first_stream[node + 1]; i++) {
		uint32_t bridge = stream_in_map(tree, &r->stream[i]);

		if (streams_overlapping(tree, &r->stream[i], shares_stream, &sharer)) {
			diag_add(check->diags, DIAG_STREAM_SHARED, 0, path, "iommus", NULL,
				 "the configuration's own dtdev, and StreamID 0x%x is also that of %s",
				 sharer.id, plan_path(check->plan, sharer.other));
			return;
		}
		if (bridge != XLPT_NO_NODE && !plan_item_of(check->plan, bridge)) {
			diag_add(check->diags, DIAG_STREAM_SHARED, 0, path, "iommus", NULL,
				 "the configuration's own dtdev, and StreamID 0x%x is also one of the PCI functions behind %s",
				 r->stream[i].id, plan_path(check->plan, bridge));
			return;
		}
	}
}

int check_own_dtdev(struct check *check)
{
	const struct xlpt_own_lists *own = check->question->own;
	const struct xlpt_plan *plan = check->plan;
	size_t n_own = own ? own->n_dtdev : 0, i;
	uint32_t *node;

	check->assign_node = arena_alloc(&check->arena, plan->n_dtdev + n_own, sizeof(uint32_t));
	node = arena_alloc(&check->arena, n_own, sizeof(*node));
	if (!check->assign_node || !node)
		return -ENOMEM;
	if (plan->n_dtdev)
		memcpy(check->assign_node, plan->dtdev_node, plan->n_dtdev * sizeof(uint32_t));
	check->n_assign = plan->n_dtdev;

	/* It is the tree that speaks here. */
	check->diags->speaker = XLPT_SPEAKER_TREE;
	for (i = 0; i < n_own; i++) {
		const char *path = own->dtdev[i];

		node[i] = check_node_of(check, path);
		if (plan->settings->dom0_view)
			diag_add(check->diags, DIAG_HOST_TREE_MISSING, DIAG_AS_ERROR, path, NULL, NULL,
				 "the configuration's own dtdev: without the host tree nothing shows that its StreamIDs are nobody else's");
		else if (node[i] == XLPT_NO_NODE)
			diag_add(check->diags, DIAG_DEVICE_UNKNOWN, 0, path, NULL, NULL,
				 "the configuration's own dtdev: the host tree has no node with this path");
		else if (!dma_protected(plan, node[i]))
			diag_add(check->diags, DIAG_DTDEV_UNPROTECTED, 0, path, NULL, NULL,
				 "the configuration's own dtdev: no IOMMU of the host tree protects it");
		else
			check->assign_node[check->n_assign++] = node[i];
	}
	check->n_assign = u32_set_make(check->assign_node, check->n_assign);
	for (i = 0; i < n_own; i++)
		if (node[i] != XLPT_NO_NODE && u32_set_has(check->assign_node, check->n_assign, node[i]))
			check_streams(check, node[i], own->dtdev[i]);
	check->diags->speaker = XLPT_SPEAKER_HYPERVISOR;
	return 0;
}
