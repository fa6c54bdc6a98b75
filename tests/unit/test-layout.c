/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's address map: what is free, reserved or used on which release. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "layout.h"

enum at { FREE, RESERVED, USED };

static struct xlpt_settings on(const char *version, uint64_t memory_mib)
{
	struct xlpt_settings settings;

	xlpt_settings_init(&settings);
	assert_int_equal(xlpt_settings_xen(&settings, version), 0);
	settings.memory_mib = memory_mib;
	return settings;
}

static enum at at(const struct xlpt_settings *settings, uint64_t frame)
{
	struct region regions[LAYOUT_MAX_REGIONS];
	size_t n = layout_regions(settings, regions), i;
	enum at worst = FREE;

	assert_in_range(n, 1, LAYOUT_MAX_REGIONS);
	for (i = 0; i < n; i++) {
		if (i)
			assert_true(regions[i].base >= regions[i - 1].base);
		assert_non_null(regions[i].name);
		assert_true(regions[i].size > 0);
		assert_true(regions[i].first >= settings->xen_first);
		assert_true(regions[i].last <= settings->xen_last);
		assert_true(regions[i].first <= regions[i].last);
		if (frame << 12 < regions[i].base || frame << 12 >= regions[i].base +
								    regions[i].size)
			continue;
		if (regions[i].use == REGION_USED)
			worst = USED;
		else if (worst == FREE)
			worst = RESERVED;
	}
	return worst;
}

static enum at on_at(const char *version, uint64_t memory_mib, uint64_t frame)
{
	struct xlpt_settings settings = on(version, memory_mib);

	return at(&settings, frame);
}

static void settings_versions(void **state)
{
	static const char *const bad[] = { "", "4", "4.", "4.5", "4.23", "4.017", "4.17.1", "4.17 ",
					   " 4.17", "4.+17", "5.17", "Any", "4.99999999999999",
					   "xen-4.17" };
	struct xlpt_settings settings;
	size_t i;

	(void)state;
	xlpt_settings_init(&settings);
	assert_int_equal(settings.xen_first, 17);
	assert_int_equal(settings.xen_last, 22);
	assert_int_equal(settings.memory_mib, 0);
	assert_int_equal(xlpt_settings_xen(&settings, "4.6"), 0);
	assert_int_equal(settings.xen_first, 6);
	assert_int_equal(settings.xen_last, 6);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(xlpt_settings_xen(&settings, bad[i]), -EINVAL);
	assert_int_equal(xlpt_settings_xen(&settings, NULL), -EINVAL);
	assert_int_equal(settings.xen_last, 6);
	assert_int_equal(xlpt_settings_xen(&settings, "any"), 0);
	assert_int_equal(settings.xen_first, 17);
	assert_int_equal(settings.xen_last, 22);
}

/* First and last frame of each window that is free on every release, and their neighbours. */
static void free_windows(void **state)
{
	static const struct {
		uint64_t first, last;
	} windows[] = {
		{ 0x00001, 0x01fff }, { 0x02100, 0x03000 }, { 0x03011, 0x0301f },
		{ 0x04020, 0x0ffff }, { 0x22001, 0x22fff }, { 0x33000, 0x37fff },
		{ 0x3a000, 0x3ffff },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(windows) / sizeof(*windows); i++) {
		assert_int_equal(on_at("any", 0, windows[i].first), FREE);
		assert_int_equal(on_at("any", 0, windows[i].last), FREE);
		assert_int_not_equal(on_at("any", 0, windows[i].first - 1), FREE);
		assert_int_not_equal(on_at("any", 0, windows[i].last + 1), FREE);
	}
}

static void per_release(void **state)
{
	unsigned minor;
	char version[8];

	(void)state;
	/* The frame of upstream's own example. */
	assert_int_equal(on_at("4.15", 0, 0x10000), FREE);
	assert_int_equal(on_at("4.16", 0, 0x10000), RESERVED);
	assert_int_equal(on_at("4.17", 0, 0x10000), RESERVED);
	assert_int_equal(on_at("4.7", 0, 0x20000), FREE);
	assert_int_equal(on_at("4.8", 0, 0x20000), RESERVED);
	assert_int_equal(on_at("4.9", 0, 0x22000), FREE);
	assert_int_equal(on_at("4.10", 0, 0x22000), RESERVED);
	assert_int_equal(on_at("4.16", 0, 0x02000), FREE);
	assert_int_equal(on_at("4.17", 0, 0x020ff), RESERVED);
	assert_int_equal(on_at("4.15", 0, 0x1fffff), FREE);
	assert_int_equal(on_at("4.16", 0, 0x1fffff), RESERVED);
	for (minor = 6; minor <= 22; minor++) {
		snprintf(version, sizeof(version), "4.%u", minor);
		assert_int_equal(on_at(version, 0, 0x00000), RESERVED);
		assert_int_equal(on_at(version, 0, 0x03001), USED);
		assert_int_equal(on_at(version, 0, 0x0401f), USED);
		assert_int_equal(on_at(version, 0, 0x09010), FREE);
		assert_int_equal(on_at(version, 0, 0x38000), USED);
		assert_int_equal(on_at(version, 0, 0x39fff), USED);
		assert_int_equal(on_at(version, 0, 0x40000), USED);
		assert_int_equal(on_at(version, 0, 0xfff51), USED);
		assert_int_equal(on_at(version, 0, 0xfffffff), USED);
		assert_int_equal(on_at(version, 0, 0x10000000), FREE);
	}
}

/* Above the RAM: merely unmapped, then advertised, then advertised without the devices. */
static void extended_regions(void **state)
{
	(void)state;
	assert_int_equal(on_at("4.15", 1024, 0xff170), FREE);
	assert_int_equal(on_at("4.16", 1024, 0xff170), USED);
	assert_int_equal(on_at("4.17", 1024, 0xff170), USED);
	assert_int_equal(on_at("4.20", 1024, 0xff170), USED);
	assert_int_equal(on_at("4.21", 1024, 0xff170), FREE);
	assert_int_equal(on_at("4.22", 1024, 0xff170), FREE);
	assert_int_equal(on_at("any", 1024, 0xff170), USED);
	/* Still RAM, wherever. */
	assert_int_equal(on_at("4.22", 1024, 0x7ffff), USED);
	assert_int_equal(on_at("4.22", 1024, 0x80000), FREE);
	/* 2 MiB rounding: 1 MiB of RAM, one unused, then extended. */
	assert_int_equal(on_at("4.17", 1025, 0x800ff), USED);
	assert_int_equal(on_at("4.17", 1025, 0x80100), FREE);
	assert_int_equal(on_at("4.17", 1025, 0x801ff), FREE);
	assert_int_equal(on_at("4.17", 1025, 0x80200), USED);
	/* 64 MiB is enough to be advertised, 62 are not. */
	assert_int_equal(on_at("4.17", 3008, 0xfffff), USED);
	assert_int_equal(on_at("4.17", 3009, 0xfffff), FREE);
	/* The second bank as a whole, and behind RAM in it. */
	assert_int_equal(on_at("4.17", 1024, 0x200000), USED);
	assert_int_equal(on_at("4.17", 4096, 0x23ffff), USED);
	assert_int_equal(on_at("4.17", 4096, 0x240000), USED);
	assert_int_equal(on_at("4.21", 4096, 0x23ffff), USED);
	assert_int_equal(on_at("4.21", 4096, 0x240000), FREE);
}

static void extended_ends_with_the_ipa(void **state)
{
	struct xlpt_settings settings = on("4.17", 1024);
	struct region regions[LAYOUT_MAX_REGIONS];
	size_t n, i, found = 0;

	(void)state;
	settings.ipa_bits = 36;
	n = layout_regions(&settings, regions);
	for (i = 0; i < n; i++) {
		if (regions[i].kind != REGION_EXTENDED)
			continue;
		found++;
		assert_true(regions[i].base + regions[i].size <= UINT64_C(1) << 36);
		assert_int_equal(regions[i].first, 17);
		assert_int_equal(regions[i].last, 17);
	}
	assert_int_equal(found, 2);
	settings.ipa_bits = 33;
	n = layout_regions(&settings, regions);
	for (i = 0; i < n; i++)
		if (regions[i].kind == REGION_EXTENDED)
			assert_int_equal(regions[i].base, 0x80000000);
	assert_int_equal(layout_ipa_end(&settings), UINT64_C(1) << 33);
	settings.ipa_bits = 0;
	assert_int_equal(layout_ipa_end(&settings), UINT64_C(1) << 40);
}

/* "any" says of each region which of its releases have it. */
static void releases_of_a_region(void **state)
{
	struct xlpt_settings settings = on("any", 1024);
	struct region regions[LAYOUT_MAX_REGIONS];
	size_t n = layout_regions(&settings, regions), i;

	(void)state;
	for (i = 0; i < n; i++) {
		assert_int_equal(regions[i].first, 17);
		assert_int_equal(regions[i].last, regions[i].kind == REGION_EXTENDED ? 20 : 22);
	}
	settings.xen_first = 6;
	n = layout_regions(&settings, regions);
	for (i = 0; i < n; i++)
		if (regions[i].kind == REGION_VPCI)
			assert_int_equal(regions[i].first, 16);
}

static void settings_decide(void **state)
{
	struct xlpt_settings settings = on("4.17", 0);

	(void)state;
	settings.gic = 2;
	assert_int_equal(at(&settings, 0x03001), USED);
	assert_int_equal(at(&settings, 0x03003), USED);
	assert_int_equal(at(&settings, 0x03004), FREE);
	assert_int_equal(at(&settings, 0x03020), FREE);
	settings.gic = 3;
	assert_int_equal(at(&settings, 0x03010), USED);
	assert_int_equal(at(&settings, 0x03011), FREE);
	assert_int_equal(at(&settings, 0x03020), USED);
	settings.vuart = true;
	assert_int_equal(at(&settings, 0x22000), USED);
	settings.virtio = 1;
	assert_int_equal(at(&settings, 0x02000), USED);
	settings.pci = true;
	assert_int_equal(at(&settings, 0x10000), USED);
	assert_int_equal(at(&settings, 0x32fff), USED);
	assert_int_equal(at(&settings, 0x100000), USED);
	settings.acpi = true;
	assert_int_equal(at(&settings, 0x21fff), USED);
	/* A release without the window has nothing there, whatever the settings. */
	settings.xen_first = settings.xen_last = 7;
	assert_int_equal(at(&settings, 0x22000), FREE);
	assert_int_equal(at(&settings, 0x02000), FREE);
	assert_int_equal(at(&settings, 0x10000), FREE);
	assert_int_equal(at(&settings, 0x20000), FREE);
}

static void ram_fills_the_banks_in_turn(void **state)
{
	struct region banks[2];

	(void)state;
	assert_int_equal(layout_ram(17, 512, banks), 1);
	assert_int_equal(banks[0].base, 0x40000000);
	assert_int_equal(banks[0].size, UINT64_C(512) << 20);
	assert_int_equal(layout_ram(17, 3072, banks), 1);
	assert_int_equal(banks[0].size, UINT64_C(3) << 30);
	assert_int_equal(layout_ram(17, 3073, banks), 2);
	assert_int_equal(banks[0].size, UINT64_C(3) << 30);
	assert_int_equal(banks[1].base, 0x200000000);
	assert_int_equal(banks[1].size, 1 << 20);
	assert_int_equal(layout_ram(17, 0, banks), 2);
	assert_int_equal(banks[1].base + banks[1].size, UINT64_C(1) << 40);
	/* More than the 1019 GiB a guest can have. */
	assert_int_equal(layout_ram(17, UINT64_MAX, banks), 2);
	assert_int_equal(banks[1].base + banks[1].size, UINT64_C(1) << 40);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_versions),
		cmocka_unit_test(free_windows),
		cmocka_unit_test(per_release),
		cmocka_unit_test(extended_regions),
		cmocka_unit_test(extended_ends_with_the_ipa),
		cmocka_unit_test(releases_of_a_region),
		cmocka_unit_test(settings_decide),
		cmocka_unit_test(ram_fills_the_banks_in_turn),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
