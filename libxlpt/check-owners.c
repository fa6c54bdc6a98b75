/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who has what now, and whether it gets in the way of the plan. */
#include <errno.h>
#include <inttypes.h>

#include "check.h"
#include "u32-set.h"

uint32_t check_node_of(struct check *check, const char *path)
{
	const struct xlpt_tree *tree = check->plan->tree;
	uint32_t node = tree_by_path(tree, path, strlen(path));
	struct arena arena;

	if (node != XLPT_NO_NODE)
		return node;
	/* Xen does not mind another case; hardly anybody writes it, so this may be slow. */
	arena_init(&arena);
	for (node = 0; node < tree->n_nodes; node++) {
		const char *other = tree_path(tree, node, &arena);

		if (!other)
			check->arena.failed = true;
		if (!other || same_xen_path(other, path))
			break;
		arena_reset(&arena);
	}
	arena_free(&arena);
	return node < tree->n_nodes ? node : XLPT_NO_NODE;
}

struct clash {
	struct check *check;
	const char *title;
};

/* The device was allowed this, if only by its own ,allow=. */
static void report_shared_page(struct clash *clash, const struct conflict *conflict)
{
	struct xlpt_diags *diags = clash->check->diags;
	struct diag_set before = diags->allowed_here;

	diag_set_add(&diags->allowed_here, DIAG_IOMEM_SHARED_PAGE);
	diag_add(diags, DIAG_IOMEM_SHARED_PAGE, 0, conflict->ours, "reg", NULL,
		 "%s has frame 0x%" PRIx64 " too, for %s", clash->title, conflict->start,
		 conflict->theirs);
	diags->allowed_here = before;
}

static int report_conflict(void *opaque, const struct conflict *conflict)
{
	struct clash *clash = opaque;
	struct xlpt_diags *diags = clash->check->diags;

	switch (conflict->kind) {
	case CONFLICT_DTDEV:
		diag_add(diags, DIAG_DEVICE_BUSY, 0, conflict->path, NULL, NULL, "%s has it assigned",
			 clash->title);
		break;
	case CONFLICT_IRQ:
		diag_add(diags, DIAG_DEVICE_BUSY, 0, conflict->ours, "interrupts", NULL,
			 "%s has its interrupt %u", clash->title, conflict->irq);
		break;
	case CONFLICT_FRAMES:
		if (conflict->may_share)
			report_shared_page(clash, conflict);
		else
			diag_add(diags, DIAG_DEVICE_BUSY, 0, conflict->ours, "reg", NULL,
				 "%s has %s 0x%" PRIx64, clash->title,
				 conflict->count > 1 ? "its frames from" : "its frame", conflict->start);
		break;
	}
	return 0;
}

struct stream_clash {
	const uint32_t *theirs;		/* nodes another guest has assigned, as a set */
	size_t n_theirs;
	uint32_t node;			/* ours */
	uint32_t other;			/* out */
};

static int overlaps_theirs(void *opaque, const struct stream *stream)
{
	struct stream_clash *clash = opaque;

	/* The very node is a conflict of its own. */
	if (stream->node == clash->node || !u32_set_has(clash->theirs, clash->n_theirs, stream->node))
		return 0;
	clash->other = stream->node;
	return 1;
}

/*
 * Assigning a StreamID that a running guest has would crash Xen, so this is an
 * error that nothing allows, also where the tree's own rule saw no other user
 * because that node is disabled there.
 */
static int check_their_streams(struct check *check, const struct owner *owner, const char *title)
{
	const struct xlpt_tree *tree = check->plan->tree;
	const struct resources *r = tree->resources;
	const struct holding *holding = &owner->holding;
	uint32_t *theirs, i;
	size_t n = 0, k;

	if (!check->n_assign || !holding->n_dtdev)
		return 0;
	theirs = arena_alloc(&check->arena, holding->n_dtdev, sizeof(*theirs));
	if (!theirs)
		return -ENOMEM;
	for (k = 0; k < holding->n_dtdev; k++) {
		theirs[n] = check_node_of(check, holding->dtdev[k]);
		if (theirs[n] != XLPT_NO_NODE)
			n++;
		else
			diag_add(check->diags, DIAG_HOST_TREE_DIFFERS, 0, holding->dtdev[k], NULL, NULL,
				 "%s has this node assigned, and the host tree lacks it: its StreamIDs cannot be compared",
				 title);
	}
	n = u32_set_make(theirs, n);
	for (k = 0; k < check->n_assign; k++) {
		struct stream_clash clash = { theirs, n, check->assign_node[k], XLPT_NO_NODE };

		for (i = r->first_stream[clash.node]; i < r->first_stream[clash.node + 1]; i++) {
			if (!streams_overlapping(tree, &r->stream[i], overlaps_theirs, &clash))
				continue;
			diag_add(check->diags, DIAG_STREAM_SHARED, DIAG_IMPOSSIBLE,
				 plan_path(check->plan, clash.node), "iommus", NULL,
				 "StreamID 0x%x is also that of %s, which %s has assigned", r->stream[i].id,
				 plan_path(check->plan, clash.other), title);
			break;
		}
	}
	return 0;
}

static int any_conflict(void *opaque, const struct conflict *conflict)
{
	return !conflict->may_share;
}

/* Does a guest that is just coming or going have what we want? */
static bool unsettled(const struct check *check)
{
	size_t i;

	for (i = 0; i < check->owners.n; i++) {
		const struct owner *owner = &check->owners.list[i];

		if (!owner->domain && ((check->n_assign && owner->holding.n_dtdev) ||
				       holding_conflicts(&check->ours, &owner->holding, any_conflict,
							 NULL)))
			return true;
	}
	return false;
}

static int read_owners(struct check *check)
{
	unsigned waited;
	int rc;

	for (waited = 0;; waited += OWNERS_STEP_MS) {
		rc = owners_read(check->xen, &check->arena, &check->owners);
		if (rc || waited >= OWNERS_WAIT_MS || !unsettled(check))
			return rc;
		xen_wait(check->xen->seam, OWNERS_STEP_MS);
	}
}

int check_owners(struct check *check)
{
	size_t i;
	int rc;

	rc = read_owners(check);
	if (rc == -ENOMEM)
		return rc;
	if (rc) {
		running_failed(check->xen, check->diags, rc, NULL, "cannot read who has which devices");
		return 0;
	}
	for (i = 0; i < check->owners.n && !rc; i++) {
		const struct owner *owner = &check->owners.list[i];
		struct clash clash = { check, owner_title(&check->arena, owner->name, owner->uuid,
							  owner->domain) };

		if (!owner->known)
			diag_add(check->diags, DIAG_OWNER_UNKNOWN, 0, NULL, NULL, NULL,
				 "what %s has cannot be read%s", clash.title,
				 owner->domain && owner->domain->dying ?
				 "; until it is gone it keeps its interrupts" : "");
		holding_conflicts(&check->ours, &owner->holding, report_conflict, &clash);
		rc = check_their_streams(check, owner, clash.title);
	}
	return rc;
}

const struct owner *check_owner_of(const struct check *check, const char *path)
{
	size_t i, k;

	for (i = 0; i < check->owners.n; i++)
		for (k = 0; k < check->owners.list[i].holding.n_dtdev; k++)
			if (same_xen_path(check->owners.list[i].holding.dtdev[k], path))
				return &check->owners.list[i];
	return NULL;
}
