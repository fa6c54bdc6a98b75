/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture of the guest's address map: complete, aligned, and of bearable length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emit-map.h"

static char *map_of(const char *version, uint64_t memory_mib, const struct xlpt_iomem *iomem,
		    size_t n, const char *const *labels)
{
	struct xlpt_settings settings;
	struct text text;
	char *s;

	xlpt_settings_init(&settings);
	assert_int_equal(xlpt_settings_xen(&settings, version), 0);
	settings.memory_mib = memory_mib;
	text_init(&text);
	emit_map(&text, &settings, iomem, n, labels);
	s = text_take(&text, NULL);
	assert_non_null(s);
	return s;
}

/* Printable ASCII, 80 columns, no trailing blank; map lines ascend and cover everything. */
static size_t check_form(const char *map)
{
	unsigned long long from, to, next = 0, below = 0;
	size_t lines = 0, len, i;
	const char *s, *end;
	char mark[3];

	for (s = map; *s; s = end + 1) {
		end = strchr(s, '\n');
		assert_non_null(end);
		len = (size_t)(end - s);
		assert_in_range(len, 0, 80);
		for (i = 0; i < len; i++)
			assert_in_range(s[i], ' ', '~');
		if (len)
			assert_int_not_equal(end[-1], ' ');
		lines++;
		if (!len || sscanf(s, " 0x%llx .. 0x%llx", &from, &to) != 2)
			continue;
		assert_true(from <= to);
		assert_true(len > 44);
		/* Columns: the marks of all lines are below one another. */
		memcpy(mark, s + 41, 2);
		mark[2] = '\0';
		if (!strcmp(mark, ">>") || !strcmp(mark, "==")) {
			assert_true(from >= below);
			below = from;
			continue;
		}
		assert_true(!strcmp(mark, "##") || !strcmp(mark, "::") || !strcmp(mark, "  "));
		assert_int_equal(from, next);
		assert_true(below <= from);
		next = to + 1;
	}
	assert_int_equal(next, UINT64_C(1) << 40);
	return lines;
}

static void one_device(void **state)
{
	static const struct xlpt_iomem iomem = { 0xfff51, 1, 0x4021 };
	static const char *const labels[] = { "/soc/ethernet@fff51000" };
	char *map = map_of("4.17", 0, &iomem, 1, labels);

	(void)state;
	assert_in_range(check_form(map), 20, 40);
	assert_non_null(strstr(map,
		"  0x04020000 ..   0x0fffffff  191.9 MiB     free but for\n"
		"  0x04021000 ..   0x04021fff      4 KiB  >> /soc/ethernet@fff51000\n"
		"  0x10000000 ..   0x1fffffff    256 MiB  :: vPCI config space\n"));
	assert_non_null(strstr(map,
		" 0x200000000 .. 0xffffffffff   1016 GiB  ## RAM bank, size unknown\n"));
	assert_non_null(strstr(map, ">> device  ## in use  :: set aside, unused\n"));
	assert_null(strstr(map, "=="));
	free(map);
}

static void no_device(void **state)
{
	static const char *const versions[] = { "4.6", "4.9", "4.15", "4.16", "4.20", "4.21",
						"any" };
	static const uint64_t memory[] = { 0, 1, 1024, 3072, 4096, 2000000 };
	size_t i, j;
	char *map;

	(void)state;
	for (i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		for (j = 0; j < sizeof(memory) / sizeof(*memory); j++) {
			map = map_of(versions[i], memory[j], NULL, 0, NULL);
			assert_in_range(check_form(map), 10, 40);
			assert_null(strstr(map, ">>"));
			free(map);
		}
	}
	map = map_of("any", 1024, NULL, 0, NULL);
	assert_non_null(strstr(map, "extended region (Xen 4.17-4.20)\n"));
	assert_non_null(strstr(map, "Guest of Xen 4.17 to 4.22, 1 GiB of RAM\n"));
	free(map);
}

static void long_and_odd_names(void **state)
{
	static const struct xlpt_iomem iomem[] = {
		{ 0x9010, 1, 0x9010 }, { 0xfff51, 1, 0x4021 }, { 0xfff60, 1, 0x4030 },
	};
	static const char *const labels[] = {
		"/a/very/long/path/through/many/buses/to/the/one/serial@9010000",
		"/soc/\xff\n\x1b[1m",
		NULL,
	};
	char *map = map_of("any", 0, iomem, 3, labels);

	(void)state;
	check_form(map);
	assert_non_null(strstr(map, "== .../buses/to/the/one/serial@9010000\n"));
	assert_non_null(strstr(map, ">> /soc/???[1m\n"));
	assert_non_null(strstr(map, ">> host 0xfff60000\n"));
	free(map);
}

/* Runs of one device that are one piece on both sides are one line. */
static void neighbours_are_joined(void **state)
{
	static const struct xlpt_iomem iomem[] = {
		{ 0xfff52, 2, 0x4022 }, { 0xfff51, 1, 0x4021 }, { 0xfff60, 1, 0x4024 },
	};
	static const char *const labels[] = { "/a", "/a", "/a" };
	char *map = map_of("any", 0, iomem, 3, labels);

	(void)state;
	check_form(map);
	assert_non_null(strstr(map,
		"  0x04021000 ..   0x04023fff     12 KiB  >> /a\n"
		"  0x04024000 ..   0x04024fff      4 KiB  >> /a\n"));
	free(map);
}

/* The same name is the same device, wherever its bytes are; sizes are rounded to what is read. */
static void names_and_sizes(void **state)
{
	static const struct xlpt_iomem iomem[] = {
		{ 0x50000, 0x10000, 0x10000 }, { 0x60000, 0x2ffff, 0x20000 }, { 0x1000, 1, 0x9000 },
		{ 0x1001, 1, 0x9001 }, { 0x1002, 1, 0x9002 },
	};
	char a[] = "/a", same[] = "/a";
	const char *const labels[] = { a, same, NULL, a, "/b" };
	char *map = map_of("any", 0, iomem, 5, labels);

	(void)state;
	assert_non_null(strstr(map, "  0x10000000 ..   0x4fffefff    1.0 GiB  >> /a\n"));
	assert_non_null(strstr(map, "  0x09000000 ..   0x09000fff      4 KiB  >> host 0x1000000\n"));
	assert_non_null(strstr(map, "  0x09001000 ..   0x09001fff      4 KiB  >> /a\n"));
	assert_non_null(strstr(map, "  0x09002000 ..   0x09002fff      4 KiB  >> /b\n"));
	free(map);
}

/* What a narrow guest cannot address is not in its map. */
static void narrow(void **state)
{
	struct xlpt_settings settings;
	struct text text;

	(void)state;
	xlpt_settings_init(&settings);
	assert_int_equal(xlpt_settings_xen(&settings, "any"), 0);
	settings.ipa_bits = 32;
	text_init(&text);
	emit_map(&text, &settings, NULL, 0, NULL);
	assert_non_null(strstr(text.s, "0x40000000 .. 0xffffffff      3 GiB  ## RAM bank, size unknown\n\n"));
	assert_null(strstr(text.s, "0x100000000"));
	text_free(&text);
}

static void hundreds_of_devices(void **state)
{
	struct xlpt_iomem iomem[500];
	size_t i;
	char *map;

	(void)state;
	for (i = 0; i < 500; i++)
		iomem[i] = (struct xlpt_iomem){ 0xff000 + i * 16, 1, 0x4020 + i * 16 };
	map = map_of("any", 0, iomem, 500, NULL);
	assert_in_range(check_form(map), 20, 40);
	/* 8 and 3 of them are shown. */
	assert_non_null(strstr(map, "1.9 MiB  >> and 489 more\n"));
	free(map);
}

static void forced_places(void **state)
{
	static const struct xlpt_iomem iomem[] = {
		{ 0x100, 1, 0x10000 }, { 0x200, 4, 0x40000 }, { 0x300, 1, 0x10000010 },
	};
	char *map = map_of("4.17", 0, iomem, 3, NULL);

	(void)state;
	assert_non_null(strstr(map, "vPCI config space\n   0x10000000 .."));
	assert_non_null(strstr(map, "Beyond what the guest can address:\n"));
	free(map);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_device),
		cmocka_unit_test(no_device),
		cmocka_unit_test(long_and_odd_names),
		cmocka_unit_test(neighbours_are_joined),
		cmocka_unit_test(names_and_sizes),
		cmocka_unit_test(narrow),
		cmocka_unit_test(hundreds_of_devices),
		cmocka_unit_test(forced_places),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("emit-map", tests, NULL, NULL);
}
