/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees of many nodes. */
#include <limits.h>
#include <string.h>

#include "make-tree.h"

#define PER_BUS 64

/* Devices whose line goes through the nexus. */
void users(unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cell("interrupt-parent", NEXUS);
		cells("interrupts", 1, i, 0, 0);
		end();
	}
}

/* Devices of a usual board, on buses of some dozens; from these many SPIs and StreamIDs on they share them. */
static void board_of(unsigned spis, unsigned streams)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (i % PER_BUS == 0) {
			begin_bus("bus", DEVICE_BASE + i * 4096);
			empty("ranges");
		}
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		if (i % 4 == 0)
			cells(i / 4 < spis ? "interrupts" : "bench,cells", 3, 0, i / 4 % 900, 4);
		cells("clocks", 1, CLOCK, 0, 0);
		if (i % 8 == 0)
			cells(i / 8 < streams ? "iommus" : "bench,more", 2, SMMU, i / 8 % 30000, 0);
		string("status", i % 2 ? "okay" : "disabled");
		end();
		if (i % PER_BUS == PER_BUS - 1 || i == n - 1)
			end();
	}
}

void plain(void)
{
	board_of(UINT_MAX, UINT_MAX);
}

/* However many there are, none shares anything: there are no more SPIs. */
void alone(void)
{
	board_of(900, 30000);
}

void siblings(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("clocks", 1, CLOCK, 0, 0);
		end();
	}
}

void depth(void)
{
	unsigned i;

	for (i = 0; i < n; i++)
		begin_bus("bus", i + 1);
	for (i = 0; i < n; i++)
		end();
}

/* Every level is a device whose subtree is looked at again. */
void nested(void)
{
	unsigned i, k, levels = 48;

	for (i = 0; i < n / levels; i++) {
		for (k = 0; k < levels; k++) {
			begin("mfd", DEVICE_BASE + i * 4096);
			string("compatible", "bench,mfd");
			cell("#address-cells", 1);
			cell("#size-cells", 1);
			empty("ranges");
			cells("reg", 2, DEVICE_BASE + i * 4096, 4096, 0);
		}
		for (k = 0; k < levels; k++)
			end();
	}
}

void parent_loop(void)
{
	unsigned i;

	for (i = 0; i < 2; i++) {
		begin(i ? "loop-b" : "loop-a", 0);
		cell("phandle", i ? OTHER : NEXUS);
		cell("interrupt-parent", i ? NEXUS : OTHER);
		end();
	}
	users(n);
}

void one_page(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin("device", i + 1);
		string("compatible", "bench,device");
		cells("reg", 2, DEVICE_BASE + i % 256 * 16, 16, 0);
		end();
	}
}

void one_spi(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("interrupts", 3, 0, 7, 4);
		end();
	}
}

void one_stream(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("iommus", 2, SMMU, 7, 0);
		end();
	}
}

/* Many identities of one IOMMU, none shared. */
void streams(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("iommus", 2, SMMU, i, 0);
		end();
	}
}

/* All refer to the same subtree that goes along. */
void shared_subtree(void)
{
	unsigned i;

	begin("opp-table", 0);
	string("compatible", "operating-points-v2");
	cell("phandle", OTHER);
	for (i = 0; i < 1000; i++) {
		begin("opp", i + 1);
		cell("opp-hz", i);
		end();
	}
	end();
	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cell("operating-points-v2", OTHER);
		end();
	}
}

/* No two of them alike, and no mask is that of another one's. */
void masked_streams(void)
{
	unsigned i;

	begin("iommu", 0x9100000);
	string("compatible", "arm,mmu-500");
	cell("#iommu-cells", 2);
	cells("reg", 2, 0x9100000, 0x10000, 0);
	cell("phandle", OTHER);
	end();
	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("iommus", 3, OTHER, 0x8000 | (i & 0x7fff), 0x7fff & ~(i >> 1));
		end();
	}
}

/* As many and long paths as a tree may have: in JSON they are nearly all of it. */
void paths(void)
{
	char name[46];
	unsigned i;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (i = 0; i < 5; i++)
		begin_bus(name, 0);
	for (i = 0; i < n; i++) {
		begin("l", i + 1);
		end();
	}
	for (i = 0; i < 5; i++)
		end();
}

/* Each has something wrong with it, at the end of a long path. */
void findings(void)
{
	unsigned i;

	for (i = 0; i < 58; i++)
		begin_bus("bus", i + 1);
	for (i = 0; i < n; i++) {
		begin("leaf", i + 1);
		cell("reg", 7);
		end();
	}
	for (i = 0; i < 58; i++)
		end();
}
