/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places that depend on the host alone: which they are, and that no device moves another. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "holes.h"
#include "slots.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Free are 0x4020..0x7fff and 0x9000..0xafff; 64 MiB and 32 MiB. */
static const struct region map[] = {
	{ .base = 0, .size = 0x4020000, .use = REGION_USED },
	{ .base = 0x8000000, .size = 0x1000000, .use = REGION_USED },
	{ .base = 0xb000000, .size = UINT64_C(0xffffffffff), .use = REGION_USED },
};
#define IPA_END (UINT64_C(1) << 40)

static void assign(struct slots *slots, struct arena *arena, const struct slots_range *ranges,
		   size_t n)
{
	arena_init(arena);
	slots_assign(slots, arena, ranges, n, map, COUNT(map), IPA_END);
	assert_false(arena->failed);
}

static int place(struct hole_run *runs, size_t n, const struct slots *slots)
{
	struct holes_options options = { IPA_END, false, slots };
	struct holes_shortage shortage;

	return holes_place(runs, n, map, COUNT(map), &options, &shortage);
}

static uint64_t find(const struct slots *slots, uint64_t start, uint64_t count)
{
	uint64_t gfn;

	return slots_find(slots, start, count, &gfn) ? gfn : 0;
}

static void in_the_host_s_order(void **state)
{
	static const struct slots_range ranges[] = {
		{ 0x4040, 1 },		/* free where it is */
		{ 0xf0001, 1 }, { 0xf0003, 2 },
		{ 0xf0011, 1 },		/* the next slot: next to it in the guest as well */
		{ 0xf100f, 2 },		/* across two slots */
		{ 0xf1018, 1 }, { 0xf1018, 1 },
		{ 0xf2000, 512 },
		{ 0xf2100, 1 },		/* inside */
		{ 0xf3000, 513 },	/* too large */
		{ 0xf4000, 0 },
		{ 0xf5008, 1 },
	};
	struct arena arena;
	struct slots slots;

	(void)state;
	assign(&slots, &arena, ranges, COUNT(ranges));
	assert_int_equal(find(&slots, 0x4040, 1), 0);
	assert_int_equal(find(&slots, 0xf0001, 1), 0x4021);
	assert_int_equal(find(&slots, 0xf0003, 2), 0x4023);
	/* Slot 0x4040 is kept for whom it is its own address. */
	assert_int_equal(find(&slots, 0xf0011, 1), 0x4031);
	assert_int_equal(find(&slots, 0xf000f, 3), 0x402f);
	assert_int_equal(find(&slots, 0xf100f, 2), 0x405f);
	assert_int_equal(find(&slots, 0xf1018, 1), 0x4068);
	assert_int_equal(find(&slots, 0xf2000, 512), 0x4070);
	assert_int_equal(find(&slots, 0xf2100, 1), 0x4170);
	assert_int_equal(find(&slots, 0xf3000, 513), 0);
	assert_int_equal(find(&slots, 0xf3000, 1), 0);
	assert_int_equal(find(&slots, 0xf5008, 1), 0x4278);
	assert_int_equal(find(&slots, 0xf5008, 100), 0);
	assert_int_equal(find(&slots, 0xf0000, 1), 0x4020);
	assert_int_equal(find(&slots, 0xeffff, 2), 0);
	assert_int_equal(find(&slots, 0xf0000, UINT64_MAX), 0);
	assert_int_equal(slots.area.from, 0x4000);
	assert_int_equal(slots.area.to, 0x4400);
	arena_free(&arena);
}

/* More than the hole holds: what comes first has slots, what comes later has none. */
static void full(void **state)
{
	struct slots_range ranges[1100];
	struct hole_run runs[1100];
	struct arena arena;
	struct slots slots;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(ranges); i++) {
		ranges[i] = (struct slots_range){ 0x100000 + i * 64, 3 };
		runs[i] = (struct hole_run){ .start = ranges[i].start, .count = 3 };
	}
	assign(&slots, &arena, ranges, COUNT(ranges));
	for (i = 0; i < COUNT(ranges); i++)
		assert_int_equal(find(&slots, ranges[i].start, 3), i < 0x3fe ? 0x4020 + i * 16 : 0);
	/* The others are packed in the other hole, and there are more than that holds as well. */
	assert_int_equal(place(runs, COUNT(runs), &slots), 0);
	assert_int_equal(runs[0x3fd].gfn, 0x7ff0);
	assert_int_equal(runs[0x3fe].gfn, 0x9000);
	arena_free(&arena);
}

static int by_start(const void *a_p, const void *b_p)
{
	const struct slots_range *a = a_p, *b = b_p;

	return a->start < b->start ? -1 : a->start > b->start;
}

static size_t windows(const struct hole_run *runs, size_t n)
{
	static bool touched[0x10000 >> 9];
	size_t i, count = 0;
	uint64_t frame;

	memset(touched, 0, sizeof(touched));
	for (i = 0; i < n; i++)
		for (frame = runs[i].gfn; frame < runs[i].gfn + runs[i].count; frame++)
			touched[frame >> 9] = true;
	for (i = 0; i < COUNT(touched); i++)
		count += touched[i];
	return count;
}

static void check(const struct hole_run *runs, size_t n)
{
	static unsigned char taken[0x10000];
	uint64_t frame;
	size_t i;

	memset(taken, 0, sizeof(taken));
	for (i = 0; i < n; i++) {
		assert_int_equal(runs[i].gfn % 16, runs[i].start % 16);
		for (frame = runs[i].gfn; frame < runs[i].gfn + runs[i].count; frame++) {
			assert_true((frame >= 0x4020 && frame < 0x8000) ||
				    (frame >= 0x9000 && frame < 0xb000));
			assert_false(taken[frame]++);
		}
		if ((runs[i].start >= 0x4020 && runs[i].start + runs[i].count <= 0x8000))
			assert_int_equal(runs[i].gfn, runs[i].start);
	}
}

#define HOST 120

/* A host: mostly small ranges, a few large ones, a few that are free at their own address. */
static void make_host(struct slots_range *host)
{
	uint64_t start = 0xe0000;
	size_t i;

	for (i = 0; i < HOST; i++) {
		host[i] = (struct slots_range){ start, 1 + (uint64_t)rand() % (i % 9 ? 8 : 40) };
		if (i % 40 == 7)
			host[i].count = 600;
		if (i % 15 == 3)
			host[i].start = 0x4020 + (uint64_t)rand() % 16 + i * 48;
		else
			start += host[i].count + (uint64_t)rand() % (i % 4 ? 20 : 900);
	}
	qsort(host, HOST, sizeof(*host), by_start);
}

/* Leave each one out in turn: only large ones that are packed may move. */
static void leave_one_out(const struct hole_run *runs, size_t n, const struct slots *slots)
{
	struct hole_run less[HOST];
	size_t i, j, moved, worst = 0, large = 0;

	for (i = 0; i < n; i++)
		large += runs[i].count > SLOTS_LARGEST;
	for (i = 0; i < n; i++) {
		memcpy(less, runs, i * sizeof(*less));
		memcpy(less + i, runs + i + 1, (n - i - 1) * sizeof(*less));
		assert_int_equal(place(less, n - 1, slots), 0);
		for (moved = 0, j = 0; j < n - 1; j++) {
			const struct hole_run *before = &runs[j < i ? j : j + 1];

			if (less[j].gfn == before->gfn)
				continue;
			assert_true(before->count > SLOTS_LARGEST);
			/* What made room for it was large, or at its own address. */
			assert_true(runs[i].count > SLOTS_LARGEST || runs[i].gfn == runs[i].start);
			moved++;
		}
		if (moved > worst)
			worst = moved;
	}
	assert_true(worst <= large);
}

static void stable(void **state)
{
	struct slots_range host[HOST];
	struct hole_run runs[HOST], packed[HOST];
	struct arena arena;
	struct slots slots;
	size_t n, i, unused;
	int round;

	(void)state;
	srand(5);
	for (round = 0; round < 40; round++) {
		make_host(host);
		assign(&slots, &arena, host, HOST);
		for (n = 0, i = 0; i < HOST; i++)
			if (!round || rand() % 3)
				runs[n++] = (struct hole_run){ .start = host[i].start,
							       .count = host[i].count };
		memcpy(packed, runs, sizeof(packed));
		assert_int_equal(place(runs, n, &slots), 0);
		check(runs, n);
		assert_int_equal(place(packed, n, NULL), 0);
		check(packed, n);
		/*
		 * What they cost in windows: those of slots that nobody has now, and
		 * those that the three large ones could have shared.
		 */
		unused = n == HOST ? 1 : (slots.area.to - slots.area.from) / 512;
		assert_true(windows(runs, n) <= windows(packed, n) + unused + 3);
		leave_one_out(runs, n, &slots);
		arena_free(&arena);
	}
}

/*
 * A frame that the user forced into the way of one moves that one only, and not
 * to where it could share a window with who happens to be there.
 */
static void around_fixed_runs(void **state)
{
	static const struct slots_range host[] = { { 0xf0001, 1 }, { 0xf0101, 1 }, { 0xf0201, 1 } };
	struct hole_run runs[] = {
		{ .start = 0x9010, .count = 1 },
		{ .start = 0xf0001, .count = 1 }, { .start = 0xf0101, .count = 1 },
		{ .start = 0xf0201, .count = 1, .fixed = true, .gfn = 0x4031 },
	};
	struct arena arena;
	struct slots slots;

	(void)state;
	assign(&slots, &arena, host, COUNT(host));
	assert_int_equal(place(runs, COUNT(runs), &slots), 0);
	assert_int_equal(runs[0].gfn, 0x9010);
	assert_int_equal(runs[1].gfn, 0x4021);
	assert_int_equal(runs[2].gfn, 0x4201);
	assert_int_equal(runs[3].gfn, 0x4031);
	arena_free(&arena);
}

/* Slots keep room that a tight selection needs: that is said, and without them it fits. */
static void tight(void **state)
{
	static const struct slots_range host[] = { { 0xf0001, 1 }, { 0xf0101, 1 } };
	struct hole_run runs[] = {
		{ .start = 0xe0000, .count = 0x3fe0 }, { .start = 0xf0001, .count = 1 },
	};
	struct arena arena;
	struct slots slots;

	(void)state;
	assign(&slots, &arena, host, COUNT(host));
	assert_int_equal(place(runs, 2, &slots), -ENOSPC);
	assert_int_equal(place(runs, 2, NULL), 0);
	assert_int_equal(runs[0].gfn, 0x4020);
	assert_int_equal(runs[1].gfn, 0x9001);
	arena_free(&arena);
}

static void nothing(void **state)
{
	static const struct region all = { .base = 0, .size = UINT64_MAX, .use = REGION_USED };
	static const struct slots_range range = { 0xf0001, 1 };
	struct hole_run run = { .start = 0xf0001, .count = 1 };
	struct arena arena;
	struct slots slots;

	(void)state;
	assign(&slots, &arena, NULL, 0);
	assert_int_equal(find(&slots, 0xf0001, 1), 0);
	assert_int_equal(place(&run, 1, &slots), 0);
	assert_int_equal(run.gfn, 0x4021);
	arena_free(&arena);
	slots_assign(&slots, &arena, &range, 1, &all, 1, IPA_END);
	assert_int_equal(slots.n, 0);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_the_host_s_order),
		cmocka_unit_test(full),
		cmocka_unit_test(stable),
		cmocka_unit_test(around_fixed_runs),
		cmocka_unit_test(tight),
		cmocka_unit_test(nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
