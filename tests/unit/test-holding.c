/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where two holdings meet, against a look through everything each of them has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "holding.h"

#define FRAMES 48
#define IRQS 24
#define ROUNDS 20000
#define MAX_CONFLICTS (FRAMES + IRQS + 16)

static const char *const paths[] = { "/a", "/A", "/b", "/b/c", "/B/C", "/d@1", "/e", "/f" };
#define N_PATHS (sizeof(paths) / sizeof(*paths))

static unsigned seed = 1;

static unsigned draw(unsigned below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % below;
}

/* Runs that nest, overlap, touch and repeat, of devices with and without a name. */
static void draw_holding(struct arena *arena, struct holding *holding)
{
	unsigned n_devices = draw(5), n, i;

	*holding = (struct holding){ 0 };
	for (i = 0; i < n_devices; i++) {
		struct held *held = holding_add_device(arena, holding, draw(3) ? paths[draw(N_PATHS)] : NULL);

		held->may_share = draw(2);
		for (n = draw(5); n; n--) {
			struct xlpt_iomem run = { draw(FRAMES - 12), draw(12), 0 };

			assert_int_equal(held_add_iomem(arena, held, &run, 1), 0);
		}
		for (n = draw(4); n; n--) {
			uint32_t irq = 32 + draw(IRQS);

			assert_int_equal(held_add_irqs(arena, held, &irq, 1), 0);
		}
	}
	for (n = draw(4); n; n--)
		assert_int_equal(holding_add_dtdev(arena, holding, &paths[draw(N_PATHS)], 1), 0);
	assert_int_equal(holding_finish(arena, holding), 0);
}

static bool in_run(const struct xlpt_iomem *run, uint64_t frame)
{
	return frame >= run->start && frame - run->start < run->count;
}

/* A device with a name, if there is one, and of those the first. */
static const struct held *frame_holder(const struct holding *holding, uint64_t frame)
{
	const struct held *found = NULL;
	size_t i, k;

	for (i = 0; i < holding->n_devices; i++)
		for (k = 0; k < holding->device[i].n_iomem; k++)
			if (in_run(&holding->device[i].iomem[k], frame) && (!found || !found->path))
				found = &holding->device[i];
	return found;
}

static const struct held *irq_holder(const struct holding *holding, uint32_t irq)
{
	const struct held *found = NULL;
	size_t i, k;

	for (i = 0; i < holding->n_devices; i++)
		for (k = 0; k < holding->device[i].n_irqs; k++)
			if (holding->device[i].irqs[k] == irq && (!found || !found->path))
				found = &holding->device[i];
	return found;
}

/* Are both frames in one run? Those that only touch are told of one by one. */
static bool together(const struct holding *holding, uint64_t a, uint64_t b)
{
	size_t i, k;

	for (i = 0; i < holding->n_devices; i++)
		for (k = 0; k < holding->device[i].n_iomem; k++)
			if (in_run(&holding->device[i].iomem[k], a) && in_run(&holding->device[i].iomem[k], b))
				return true;
	return false;
}

static const char *dtdev_of(const struct holding *holding, const char *path)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < holding->n_dtdev; i++)
		if (same_xen_path(holding->dtdev[i], path) && (!found || strcmp(holding->dtdev[i], found) < 0))
			found = holding->dtdev[i];
	return found;
}

struct conflicts {
	struct conflict list[MAX_CONFLICTS];
	size_t n;
};

static void naive(const struct holding *ours, const struct holding *theirs, struct conflicts *c)
{
	const struct held *x, *y;
	uint64_t frame;
	uint32_t irq;
	size_t i;

	c->n = 0;
	for (i = 0; i < ours->n_dtdev; i++)
		if (dtdev_of(theirs, ours->dtdev[i]))
			c->list[c->n++] = (struct conflict){
				.kind = CONFLICT_DTDEV, .path = ours->dtdev[i], .ours = ours->dtdev[i],
				.theirs = dtdev_of(theirs, ours->dtdev[i]),
			};
	for (irq = 0; irq < 32 + IRQS; irq++) {
		x = irq_holder(ours, irq);
		y = irq_holder(theirs, irq);
		if (x && y)
			c->list[c->n++] = (struct conflict){
				.kind = CONFLICT_IRQ, .irq = irq, .ours = x->path, .theirs = y->path,
			};
	}
	for (frame = 0; frame < FRAMES; frame++) {
		x = frame_holder(ours, frame);
		y = frame_holder(theirs, frame);
		if (!x || !y)
			continue;
		if (frame && together(ours, frame - 1, frame) && together(theirs, frame - 1, frame)) {
			c->list[c->n - 1].count++;
			continue;
		}
		c->list[c->n++] = (struct conflict){
			.kind = CONFLICT_FRAMES, .start = frame, .count = 1, .ours = x->path, .theirs = y->path,
			.may_share = x->may_share && x->path && y->path && !same_xen_path(x->path, y->path),
		};
	}
}

static int gather(void *opaque, const struct conflict *conflict)
{
	struct conflicts *c = opaque;

	assert_true(c->n < MAX_CONFLICTS);
	c->list[c->n++] = *conflict;
	return 0;
}

static void assert_same(const struct conflict *a, const struct conflict *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_ptr_equal(a->path, b->path);
	assert_ptr_equal(a->ours, b->ours);
	assert_ptr_equal(a->theirs, b->theirs);
	assert_int_equal(a->irq, b->irq);
	assert_int_equal(a->start, b->start);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->may_share, b->may_share);
}

static void random_pairs(void **state)
{
	static struct conflicts is, want;
	size_t n[3] = { 0 }, i;
	struct arena arena;
	unsigned round;

	(void)state;
	arena_init(&arena);
	for (round = 0; round < ROUNDS; round++) {
		struct holding ours, theirs;

		draw_holding(&arena, &ours);
		draw_holding(&arena, &theirs);
		is.n = 0;
		assert_int_equal(holding_conflicts(&ours, &theirs, gather, &is), 0);
		naive(&ours, &theirs, &want);
		assert_int_equal(is.n, want.n);
		for (i = 0; i < is.n; i++) {
			assert_same(&is.list[i], &want.list[i]);
			n[is.list[i].kind]++;
		}
		arena_reset(&arena);
	}
	for (i = 0; i < 3; i++)
		assert_true(n[i] > ROUNDS / 4);
	arena_free(&arena);
}

static int stop(void *opaque, const struct conflict *conflict)
{
	(void)conflict;
	++*(int *)opaque;
	return -7;
}

/* Of thousands as of one; runs that Xen would refuse belong to nobody. */
static void edges(void **state)
{
	static const struct xlpt_iomem runs[] = {
		{ 0, UINT64_MAX, 0 }, { 5, 0, 0 }, { UINT64_MAX - 1, 3, 0 },
	};
	struct holding many = { 0 }, all = { 0 }, none = { 0 };
	struct conflicts c = { .n = 0 };
	struct arena arena;
	struct held *held;
	int calls = 0, i;

	(void)state;
	arena_init(&arena);
	held = holding_add_device(&arena, &all, "/all");
	assert_int_equal(held_add_iomem(&arena, held, &runs[0], 1), 0);
	assert_int_equal(holding_finish(&arena, &all), 0);
	held = holding_add_device(&arena, &none, "/none");
	assert_int_equal(held_add_iomem(&arena, held, &runs[1], 2), 0);
	assert_int_equal(holding_finish(&arena, &none), 0);
	for (i = 0; i < 5000; i++) {
		struct xlpt_iomem run = { 2 * (uint64_t)i, 1, 0 };

		held = holding_add_device(&arena, &many, i % 2 ? "/odd" : NULL);
		assert_int_equal(held_add_iomem(&arena, held, &run, 1), 0);
	}
	assert_int_equal(holding_finish(&arena, &many), 0);
	assert_int_equal(holding_conflicts(&all, &none, gather, &c), 0);
	assert_int_equal(c.n, 0);
	assert_int_equal(holding_conflicts(&many, &all, stop, &calls), -7);
	assert_int_equal(calls, 1);
	held = &all.device[0];
	held->iomem[0] = (struct xlpt_iomem){ 2 * 4999, 1, 0 };
	assert_int_equal(holding_finish(&arena, &all), 0);
	assert_int_equal(holding_conflicts(&many, &all, gather, &c), 0);
	assert_int_equal(c.n, 1);
	assert_string_equal(c.list[0].ours, "/odd");
	assert_int_equal(holding_conflicts(&all, &many, gather, &c), 0);
	assert_int_equal(c.n, 2);
	assert_string_equal(c.list[1].theirs, "/odd");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_pairs),
		cmocka_unit_test(edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
