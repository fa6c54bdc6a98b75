/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "owners.h"

/* Transactions that others get in between of: they finish theirs, so this ends soon. */
#define MAX_TRIES 100

const char *owner_title(struct arena *arena, const char *name, const char *uuid,
			const struct xen_domain *domain)
{
	const char *title;

	if (domain)
		title = arena_printf(arena, "%s '%s' (domid %u)", domain->dying ? "dying domain" : "guest",
				     *name ? name : uuid, domain->domid);
	else
		title = arena_printf(arena, "guest '%s' (%s), which is being created or is rebooting",
				     name, uuid);
	return title ? title : "";
}

static int read_records(struct xen *xen, struct arena *arena, struct record **list_r, size_t *n_r)
{
	int tries, rc = -EAGAIN, end;

	for (tries = 0; tries < MAX_TRIES && rc == -EAGAIN; tries++) {
		rc = xen_store_begin(xen);
		if (rc)
			break;
		rc = records_read(xen, arena, list_r, n_r);
		/* Committing what only read still tells whether it was one state. */
		end = xen_store_end(xen, !rc);
		if (!rc)
			rc = end;
	}
	return rc;
}

/* Has the holding a device with a name that this range belongs to? Then that one tells it better. */
static bool covered(const struct holding *holding, const struct xlpt_iomem *run)
{
	size_t i, k;

	for (i = 0; i < holding->n_devices; i++)
		for (k = 0; k < holding->device[i].n_iomem; k++) {
			const struct xlpt_iomem *has = &holding->device[i].iomem[k];

			if (run->start >= has->start && run->count <= has->count &&
			    run->start - has->start <= has->count - run->count)
				return true;
		}
	return false;
}

static bool has_irq(const struct holding *holding, uint32_t irq)
{
	size_t i, k;

	for (i = 0; i < holding->n_devices; i++)
		for (k = 0; k < holding->device[i].n_irqs; k++)
			if (holding->device[i].irqs[k] == irq)
				return true;
	return false;
}

static bool has_dtdev(const struct holding *holding, const char *path)
{
	size_t i;

	for (i = 0; i < holding->n_dtdev; i++)
		if (same_xen_path(holding->dtdev[i], path))
			return true;
	return false;
}

/* What libxl stored and no record tells: a device without a name of its own. */
static int add_stored(struct arena *arena, struct holding *holding, const struct xen_domain *domain)
{
	struct held own = { 0 };
	struct held *slot;
	size_t i;
	int rc = 0;

	for (i = 0; i < domain->n_iomem && !rc; i++)
		if (!covered(holding, &domain->iomem[i]))
			rc = held_add_iomem(arena, &own, &domain->iomem[i], 1);
	for (i = 0; i < domain->n_irqs && !rc; i++)
		if (!has_irq(holding, domain->irqs[i]))
			rc = held_add_irqs(arena, &own, &domain->irqs[i], 1);
	for (i = 0; i < domain->n_dtdev && !rc; i++)
		if (!has_dtdev(holding, domain->dtdev[i]))
			rc = holding_add_dtdev(arena, holding, &domain->dtdev[i], 1);
	if (rc || (!own.n_iomem && !own.n_irqs))
		return rc;
	slot = holding_add_device(arena, holding, NULL);
	if (!slot)
		return -ENOMEM;
	*slot = own;
	return 0;
}

static int add_domain(struct arena *arena, struct owner *owner, const struct xen_domain *domain,
		      const struct record *record)
{
	int rc = 0;

	owner->domain = domain;
	owner->uuid = domain->uuid;
	owner->name = *domain->name || !record || !record->readable ? domain->name : record->text.name;
	if (record && record->readable)
		owner->holding = record->text.holding;
	if (domain->stored)
		rc = add_stored(arena, &owner->holding, domain);
	/* A record is written before the domain, so a half-made domain has no more than that. */
	owner->known = domain->stored || (record && record->readable);
	return rc ? rc : holding_finish(arena, &owner->holding);
}

int owners_read(struct xlpt_xen *xen, struct arena *arena, struct owners *owners_r)
{
	const struct xen_domain *domains;
	struct record *records;
	size_t n_domains, n_records, i, k;
	int rc;

	*owners_r = (struct owners){ 0 };
	rc = read_records(xen->seam, arena, &records, &n_records);
	if (!rc)
		rc = records_judge(xen, arena, records, n_records, &domains, &n_domains);
	if (rc)
		return rc;
	owners_r->list = arena_alloc(arena, n_domains + n_records, sizeof(*owners_r->list));
	if (!owners_r->list)
		return -ENOMEM;
	for (i = 0; i < n_domains && !rc; i++) {
		const struct record *record = NULL;

		for (k = 0; k < n_records; k++)
			if (records[k].domain == &domains[i])
				record = &records[k];
		rc = add_domain(arena, &owners_r->list[owners_r->n++], &domains[i], record);
	}
	for (k = 0; k < n_records; k++) {
		struct owner *owner;

		if (records[k].domain || !records[k].has_process)
			continue;
		owner = &owners_r->list[owners_r->n++];
		owner->uuid = records[k].uuid;
		owner->known = records[k].readable;
		owner->name = records[k].readable ? records[k].text.name : "";
		if (records[k].readable)
			owner->holding = records[k].text.holding;
	}
	return rc;
}
