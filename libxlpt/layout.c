/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guest memory maps. The numbers are those of xen/include/public/arch-arm.h
 * at the head of each stable branch; nothing in them changed after 4.17. The
 * header says that they are not ABI, hence one row a region with the releases
 * that have it.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "layout.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

#define OLDEST 6
#define NEWEST 22

/* Which setting decides whether a guest has the region, and what its absence means. */
enum presence {
	ALWAYS,
	IF_GIC2,	/* gone in a guest that is known to have the other one */
	IF_GIC3,
	IF_VUART,	/* from here on: used with it, reserved by the release without */
	IF_VIRTIO,
	IF_PCI,
	IF_ACPI,
	NEVER,
};

struct layout_row {
	uint64_t base, size;	/* bytes */
	enum region_kind kind;
	enum presence presence;
	unsigned first, last;
	const char *name;
};

static const struct layout_row rows[] = {
	{ 0x00000000, KIB(4), REGION_NULL_PAGE, NEVER, OLDEST, NEWEST, "frame 0" },
	/* 0x200 bytes a device are used, but the release sets aside all of it. */
	{ 0x02000000, MIB(1), REGION_VIRTIO, IF_VIRTIO, 17, NEWEST, "virtio-mmio" },
	{ 0x03001000, KIB(4), REGION_GIC, IF_GIC2, OLDEST, NEWEST, "GICv2 distributor" },
	/* 4.6.0 had 0x100 bytes here, its later point releases have two frames. */
	{ 0x03002000, KIB(8), REGION_GIC, IF_GIC2, OLDEST, NEWEST, "GICv2 CPU interface" },
	{ 0x03001000, KIB(64), REGION_GIC, IF_GIC3, OLDEST, NEWEST, "GICv3 distributor" },
	/* Room for 128 vcpus, emulated whole whatever the guest's number of them. */
	{ 0x03020000, MIB(16), REGION_GIC, IF_GIC3, OLDEST, NEWEST, "GICv3 redistributors" },
	{ 0x10000000, MIB(256), REGION_VPCI, IF_PCI, 16, NEWEST, "vPCI config space" },
	{ 0x20000000, MIB(32), REGION_ACPI, IF_ACPI, 8, NEWEST, "ACPI tables" },
	{ 0x22000000, KIB(4), REGION_VUART, IF_VUART, 10, NEWEST, "virtual UART" },
	{ 0x23000000, MIB(256), REGION_VPCI, IF_PCI, 16, NEWEST, "vPCI memory" },
	{ 0x38000000, MIB(16), REGION_GNTTAB, ALWAYS, OLDEST, NEWEST, "grant table" },
	{ 0x39000000, MIB(16), REGION_MAGIC, ALWAYS, OLDEST, NEWEST, "magic pages" },
	{ 0x100000000, GIB(4), REGION_VPCI, IF_PCI, 16, NEWEST, "vPCI prefetchable memory" },
};

#define N_BANKS 2

static const struct {
	uint64_t base;		/* bytes */
	uint64_t room_mib;
} ram_banks[N_BANKS] = {
	{ 0x40000000, 3 << 10 },
	{ 0x200000000, 1016 << 10 },
};

/*
 * libxl advertises bank space above the RAM as extended regions from 4.16 on
 * (57f87857dc), and takes the guest's iomem out of them from 4.21 on
 * (108308feef): only in between is a mapping there both a device and, to the
 * guest's kernel, free address space.
 */
#define EXTENDED_FIRST 16
#define EXTENDED_LAST 20
#define EXTENDED_ALIGN MIB(2)
#define EXTENDED_MIN MIB(64)

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

uint64_t layout_ipa_end(const struct xlpt_settings *settings)
{
	unsigned bits = settings->ipa_bits ? settings->ipa_bits : 40;

	return bits < 63 ? (uint64_t)1 << bits : (uint64_t)1 << 63;
}

size_t layout_ram(unsigned minor, uint64_t memory_mib, struct region banks[2])
{
	uint64_t left_mib = memory_mib, fill_mib;
	size_t n = 0, i;

	/* More than both banks hold is refused by libxl; here they are just full. */
	for (i = 0; i < N_BANKS && (left_mib || !memory_mib); i++) {
		fill_mib = ram_banks[i].room_mib;
		if (memory_mib && left_mib < fill_mib)
			fill_mib = left_mib;
		left_mib -= memory_mib ? fill_mib : 0;
		banks[n++] = (struct region){
			.base = ram_banks[i].base,
			.size = MIB(fill_mib),
			.kind = REGION_RAM,
			.use = REGION_USED,
			.name = memory_mib ? "RAM" : "RAM bank, size unknown",
			.first = minor,
			.last = minor,
		};
	}
	return n;
}

/* The extended region of a bank whose first `fill` bytes are RAM; size 0 if there is none. */
static struct region extended_region(size_t bank, uint64_t fill, uint64_t ipa_end)
{
	uint64_t end = ram_banks[bank].base + MIB(ram_banks[bank].room_mib);
	struct region region = {
		.base = ram_banks[bank].base + (fill + EXTENDED_ALIGN - 1) / EXTENDED_ALIGN *
						EXTENDED_ALIGN,
		.kind = REGION_EXTENDED,
		.use = REGION_USED,
		.name = "extended region",
	};

	if (end > ipa_end)
		end = ipa_end;
	if (end > region.base && end - region.base >= EXTENDED_MIN)
		region.size = end - region.base;
	return region;
}

static bool row_use(const struct layout_row *row, const struct xlpt_settings *settings,
		    enum region_use *use_r)
{
	bool used = false;

	switch (row->presence) {
	case ALWAYS:
		used = true;
		break;
	case IF_GIC2:
		if (settings->gic == 3)
			return false;
		used = true;
		break;
	case IF_GIC3:
		if (settings->gic == 2)
			return false;
		used = true;
		break;
	case IF_VUART:
		used = settings->vuart;
		break;
	case IF_VIRTIO:
		used = settings->virtio > 0;
		break;
	case IF_PCI:
		used = settings->pci;
		break;
	case IF_ACPI:
		used = settings->acpi;
		break;
	case NEVER:
		break;
	}
	*use_r = used ? REGION_USED : REGION_RESERVED;
	return true;
}

/* Append what of `region` falls to the settings' releases. */
static size_t add(struct region *out, size_t n, const struct xlpt_settings *settings,
		  struct region region)
{
	region.first = larger(region.first, settings->xen_first);
	region.last = smaller(region.last, settings->xen_last);
	if (region.first <= region.last && region.size && n < LAYOUT_MAX_REGIONS)
		out[n++] = region;
	return n;
}

static int region_order(const void *a_p, const void *b_p)
{
	const struct region *a = a_p, *b = b_p;

	if (a->base != b->base)
		return a->base < b->base ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return 0;
}

size_t layout_regions(const struct xlpt_settings *settings,
		      struct region out[LAYOUT_MAX_REGIONS])
{
	struct region banks[N_BANKS], region;
	size_t n = 0, n_banks, i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		region = (struct region){
			.base = rows[i].base,
			.size = rows[i].size,
			.kind = rows[i].kind,
			.name = rows[i].name,
			.first = rows[i].first,
			.last = rows[i].last,
		};
		if (row_use(&rows[i], settings, &region.use))
			n = add(out, n, settings, region);
	}

	/* The banks and how they are filled are the same on all releases known here. */
	n_banks = layout_ram(settings->xen_first, settings->memory_mib, banks);
	for (i = 0; i < n_banks; i++) {
		banks[i].first = OLDEST;
		banks[i].last = NEWEST;
		n = add(out, n, settings, banks[i]);
	}
	for (i = 0; i < N_BANKS; i++) {
		/* No RAM in a bank: all of it is advertised. */
		region = extended_region(i, i < n_banks ? banks[i].size : 0,
					 layout_ipa_end(settings));
		region.first = EXTENDED_FIRST;
		region.last = EXTENDED_LAST;
		n = add(out, n, settings, region);
	}

	qsort(out, n, sizeof(*out), region_order);
	return n;
}
