/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device frames into guest space: random cases with a bitmap as judge, and many runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "holes.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define FRAMES 4096
#define WINDOWS (FRAMES / 512)
#define RUNS 40

struct model {
	unsigned char region[FRAMES];	/* 0 free, 1 reserved, 2 used */
	unsigned char taken[FRAMES];
	unsigned char touched[WINDOWS];
};

static bool fits(const struct model *model, uint64_t at, uint64_t count, int worst, bool cheap)
{
	uint64_t frame;

	if (!at || at + count > FRAMES)
		return false;
	for (frame = at; frame < at + count; frame++)
		if (model->taken[frame] || model->region[frame] > worst ||
		    (cheap && !model->touched[frame / 512]))
			return false;
	return true;
}

/* The most frames with this residue that would have a place. */
static uint64_t largest_fit(const struct model *model, unsigned residue, int worst, bool cheap)
{
	uint64_t most = 0, length = 0, at;

	for (at = FRAMES; at-- > 1;) {
		length = fits(model, at, 1, worst, cheap) ? length + 1 : 0;
		if (at % 16 == residue && length > most)
			most = length;
	}
	return most;
}

static void take(struct model *model, const struct hole_run *run)
{
	uint64_t frame;

	for (frame = run->gfn; frame < run->gfn + run->count; frame++)
		model->taken[frame] = 1;
}

static void touch(struct model *model, const struct hole_run *run)
{
	uint64_t frame;

	for (frame = run->gfn; frame < run->gfn + run->count; frame++)
		model->touched[frame / 512] = 1;
}

static uint64_t below(uint64_t n)
{
	return (uint64_t)rand() % n;
}

static size_t random_runs(struct hole_run *runs, size_t room)
{
	size_t n = below(room), i;
	uint64_t start = below(64);

	for (i = 0; i < n; i++) {
		runs[i] = (struct hole_run){ .start = start, .count = 1 + below(below(4) ? 8 : 700) };
		runs[i].fixed = !below(12);
		if (runs[i].fixed)
			runs[i].gfn = 1 + below(FRAMES - runs[i].count - 1);
		start += runs[i].count + below(below(3) ? 4 : 900);
	}
	return n;
}

static void judge(struct model *model, const struct hole_run *runs, size_t n, int rc,
		  const struct holes_shortage *shortage, bool use_reserved)
{
	const struct hole_run *run;
	bool stays[RUNS] = { false };
	unsigned residue;
	size_t i;

	for (i = 0; i < n; i++)
		if (runs[i].fixed)
			take(model, &runs[i]);
	/* Every run that can stay where it is does. */
	for (i = 0; i < n; i++) {
		if (runs[i].fixed || !fits(model, runs[i].start, runs[i].count, 0, false))
			continue;
		assert_int_equal(runs[i].gfn, runs[i].start);
		stays[i] = true;
		take(model, &runs[i]);
	}
	for (i = 0; i < n; i++) {
		run = &runs[i];
		residue = run->start % 16;
		if (!run->fixed && !stays[i]) {
			if (rc && i == shortage->run) {
				assert_int_equal(shortage->needed, run->count);
				assert_int_equal(shortage->largest,
						 largest_fit(model, residue, use_reserved, false));
				assert_true(shortage->largest < run->count);
				return;
			}
			assert_int_equal(run->gfn % 16, residue);
			assert_true(fits(model, run->gfn, run->count, use_reserved, false));
			/* Reserved space only where no other is left. */
			if (largest_fit(model, residue, 0, false) >= run->count)
				assert_true(fits(model, run->gfn, run->count, 0, false));
			/* No new table where one that is there would do. */
			if (largest_fit(model, residue, 0, true) >= run->count)
				assert_true(fits(model, run->gfn, run->count, 0, true));
			take(model, run);
		}
		touch(model, run);
	}
	assert_int_equal(rc, 0);
}

static void against_a_bitmap(void **state)
{
	struct hole_run runs[RUNS], again[RUNS];
	struct holes_shortage shortage;
	struct region regions[6];
	struct holes_options options = { .ipa_end = (uint64_t)FRAMES << 12 };
	static struct model model;
	size_t n, n_regions, i, full = 0;
	uint64_t frame, last;
	int round, rc;

	(void)state;
	srand(7);
	for (round = 0; round < 500; round++) {
		memset(&model, 0, sizeof(model));
		n_regions = below(6);
		for (i = 0; i < n_regions; i++) {
			regions[i] = (struct region){
				.base = below((uint64_t)FRAMES << 12),
				.size = 1 + below(900 << 12),
				.use = below(2) ? REGION_USED : REGION_RESERVED,
			};
			last = (regions[i].base + regions[i].size - 1) >> 12;
			for (frame = regions[i].base >> 12; frame <= last && frame < FRAMES; frame++)
				if (model.region[frame] < (regions[i].use == REGION_USED ? 2 : 1))
					model.region[frame] = regions[i].use == REGION_USED ? 2 : 1;
		}
		n = random_runs(runs, COUNT(runs));
		options.use_reserved = below(2);
		memcpy(again, runs, sizeof(runs));
		rc = holes_place(runs, n, regions, n_regions, &options, &shortage);
		judge(&model, runs, n, rc, &shortage, options.use_reserved);
		full += rc != 0;

		/* Without its last run, if that was merely packed, nothing else moves. */
		if (rc || !n || runs[n - 1].fixed || runs[n - 1].gfn == runs[n - 1].start)
			continue;
		assert_int_equal(holes_place(again, n - 1, regions, n_regions, &options,
					     &shortage), 0);
		for (i = 0; i + 1 < n; i++)
			assert_int_equal(again[i].gfn, runs[i].gfn);
	}
	/* Both outcomes were tried. */
	assert_in_range(full, 50, 450);
}

/* No more windows than needed: at most one above what the frames alone would fill. */
static void few_windows(void **state)
{
	static bool touched[1 << 11];
	struct region ram = { .base = 0, .size = 0x4020000, .use = REGION_USED };
	struct hole_run runs[200];
	struct holes_shortage shortage;
	uint64_t slots, windows, frame, start;
	size_t n, i;
	int round;

	(void)state;
	srand(3);
	for (round = 0; round < 300; round++) {
		memset(touched, 0, sizeof(touched));
		n = 1 + below(COUNT(runs));
		start = 0x10000000;
		slots = windows = 0;
		for (i = 0; i < n; i++) {
			runs[i] = (struct hole_run){ .start = start,
						     .count = 1 + below(below(9) ? 40 : 1500) };
			/* Aligned to 64 KiB, as most devices are. */
			start += (runs[i].count + 16 + below(3000)) & ~UINT64_C(15);
			slots += (runs[i].count + 15) / 16;
		}
		assert_int_equal(holes_place(runs, n, &ram, 1,
					     &(struct holes_options){ UINT64_C(1) << 32, false, NULL },
					     &shortage), 0);
		for (i = 0; i < n; i++)
			for (frame = runs[i].gfn; frame < runs[i].gfn + runs[i].count; frame++)
				touched[frame >> 9] = true;
		for (i = 0; i < COUNT(touched); i++)
			windows += touched[i];
		/* The hole starts 32 frames into a window. */
		assert_true(windows <= (slots + 2 + 31) / 32 + 1);
	}
}

/* Not quadratic: minutes if it were, under a sanitizer more. */
static void many_runs(void **state)
{
	const size_t n = 100000;
	struct region regions[LAYOUT_MAX_REGIONS];
	struct hole_run *runs = calloc(n, sizeof(*runs));
	struct xlpt_settings settings;
	struct holes_options options;
	struct holes_shortage shortage;
	unsigned char *taken = calloc(1, 1 << 24);
	size_t n_regions, i;
	uint64_t frame;

	(void)state;
	assert_non_null(runs);
	assert_non_null(taken);
	xlpt_settings_init(&settings);
	settings.xen_first = settings.xen_last = 15;
	n_regions = layout_regions(&settings, regions);
	options = (struct holes_options){ layout_ipa_end(&settings), true, NULL };
	/* Half at their own address, leaving gaps that fit none of the others. */
	for (i = 0; i < n; i++)
		runs[i] = i < n / 2 ? (struct hole_run){ .start = 0x4021 + i * 2, .count = 1 } :
				      (struct hole_run){ .start = 0x1000000 + i * 19, .count = 2 };
	assert_int_equal(holes_place(runs, n, regions, n_regions, &options, &shortage), 0);
	for (i = 0; i < n; i++) {
		assert_int_equal(runs[i].gfn % 16, runs[i].start % 16);
		for (frame = runs[i].gfn; frame < runs[i].gfn + runs[i].count; frame++) {
			assert_true(frame < 1 << 24);
			assert_false(taken[frame]);
			taken[frame] = 1;
		}
	}
	free(taken);
	free(runs);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_a_bitmap),
		cmocka_unit_test(few_windows),
		cmocka_unit_test(many_runs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("holes-random", tests, NULL, NULL);
}
