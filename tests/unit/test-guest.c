/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's nodes: addresses, interrupts, what goes along and under which name. */
#include <stdio.h>

#include "guest-board.h"

/* What the planner chose for a host address, for tests that are not about the choice. */
static uint64_t guest_of(struct guest_board *b, uint64_t host)
{
	uint64_t guest = 0;

	assert_true(plan_guest_address(b->f.plan, host, &guest));
	return guest;
}

static void frame(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD("a@400000 { compatible = \"test,a\"; reg = <0x400000 0x1000>; };", ""),
		   "/soc/a@400000");
	guest_has_cells(&b, "/", "#address-cells", 2);
	guest_has_cells(&b, "/", "#size-cells", 2);
	guest_has_cells(&b, "/gic", "phandle", 65000);
	guest_has_cells(&b, "/gic", "#interrupt-cells", 3);
	guest_has_string(&b, "/passthrough", "compatible", "simple-bus");
	guest_has_flag(&b, "/passthrough", "ranges");
	guest_has_cells(&b, "/passthrough", "#address-cells", 2);
	guest_has_cells(&b, "/passthrough", "#size-cells", 2);
	guest_no_node(&b, "/aliases");
	guest_no_node(&b, "/passthrough/no-mmio@0");
	guest_close(&b);
}

static void item(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(
		"a: a@400800 {"
		"	compatible = \"test,a\", \"test,b\"; status = \"disabled\"; xen,passthrough; xen,path = \"x\";"
		"	reg = <0x400800 0x100>, <0x500000 0>, <0x600000 0x3000>; reg-names = \"a\", \"b\", \"c\";"
		"	interrupts = <0 10 4 0>, <0 11 1 0>, <0 10 4 0>; dma-coherent; label = \"x\\\"y\";"
		"	odd = [01 02 03]; self-gpios = <&a 1>; #gpio-cells = <1>;"
		"};", "aliases { a0 = \"/soc/a@400800\"; cc0 = \"/soc/cc@300000\"; };"), "/soc/a@400800,gfn=0x5000");
	assert_string_equal(b.f.plan->item[0].guest_path, "/passthrough/a@5000800");
	guest_has_cells(&b, "/passthrough/a@5000800", "reg", 0, 0x5000800, 0, 0x100, 0, 0, 0, 0,
			0, 0x5001000, 0, 0x3000);
	guest_has_string(&b, "/passthrough/a@5000800", "compatible", "test,a\0test,b");
	guest_has_string(&b, "/passthrough/a@5000800", "status", "okay");
	guest_has_string(&b, "/passthrough/a@5000800", "reg-names", "a\0b\0c");
	guest_has_string(&b, "/passthrough/a@5000800", "label", "x\"y");
	guest_has_bytes(&b, "/passthrough/a@5000800", "odd", "\1\2\3", 3);
	guest_has_cells(&b, "/passthrough/a@5000800", "interrupts", 0, 10, 4, 0, 11, 1, 0, 10, 4);
	guest_has_cells(&b, "/passthrough/a@5000800", "interrupt-parent", 65000);
	guest_has_flag(&b, "/passthrough/a@5000800", "dma-coherent");
	guest_has_cells(&b, "/passthrough/a@5000800", "phandle", 1);
	guest_has_cells(&b, "/passthrough/a@5000800", "self-gpios", 1, 1);
	guest_lacks(&b, "/passthrough/a@5000800", "xen,passthrough");
	guest_lacks(&b, "/passthrough/a@5000800", "xen,path");
	guest_has_string(&b, "/aliases", "a0", "/passthrough/a@5000800");
	guest_lacks(&b, "/aliases", "cc0");
	guest_close(&b);
}

/* Each frame has its place; the bus below an item keeps its addresses. */
static void children(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(
		"bus@400000 {"
		"	compatible = \"simple-bus\"; ranges = <0x100 0x400000 0x10000>, <0x80000 0x900000 0x1000>;"
		"	dev@200 { compatible = \"test,d\"; reg = <0x200 0x10>; interrupts = <0 20 4 0>; };"
		"	dev@80000 { compatible = \"test,d\"; reg = <0x80000 0x1000>; status = \"okay\"; };"
		"	off@5000 { compatible = \"test,off\"; reg = <0x5000 0x10>; status = \"disabled\"; };"
		"};", ""), "/soc/bus@400000");
	/* named after where its first window goes, since it has no reg */
	assert_non_null(strstr(b.f.plan->item[0].guest_path, "/passthrough/bus@"));
	{
		const char *bus = b.f.plan->item[0].guest_path;
		uint64_t first = guest_of(&b, 0x70400000), last = guest_of(&b, 0x70900000);
		uint64_t off = guest_of(&b, 0x70404000);
		char path[300];

		assert_true(first && off);
		snprintf(path, sizeof(path), "%s/dev@200", bus);
		guest_has_cells(&b, bus, "#address-cells", 1);
		guest_has_cells(&b, bus, "#size-cells", 1);
		/* The window begins 0x100 into its frame and holds the frame of the disabled node too. */
		guest_has_cells(&b, bus, "ranges", 0x100, 0, (uint32_t)first, 0x1000, 0x4100, 0,
				(uint32_t)off, 0x1000, 0x80000, 0, (uint32_t)last, 0x1000);
		guest_has_cells(&b, path, "reg", 0x200, 0x10);
		guest_has_cells(&b, path, "interrupts", 0, 20, 4);
		snprintf(path, sizeof(path), "%s/off@5000", bus);
		guest_no_node(&b, path);
		assert_non_null(strstr(b.dts, "off@5000 (disabled)"));
	}
	guest_close(&b);
}

/* An empty ranges below two buses is as wide as the windows above it. */
static void empty_ranges(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(
		"wrap@400000 {"
		"	compatible = \"test,wrap\"; reg = <0x400000 0x100>; ranges; #address-cells = <1>; #size-cells = <1>;"
		"	dev@500000 { compatible = \"test,d\"; reg = <0x500000 0x2000>; };"
		"};", ""), "/soc/wrap@400000,gfn=0x5000");
	guest_has_cells(&b, "/passthrough/wrap@5000000", "reg", 0, 0x5000000, 0, 0x100);
	guest_has_cells(&b, "/passthrough/wrap@5000000", "ranges", 0x400000, 0, 0x5000000, 0x1000,
			0x500000, 0, 0x5001000, 0x2000);
	guest_has_cells(&b, "/passthrough/wrap@5000000/dev@500000", "reg", 0x500000, 0x2000);
	guest_close(&b);
}

static void no_registers(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD("", "keys { compatible = \"gpio-keys\"; };"), "/keys");
	assert_string_equal(b.f.plan->item[0].guest_path, "/passthrough/no-mmio@0/keys");
	guest_has_string(&b, "/passthrough/no-mmio@0/keys", "compatible", "gpio-keys");
	guest_close(&b);
}

/* Alternatives at one address have one guest address as well. */
static void same_names(void **state)
{
	const char *const selections[] = { "/soc/a@400000", "/soc/sub/a@400000", NULL };
	struct guest_board b;

	(void)state;
	guest_open(&b, GUEST_BOARD(
		"a@400000 { compatible = \"test,a\"; reg = <0x400000 0x1000>; };"
		"sub { #address-cells = <1>; #size-cells = <1>; ranges;"
		"	a@400000 { compatible = \"test,b\"; reg = <0x400000 0x1000>; }; };", ""));
	guest_plan(&b, selections);
	guest_has_string(&b, b.f.plan->item[0].guest_path, "compatible", "test,a");
	guest_has_string(&b, b.f.plan->item[1].guest_path, "compatible", "test,b");
	assert_string_not_equal(b.f.plan->item[0].guest_path, b.f.plan->item[1].guest_path);
	guest_close(&b);
}

static void interrupts(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(
		"d@400000 {"
		"	compatible = \"test,d\"; reg = <0x400000 0x1000>; ranges; #address-cells = <1>; #size-cells = <1>;"
		"	interrupts-extended = <&gic 0 10 4 0>, <&gic 1 9 4 0>, <&g 3 2>, <&other 5>, <&gic 0 11 1 0>;"
		"	interrupt-names = \"a\", \"ppi\", \"g\", \"other\", \"b\"; interrupts = <0 99 4 0>;"
		"	g: g@400000 { gpio-controller; interrupt-controller; #interrupt-cells = <2>; };"
		"	only { interrupt-parent = <&g>; interrupts = <1 1 2 2>; interrupt-names = \"x\"; };"
		"	none { interrupts-extended = <&other 1>; interrupt-names = \"y\"; };"
		"	below { interrupts = <0 12 4 0>; interrupt-parent = <&gic>; };"
		"};"
		"other: o@500000 { reg = <0x500000 0x1000>; interrupt-controller; #interrupt-cells = <1>; };",
		""), "/soc/d@400000,gfn=0x5000");
	{
		uint32_t g = guest_phandle_at(&b, "/passthrough/d@5000000/g@400000");

		guest_has_cells(&b, "/passthrough/d@5000000", "interrupts-extended", 65000, 0, 10, 4, g, 3, 2,
				65000, 0, 11, 1);
		guest_lacks(&b, "/passthrough/d@5000000", "interrupts");
		guest_has_string(&b, "/passthrough/d@5000000", "interrupt-names", "a\0g\0b");
		guest_has_cells(&b, "/passthrough/d@5000000/only", "interrupt-parent", g);
		guest_has_cells(&b, "/passthrough/d@5000000/only", "interrupts", 1, 1, 2, 2);
	}
	guest_has_string(&b, "/passthrough/d@5000000/only", "interrupt-names", "x");
	guest_lacks(&b, "/passthrough/d@5000000/none", "interrupts-extended");
	guest_lacks(&b, "/passthrough/d@5000000/none", "interrupt-names");
	guest_has_cells(&b, "/passthrough/d@5000000/below", "interrupts", 0, 12, 4);
	guest_has_cells(&b, "/passthrough/d@5000000/below", "interrupt-parent", 65000);
	guest_close(&b);
}

/* ECAM cut to the buses asked for, memory windows only, its own interrupt-map to the guest's GIC. */
static void host_bridge(void **state)
{
	static const char *const selections[] = { "/soc/pcie@2000000,gfn=0x5000,buses=2-3", NULL };
	const char *path = "/passthrough/pcie@5000000";
	struct guest_board b;
	uint64_t window;

	(void)state;
	guest_open(&b, GUEST_BOARD(
		"pcie@2000000 {"
		"	compatible = \"pci-host-ecam-generic\"; device_type = \"pci\"; reg = <0x2000000 0x1000000>;"
		"	#address-cells = <3>; #size-cells = <2>; bus-range = <0 15>; dma-coherent; linux,pci-domain = <2>;"
		"	ranges = <0x1000000 0 0 0x3000000 0 0x10000>, <0x2000000 0 0x40000000 0x4000000 0 0x100000>;"
		"	#interrupt-cells = <1>; interrupt-map-mask = <0 0 0 7>; msi-map = <0 &gic 0 0x10000>;"
		"	interrupt-map = <0 0 0 1 &gic 0 40 4 0>, <0 0 0 2 &gic 1 9 4 0>, <0 0 0 3 &gic 0 41 4 0>;"
		"};", ""));
	guest_plan(&b, selections);
	window = guest_of(&b, 0x74000000);
	guest_has_cells(&b, path, "reg", 0, 0x5000000, 0, 0x200000);
	guest_has_cells(&b, path, "bus-range", 2, 3);
	guest_has_cells(&b, path, "ranges", 0x2000000, 0, 0x40000000, (uint32_t)(window >> 32),
			(uint32_t)window, 0, 0x100000);
	guest_has_cells(&b, path, "interrupt-map", 0, 0, 0, 1, 65000, 0, 40, 4, 0, 0, 0, 3, 65000, 0, 41, 4);
	guest_has_cells(&b, path, "interrupt-map-mask", 0, 0, 0, 7);
	guest_has_cells(&b, path, "#interrupt-cells", 1);
	guest_has_cells(&b, path, "linux,pci-domain", 2);
	guest_has_flag(&b, path, "dma-coherent");
	guest_lacks(&b, path, "msi-map");
	guest_close(&b);
}

/* What a bus above says of DMA is lost with the bus, unless it is repeated. */
static void inherited(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(
		"up { #address-cells = <1>; #size-cells = <1>; ranges; dma-coherent; dma-ranges = <0 0 0x1000>;"
		"	a@400000 { compatible = \"test,a\"; reg = <0x400000 0x1000>; dma-ranges = <0 0 1>; };"
		"};", ""), "/soc/up/a@400000,gfn=0x5000");
	guest_has_flag(&b, "/passthrough/a@5000000", "dma-coherent");
	guest_lacks(&b, "/passthrough/a@5000000", "dma-ranges");
	assert_int_equal(fixture_count(&b.f, "coherency-inherited"), 3);
	guest_close(&b);
}

/* Views of the same registers, under different parents: no unit address is there twice. */
static void same_registers(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;"
			 " gic: gic@1000 { compatible = \"arm,gic-400\"; interrupt-controller;"
			 "  #interrupt-cells = <3>; reg = <0x1000 0x1000 0x2000 0x2000>; };"
			 " soc { compatible = \"simple-bus\"; ranges; #address-cells = <1>; #size-cells = <1>;"
			 "  a@f0000000 { compatible = \"a\"; reg = <0xf0000000 0x1000>; }; };"
			 " b@f0000000 { compatible = \"b\"; reg = <0xf0000000 0x1000>; };"
			 " c@f0000000 { compatible = \"c\"; reg = <0xf0000000 0x1000>; };"
			 " d@f0001000 { compatible = \"d\"; reg = <0xf0001000 0x1000>; };"
			 " e@f0001000 { compatible = \"e\"; reg = <0xf0001000 0x1000>; }; };");
	fixture_plan(&f, "/soc/a@f0000000", "/b@f0000000", "/c@f0000000", "/d@f0001000", "/e@f0001000", NULL);
	assert_non_null(strstr(f.plan->item[0].guest_path, "/passthrough/a@"));
	assert_non_null(strstr(f.plan->item[1].guest_path, "/passthrough/same-registers@1/b@"));
	assert_non_null(strstr(f.plan->item[2].guest_path, "/passthrough/same-registers@2/c@"));
	assert_non_null(strstr(f.plan->item[3].guest_path, "/passthrough/d@"));
	assert_non_null(strstr(f.plan->item[4].guest_path, "/passthrough/same-registers@1/e@"));
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_registers),
		cmocka_unit_test(frame),
		cmocka_unit_test(item),
		cmocka_unit_test(children),
		cmocka_unit_test(empty_ranges),
		cmocka_unit_test(no_registers),
		cmocka_unit_test(same_names),
		cmocka_unit_test(interrupts),
		cmocka_unit_test(host_bridge),
		cmocka_unit_test(inherited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
