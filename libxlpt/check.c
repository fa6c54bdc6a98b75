/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan, asked of the running system. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "check.h"
#include "grants.h"

static void check_release(struct check *check)
{
	const struct xlpt_settings *settings = check->plan->settings;
	unsigned minor = check->xen->info.minor;

	if (minor >= settings->xen_first && minor <= settings->xen_last)
		return;
	diag_add(check->diags, DIAG_XEN_VERSION, 0, NULL, NULL, NULL,
		 "Xen 4.%u is running, the plan is for 4.%u", minor, settings->xen_first);
}

/* Without this a frame beyond the width is mapped, and the guest cannot reach it: facts of 4.17. */
static void check_width(struct check *check)
{
	unsigned bits = check->xen->info.ipa_bits;
	const struct xlpt_plan *plan = check->plan;
	uint64_t limit;
	size_t i;

	if (bits <= XLPT_FRAME_SHIFT || bits >= 64)
		return;
	limit = 1ull << (bits - XLPT_FRAME_SHIFT);
	for (i = 0; i < plan->n_iomem; i++)
		if (plan->iomem[i].gfn >= limit || plan->iomem[i].count > limit - plan->iomem[i].gfn)
			diag_add(check->diags, DIAG_IPA_WIDTH, 0, NULL, NULL, NULL,
				 "guest frame 0x%" PRIx64 " is beyond the %u bits of guest addresses here",
				 plan->iomem[i].gfn, bits);
}

static void check_iommu(struct check *check)
{
	if (!check->ours.n_dtdev || check->xen->info.iommu)
		return;
	diag_add(check->diags, DIAG_IOMMU_OFF, 0, check->ours.dtdev[0], "iommus", NULL,
		 "is to be assigned behind its IOMMU, and this Xen uses none");
}

static int read_grants(struct check *check, struct grants *grants_r)
{
	char *console;
	int rc;

	rc = xen_console_after(check->xen->seam, 'q', &console);
	if (rc) {
		text_free(&check->xen->log);
		*grants_r = (struct grants){ 0 };
		return rc == -ENOMEM ? rc : 0;
	}
	rc = grants_read(&check->arena, console, grants_r);
	free(console);
	return rc;
}

static void check_granted_frames(struct check *check, const struct grants *grants)
{
	uint64_t missing;
	size_t i, k;

	for (i = 0; i < check->ours.n_devices; i++) {
		const struct held *held = &check->ours.device[i];

		for (k = 0; k < held->n_iomem; k++) {
			if (!grants_missing(grants->frames, grants->n_frames, held->iomem[k].start,
					    held->iomem[k].start + (held->iomem[k].count - 1), &missing))
				continue;
			diag_add(check->diags, DIAG_NOT_GRANTED, 0, held->path, "reg", NULL,
				 "dom0 may not hand out frame 0x%" PRIx64, missing);
			break;
		}
	}
}

static void check_granted_irqs(struct check *check, const struct grants *grants)
{
	uint64_t missing;
	size_t i, k;

	for (i = 0; i < check->ours.n_devices; i++) {
		const struct held *held = &check->ours.device[i];

		for (k = 0; k < held->n_irqs; k++)
			if (grants_missing(grants->irqs, grants->n_irqs, held->irqs[k], held->irqs[k],
					   &missing))
				diag_add(check->diags, DIAG_NOT_GRANTED, 0, held->path, "interrupts", NULL,
					 "dom0 may not hand out interrupt %u", held->irqs[k]);
	}
}

int check_grants(struct check *check)
{
	struct grants grants;
	int rc;

	rc = read_grants(check, &grants);
	if (rc)
		return rc;
	if (grants.has_frames)
		check_granted_frames(check, &grants);
	if (grants.has_irqs)
		check_granted_irqs(check, &grants);
	if (!grants.has_frames || !grants.has_irqs)
		diag_add(check->diags, DIAG_NOT_VERIFIED, 0, NULL, NULL, NULL,
			 "Xen's console does not show which %s dom0 may hand out",
			 grants.has_frames ? "interrupts" : grants.has_irqs ? "frames" :
			 "frames and interrupts");
	return 0;
}

static int ask(struct check *check)
{
	int rc;

	rc = holding_of_plan(&check->arena, check->plan, check->question->own, &check->ours);
	if (rc)
		return rc;
	check_release(check);
	check_width(check);
	check_iommu(check);
	check_own_lists(check);
	rc = check_own_dtdev(check);
	if (!rc)
		rc = check_owners(check);
	if (!rc)
		rc = check_devices(check);
	if (!rc && check->question->grants)
		rc = check_grants(check);
	return rc;
}

int xlpt_xen_check(struct xlpt_xen *xen, struct xlpt_plan *plan,
		   const struct xlpt_xen_question *question)
{
	struct check check = {
		.xen = xen, .plan = plan, .diags = plan->diags, .question = question,
	};
	enum xlpt_speaker speaker = plan->diags->speaker;
	int rc;

	arena_init(&check.arena);
	plan->diags->speaker = XLPT_SPEAKER_HYPERVISOR;
	rc = ask(&check);
	plan->diags->speaker = speaker;
	if (!rc && (check.arena.failed || plan->diags->arena.failed))
		rc = -ENOMEM;
	arena_free(&check.arena);
	plan->checked = true;
	/* A plan that was not checked to the end must not pass for one that was. */
	if (rc || plan->diags->count[XLPT_ERROR])
		plan->ok = false;
	return rc;
}
