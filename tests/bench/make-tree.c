/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make-tree SHAPE N: a device tree blob of that shape and size on stdout. dtc
 * gives up on sources this large, so libfdt's sequential writer makes them.
 */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GIC 1
#define CLOCK 2
#define SMMU 3
#define NEXUS 4
#define OTHER 5
#define DEVICE_BASE 0x10000000u
#define PER_BUS 64

static char *fdt;
static unsigned n;

static void must(int rc)
{
	if (rc) {
		fprintf(stderr, "make-tree: %s\n", fdt_strerror(rc));
		exit(2);
	}
}

static void begin(const char *name, unsigned unit)
{
	char full[64];

	snprintf(full, sizeof(full), unit ? "%s@%x" : "%s", name, unit);
	must(fdt_begin_node(fdt, full));
}

static void end(void)
{
	must(fdt_end_node(fdt));
}

static void string(const char *name, const char *value)
{
	must(fdt_property_string(fdt, name, value));
}

static void cell(const char *name, uint32_t value)
{
	must(fdt_property_cell(fdt, name, value));
}

static void empty(const char *name)
{
	must(fdt_property(fdt, name, NULL, 0));
}

/* Room for that many cells; put_cells() stores one. */
static void *room(const char *name, unsigned cells)
{
	void *value;

	must(fdt_property_placeholder(fdt, name, (int)(cells * 4), &value));
	return value;
}

static void put_cell(void *value, unsigned i, uint32_t cell)
{
	const fdt32_t big = cpu_to_fdt32(cell);

	memcpy((char *)value + i * 4, &big, 4);
}

static void cells(const char *name, unsigned count, uint32_t a, uint32_t b, uint32_t c)
{
	const uint32_t cell[] = { a, b, c };
	void *value = room(name, count);
	unsigned i;

	for (i = 0; i < count; i++)
		put_cell(value, i, cell[i]);
}

static void board(void)
{
	string("compatible", "bench,board");
	string("model", "Bench");
	cell("#address-cells", 1);
	cell("#size-cells", 1);
	cell("interrupt-parent", GIC);
	begin("interrupt-controller", 0x1000);
	string("compatible", "arm,gic-400");
	empty("interrupt-controller");
	cell("#interrupt-cells", 3);
	cell("#address-cells", 0);
	cells("reg", 2, 0x1000, 0x1000, 0);
	cell("phandle", GIC);
	end();
	begin("clock", 0);
	string("compatible", "fixed-clock");
	cell("#clock-cells", 0);
	cell("clock-frequency", 24000000);
	cell("phandle", CLOCK);
	end();
	begin("iommu", 0x9000000);
	string("compatible", "arm,mmu-500");
	cell("#iommu-cells", 1);
	cells("reg", 2, 0x9000000, 0x10000, 0);
	cell("phandle", SMMU);
	end();
}

static void begin_bus(const char *name, unsigned unit)
{
	begin(name, unit);
	string("compatible", "simple-bus");
	cell("#address-cells", 1);
	cell("#size-cells", 1);
}

static void begin_device(unsigned i, uint32_t base, uint32_t size)
{
	begin("device", base + i % 4096 * (size < 4096));
	string("compatible", "bench,device");
	cells("reg", 2, base, size, 0);
}


/* Devices of a usual board, on buses of some dozens; no two share anything up to a thousand. */
static void plain(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (i % PER_BUS == 0) {
			begin_bus("bus", DEVICE_BASE + i * 4096);
			empty("ranges");
		}
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		if (i % 4 == 0)
			cells("interrupts", 3, 0, i / 4 % 900, 4);
		cells("clocks", 1, CLOCK, 0, 0);
		if (i % 8 == 0)
			cells("iommus", 2, SMMU, i / 8 % 30000, 0);
		string("status", i % 2 ? "okay" : "disabled");
		end();
		if (i % PER_BUS == PER_BUS - 1 || i == n - 1)
			end();
	}
}

static void siblings(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("clocks", 1, CLOCK, 0, 0);
		end();
	}
}

static void properties(void)
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

static void depth(void)
{
	unsigned i;

	for (i = 0; i < n; i++)
		begin_bus("bus", i + 1);
	for (i = 0; i < n; i++)
		end();
}

/* Every level is a device whose subtree is looked at again. */
static void nested(void)
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

static void phandles(void)
{
	unsigned i;
	void *value;

	begin_device(0, DEVICE_BASE, 4096);
	value = room("clocks", n);
	for (i = 0; i < n; i++)
		put_cell(value, i, CLOCK);
	end();
}

static void ranges(void)
{
	unsigned i;
	void *value;

	begin_bus("bus", 0);
	value = room("ranges", n * 3);
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

static void begin_nexus(unsigned phandle, unsigned entries, unsigned parent, unsigned parent_cells)
{
	unsigned i, width = 2 + parent_cells;
	void *value;

	begin(phandle == NEXUS ? "nexus" : "other", 0);
	cell("#interrupt-cells", 1);
	cell("#address-cells", 0);
	cell("phandle", phandle);
	value = room("interrupt-map", entries * width);
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

/* Devices whose line goes through the nexus. */
static void users(unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cell("interrupt-parent", NEXUS);
		cells("interrupts", 1, i, 0, 0);
		end();
	}
}

static void interrupt_map(void)
{
	begin_nexus(NEXUS, n, GIC, 3);
	users(n);
}

static void map_cycle(void)
{
	begin_nexus(NEXUS, n, OTHER, 1);
	begin_nexus(OTHER, n, NEXUS, 1);
	users(n);
}

static void parent_loop(void)
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

static void one_page(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin("device", i + 1);
		string("compatible", "bench,device");
		cells("reg", 2, DEVICE_BASE + i % 256 * 16, 16, 0);
		end();
	}
}

static void one_spi(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("interrupts", 3, 0, 7, 4);
		end();
	}
}

static void one_stream(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("iommus", 2, SMMU, 7, 0);
		end();
	}
}

/* Many identities of one IOMMU, none shared. */
static void streams(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cells("iommus", 2, SMMU, i, 0);
		end();
	}
}

static void one_stream_list(void)
{
	unsigned i;
	void *value;

	begin_device(0, DEVICE_BASE, 4096);
	value = room("iommus", n * 2);
	for (i = 0; i < n; i++) {
		put_cell(value, i * 2, SMMU);
		put_cell(value, i * 2 + 1, i);
	}
	end();
}

static void iommu_map(void)
{
	unsigned i;
	void *value;

	begin("bridge", 0);
	value = room("iommu-map", n * 4);
	for (i = 0; i < n; i++) {
		put_cell(value, i * 4, i);
		put_cell(value, i * 4 + 1, SMMU);
		put_cell(value, i * 4 + 2, 0x100000 + i);
		put_cell(value, i * 4 + 3, 1);
	}
	end();
	streams();
}

static void aliases(void)
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

static void compatibles(void)
{
	static const char word[] = "bench,abc";
	unsigned i;
	char *value;

	begin("device", DEVICE_BASE);
	cells("reg", 2, DEVICE_BASE, 4096, 0);
	must(fdt_property_placeholder(fdt, "compatible", (int)(n * sizeof(word)), (void **)&value));
	for (i = 0; i < n; i++)
		memcpy(value + i * sizeof(word), word, sizeof(word));
	end();
}

/* All refer to the same subtree that goes along. */
static void shared_subtree(void)
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

static const struct shape {
	const char *name;
	void (*make)(void);
} shapes[] = {
	{ "plain", plain }, { "siblings", siblings }, { "properties", properties }, { "depth", depth },
	{ "nested", nested }, { "phandles", phandles }, { "ranges", ranges },
	{ "interrupt-map", interrupt_map }, { "map-cycle", map_cycle }, { "parent-loop", parent_loop },
	{ "one-page", one_page }, { "one-spi", one_spi }, { "one-stream", one_stream },
	{ "streams", streams }, { "stream-list", one_stream_list }, { "iommu-map", iommu_map },
	{ "aliases", aliases }, { "compatibles", compatibles }, { "shared-subtree", shared_subtree },
};

int main(int argc, char **argv)
{
	size_t i, size, n_shapes = sizeof(shapes) / sizeof(*shapes);

	for (i = 0; argc == 3 && i < n_shapes && strcmp(argv[1], shapes[i].name); i++)
		;
	if (argc != 3 || i == n_shapes) {
		fputs("usage: make-tree SHAPE N; shapes:", stderr);
		for (i = 0; i < n_shapes; i++)
			fprintf(stderr, " %s", shapes[i].name);
		fputs("\n", stderr);
		return 2;
	}
	n = (unsigned)strtoul(argv[2], NULL, 10);
	size = 65536 + (size_t)n * 320;
	fdt = malloc(size);
	/* Looking each name up among the 10^5 before it takes minutes. */
	if (!fdt || fdt_create_with_flags(fdt, (int)size, strcmp(argv[1], "properties") &&
					  strcmp(argv[1], "aliases") ? 0 : FDT_CREATE_FLAG_NO_NAME_DEDUP))
		return 2;
	must(fdt_finish_reservemap(fdt));
	must(fdt_begin_node(fdt, ""));
	board();
	shapes[i].make();
	end();
	must(fdt_finish(fdt));
	return fwrite(fdt, fdt_totalsize(fdt), 1, stdout) != 1;
}
