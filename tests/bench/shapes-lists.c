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

	begin("nexus", phandle);
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
	begin_nexus(NEXUS, n, gic, 3);
	users(n);
}

void map_cycle(void)
{
	begin_nexus(NEXUS, n, OTHER, 1);
	begin_nexus(OTHER, n, NEXUS, 1);
	users(n);
}

/* One device with n lines of a cell each, the entries of a nexus in turn. */
static void lines(unsigned entries)
{
	unsigned i;
	void *value;

	begin_device(0, DEVICE_BASE, 4096);
	cell("interrupt-parent", NEXUS);
	value = room("interrupts", n * 4);
	for (i = 0; i < n; i++)
		put_cell(value, i, i % entries);
	end();
}

/* Maps too short to be indexed for long. */
void cycle_lines(void)
{
	begin_nexus(NEXUS, 40, OTHER, 1);
	begin_nexus(OTHER, 40, NEXUS, 1);
	lines(40);
}

/* A line goes through 60 of them and comes to an end. */
void map_chain(void)
{
	unsigned i;

	for (i = 0; i < 59; i++)
		begin_nexus(NEXUS + i, 40, NEXUS + i + 1, 1);
	begin_nexus(NEXUS + i, 40, gic, 3);
	lines(40);
}

/* The controller is found through 120 nodes that say where to go on. */
void parent_chain(void)
{
	unsigned i;

	for (i = 0; i < 120; i++) {
		begin("hop", i + 1);
		cell("phandle", NEXUS + i);
		cell("interrupt-parent", NEXUS + i + 1);
		end();
	}
	begin("controller", 0);
	empty("interrupt-controller");
	cell("#interrupt-cells", 1);
	cell("phandle", NEXUS + i);
	end();
	lines(40);
}

/* Nodes that have lines but do nothing with them: each passes them to the next one's parent. */
void idle_nexus(void)
{
	unsigned i, k;

	for (i = 0; i < 30; i++) {
		begin("idle", i + 1);
		cell("#interrupt-cells", 1);
		cell("phandle", NEXUS + i * 101);
		cell("interrupt-parent", NEXUS + i * 101 + 1);
		end();
		for (k = 1; k <= 100; k++) {
			begin("hop", i * 101 + k);
			cell("phandle", NEXUS + i * 101 + k);
			cell("interrupt-parent", NEXUS + i * 101 + k + 1);
			end();
		}
	}
	begin("controller", 0);
	empty("interrupt-controller");
	cell("#interrupt-cells", 1);
	cell("phandle", NEXUS + i * 101);
	end();
	lines(40);
}

/* A provider whose compatible is as long as the list of references to it. */
void named_clock(void)
{
	static const char word[] = "bench,abc";
	unsigned i;
	char *value;

	begin("clock", 1);
	value = room("compatible", n * (unsigned)sizeof(word));
	for (i = 0; i < n; i++)
		memcpy(value + i * sizeof(word), word, sizeof(word));
	cell("#clock-cells", 0);
	cell("phandle", OTHER);
	end();
	begin_device(0, DEVICE_BASE, 4096);
	value = room("clocks", n * 4);
	for (i = 0; i < n; i++)
		put_cell(value, i, OTHER);
	end();
}

/* The same with a controller. */
void named_controller(void)
{
	static const char word[] = "bench,abc";
	unsigned i;
	char *value;

	begin("controller", 0);
	value = room("compatible", n * (unsigned)sizeof(word));
	for (i = 0; i < n; i++)
		memcpy(value + i * sizeof(word), word, sizeof(word));
	empty("interrupt-controller");
	cell("#interrupt-cells", 1);
	cell("#address-cells", 0);
	cell("phandle", NEXUS);
	value = room("interrupt-map", 12);
	put_cell(value, 0, 0);
	put_cell(value, 1, NEXUS);
	put_cell(value, 2, 0);
	end();
	lines(40);
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
		string(name, gic == 1 ? "/device@10000000" : "/passthrough/device@10000000");
	}
	end();
}

void one_device(void)
{
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
