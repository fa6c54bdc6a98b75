/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stage-2 tables for device mappings, and when shadow_memory= has to be set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "p2m-pool.h"

static void default_size(void **state)
{
	(void)state;
	/* 1 MiB a vcpu, 4 KiB a MiB of RAM, 512 KiB. */
	assert_int_equal(p2m_pool_default_kib(1, 0), 1024 + 512);
	assert_int_equal(p2m_pool_default_kib(0, 0), 1024 + 512);
	assert_int_equal(p2m_pool_default_kib(4, 1024), 4096 + 4096 + 512);
}

static void tables(void **state)
{
	static const struct xlpt_iomem one = { 0xfff51, 1, 0x4021 };
	static const struct xlpt_iomem same_window[] = { { 1, 1, 0x4021 }, { 2, 1, 0x41ff } };
	static const struct xlpt_iomem straddle = { 1, 2, 0x41ff };
	/* Out of order, and one window shared by three. */
	static const struct xlpt_iomem several[] = {
		{ 1, 512, 0x40100 }, { 2, 1, 0x3ffff }, { 3, 1, 0x40000 }, { 9, 0, 0x90000 },
	};
	static const struct xlpt_iomem aperture = { 0x200000, 0x40000, 0x100000 };

	(void)state;
	assert_int_equal(p2m_pool_tables_kib(NULL, 0), 0);
	assert_int_equal(p2m_pool_tables_kib(&one, 1), 8);
	assert_int_equal(p2m_pool_tables_kib(same_window, 2), 8);
	assert_int_equal(p2m_pool_tables_kib(&straddle, 1), 12);
	/* Windows 0x1ff, 0x200, 0x201 in two GiB. */
	assert_int_equal(p2m_pool_tables_kib(several, 4), 4 * (3 + 2));
	assert_int_equal(p2m_pool_tables_kib(&aperture, 1), 4 * (512 + 1));
}

/* Against a bitmap of windows. */
static void tables_by_brute_force(void **state)
{
	struct xlpt_iomem iomem[20];
	unsigned char windows[512], gib[2];
	uint64_t frame, expected;
	size_t n, i;
	int round;

	(void)state;
	srand(1);
	for (round = 0; round < 500; round++) {
		n = (size_t)(rand() % 20);
		expected = 0;
		for (i = 0; i < sizeof(windows); i++)
			windows[i] = 0;
		gib[0] = gib[1] = 0;
		for (i = 0; i < n; i++) {
			iomem[i].start = (uint64_t)rand();
			iomem[i].gfn = (uint64_t)(rand() % (512 * 400));
			iomem[i].count = (uint64_t)(rand() % (rand() % 3 ? 4 : 5000));
			for (frame = 0; frame < iomem[i].count; frame++) {
				windows[(iomem[i].gfn + frame) / 512] = 1;
				gib[(iomem[i].gfn + frame) / 512 / 512] = 1;
			}
		}
		for (i = 0; i < sizeof(windows); i++)
			expected += windows[i];
		expected = 4 * (expected + gib[0] + gib[1]);
		assert_int_equal(p2m_pool_tables_kib(iomem, n), expected);
	}
}

static void when_the_default_is_not_enough(void **state)
{
	(void)state;
	/* A few devices never need it. */
	assert_int_equal(p2m_pool_shadow_memory_mib(1, 1024, 0), 0);
	assert_int_equal(p2m_pool_shadow_memory_mib(1, 1024, 8 * 40), 0);
	/* 256 MiB of aperture a vcpu. */
	assert_int_equal(p2m_pool_shadow_memory_mib(1, 1024, 4 * 128), 0);
	assert_int_not_equal(p2m_pool_shadow_memory_mib(1, 1024, 4 * 129), 0);
	assert_int_equal(p2m_pool_shadow_memory_mib(4, 1024, 4 * 512), 0);
	/* 1 GiB for one vcpu with 1 GiB of RAM: 5632 + 2052 KiB, rounded up. */
	assert_int_equal(p2m_pool_shadow_memory_mib(1, 1024, 4 * 513), 8);
	assert_int_equal(p2m_pool_shadow_memory_mib(0, 1024, 4 * 513), 8);
	assert_int_equal(p2m_pool_shadow_memory_mib(1, 0, 4 * 513), 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_size),
		cmocka_unit_test(tables),
		cmocka_unit_test(tables_by_brute_force),
		cmocka_unit_test(when_the_default_is_not_enough),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("p2m-pool", tests, NULL, NULL);
}
