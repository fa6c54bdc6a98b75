/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The seam on libxenctrl and libxl: the domains there are, and what libxl stored of their configurations. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xen-libxl.h"

/* libxl's LIBXL_INVALID_GFN, which is not in its public headers: the frame that was not given. */
#define INVALID_GFN UINT64_MAX

static int copy_lists(struct arena *arena, struct xen_domain *domain, const libxl_domain_config *config)
{
	const libxl_domain_build_info *info = &config->b_info;
	struct xlpt_iomem *iomem = arena_alloc(arena, (size_t)info->num_iomem, sizeof(*iomem));
	uint32_t *irqs = arena_alloc(arena, (size_t)info->num_irqs, sizeof(*irqs));
	const char **dtdev = arena_alloc(arena, (size_t)config->num_dtdevs, sizeof(*dtdev));
	int i;

	if (!iomem || !irqs || !dtdev)
		return -ENOMEM;
	for (i = 0; i < info->num_iomem; i++) {
		const libxl_iomem_range *from = &info->iomem[i];

		iomem[i] = (struct xlpt_iomem){
			.start = from->start, .count = from->number,
			.gfn = from->gfn == INVALID_GFN ? from->start : from->gfn,
		};
	}
	for (i = 0; i < info->num_irqs; i++)
		irqs[i] = info->irqs[i];
	for (i = 0; i < config->num_dtdevs; i++) {
		dtdev[i] = arena_strdup(arena, config->dtdevs[i].path ? config->dtdevs[i].path : "");
		if (!dtdev[i])
			return -ENOMEM;
	}
	domain->iomem = iomem;
	domain->n_iomem = (size_t)info->num_iomem;
	domain->irqs = irqs;
	domain->n_irqs = (size_t)info->num_irqs;
	domain->dtdev = dtdev;
	domain->n_dtdev = (size_t)config->num_dtdevs;
	if (info->device_tree) {
		domain->device_tree = arena_strdup(arena, info->device_tree);
		if (!domain->device_tree)
			return -ENOMEM;
	}
	domain->stored = true;
	return 0;
}

/*
 * libxl's own record of a domain, read without libxl_retrieve_domain_configuration():
 * that one forks to wait for whoever is changing the domain's devices, be it for
 * ever. A domain in the making, or not made by libxl, has none.
 */
static int read_stored(struct xen *xen, struct arena *arena, struct xen_domain *domain)
{
	const struct xen_libs *libs = xen->libs;
	libxl_domain_config config;
	uint8_t *data = NULL;
	int len = 0, rc = 0;

	if (libs->libxl_userdata_retrieve(xen->ctx, domain->domid, "libxl-json", &data, &len) ||
	    !data || len <= 0 || data[len - 1]) {
		free(data);
		return 0;
	}
	libs->libxl_domain_config_init(&config);
	if (!libs->libxl_domain_config_from_json(xen->ctx, &config, (const char *)data))
		rc = copy_lists(arena, domain, &config);
	libs->libxl_domain_config_dispose(&config);
	free(data);
	return rc;
}

static int fill(struct xen *xen, struct arena *arena, struct xen_domain *domain,
		const xc_domaininfo_t *info)
{
	static const char digits[] = "0123456789abcdef";
	char *name, *to = domain->uuid;
	size_t i;
	int rc;

	rc = xen_need_libxl(xen);
	if (rc)
		return rc;
	domain->domid = info->domain;
	domain->dying = info->flags & XEN_DOMINF_dying;
	for (i = 0; i < sizeof(info->handle); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = digits[info->handle[i] >> 4];
		*to++ = digits[info->handle[i] & 15];
	}
	*to = '\0';
	name = xen->libs->libxl_domid_to_name(xen->ctx, info->domain);
	domain->name = arena_strdup(arena, name ? name : "");
	free(name);
	return domain->name ? read_stored(xen, arena, domain) : -ENOMEM;
}

/* So many at a time: their number is not known before. */
#define BATCH 64

int xen_domains(struct xen *xen, struct arena *arena, const struct xen_domain **list_r, size_t *n_r)
{
	xc_domaininfo_t info[BATCH];
	struct xen_domain *list = NULL, *slot;
	size_t room = 0;
	uint32_t next = 0;
	int n, i, rc = 0;

	*list_r = NULL;
	*n_r = 0;
	do {
		n = xen->libs->xc_domain_getinfolist(xen->xch, next, BATCH, info);
		if (n < 0)
			return -EIO;
		for (i = 0; i < n && !rc; i++) {
			next = info[i].domain + 1;
			if (!info[i].domain)
				continue;
			slot = arena_push(arena, &list, n_r, &room, sizeof(*slot));
			rc = slot ? fill(xen, arena, slot, &info[i]) : -ENOMEM;
		}
	} while (!rc && n == BATCH);
	*list_r = list;
	return rc;
}
