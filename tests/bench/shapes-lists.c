/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees of few nodes, with long lists in them. */
#include <stdio.h>
#include <string.h>

#include "make-tree.h"

void properties(void)
{
	char name[32];
	unsigned i;

	begin_device(0, DEVICE_BASE, 4096);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "bench,p%u", i);
		cell(name, i % 8);
	}
	end();
}

void phandles(void)
{
	unsigned i;
	void *value;

	begin_device(0, DEVICE_BASE, 4096);
	value = room("clocks", n * 4);
	for (i = 0; i < n; i++)
		put_cell(value, i, CLOCK);
	end();
}

void ranges(void)
{
	unsigned i;
	void *value;

	begin_bus("bus", 0);
	value = room("ranges", n * 12);
	for (i = 0; i < n; i++) {
		put_cell(value, i * 3, i * 4096);
		put_cell(value, i * 3 + 1, DEVICE_BASE + (n - i) * 4096);
		put_cell(value, i * 3 + 2, 4096);
	}
	for (i = 0; i < n; i++) {
		begin_device(i, i * 4096 + 4096 * (i == 0), 4096);
		end();
	}
	end();
}

void begin_nexus(unsigned phandle, unsigned entries, unsigned parent, unsigned parent_cells)
{
	unsigned i, width = 2 + parent_cells;
	void *value;

	begin(phandle == NEXUS ? "nexus" : "other", 0);
	cell("#interrupt-cells", 1);
	cell("#address-cells", 0);
	cell("phandle", phandle);
	value = room("interrupt-map", entries * width * 4);
	for (i = 0; i < entries; i++) {
		put_cell(value, i * width, i);
		put_cell(value, i * width + 1, parent);
		if (parent_cells == 1) {
			put_cell(value, i * width + 2, i);
		} else {
			put_cell(value, i * width + 2, 0);
			put_cell(value, i * width + 3, i % 900);
			put_cell(value, i * width + 4, 4);
		}
	}
	end();
}

void interrupt_map(void)
{
	begin_nexus(NEXUS, n, GIC, 3);
	users(n);
}

void map_cycle(void)
{
	begin_nexus(NEXUS, n, OTHER, 1);
	begin_nexus(OTHER, n, NEXUS, 1);
	users(n);
}

/* One device with n streams: first, first + step, ... */
static void streams_of_one(unsigned first, unsigned step)
{
	unsigned i;
	void *value;

	begin_device(0, DEVICE_BASE, 4096);
	value = room("iommus", n * 8);
	for (i = 0; i < n; i++) {
		put_cell(value, i * 2, SMMU);
		put_cell(value, i * 2 + 1, first + i * step);
	}
	end();
}

void stream_list(void)
{
	streams_of_one(0, 1);
}

void iommu_map(void)
{
	unsigned i;
	void *value;

	begin("bridge", 0);
	value = room("iommu-map", n * 16);
	for (i = 0; i < n; i++) {
		put_cell(value, i * 4, i);
		put_cell(value, i * 4 + 1, SMMU);
		put_cell(value, i * 4 + 2, 0x100000 + i);
		put_cell(value, i * 4 + 3, 1);
	}
	end();
	streams();
}

void aliases(void)
{
	char name[32];
	unsigned i;

	begin("aliases", 0);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "serial%u", i);
		string(name, "/device@10000000");
	}
	end();
	begin_device(0, DEVICE_BASE, 4096);
	end();
}

void compatibles(void)
{
	static const char word[] = "bench,abc";
	unsigned i;
	char *value;

	begin("device", DEVICE_BASE);
	cells("reg", 2, DEVICE_BASE, 4096, 0);
	value = room("compatible", n * (unsigned)sizeof(word));
	for (i = 0; i < n; i++)
		memcpy(value + i * sizeof(word), word, sizeof(word));
	end();
}

/* Registers of one device, all in one page. */
void regs(void)
{
	unsigned i;
	void *value;

	begin("device", DEVICE_BASE);
	string("compatible", "bench,device");
	value = room("reg", n * 8);
	for (i = 0; i < n; i++) {
		put_cell(value, i * 2, DEVICE_BASE + i % 256 * 16);
		put_cell(value, i * 2 + 1, 16);
	}
	end();
}

void same_stream(void)
{
	streams_of_one(7, 0);
}
