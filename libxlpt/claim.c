/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Claiming devices for a guest about to be created: one transaction reads all
 * records, sweeps dead ones, compares, and writes ours, so that of two creates
 * of the same device at most one gets through.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "owners.h"
#include "running.h"

/* Others who write at the same moment: each of them gets on, so this ends. */
#define MAX_TRIES 100

struct claim {
	struct xlpt_xen *xen;
	char uuid[XEN_UUID_LEN + 1];
	struct record_text record;
	struct arena arena;		/* of the try in work */

	/* why the claim fails */
	const struct record *holder;
	struct conflict conflict;
};

static int first_conflict(void *opaque, const struct conflict *conflict)
{
	struct claim *claim = opaque;

	if (conflict->may_share)
		return 0;
	claim->conflict = *conflict;
	return -EBUSY;
}

/* -EBUSY: a live record is in the way. Records that are dead go. */
static int weigh(struct claim *claim, const struct record *list, size_t n)
{
	size_t i;
	int rc = 0;

	claim->holder = NULL;
	for (i = 0; i < n && !rc; i++) {
		const struct record *record = &list[i];

		if (!record_live(record)) {
			rc = record_remove(claim->xen->seam, record->uuid);
		} else if (!strcmp(record->uuid, claim->uuid)) {
			claim->holder = record;
			rc = -EEXIST;
		} else if (record->readable) {
			rc = holding_conflicts(&claim->record.holding, &record->text.holding,
					       first_conflict, claim);
			if (rc == -EBUSY)
				claim->holder = record;
		}
	}
	return rc;
}

/* One transaction. -EAGAIN: nothing was done, do it again. */
static int try_claim(struct claim *claim)
{
	struct xen *seam = claim->xen->seam;
	const struct xen_domain *domains;
	struct record *list;
	size_t n, n_domains;
	int rc, end;

	arena_reset(&claim->arena);
	claim->holder = NULL;
	rc = xen_store_begin(seam);
	if (rc)
		return rc;
	rc = records_read(seam, &claim->arena, &list, &n);
	if (!rc)
		rc = records_judge(claim->xen, &claim->arena, list, n, &domains, &n_domains);
	if (!rc)
		rc = weigh(claim, list, n);
	if (!rc)
		rc = record_write(seam, claim->uuid, &claim->record);
	end = xen_store_end(seam, !rc);
	return rc ? rc : end;
}

/* A record without a domain: its guest is just coming or going, so look again in a moment. */
static int claim_or_wait(struct claim *claim)
{
	unsigned waited = 0;
	int tries = 0, rc;

	for (;;) {
		rc = try_claim(claim);
		if (rc == -EAGAIN && ++tries < MAX_TRIES)
			continue;
		/* without a holder it is xenstore that failed so */
		if ((rc != -EBUSY && rc != -EEXIST) || !claim->holder || claim->holder->domain ||
		    waited >= OWNERS_WAIT_MS)
			return rc;
		xen_wait(claim->xen->seam, OWNERS_STEP_MS);
		waited += OWNERS_STEP_MS;
	}
}

static void report_holder(struct claim *claim, struct xlpt_diags *diags, int rc)
{
	const struct record *holder = claim->holder;
	const struct conflict *conflict = &claim->conflict;
	const char *title = owner_title(&claim->arena, holder->readable ? holder->text.name : "",
					holder->uuid, holder->domain);
	enum xlpt_speaker speaker = diags->speaker;

	diags->speaker = XLPT_SPEAKER_HYPERVISOR;
	if (rc == -EEXIST)
		diag_add(diags, DIAG_GUEST_EXISTS, 0, NULL, NULL, NULL, "the uuid %s is that of %s",
			 claim->uuid, title);
	else if (conflict->kind == CONFLICT_DTDEV)
		diag_add(diags, DIAG_DEVICE_BUSY, 0, conflict->path, NULL, NULL, "%s has it", title);
	else if (conflict->kind == CONFLICT_IRQ)
		diag_add(diags, DIAG_DEVICE_BUSY, 0, conflict->ours, NULL, NULL, "%s has its interrupt %u",
			 title, conflict->irq);
	else
		diag_add(diags, DIAG_DEVICE_BUSY, 0, conflict->ours, NULL, NULL,
			 "%s has its frame 0x%" PRIx64, title, conflict->start);
	diags->speaker = speaker;
}

int xlpt_xen_claim(struct xlpt_xen *xen, const char *uuid, const char *name,
		   const struct xlpt_plan *plan, const struct xlpt_own_lists *own,
		   struct xlpt_diags *diags)
{
	struct claim claim = { .xen = xen, .record.name = name };
	struct arena plan_arena;
	int rc;

	if (!record_uuid(uuid, claim.uuid))
		return -EINVAL;
	arena_init(&claim.arena);
	arena_init(&plan_arena);
	/* No matter of Xen's: the caller tells it. */
	rc = creator_self(&claim.record.creator);
	if (rc)
		return rc;
	rc = holding_of_plan(&plan_arena, plan, own, &claim.record.holding);
	if (!rc)
		rc = claim_or_wait(&claim);
	if ((rc == -EBUSY || rc == -EEXIST) && claim.holder)
		report_holder(&claim, diags, rc);
	else if (rc && rc != -ENOMEM && rc != -EINVAL)
		running_failed(xen, diags, rc, NULL, "cannot claim the devices in xenstore");
	arena_free(&claim.arena);
	arena_free(&plan_arena);
	return rc == -EEXIST ? -EBUSY : rc;
}

int xlpt_xen_release(struct xlpt_xen *xen, const char *uuid)
{
	char own[XEN_UUID_LEN + 1];
	int tries, rc = -EAGAIN, end;

	if (!record_uuid(uuid, own))
		return -EINVAL;
	for (tries = 0; tries < MAX_TRIES && rc == -EAGAIN; tries++) {
		rc = xen_store_begin(xen->seam);
		if (rc)
			break;
		rc = record_remove(xen->seam, own);
		end = xen_store_end(xen->seam, !rc);
		if (!rc)
			rc = end;
	}
	return rc;
}
