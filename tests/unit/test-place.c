/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames of the items of a plan: what becomes one run, what a forced frame moves. */
#include "fixture.h"

#define NODE(name, reg) " " name " { compatible = \"arm,pl031\"; reg = " reg "; };"

static const char tree[] =
	"/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>;"
	" gic: gic@f1000000 { compatible = \"arm,gic-400\"; interrupt-controller; #interrupt-cells = <3>;"
	"  reg = <0xf1000000 0x1000>, <0xf1002000 0x2000>; };"
	NODE("a@f4000000", "<0xf4000000 0x1000>, <0xf4001000 0x1000>, <0xf4800000 0x800>")
	NODE("b@f4002000", "<0xf4002000 0x1000>")
	NODE("c@f4800800", "<0xf4800800 0x800>")
	NODE("low@5000000", "<0x5000000 0x1000>")
	"};";

static void runs(void **state)
{
	const struct xlpt_iomem *iomem;
	struct fixture f;
	size_t n;

	(void)state;
	fixture_open(&f, tree);
	fixture_plan(&f, "/a@f4000000", "/b@f4002000", "/c@f4800800", "/low@5000000", NULL);
	assert_true(xlpt_plan_ok(f.plan));
	/* Touching ranges of one device are one run; b only touches it. a and c share a frame. */
	assert_int_equal(f.plan->n_runs, 4);
	assert_int_equal(f.plan->run[1].start, 0xf4000);
	assert_int_equal(f.plan->run[1].count, 2);
	assert_int_equal(f.plan->run[3].count, 1);
	/* Below the RAM of every guest its own address is free. */
	iomem = xlpt_plan_iomem(f.plan, &n);
	assert_int_equal(iomem[0].start, 0x5000);
	assert_int_equal(iomem[0].gfn, 0x5000);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(iomem[i].gfn % 16, iomem[i].start % 16);
	fixture_close(&f);
}

static void forced(void **state)
{
	struct fixture f;
	uint64_t guest;

	(void)state;
	fixture_open(&f, tree);
	fixture_plan(&f, "/a@f4000000,gfn=0x4100", NULL);
	assert_int_equal(fixture_count(&f, "iomem-shared-page"), 1);
	/* The first frame where it was asked for, the others behind it. */
	assert_true(plan_guest_address(f.plan, 0xf4000000, &guest));
	assert_int_equal(guest, 0x4100000);
	assert_true(plan_guest_address(f.plan, 0xf4001004, &guest));
	assert_int_equal(guest, 0x4101004);
	assert_true(plan_guest_address(f.plan, 0xf4800010, &guest));
	assert_int_equal(guest, 0x4102010);
	assert_false(plan_guest_address(f.plan, 0xf4900000, &guest));
	fixture_close(&f);

	fixture_open(&f, tree);
	fixture_plan(&f, "/b@f4002000,gfn=0x4100", "/low@5000000,gfn=0x4100", NULL);
	assert_int_not_equal(fixture_count(&f, "gfn-overlap"), 0);
	assert_false(xlpt_plan_ok(f.plan));
	fixture_close(&f);

	fixture_open(&f, tree);
	fixture_plan(&f, "/b@f4002000,gfn=0xfffffffffffff", NULL);
	assert_int_not_equal(fixture_count(&f, "gfn-overlap"), 0);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs),
		cmocka_unit_test(forced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
