/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device frames into guest space: on the layouts of real releases. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "holes.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Place on a real layout; checks what must hold of any result. */
static int place_on(const char *version, uint64_t memory_mib, bool use_reserved,
		    struct hole_run *runs, size_t n_runs, struct holes_shortage *shortage)
{
	struct region regions[LAYOUT_MAX_REGIONS];
	struct xlpt_settings settings;
	struct holes_options options;
	struct hole_run *forced;
	struct hole_clash *clash;
	size_t n_regions, i;
	int rc;

	xlpt_settings_init(&settings);
	assert_int_equal(xlpt_settings_xen(&settings, version), 0);
	settings.memory_mib = memory_mib;
	n_regions = layout_regions(&settings, regions);
	options = (struct holes_options){ layout_ipa_end(&settings), use_reserved, NULL };
	rc = holes_place(runs, n_runs, regions, n_regions, &options, shortage);
	if (rc)
		return rc;

	/* As if the user had forced this very result. */
	forced = malloc(n_runs * sizeof(*forced));
	clash = malloc(n_runs * sizeof(*clash));
	assert_non_null(forced);
	assert_non_null(clash);
	memcpy(forced, runs, n_runs * sizeof(*forced));
	for (i = 0; i < n_runs; i++)
		forced[i].fixed = true;
	assert_int_equal(holes_check_fixed(forced, n_runs, regions, n_regions, options.ipa_end,
					   clash), 0);
	for (i = 0; i < n_runs; i++) {
		if (clash[i].kind == HOLE_OVERLAPS_REGION && use_reserved)
			assert_int_equal(clash[i].region->use, REGION_RESERVED);
		else
			assert_int_equal(clash[i].kind, HOLE_FREE);
		assert_true(runs[i].gfn > 0);
		assert_int_equal(runs[i].gfn % 16, runs[i].start % 16);
	}
	free(clash);
	free(forced);
	return 0;
}

static uint64_t one_on(const char *version, uint64_t memory_mib, uint64_t start, uint64_t count)
{
	struct holes_shortage shortage;
	struct hole_run run = { .start = start, .count = count };

	assert_int_equal(place_on(version, memory_mib, false, &run, 1, &shortage), 0);
	return run.gfn;
}

static void identity_where_safe(void **state)
{
	(void)state;
	assert_int_equal(one_on("any", 0, 0x9010, 1), 0x9010);
	assert_int_equal(one_on("4.15", 0, 0x10000, 1), 0x10000);
	assert_int_equal(one_on("4.17", 0, 0x10000, 1), 0x4020);
	assert_int_equal(one_on("4.17", 0, 0xfff51, 1), 0x4021);
	assert_int_equal(one_on("any", 1024, 0xff170, 1), 0x4020);
	assert_int_equal(one_on("4.20", 1024, 0xff170, 1), 0x4020);
	assert_int_equal(one_on("4.15", 1024, 0xff170, 1), 0xff170);
	assert_int_equal(one_on("4.21", 1024, 0xff170, 1), 0xff170);
	/* The whole run or nothing: its last frame is in the vPCI window. */
	assert_int_equal(one_on("4.17", 0, 0xfffe, 2), 0xfffe);
	assert_int_equal(one_on("4.17", 0, 0xfffe, 3), 0x402e);
	/* Frame 0 is never given out. */
	assert_int_equal(one_on("any", 0, 0, 1), 0x4020);
}

static void beyond_reach(void **state)
{
	struct holes_shortage shortage;
	struct hole_run run = { .start = (UINT64_C(1) << 52) - 1, .count = 1 };
	struct hole_run huge = { .start = UINT64_MAX - 1, .count = UINT64_MAX };

	(void)state;
	/* At the end of what an address can say, and past 2^40. */
	assert_int_equal(place_on("any", 0, false, &run, 1, &shortage), 0);
	assert_int_equal(run.gfn, 0x402f);
	assert_int_equal(one_on("any", 0, 0x10000000, 16), 0x4020);
	assert_int_equal(place_on("any", 0, true, &huge, 1, &shortage), -ENOSPC);
	assert_int_equal(shortage.needed, UINT64_MAX);
}

static void large_runs(void **state)
{
	struct hole_run run = { .start = 0x20000000, .count = 1 << 20 };
	struct holes_shortage shortage;

	(void)state;
	/* A run that may span n windows does not span n + 1. */
	assert_int_equal(one_on("any", 0, 0xe0000, 512), 0x4200);
	/* 191.9 MiB is the largest hole that all releases have. */
	assert_int_equal(one_on("any", 0, 0x80000020, 0xbfe0), 0x4020);
	/* 4 GiB of frames: only what 4.16 reserved for vPCI is that large. */
	assert_int_equal(place_on("any", 0, false, &run, 1, &shortage), -ENOSPC);
	assert_int_equal(shortage.run, 0);
	assert_int_equal(shortage.needed, 1 << 20);
	assert_int_equal(shortage.largest, 0xbfe0);
	assert_int_equal(place_on("any", 0, true, &run, 1, &shortage), 0);
	assert_int_equal(run.gfn, 0x100000);
	assert_int_equal(one_on("4.15", 0, 0x20000000, 1 << 20), 0x100000);
	/* With little RAM, 4.21 has the banks; 2^30 frames are more than 40 bits hold. */
	assert_int_equal(one_on("4.21", 512, 0x40000000, 1 << 27), 0x200000);
	run = (struct hole_run){ .start = 0x40000000, .count = 1 << 30 };
	assert_int_equal(place_on("4.21", 512, true, &run, 1, &shortage), -ENOSPC);
	assert_int_equal(shortage.largest, 0x10000000 - 0x60000);
}

static void wide_guests(void **state)
{
	struct region regions[LAYOUT_MAX_REGIONS];
	struct hole_run run = { .start = UINT64_C(1) << 33, .count = 1 << 30 };
	struct xlpt_settings settings;
	struct holes_options options;
	struct holes_shortage shortage;
	size_t n;

	(void)state;
	xlpt_settings_init(&settings);
	settings.ipa_bits = 44;
	n = layout_regions(&settings, regions);
	options = (struct holes_options){ layout_ipa_end(&settings), false, NULL };
	assert_int_equal(holes_place(&run, 1, regions, n, &options, &shortage), 0);
	assert_int_equal(run.gfn, UINT64_C(1) << 28);
	/* Identity above 1 TiB, once the guest reaches that far. */
	run = (struct hole_run){ .start = UINT64_C(3) << 28, .count = 4 };
	assert_int_equal(holes_place(&run, 1, regions, n, &options, &shortage), 0);
	assert_int_equal(run.gfn, run.start);
}

static void packing(void **state)
{
	struct hole_run runs[100];
	struct holes_shortage shortage;
	size_t i;

	(void)state;
	/* One residue: 30 slots in what is free of the first window, 32 in each other. */
	for (i = 0; i < 100; i++)
		runs[i] = (struct hole_run){ .start = 0xff000 + i * 16, .count = 1 };
	assert_int_equal(place_on("any", 0, false, runs, 100, &shortage), 0);
	for (i = 0; i < 100; i++)
		assert_int_equal(runs[i].gfn, 0x4020 + i * 16);
	/* All residues: one window is full to the last frame. */
	for (i = 0; i < 100; i++)
		runs[i] = (struct hole_run){ .start = 0xff000 + i * 31, .count = 1 };
	assert_int_equal(place_on("any", 0, false, runs, 100, &shortage), 0);
	for (i = 0; i < 100; i++)
		assert_int_equal(runs[i].gfn >> 9, 0x4020 >> 9);
	/* A window with an identity mapping has its table already. */
	runs[0] = (struct hole_run){ .start = 0x9010, .count = 1 };
	runs[1] = (struct hole_run){ .start = 0xfff51, .count = 1 };
	assert_int_equal(place_on("any", 0, false, runs, 2, &shortage), 0);
	assert_int_equal(runs[1].gfn, 0x9001);
	/* But an address below 4 GiB is worth more than a table. */
	runs[0] = (struct hole_run){ .start = 0x20000, .count = 1 };
	runs[1] = (struct hole_run){ .start = 0x100000, .count = 1 };
	runs[2] = (struct hole_run){ .start = 0x10000000, .count = 1 };
	assert_int_equal(place_on("4.15", 0, false, runs, 3, &shortage), 0);
	assert_int_equal(runs[0].gfn, 0x4020);
	assert_int_equal(runs[1].gfn, 0x100000);
	assert_int_equal(runs[2].gfn, 0x4030);
}

static void preference(void **state)
{
	struct hole_run runs[] = {
		{ .start = 0x40000000, .count = 0xb000 }, { .start = 0x50000000, .count = 0x5f00 },
		{ .start = 0x60000000, .count = 0x4f00 }, { .start = 0x70000000, .count = 0xf80 },
		{ .start = 0x80000000, .count = 0xf00 },  { .start = 0x90000000, .count = 0x1e00 },
		{ .start = 0xa0000000, .count = 0x2000 },
	};
	struct holes_shortage shortage;

	(void)state;
	assert_int_equal(place_on("any", 0, true, runs, COUNT(runs), &shortage), 0);
	assert_int_equal(runs[0].gfn >> 12, 0x4);
	assert_int_equal(runs[1].gfn >> 12, 0x3a);
	assert_int_equal(runs[2].gfn >> 12, 0x33);
	assert_int_equal(runs[3].gfn, 0x22010);
	assert_int_equal(runs[4].gfn, 0x2100);
	assert_int_equal(runs[5].gfn, 0x200);
	/* Nothing that large is left: the reserved windows, here with what is free below them. */
	assert_int_equal(runs[6].gfn, 0xf200);
}

static void nothing_to_place(void **state)
{
	struct holes_shortage shortage;
	struct hole_run empty = { .start = 0x1234, .count = 0 };

	(void)state;
	assert_int_equal(holes_place(NULL, 0, NULL, 0, &(struct holes_options){ 1 << 20, false, NULL },
				     &shortage), 0);
	assert_int_equal(holes_place(&empty, 1, NULL, 0, &(struct holes_options){ 0, true, NULL },
				     &shortage), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_where_safe),
		cmocka_unit_test(beyond_reach),
		cmocka_unit_test(large_runs),
		cmocka_unit_test(wide_guests),
		cmocka_unit_test(packing),
		cmocka_unit_test(preference),
		cmocka_unit_test(nothing_to_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("holes", tests, NULL, NULL);
}
