/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "p2m-pool.h"

#define TABLE_KIB 4
#define WINDOW_SHIFT 9	/* frames below one third-level table: 2 MiB */
#define GIB_SHIFT 18	/* frames below one second-level table: 1 GiB */

static uint64_t last_gfn(const struct xlpt_iomem *iomem)
{
	uint64_t last;

	if (__builtin_add_overflow(iomem->gfn, iomem->count - 1, &last))
		return UINT64_MAX;
	return last;
}

/* Distinct values of gfn >> shift; `by_gfn` ascends by gfn. */
static uint64_t distinct(const struct xlpt_iomem *by_gfn, size_t n, unsigned shift)
{
	uint64_t total = 0, next = 0, first, last;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!by_gfn[i].count)
			continue;
		first = by_gfn[i].gfn >> shift;
		last = last_gfn(&by_gfn[i]) >> shift;
		if (first < next)
			first = next;
		if (last < first)
			continue;
		total += last - first + 1;
		next = last + 1;
	}
	return total;
}

static int by_gfn_order(const void *a_p, const void *b_p)
{
	const struct xlpt_iomem *a = a_p, *b = b_p;

	return a->gfn < b->gfn ? -1 : a->gfn > b->gfn;
}

/*
 * xc_domain_memory_mapping() maps in batches of 64 frames, so device mappings
 * are always 4 KiB entries: one table for every 2 MiB they touch, and one
 * above it for every GiB. (Levels above that are the root or were there.)
 */
uint64_t p2m_pool_tables_kib(const struct xlpt_iomem *iomem, size_t n)
{
	struct xlpt_iomem *sorted;
	uint64_t tables = 0;
	size_t i;

	if (!n)
		return 0;
	sorted = calloc(n, sizeof(*sorted));
	if (!sorted) {
		/* Without sorting, shared tables count twice: more than enough. */
		for (i = 0; i < n; i++)
			tables += distinct(&iomem[i], 1, WINDOW_SHIFT) +
				  distinct(&iomem[i], 1, GIB_SHIFT);
		return TABLE_KIB * tables;
	}
	for (i = 0; i < n; i++)
		sorted[i] = iomem[i];
	qsort(sorted, n, sizeof(*sorted), by_gfn_order);
	tables = distinct(sorted, n, WINDOW_SHIFT) + distinct(sorted, n, GIB_SHIFT);
	free(sorted);
	return TABLE_KIB * tables;
}

static uint64_t at_least_one(unsigned vcpus)
{
	return vcpus ? vcpus : 1;
}

/*
 * libxl__get_required_paging_memory() of libxl_arm.c: 256 tables a vcpu, one
 * for each MiB of RAM and 128 for extended regions.
 */
uint64_t p2m_pool_default_kib(unsigned vcpus, uint64_t memory_mib)
{
	return TABLE_KIB * (256 * at_least_one(vcpus) + memory_mib + 128);
}

/*
 * The share of the RAM and of the extended regions is left to them. A vcpu's
 * share pays for no mapping in particular; grants, foreign pages, the GIC and
 * the magic pages come out of it too, so devices may have half.
 */
uint64_t p2m_pool_shadow_memory_mib(unsigned vcpus, uint64_t memory_mib, uint64_t tables_kib)
{
	if (tables_kib <= TABLE_KIB * 128 * at_least_one(vcpus))
		return 0;
	/* shadow_memory= replaces the default. libxl hands it to Xen in whole MiB. */
	return (p2m_pool_default_kib(vcpus, memory_mib) + tables_kib + 1023) / 1024;
}
