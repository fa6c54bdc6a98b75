/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames that the user forced: each clash is found, whatever the number of runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "holes.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void fixed_runs(void **state)
{
	struct region regions[LAYOUT_MAX_REGIONS];
	struct xlpt_settings settings;
	struct holes_shortage shortage;
	struct hole_run runs[] = {
		{ .start = 0x4021, .count = 1 },			/* in the way of identity */
		{ .start = 0x9010, .count = 1, .fixed = true, .gfn = 0x4020 },
		{ .start = 0xfff51, .count = 4, .fixed = true, .gfn = 0x4021 },
		{ .start = 0xfff60, .count = 1, .fixed = true, .gfn = 0x10000 },
		{ .start = 0xfff70, .count = 2, .fixed = true, .gfn = 0x37fff },
		{ .start = 0xfff80, .count = 2, .fixed = true, .gfn = 0xfffffff },
		{ .start = 0xfff90, .count = 2, .fixed = true, .gfn = 0x4024 },
		{ .start = 0xfffa0, .count = 1, .fixed = true, .gfn = UINT64_MAX },
		{ .start = 0xfffb0, .count = 1, .fixed = true, .gfn = 0x10000010 },
		{ .start = 0xfffc0, .count = 0x20000, .fixed = true, .gfn = 0x20000 },
		{ .start = 0x1fffc0, .count = 1, .fixed = true, .gfn = 0 },
	};
	static const enum hole_clash_kind kinds[] = {
		HOLE_FREE, HOLE_FREE, HOLE_OVERLAPS_RUN, HOLE_OVERLAPS_REGION,
		HOLE_OVERLAPS_REGION, HOLE_OVERLAPS_REGION, HOLE_OVERLAPS_RUN, HOLE_BEYOND_IPA,
		HOLE_BEYOND_IPA, HOLE_OVERLAPS_REGION, HOLE_OVERLAPS_REGION,
	};
	struct hole_clash clashes[COUNT(runs)], clash;
	size_t n, i;

	(void)state;
	xlpt_settings_init(&settings);
	n = layout_regions(&settings, regions);
	assert_int_equal(holes_check_fixed(runs, COUNT(runs), regions, n,
					   layout_ipa_end(&settings), clashes), 0);
	for (i = 0; i < COUNT(runs); i++) {
		clash = clashes[i];
		assert_int_equal(clash.kind, kinds[i]);
		if (clash.kind == HOLE_OVERLAPS_RUN)
			assert_int_equal(clash.other, i == 2 ? 6 : 2);
		if (i == 3) {
			assert_string_equal(clash.region->name, "vPCI config space");
			assert_int_equal(clash.region->use, REGION_RESERVED);
		}
		/* Used before reserved, though a reserved window comes first. */
		if (i == 4 || i == 9)
			assert_string_equal(clash.region->name, "grant table");
		if (i == 10)
			assert_int_equal(clash.region->kind, REGION_NULL_PAGE);
	}
	/* However wrong they are, the others go around them. */
	assert_int_equal(holes_place(runs, COUNT(runs), regions, n,
				     &(struct holes_options){ layout_ipa_end(&settings), false, NULL },
				     &shortage), 0);
	assert_int_equal(runs[0].gfn, 0x4031);
	assert_int_equal(runs[2].gfn, 0x4021);
}

/* Runs of one or two frames over little space, in no order: a map of the frames is the judge. */
static void many_runs(void **state)
{
	enum { RUNS = 20000, FRAMES = 100000, FIRST = 0x100000 };
	struct region region = { .base = (uint64_t)(FIRST + 700) << 12, .size = 300 << 12,
				 .use = REGION_USED };
	struct hole_run *runs = calloc(RUNS, sizeof(*runs));
	struct hole_clash *clash = calloc(RUNS, sizeof(*clash));
	unsigned char *taken = calloc(1, FRAMES);
	size_t i, kinds[4] = { 0 };
	uint64_t frame, from, to;
	bool shared, in_region;

	(void)state;
	assert_non_null(runs);
	assert_non_null(clash);
	assert_non_null(taken);
	srand(11);
	for (i = 0; i < RUNS; i++) {
		from = (uint64_t)rand() % (FRAMES - 2);
		runs[i] = (struct hole_run){ .start = i * 4, .count = 1 + i % 2, .fixed = i % 10 != 3,
					     .gfn = FIRST + from };
		for (frame = from; runs[i].fixed && frame < from + runs[i].count; frame++)
			taken[frame] += taken[frame] < 2;
	}
	assert_int_equal(holes_check_fixed(runs, RUNS, &region, 1, (uint64_t)(FIRST + 90000) << 12,
					   clash), 0);
	for (i = 0; i < RUNS; i++) {
		kinds[clash[i].kind]++;
		if (!runs[i].fixed) {
			assert_int_equal(clash[i].kind, HOLE_FREE);
			continue;
		}
		from = runs[i].gfn - FIRST;
		to = from + runs[i].count;
		in_region = from < 1000 && to > 700;
		shared = taken[from] > 1 || taken[to - 1] > 1;
		assert_int_equal(clash[i].kind, in_region ? HOLE_OVERLAPS_REGION :
						shared ? HOLE_OVERLAPS_RUN :
						to > 90000 ? HOLE_BEYOND_IPA : HOLE_FREE);
		if (clash[i].kind == HOLE_OVERLAPS_REGION)
			assert_ptr_equal(clash[i].region, &region);
		if (clash[i].kind != HOLE_OVERLAPS_RUN)
			continue;
		/* The other one is a run that does overlap. */
		assert_int_not_equal(clash[i].other, i);
		assert_true(runs[clash[i].other].fixed);
		frame = runs[clash[i].other].gfn - FIRST;
		assert_true(frame < to && frame + runs[clash[i].other].count > from);
	}
	for (i = 0; i < COUNT(kinds); i++)
		assert_true(kinds[i] > 10);
	free(taken);
	free(clash);
	free(runs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixed_runs),
		cmocka_unit_test(many_runs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("holes-fixed", tests, NULL, NULL);
}
