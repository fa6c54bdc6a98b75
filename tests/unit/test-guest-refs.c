/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of references: kept, dropped, refused, taken along, or stubs in their place. */
#include "guest-board.h"

#define A "/passthrough/a@5000000"
#define SELECT "/soc/a@400000,gfn=0x5000"
/* Node a, with more properties and nodes. */
#define NODE_A(more) "a@400000 { compatible = \"test,a\"; reg = <0x400000 0x1000>; " more " };"

static void kept_inside(void **state)
{
	struct guest_board b;
	uint32_t phy, clk;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"phy-handle = <&phy>; clocks = <&clk 7>, <&osc>, <0>, <&clk 8>; clock-names = \"x\", \"y\";"
		"#clock-cells = <1>;"
		"mdio { #address-cells = <1>; #size-cells = <0>; phy: phy@3 { reg = <3>; }; };"
		"clk: clk { #clock-cells = <1>; };"), ""), SELECT);
	phy = guest_phandle_at(&b, A "/mdio/phy@3");
	clk = guest_phandle_at(&b, A "/clk");
	guest_has_cells(&b, A, "phy-handle", phy);
	guest_has_cells(&b, A, "clocks", clk, 7,
			guest_phandle_at(&b, "/passthrough/no-mmio@0/a-400000-clk1"), 0, clk, 8);
	guest_has_string(&b, A, "clock-names", "x\0y");
	guest_has_cells(&b, A "/mdio/phy@3", "reg", 3);
	guest_close(&b);
}

static void left_out(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"resets = <&cc 1>, <&cc 2>; reset-names = \"a\", \"b\"; power-domains = <&cc 3>;"
		"pinctrl-0 = <&in>; pinctrl-1 = <&pins>; pinctrl-names = \"default\", \"sleep\";"
		"iommus = <&smmu 1>; memory-region = <&pins>; dmas = <0x7777 1>; dma-names = \"rx\";"
		"phys = <&pins>; phy-names = \"p\"; gpios = <0>;"
		"in: in { }; off: off { status = \"disabled\"; }; uses { nvmem-cells = <&off>; };"),
		"pins: pins { }; smmu: smmu { #iommu-cells = <1>; };"), SELECT);
	guest_lacks(&b, A, "resets");
	guest_lacks(&b, A, "reset-names");
	guest_lacks(&b, A, "power-domains");
	/* One list of names for two states: neither is left. */
	guest_lacks(&b, A, "pinctrl-0");
	guest_lacks(&b, A, "pinctrl-1");
	guest_lacks(&b, A, "pinctrl-names");
	guest_lacks(&b, A, "iommus");
	guest_lacks(&b, A, "memory-region");
	guest_lacks(&b, A, "dmas");
	guest_lacks(&b, A, "dma-names");
	guest_lacks(&b, A, "phys");
	guest_lacks(&b, A, "phy-names");
	guest_no_node(&b, A "/off");
	guest_lacks(&b, A "/uses", "nvmem-cells");
	assert_int_equal(fixture_count(&b.f, "reference-refused"), 1);
	assert_string_equal(fixture_diag(&b.f, "reference-refused")->property, "memory-region");
	/* dmas to nowhere, phys to a node without #phy-cells */
	assert_int_equal(fixture_count(&b.f, "reference-dangling"), 2);
	/* resets, power-domains, pinctrl-1, nvmem-cells */
	assert_int_equal(fixture_count(&b.f, "dropped-reference"), 4);
	guest_close(&b);
}

static void unknown_properties(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"vendor,refers = <0 &cc>; vendor,number = <0x7777>; vendor,text = \"abc\"; vendor,flag;"
		"spi-max-frequency = <&cc>; gpio-line-names = \"a\", \"\", \"b\";"
		"hog { gpio-hog; gpios = <1 2>; };"), ""), SELECT);
	guest_lacks(&b, A, "vendor,refers");
	guest_has_cells(&b, A, "vendor,number", 0x7777);
	guest_has_string(&b, A, "vendor,text", "abc");
	guest_has_flag(&b, A, "vendor,flag");
	assert_int_equal(fixture_count(&b.f, "property-unknown"), 1);
	assert_string_equal(fixture_diag(&b.f, "property-unknown")->property, "vendor,refers");
	guest_has_string(&b, A, "gpio-line-names", "a\0\0b");
	/* A hog's gpios are lines of its own controller. */
	guest_has_cells(&b, A "/hog", "gpios", 1, 2);
	guest_close(&b);
}

#define STUB(n) "/passthrough/no-mmio@0/a-400000-clk" n

static void clocks(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"clocks = <&osc>, <&half>, <&cc 1>, <&cc 2>; clock-names = \"bus\", \"half\", \"per\";"
		"sub@0 { clocks = <&cc 5>; clock-names = \"ref\"; };"
		"odd { clocks = <&cc 5>; clock-names = \"bus\"; };"),
		"half: half { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&osc>;"
		"	clock-div = <2>; clock-mult = <1>; };"),
		SELECT ",clock=per:100,clock=3:200,clock=ref:300,clock=odd/bus:400,clock=bus:500");
	guest_has_cells(&b, A, "clocks", guest_phandle_at(&b, STUB("0")), guest_phandle_at(&b, STUB("1")),
			guest_phandle_at(&b, STUB("2")), guest_phandle_at(&b, STUB("3")));
	guest_has_string(&b, STUB("0"), "compatible", "fixed-clock");
	guest_has_cells(&b, STUB("0"), "#clock-cells", 0);
	guest_has_string(&b, STUB("0"), "clock-output-names", "a-400000-clk0");
	guest_has_cells(&b, STUB("0"), "clock-frequency", 500);
	guest_has_cells(&b, STUB("1"), "clock-frequency", 12000000);
	guest_has_cells(&b, STUB("2"), "clock-frequency", 100);
	guest_has_cells(&b, STUB("3"), "clock-frequency", 200);
	guest_has_cells(&b, "/passthrough/no-mmio@0/sub-0-clk0", "clock-frequency", 300);
	guest_has_cells(&b, "/passthrough/no-mmio@0/odd-clk0", "clock-frequency", 400);
	assert_int_equal(fixture_count(&b.f, "clock-rate-unknown"), 0);
	assert_int_equal(fixture_count(&b.f, "selection-invalid"), 0);
	guest_close(&b);
}

static void unknown_clocks(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"clocks = <&osc>, <&cc 1>, <&fast>, <&cc 3>; clock-names = \"bus\", \"per\", \"fast\";"),
		"fast: fast { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&osc>;"
		"	clock-div = <1>; clock-mult = <1000>; };"),
		SELECT ",clock=nope:1");
	guest_lacks(&b, A, "clocks");
	guest_lacks(&b, A, "clock-names");
	guest_no_node(&b, "/passthrough/no-mmio@0");
	assert_string_equal(fixture_diag(&b.f, "clock-rate-unknown")->message,
			    "the rate of these clocks is not known: per (cc@300000), "
			    "fast (fast, above 4 GHz), number 3 (cc@300000)");
	assert_non_null(strstr(fixture_diag(&b.f, "clock-rate-unknown")->hint,
			       ",clock=per:HZ ,clock=fast:HZ ,clock=3:HZ"));
	assert_string_equal(fixture_diag(&b.f, "selection-invalid")->message,
			    "clock=nope:1 names no clock of the device");
	guest_close(&b);
}

static void clocks_of_a_summary(void **state)
{
	const char *const selections[] = { SELECT, NULL };
	struct guest_board b;

	(void)state;
	guest_open(&b, GUEST_BOARD(NODE_A(
		"clocks = <&cc 1>, <&named 4>; clock-names = \"per\", \"bus\";"
		"sub { clocks = <&cc 5>; clock-names = \"ref\"; };"),
		"named: named { #clock-cells = <1>; clock-indices = <2 4>; clock-output-names = \"n2\", \"n4\"; };"));
	b.f.settings.clk_summary =
		"   clock count count count rate accuracy phase cycle enable consumer id\n"
		" x 1 1 0 1000 0 0 50000 Y 70400000.a per\n"
		" n4 1 1 0 4000 0 0 50000 Y deviceless no_connection_id\n"
		" subclk 1 1 0 5000 0 0 50000 Y deviceless no_connection_id\n";
	guest_plan(&b, selections);
	guest_has_cells(&b, STUB("0"), "clock-frequency", 1000);
	guest_has_cells(&b, STUB("1"), "clock-frequency", 4000);
	guest_lacks(&b, A "/sub", "clocks");
	assert_non_null(strstr(fixture_diag(&b.f, "clock-rate-unknown")->hint, "subclk 5000 Hz"));
	guest_close(&b);
}

static void regulators(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"vcc-supply = <&fixed>; vdd-supply = <&fixed>; core-supply = <&range>;"),
		"fixed: reg-3v3 { compatible = \"regulator-fixed\"; regulator-name = \"3v3\";"
		"	regulator-min-microvolt = <3300000>; regulator-max-microvolt = <3300000>; };"
		"range: buck@1 { regulator-min-microvolt = <1>; regulator-max-microvolt = <2>; };"), SELECT);
	guest_has_cells(&b, A, "vcc-supply", guest_phandle_at(&b, "/passthrough/no-mmio@0/reg-3v3-stub"));
	guest_has_cells(&b, A, "vdd-supply", guest_phandle_at(&b, "/passthrough/no-mmio@0/reg-3v3-stub"));
	guest_has_cells(&b, A, "core-supply", guest_phandle_at(&b, "/passthrough/no-mmio@0/buck-1-stub"));
	guest_has_cells(&b, "/passthrough/no-mmio@0/reg-3v3-stub", "regulator-min-microvolt", 3300000);
	guest_has_string(&b, "/passthrough/no-mmio@0/reg-3v3-stub", "regulator-name", "3v3");
	guest_has_flag(&b, "/passthrough/no-mmio@0/buck-1-stub", "regulator-always-on");
	guest_lacks(&b, "/passthrough/no-mmio@0/buck-1-stub", "regulator-min-microvolt");
	assert_int_equal(fixture_count(&b.f, "dropped-reference"), 1);
	assert_string_equal(fixture_diag(&b.f, "dropped-reference")->property, "core-supply");
	guest_close(&b);
}

static void taken_along(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"operating-points-v2 = <&opp>; sub { operating-points-v2 = <&opp>; };"
		"hw { operating-points-v2 = <&cc>; }; round { operating-points-v2 = <&one>; };"
		"part { monitored-battery = <&low>; };"),
		"opp: opp-table { compatible = \"operating-points-v2\"; resets = <&cc 1>;"
		"	low: opp-1 { opp-hz = /bits/ 64 <1>; }; opp-2 { status = \"disabled\"; }; };"
		"one: one { operating-points-v2 = <&two>; }; two: two { operating-points-v2 = <&one>; };"), SELECT);
	{
		uint32_t opp = guest_phandle_at(&b, "/passthrough/no-mmio@0/opp-table");
		uint32_t low = guest_phandle_at(&b, "/passthrough/no-mmio@0/opp-table/opp-1");

		guest_has_cells(&b, A, "operating-points-v2", opp);
		guest_has_cells(&b, A "/sub", "operating-points-v2", opp);
		guest_has_cells(&b, A "/part", "monitored-battery", low);
	}
	guest_lacks(&b, "/passthrough/no-mmio@0/opp-table", "resets");
	guest_no_node(&b, "/passthrough/no-mmio@0/opp-table/opp-2");
	guest_lacks(&b, A "/hw", "operating-points-v2");
	guest_has_cells(&b, "/passthrough/no-mmio@0/two", "operating-points-v2",
			guest_phandle_at(&b, "/passthrough/no-mmio@0/one"));
	assert_int_equal(fixture_count(&b.f, "reference-refused"), 1);
	guest_close(&b);
}

static void graph(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, GUEST_BOARD(NODE_A(
		"x { port { #address-cells = <1>; #size-cells = <0>;"
		"	x0: endpoint@0 { reg = <0>; remote-endpoint = <&y0>; };"
		"	x1: endpoint@1 { reg = <1>; remote-endpoint = <&far>; }; }; };"
		"y { port { y0: endpoint { remote-endpoint = <&x0>; }; }; };"
		"z { port { endpoint { remote-endpoint = <&x1>; }; }; };"),
		"far { port { far: endpoint { remote-endpoint = <&x1>; }; }; };"), SELECT);
	/* The only endpoint left of its port has no number. */
	guest_has_cells(&b, A "/y/port/endpoint", "remote-endpoint",
			guest_phandle_at(&b, A "/x/port/endpoint"));
	guest_has_cells(&b, A "/x/port/endpoint", "remote-endpoint",
			guest_phandle_at(&b, A "/y/port/endpoint"));
	guest_lacks(&b, A "/x/port/endpoint", "reg");
	guest_lacks(&b, A "/x/port", "#address-cells");
	/* The one that points at it without being pointed at goes too. */
	guest_no_node(&b, A "/z/port/endpoint");
	assert_int_equal(fixture_count(&b.f, "dropped-reference"), 2);
	guest_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept_inside),
		cmocka_unit_test(left_out),
		cmocka_unit_test(unknown_properties),
		cmocka_unit_test(clocks),
		cmocka_unit_test(unknown_clocks),
		cmocka_unit_test(clocks_of_a_summary),
		cmocka_unit_test(regulators),
		cmocka_unit_test(taken_along),
		cmocka_unit_test(graph),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
