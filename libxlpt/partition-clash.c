/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where two guests of a partition want the same: devices, frames, SPIs, StreamIDs. */
#include <errno.h>

#include "partition.h"
#include "u32-set.h"

/* Named one by one; two guests with one list of hundreds of devices need no more to see it. */
#define MAX_NAMED 32

struct clashes {
	struct arena *arena;
	const struct part *ours, *theirs;
	unsigned n, n_providers;
};

static const char hint[] = "Take it out of one of the two configurations; no decision makes it two.";

/* One more: is it to be named? Before anything is made of it, since there may be very many. */
static bool is_named(struct clashes *c)
{
	return ++c->n <= MAX_NAMED;
}

static void add(struct clashes *c, const char *node, const char *property, const char *what)
{
	diag_add(c->ours->guest->plan->diags, DIAG_DEVICE_BUSY, 0, node, property, hint, "%s guest '%s'",
		 what, c->theirs->guest->name);
}

static const char *or_lists(const char *path)
{
	return path ? path : "the lists";
}

/* The first item of a plan inside a subtree, or NULL. */
static const struct plan_item *item_inside(const struct xlpt_plan *plan, uint32_t top)
{
	size_t low = 0, high = plan->n_items, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (plan->item[middle].node < top)
			low = middle + 1;
		else
			high = middle;
	}
	return low < plan->n_items && tree_within(plan->tree, plan->item[low].node, top) ?
	       &plan->item[low] : NULL;
}

/* Devices in both, one being the other or lying in it. */
static void device_clashes(struct clashes *c)
{
	const struct xlpt_plan *ours = c->ours->guest->plan, *theirs = c->theirs->guest->plan;
	size_t i;

	for (i = 0; i < ours->n_items; i++) {
		const struct plan_item *item = &ours->item[i];
		const struct plan_item *other = plan_item_of(theirs, item->node);

		if (!other)
			other = item_inside(theirs, item->node);
		if (!other || !is_named(c))
			continue;
		if (other->node == item->node)
			add(c, item->path, NULL, "the device is also given to");
		else
			add(c, item->path, NULL,
			    arena_printf(c->arena, "%s %s, which is given to",
					 other->node < item->node ? "lies in" : "has in it",
					 other->path));
	}
}

/* Was it told already? */
static bool told(const struct clashes *c, const struct conflict *conflict)
{
	const struct xlpt_plan *plan = c->ours->guest->plan;
	uint32_t node;

	/* Of one device in both lists nothing more is said than that. */
	if (conflict->kind != CONFLICT_DTDEV)
		return conflict->ours && conflict->theirs && same_xen_path(conflict->ours, conflict->theirs);
	/* A device selected for both was told; a bus above devices of both was not. */
	node = tree_by_path(plan->tree, conflict->path, strlen(conflict->path));
	return node != XLPT_NO_NODE && plan_item_of(plan, node) &&
	       plan_item_of(c->theirs->guest->plan, node);
}

static int resource_clash(void *opaque, const struct conflict *conflict)
{
	struct clashes *c = opaque;
	const char *theirs = or_lists(conflict->theirs);

	if (told(c, conflict) || !is_named(c))
		return 0;
	switch (conflict->kind) {
	case CONFLICT_DTDEV:
		add(c, conflict->path, "iommus", "the StreamIDs of this node are also assigned to");
		break;
	case CONFLICT_IRQ:
		add(c, conflict->ours, "interrupts",
		    arena_printf(c->arena, "SPI %u (INTID %u) is also one of %s of", conflict->irq - 32,
				 conflict->irq, theirs));
		break;
	case CONFLICT_FRAMES:
		add(c, conflict->ours, "reg",
		    conflict->count == 1 ?
		    arena_printf(c->arena, "frame 0x%llx is also one of %s of",
				 (unsigned long long)conflict->start, theirs) :
		    arena_printf(c->arena, "frames 0x%llx..0x%llx are also those of %s of",
				 (unsigned long long)conflict->start,
				 (unsigned long long)(conflict->start + conflict->count - 1), theirs));
		break;
	}
	return 0;
}

struct stream_search {
	struct clashes *clashes;
	const struct stream *stream;
	uint32_t last;
};

static int stream_clash(void *opaque, const struct stream *other)
{
	struct stream_search *search = opaque;
	struct clashes *c = search->clashes;
	struct xlpt_plan *plan = c->ours->guest->plan;

	/* The same node is a clash of its own kind. */
	if (other->node == search->stream->node || other->node == search->last ||
	    !u32_set_has(c->theirs->carrier, c->theirs->n_carriers, other->node))
		return 0;
	search->last = other->node;
	if (is_named(c))
		add(c, plan_path(plan, search->stream->node), "iommus",
		    arena_printf(c->arena, "StreamID 0x%x of %s is also that of %s of", search->stream->id,
				 plan_path(plan, search->stream->iommu), plan_path(plan, other->node)));
	return 0;
}

static void stream_clashes(struct clashes *c)
{
	struct xlpt_plan *plan = c->ours->guest->plan;
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	size_t i;
	uint32_t k;

	for (i = 0; i < c->ours->n_carriers; i++) {
		uint32_t carrier = c->ours->carrier[i];

		for (k = r->first_stream[carrier]; k < r->first_stream[carrier + 1]; k++) {
			struct stream_search search = { c, &r->stream[k], XLPT_NO_NODE };
			uint32_t bridge = stream_in_map(tree, &r->stream[k]);

			if (!streams_too_many(tree, &r->stream[k]))
				streams_overlapping(tree, &r->stream[k], stream_clash, &search);
			if (bridge != XLPT_NO_NODE && plan_item_of(c->theirs->guest->plan, bridge) && is_named(c))
				add(c, plan_path(plan, carrier), "iommus",
				    arena_printf(c->arena,
						 "StreamID 0x%x of %s is also one of the PCI functions behind %s of",
						 r->stream[k].id, plan_path(plan, r->stream[k].iommu),
						 plan_path(plan, bridge)));
		}
	}
}

/* The other guest works with a controller that this one gets: it has a stub, and no say. */
static int provider_clash(void *opaque, uint32_t provider, uint32_t user)
{
	struct clashes *c = opaque;
	struct xlpt_plan *plan = c->ours->guest->plan;

	if (!plan_item_of(c->theirs->guest->plan, user))
		return 0;
	if (++c->n_providers > MAX_NAMED)
		return 1;
	diag_add(plan->diags, DIAG_PROVIDER_SHARED, 0, plan_path(plan, provider), NULL, NULL,
		 "%s of guest '%s' uses it too", plan_path(plan, user), c->theirs->guest->name);
	return 1;
}

int partition_clashes(struct arena *arena, const struct part *ours, const struct part *theirs)
{
	struct clashes c = { .arena = arena, .ours = ours, .theirs = theirs };
	struct xlpt_plan *plan = ours->guest->plan;
	size_t i;

	device_clashes(&c);
	/* Each device against each other one: not for two lists of all devices, which has been said. */
	if (c.n <= MAX_NAMED) {
		holding_conflicts(&ours->holding, &theirs->holding, resource_clash, &c);
		stream_clashes(&c);
		for (i = 0; i < plan->n_items; i++)
			provider_users(plan->tree, &plan->item[i], provider_clash, &c);
	}
	if (c.n_providers > MAX_NAMED)
		diag_add(plan->diags, DIAG_PROVIDER_SHARED, 0, NULL, NULL, NULL,
			 "and %u more that guest '%s' uses too", c.n_providers - MAX_NAMED,
			 theirs->guest->name);
	if (c.n > MAX_NAMED)
		diag_add(plan->diags, DIAG_DEVICE_BUSY, 0, NULL, NULL, hint,
			 "and at least %u more that are given to guest '%s' too", c.n - MAX_NAMED,
			 theirs->guest->name);
	if (c.n)
		plan->ok = false;
	return arena->failed || plan->arena.failed || plan->diags->arena.failed ? -ENOMEM : 0;
}
