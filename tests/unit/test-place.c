/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames of the items of a plan: what becomes one run, what a forced frame moves. */
#include <stdio.h>

#include "fixture.h"
#include "slots.h"
#include "text.h"

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

static const char tight_tree[] =
	"/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>;"
	" gic: gic@f1000000 { compatible = \"arm,gic-400\"; interrupt-controller; #interrupt-cells = <3>;"
	"  reg = <0xf1000000 0x1000>, <0xf1002000 0x2000>; };"
	/* As large as the largest hole, which has the slots, of 4.17 and of 4.15. */
	NODE("large@c0020000", "<0xc0020000 0xbfe0000>")
	NODE("huge@cc020000", "<0xcc020000 0x1bfe0000>")
	NODE("a@f4000000", "<0xf4001000 0x1000>")
	NODE("b@f4100000", "<0xf4102000 0x1000>")
	NODE("c@f4200000", "<0xf4203000 0x1000>")
	" pcie@f8000000 { compatible = \"pci-host-ecam-generic\"; device_type = \"pci\";"
	"  #address-cells = <3>; #size-cells = <2>; reg = <0xf8000000 0x100000>; bus-range = <0 0>;"
	"  ranges = <0x2000000 0 0xe8000000 0xe8000000 0 0x20000>; };"
	"};";

static uint64_t guest_of(const struct fixture *f, uint64_t host)
{
	uint64_t guest;

	assert_true(f->plan->placed);
	assert_true(plan_guest_address(f->plan, host, &guest));
	return guest;
}

/* One alone has the first place; of several each has its own, whoever else is there. */
static void stable(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, tight_tree);
	fixture_plan(&f, "/b@f4100000", NULL);
	assert_int_equal(guest_of(&f, 0xf4102000), 0x4022000);
	fixture_close(&f);

	fixture_open(&f, tight_tree);
	fixture_plan(&f, "/a@f4000000", "/b@f4100000", "/c@f4200000", NULL);
	assert_int_equal(guest_of(&f, 0xf4001000), 0x4021000);
	assert_int_equal(guest_of(&f, 0xf4102000), 0x4032000);
	assert_int_equal(guest_of(&f, 0xf4203000), 0x4043000);
	fixture_close(&f);

	fixture_open(&f, tight_tree);
	fixture_plan(&f, "/b@f4100000", "/c@f4200000", NULL);
	assert_int_equal(guest_of(&f, 0xf4102000), 0x4032000);
	assert_int_equal(guest_of(&f, 0xf4203000), 0x4043000);
	fixture_close(&f);

	/* A PCI window keeps out of the slots: 0x4020000 would be aligned, and is theirs. */
	fixture_open(&f, tight_tree);
	fixture_plan(&f, "/b@f4100000", "/c@f4200000", "/pcie@f8000000", NULL);
	assert_int_equal(guest_of(&f, 0xf4102000), 0x4032000);
	assert_int_equal(guest_of(&f, 0xf4203000), 0x4043000);
	assert_int_equal(guest_of(&f, 0xf8000000), 0x4050000);
	assert_int_equal(guest_of(&f, 0xe8000000), 0x4200000);
	fixture_close(&f);
}

/* Where the slots leave no room, or none below 4 GiB, all are packed. */
static void tight(void **state)
{
	static const struct {
		const char *version, *device;
		uint64_t host;
	} cases[] = {
		{ "4.17", "/large@c0020000", 0xc0020000 },
		{ "4.15", "/huge@cc020000", 0xcc020000 },
	};
	struct fixture f;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		fixture_open(&f, tight_tree);
		assert_int_equal(xlpt_settings_xen(&f.settings, cases[i].version), 0);
		fixture_plan(&f, cases[i].device, "/b@f4100000", NULL);
		assert_int_equal(guest_of(&f, cases[i].host), 0x4020000);
		fixture_close(&f);
	}
}

#define N_FORCED 120
#define N_WINDOWS 8
#define LOW_FRAME 0x4020

static unsigned seed = 1;

static unsigned draw(unsigned below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % below;
}

static bool meets(uint64_t a, uint64_t n_a, uint64_t b, uint64_t n_b)
{
	return a < b + n_b && b < a + n_a;
}

/* Is there room for a window, beside all regions, what is forced, and the windows before it? */
static bool is_room(const struct fixture *f, uint64_t gfn, uint64_t count, const uint64_t *forced,
		    const struct hole_run *before, size_t n_before)
{
	const struct gap *area = &f->plan->slots->area;
	size_t i;

	for (i = 0; i < f->plan->host->n_regions; i++)
		if (meets(gfn, count, f->plan->host->regions[i].base >> 12, f->plan->host->regions[i].size >> 12))
			return false;
	for (i = 0; i < N_FORCED; i++)
		if (meets(gfn, count, forced[i], 1))
			return false;
	for (i = 0; i < n_before; i++)
		if (meets(gfn, count, before[i].gfn, before[i].count))
			return false;
	return !meets(gfn, count, area->from, area->to - area->from);
}

/* Each PCI window has the first place with its alignment that nothing else has. */
static void windows(void **state)
{
	struct hole_run window[N_WINDOWS];
	uint64_t forced[N_FORCED], guest, gfn, modulus, at = LOW_FRAME;
	const char *selection[N_FORCED + 1];
	char name[N_FORCED][64];
	struct fixture f;
	struct text dts;
	size_t i;

	(void)state;
	text_init(&dts);
	text_puts(&dts, "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>;"
		  " gic: gic@f1000000 { compatible = \"arm,gic-400\"; interrupt-controller;"
		  " #interrupt-cells = <3>; reg = <0xf1000000 0x1000>, <0xf1002000 0x2000>; };");
	/* Some gaps between them are too small, some large enough but not aligned. */
	for (i = 0; i < N_FORCED; i++) {
		at += 1 + draw(i % 3 ? 96 : 6);
		forced[i] = at;
		text_printf(&dts, NODE("d@%zx", "<0x%zx 0x1000>"), 0x80000000 + i * 0x3000,
			    0x80000000 + i * 0x3000);
		snprintf(name[i], sizeof(name[i]), "/d@%zx,gfn=0x%llx", 0x80000000 + i * 0x3000,
			 (unsigned long long)at);
		selection[i] = name[i];
	}
	text_puts(&dts, "pcie@f8000000 { compatible = \"pci-host-ecam-generic\"; device_type = \"pci\";"
		  " #address-cells = <3>; #size-cells = <2>; reg = <0xf8000000 0x100000>;"
		  " bus-range = <0 0>; ranges =");
	for (i = 0; i < N_WINDOWS; i++) {
		window[i].start = 0xd0000 + i * 0x400 + draw(256);
		window[i].count = 1 + draw(i % 2 ? 64 : 3);
		text_printf(&dts, "%s<0x2000000 0 0x%llx 0x%llx 0 0x%llx>", i ? ", " : " ",
			    (unsigned long long)window[i].start << 12, (unsigned long long)window[i].start << 12,
			    (unsigned long long)window[i].count << 12);
	}
	text_puts(&dts, "; }; };");
	selection[N_FORCED] = "/pcie@f8000000";
	fixture_open(&f, dts.s);
	assert_int_equal(xlpt_settings_xen(&f.settings, "4.17"), 0);
	assert_int_equal(xlpt_plan_make(f.tree, &f.settings, selection, N_FORCED + 1, f.diags, &f.plan), 0);
	assert_int_equal(fixture_count(&f, "gfn-overlap"), 0);
	for (i = 0; i < N_WINDOWS; i++) {
		for (modulus = 1; modulus * 2 <= window[i].count; modulus *= 2)
			;
		for (gfn = LOW_FRAME; gfn % modulus != window[i].start % modulus ||
		     !is_room(&f, gfn, window[i].count, forced, window, i); gfn++)
			;
		assert_true(plan_guest_address(f.plan, window[i].start << 12, &guest));
		assert_int_equal(guest >> 12, gfn);
		window[i].gfn = gfn;
	}
	/* They lie among what is forced, not all behind it. */
	assert_true(window[0].gfn < at);
	fixture_close(&f);
	text_free(&dts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs),
		cmocka_unit_test(forced),
		cmocka_unit_test(stable),
		cmocka_unit_test(tight),
		cmocka_unit_test(windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
