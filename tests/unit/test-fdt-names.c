/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The strings block of a tree against the one that libfdt makes of the same names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "fdt-writer.h"

#define ROOM (1 << 18)
#define MANY 64

/* A node with a property of each name, another node behind it with the first half of them again. */
static int by_libfdt(char *fdt, int room, char name[][16], unsigned n)
{
	unsigned i;
	int rc;

	rc = fdt_create(fdt, room);
	rc = rc ? rc : fdt_finish_reservemap(fdt);
	rc = rc ? rc : fdt_begin_node(fdt, "");
	for (i = 0; i < n && !rc; i++)
		rc = fdt_property(fdt, name[i], name[i], (int)strlen(name[i]));
	rc = rc ? rc : fdt_begin_node(fdt, "behind");
	for (i = 0; i < n / 2 && !rc; i++)
		rc = fdt_property_u32(fdt, name[i], i);
	rc = rc ? rc : fdt_end_node(fdt);
	rc = rc ? rc : fdt_end_node(fdt);
	return rc ? rc : fdt_finish(fdt);
}

static int by_writer(char *fdt, size_t room, char name[][16], unsigned n)
{
	struct fdt_writer w;
	uint32_t i;

	fdtw_create(&w, fdt, room);
	fdtw_begin(&w, "");
	for (i = 0; i < n; i++)
		fdtw_bytes(&w, name[i], name[i], strlen(name[i]));
	fdtw_begin(&w, "behind");
	for (i = 0; i < n / 2; i++)
		fdtw_cells(&w, name[i], &i, 1);
	fdtw_end(&w);
	fdtw_end(&w);
	return fdtw_finish(&w);
}

static void same(char name[][16], unsigned n)
{
	static char libfdt[ROOM], writer[ROOM];

	assert_int_equal(by_libfdt(libfdt, ROOM, name, n), 0);
	assert_int_equal(by_writer(writer, ROOM, name, n), 0);
	assert_int_equal(fdt_totalsize(writer), fdt_totalsize(libfdt));
	assert_memory_equal(writer, libfdt, fdt_totalsize(libfdt));
	assert_int_equal(fdt_check_full(writer, ROOM), 0);
}

static void by_hand(void **state)
{
	static char sets[][8][16] = {
		{ "reg" },
		{ "reg", "reg" },
		/* an end of another, before and behind it */
		{ "phandle", "handle", "linux,phandle", "handle", "phandle" },
		/* of two that end alike, the newer */
		{ "ab", "b", "cb", "b", "ab", "bb", "b" },
		{ "c", "bc", "abc", "c", "bc" },
		/* a beginning or a middle is none */
		{ "abc", "ab", "b", "bc" },
		{ "", "" },
		{ "a", "", "b", "" },
		{ "", "a", "" },
		{ "\xff", "\x7f\xff", "\xff" },
	};
	size_t i;
	unsigned n;

	(void)state;
	for (i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		for (n = 0; n <= 8; n++)
			same(sets[i], n);
}

/* Few letters and short names, so that many end alike. */
static void at_random(void **state)
{
	char name[MANY][16];
	unsigned round, i, k, n, len, letters;

	(void)state;
	srand(1);
	for (round = 0; round < 3000; round++) {
		n = 1 + (unsigned)rand() % MANY;
		letters = 1 + (unsigned)rand() % 4;
		for (i = 0; i < n; i++) {
			len = (unsigned)rand() % (round % 15 + 1);
			for (k = 0; k < len; k++)
				name[i][k] = (char)('a' + (unsigned)rand() % letters);
			name[i][len] = '\0';
		}
		same(name, n);
	}
}

/* More ends than the tables begin with. */
static void many(void **state)
{
	static char name[2500][16];
	unsigned i;

	(void)state;
	for (i = 0; i < 2500; i++)
		snprintf(name[i], sizeof(*name), "%x-%u", i * 2654435761u, i / 2);
	same(name, 2500);
}

static void room(void **state)
{
	static char name[3][16] = { "compatible", "a-long-name", "tible" };
	static char libfdt[ROOM], writer[ROOM];
	int room, most;

	(void)state;
	assert_int_equal(by_libfdt(libfdt, ROOM, name, 3), 0);
	most = (int)fdt_totalsize(libfdt);
	for (room = 0; room <= most; room++) {
		memset(writer, 0x5a, sizeof(writer));
		assert_int_equal(by_writer(writer, (size_t)room, name, 3),
				 by_libfdt(libfdt, room, name, 3));
		assert_int_equal(writer[room], 0x5a);
	}
	assert_memory_equal(writer, libfdt, (size_t)most);
}

/* A tree that has not as many properties. */
static void wrong_tree(void **state)
{
	static char name[2][16] = { "a", "b" };
	struct fdt_names names = { 0 };
	static char fdt[ROOM];

	(void)state;
	assert_int_equal(by_libfdt(fdt, ROOM, name, 2), 0);	/* three properties */
	assert_true(fdt_names_add(&names, "c"));
	assert_true(fdt_names_add(&names, "d"));
	assert_int_equal(fdt_names_put(&names, fdt, ROOM), -FDT_ERR_BADSTRUCTURE);
	assert_true(fdt_names_add(&names, "e"));
	assert_int_equal(fdt_names_put(&names, fdt, ROOM), 0);
	assert_true(fdt_names_add(&names, "f"));
	assert_int_equal(fdt_names_put(&names, fdt, ROOM), -FDT_ERR_BADSTRUCTURE);
	fdt_names_free(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand), cmocka_unit_test(at_random), cmocka_unit_test(many),
		cmocka_unit_test(room), cmocka_unit_test(wrong_tree),
	};

	return cmocka_run_group_tests_name("fdt-names", tests, NULL, NULL);
}
