/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's physical address map as data, per Xen release
 * (xen/include/public/arch-arm.h; tools/libs/light/libxl_arm.c for the
 * extended regions), and what of it a guest with given settings occupies.
 */
#ifndef XLPT_LAYOUT_H
#define XLPT_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "libxlpt.h"

enum region_kind {
	REGION_RAM,
	REGION_EXTENDED,	/* advertised in /hypervisor as free for foreign mappings */
	REGION_GIC,
	REGION_GNTTAB,
	REGION_MAGIC,
	REGION_VUART,
	REGION_VIRTIO,
	REGION_VPCI,
	REGION_ACPI,
	REGION_NULL_PAGE,	/* frame 0: no release uses it, but a mapping there hides bugs */
};

enum region_use {
	REGION_USED,		/* a mapping there breaks the guest: gfn-overlap */
	REGION_RESERVED,	/* set aside by a release, unused by this guest: gfn-reserved, may be allowed */
};

struct region {
	uint64_t base, size;	/* bytes */
	enum region_kind kind;
	enum region_use use;
	const char *name;	/* "grant table", for people; static */
	unsigned first, last;	/* the releases (minor of 4.x) among the settings' that have it so */
};

#define LAYOUT_MAX_REGIONS 64

/*
 * The regions of a guest with these settings on any release
 * xen_first..xen_last, by base; where releases or unknown settings differ, the
 * union, so that what lies outside all of them is free everywhere. Regions of
 * different releases may overlap. Returns their number.
 */
size_t layout_regions(const struct xlpt_settings *settings,
		      struct region out[LAYOUT_MAX_REGIONS]);

/* One past the last byte a guest can address: 2^ipa_bits, 40 when unknown. */
uint64_t layout_ipa_end(const struct xlpt_settings *settings);

/*
 * The RAM banks of a release and how `memory_mib` fills them
 * (xg_dom_arm.c:meminit); 0: unknown, both full. Returns the number of banks
 * that have RAM (1 or 2).
 */
size_t layout_ram(unsigned minor, uint64_t memory_mib, struct region banks[2]);

#endif
