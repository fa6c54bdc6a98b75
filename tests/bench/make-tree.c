/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make-tree SHAPE N [partial]: a device tree blob of that shape and size on
 * stdout, of a host or a partial one for a guest. dtc gives up on sources this
 * large, so libfdt's sequential writer makes them.
 */
#include <libfdt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "make-tree.h"

#define LIBXL_GIC 65000

static char *fdt;
unsigned n, gic = 1;

static void must(int rc)
{
	if (rc) {
		fprintf(stderr, "make-tree: %s\n", fdt_strerror(rc));
		exit(2);
	}
}

void begin(const char *name, unsigned unit)
{
	char full[256];

	snprintf(full, sizeof(full), unit ? "%s@%x" : "%s", name, unit);
	must(fdt_begin_node(fdt, full));
}

void end(void)
{
	must(fdt_end_node(fdt));
}

void string(const char *name, const char *value)
{
	must(fdt_property_string(fdt, name, value));
}

void cell(const char *name, uint32_t value)
{
	must(fdt_property_cell(fdt, name, value));
}

void empty(const char *name)
{
	must(fdt_property(fdt, name, NULL, 0));
}

void *room(const char *name, unsigned bytes)
{
	void *value;

	must(fdt_property_placeholder(fdt, name, (int)bytes, &value));
	return value;
}

void put_cell(void *value, unsigned i, uint32_t cell)
{
	const fdt32_t big = cpu_to_fdt32(cell);

	memcpy((char *)value + i * 4, &big, 4);
}

void cells(const char *name, unsigned count, uint32_t a, uint32_t b, uint32_t c)
{
	const uint32_t cell[] = { a, b, c };
	void *value = room(name, count * 4);
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
	cell("interrupt-parent", gic);
	begin("interrupt-controller", 0x1000);
	string("compatible", "arm,gic-400");
	empty("interrupt-controller");
	cell("#interrupt-cells", 3);
	cell("#address-cells", 0);
	cells("reg", 2, 0x1000, 0x1000, 0);
	cell("phandle", gic);
	end();
}

/* Of a guest's tree, which has two cells of each above it. */
static void passthrough(void)
{
	void *value;

	begin_bus("passthrough", 0);
	cell("interrupt-parent", gic);
	value = room("ranges", 16);
	memset(value, 0, 12);
	put_cell(value, 3, UINT32_MAX);
}

/* What the shapes refer to. */
static void providers(void)
{
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

void begin_bus(const char *name, unsigned unit)
{
	begin(name, unit);
	string("compatible", "simple-bus");
	cell("#address-cells", 1);
	cell("#size-cells", 1);
}

void begin_device(unsigned i, uint32_t base, uint32_t size)
{
	begin("device", base + i % 4096 * (size < 4096));
	string("compatible", "bench,device");
	cells("reg", 2, base, size, 0);
}

static const struct shape {
	const char *name;
	void (*make)(void), (*at_root)(void);
} shapes[] = {
	{ "plain", plain }, { "alone", alone }, { "siblings", siblings }, { "properties", properties }, { "depth", depth },
	{ "nested", nested }, { "phandles", phandles }, { "ranges", ranges },
	{ "interrupt-map", interrupt_map }, { "map-cycle", map_cycle }, { "parent-loop", parent_loop },
	{ "one-page", one_page }, { "one-spi", one_spi }, { "one-stream", one_stream },
	{ "streams", streams }, { "stream-list", stream_list }, { "iommu-map", iommu_map },
	{ "aliases", one_device, aliases }, { "compatibles", compatibles }, { "shared-subtree", shared_subtree },
	{ "cycle-lines", cycle_lines }, { "map-chain", map_chain }, { "parent-chain", parent_chain },
	{ "idle-nexus", idle_nexus }, { "named-clock", named_clock },
	{ "named-controller", named_controller }, { "paths", paths }, { "findings", findings },
	{ "regs", regs }, { "same-stream", same_stream }, { "masked-streams", masked_streams },
	{ "graph", graph }, { "inside", inside }, { "pci-windows", pci_windows },
};

int main(int argc, char **argv)
{
	size_t i, size, n_shapes = sizeof(shapes) / sizeof(*shapes);
	bool partial = argc == 4 && !strcmp(argv[3], "partial");

	for (i = 0; (argc == 3 || partial) && i < n_shapes && strcmp(argv[1], shapes[i].name); i++)
		;
	if ((argc != 3 && !partial) || i == n_shapes) {
		fputs("usage: make-tree SHAPE N [partial]; shapes:", stderr);
		for (i = 0; i < n_shapes; i++)
			fprintf(stderr, " %s", shapes[i].name);
		fputs("\n", stderr);
		return 2;
	}
	n = (unsigned)strtoul(argv[2], NULL, 10);
	gic = partial ? LIBXL_GIC : gic;
	size = 65536 + (size_t)n * 320;
	fdt = malloc(size);
	/* Looking each name up among the 10^5 before it takes minutes. */
	if (!fdt || fdt_create_with_flags(fdt, (int)size, strcmp(argv[1], "properties") &&
					  strcmp(argv[1], "aliases") ? 0 : FDT_CREATE_FLAG_NO_NAME_DEDUP))
		return 2;
	must(fdt_finish_reservemap(fdt));
	must(fdt_begin_node(fdt, ""));
	if (!partial)
		board();
	if (shapes[i].at_root)
		shapes[i].at_root();
	if (partial)
		passthrough();
	providers();
	shapes[i].make();
	end();
	if (partial)
		end();
	must(fdt_finish(fdt));
	return fwrite(fdt, fdt_totalsize(fdt), 1, stdout) != 1;
}
