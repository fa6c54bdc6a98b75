/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a name to a node, and the nearest names to one that no node has. */
#include <stdio.h>

#include <libfdt.h>

#include "fixture.h"
#include "names.h"

static struct fixture board;

static int open_board(void **state)
{
	(void)state;
	fixture_open(&board, fixture_board);
	return 0;
}

static int close_board(void **state)
{
	(void)state;
	fixture_close(&board);
	return 0;
}

static void assert_path(uint32_t node, const char *path)
{
	char *found;

	assert_int_not_equal(node, XLPT_NO_NODE);
	found = xlpt_tree_path(board.tree, node);
	assert_string_equal(found, path);
	free(found);
}

static void found(void **state)
{
	static const struct { const char *name, *path; } rows[] = {
		{ "/", "/" },
		{ "/soc/rtc@1010000", "/soc/rtc@1010000" },
		{ "/soc/bus@2000000/odd,name@20000", "/soc/bus@2000000/odd,name@20000" },
		{ "serial1", "/soc/serial@1001000" },
		{ "&rtc", "/soc/rtc@1010000" },
		{ "&uart1", "/soc/serial@1001000" },
		{ "1010000.rtc", "/soc/rtc@1010000" },
		/* Translated: the bus is at 0x2000000. */
		{ "2010000.watchdog", "/soc/bus@2000000/watchdog@10000" },
		{ "2020000.odd,name", "/soc/bus@2000000/odd,name@20000" },
		{ "gpio-keys", "/gpio-keys" },
		{ "soc:display", "/soc/display" },
		{ "2000000.bus", "/soc/bus@2000000" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_path(xlpt_tree_find(board.tree, rows[i].name), rows[i].path);
}

static void not_found(void **state)
{
	static const char *const names[] = {
		"", "//", "/soc/", "soc/rtc@1010000", "/soc/rtc", "/soc//rtc@1010000",
		"/soc/rtc@1010000/", "/soc/../soc/rtc@1010000", "rtc@1010000", "rtc",
		/* aliases to nowhere */
		"broken", "relative", "serial2", "serial", "serial10",
		"&", "&rtc0", "rtc0", "&/soc/rtc@1010000",
		"0x1010000.rtc", "01010000.rtc", "1010000.rtc@1010000", "1010000.", ".rtc", "1010000.rt",
		"2010000.watchdog2", "display", "soc:", ":display", "x:display", "soc:soc:display",
		/* two nodes */
		"4000000.twin",
		/* below a root child that is no device */
		"cpus", "memory@40000000",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(xlpt_tree_find(board.tree, names[i]), XLPT_NO_NODE);
}

static void ambiguous(void **state)
{
	uint32_t node[4];

	(void)state;
	assert_int_equal(names_find(board.tree, "4000000.twin", 12, node, 4), 2);
	assert_path(node[0], "/soc/twin@4000000");
	assert_path(node[1], "/soc/twin@4000000,1");
	assert_int_equal(names_find(board.tree, "4000000.twin", 12, node, 1), 2);
}

static void nearest(void **state)
{
	static const struct { const char *name, *path, *also; } rows[] = {
		{ "/soc/rtc@1010001", "/soc/rtc@1010000", NULL },
		{ "/soc/rtc", "/soc/rtc@1010000", NULL },
		{ "/rtc@1010000", "/soc/rtc@1010000", NULL },
		{ "rtc@1010000", "/soc/rtc@1010000", NULL },
		{ "rtc", "/soc/rtc@1010000", NULL },
		{ "1010000", "/soc/rtc@1010000", NULL },
		{ "1010000.rtx", "/soc/rtc@1010000", NULL },
		{ "clock@1010000", "/soc/rtc@1010000", NULL },
		{ "ethernet", "/soc/ethernet@5000000", NULL },
		{ "seria1", "/soc/serial@1001000", "serial1" },
		{ "&uart2", "/soc/serial@1001000", "uart1" },
		{ "/soc/bus@2000000/wathcdog@10000", "/soc/bus@2000000/watchdog@10000", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct near_name near[5];

		if (!names_nearest(board.tree, rows[i].name, strlen(rows[i].name), near, 5))
			fail_msg("nothing near %s", rows[i].name);
		assert_path(near[0].node, rows[i].path);
		if (rows[i].also)
			assert_string_equal(near[0].also, rows[i].also);
		else
			assert_null(near[0].also);
	}
}

static void nearest_is_ordered(void **state)
{
	struct near_name near[5];
	size_t n, i, k;

	(void)state;
	n = names_nearest(board.tree, "/soc/gpio@1020001", 17, near, 5);
	assert_true(n >= 2);
	assert_path(near[0].node, "/soc/gpio@1020000");
	assert_path(near[1].node, "/soc/gpio@1021000");
	for (i = 1; i < n; i++) {
		assert_true(near[i - 1].distance <= near[i].distance);
		for (k = 0; k < i; k++)
			assert_int_not_equal(near[k].node, near[i].node);
	}
}

static void nothing_near(void **state)
{
	struct near_name near[5];
	char longer[4096];

	(void)state;
	assert_int_equal(names_nearest(board.tree, "", 0, near, 5), 0);
	assert_int_equal(names_nearest(board.tree, "quite another thing", 19, near, 5), 0);
	assert_int_equal(names_nearest(board.tree, "rtc", 3, near, 0), 0);
	memset(longer, 'q', sizeof(longer));
	longer[0] = '/';
	assert_int_equal(names_nearest(board.tree, longer, sizeof(longer), near, 5), 0);
}

/* The plain dynamic programme, to judge the bit vectors by. */
static unsigned plain_distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[80], diagonal, above;
	size_t i, k;

	for (k = 0; k <= m; k++)
		row[k] = (unsigned)k;
	for (i = 1; i <= n; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (k = 1; k <= m; k++) {
			above = row[k];
			row[k] = diagonal + (a[i - 1] != b[k - 1]);
			if (above + 1 < row[k])
				row[k] = above + 1;
			if (row[k - 1] + 1 < row[k])
				row[k] = row[k - 1] + 1;
			diagonal = above;
		}
	}
	return row[m];
}

/* Labels are compared as they are, so their distances show. */
static void distances(void **state)
{
	const char *const labels[] = { "gic", "pclk", "rtc", "uart1" };
	uint32_t seed = 1;
	unsigned round;

	(void)state;
	for (round = 0; round < 2000; round++) {
		char name[64] = "&";
		size_t len = 1, i;
		struct near_name near[8];
		size_t n, k;

		for (i = 0; i < 3 + round % 40; i++) {
			seed = seed * 1664525 + 1013904223;
			name[len++] = "gicpclkrtuart1"[(seed >> 16) % 14];
		}
		n = names_nearest(board.tree, name, len, near, 8);
		for (i = 0; i < 4; i++) {
			unsigned d = plain_distance(name + 1, len - 1, labels[i], strlen(labels[i]));

			for (k = 0; k < n && strcmp(near[k].also, labels[i]); k++)
				;
			if (d <= 1 + len / 3)
				assert_true(k < n && near[k].distance == d);
			else
				assert_int_equal(k, n);
		}
	}
}

/* Look-ups go another way once there have been many: the answers stay. */
static void many(void **state)
{
	size_t before, round;

	fixture_close(&board);
	fixture_open(&board, fixture_board);
	before = xlpt_tree_index_size(board.tree);
	for (round = 0; round < 100; round++) {
		found(state);
		not_found(state);
		ambiguous(state);
	}
	/* both indices: 16 bytes for each node, or nearly each */
	assert_true(xlpt_tree_index_size(board.tree) > before + 24 * (size_t)xlpt_tree_node_count(board.tree));
}

#define MANY 3000

/* Siblings of the same name, and names that begin alike, at two levels. */
static void siblings(void **state)
{
	static char blob[1 << 18] __attribute__((aligned(8)));
	uint32_t reg[2] = { cpu_to_fdt32(0x1000), cpu_to_fdt32(0x1000) };
	uint32_t seed = 1, node, parent, want, nodes[4], n;
	struct xlpt_diags *diags;
	struct xlpt_tree *tree;
	unsigned i, round;
	char name[64];

	(void)state;
	assert_int_equal(fdt_create_with_flags(blob, sizeof(blob), 0), 0);
	assert_int_equal(fdt_finish_reservemap(blob), 0);
	fdt_begin_node(blob, "");
	fdt_property_u32(blob, "#address-cells", 1);
	fdt_property_u32(blob, "#size-cells", 1);
	for (i = 0; i < MANY; i++) {
		seed = seed * 1664525 + 1013904223;
		snprintf(name, sizeof(name), "%.*s%u", 1 + (seed >> 8) % 3, "abc", (seed >> 16) % 1500);
		fdt_begin_node(blob, name);
		fdt_begin_node(blob, i % 2 ? "x" : "xx");
		fdt_end_node(blob);
		fdt_end_node(blob);
	}
	for (i = 0; i < 20; i++) {
		fdt_begin_node(blob, "twin");
		fdt_property(blob, "reg", reg, sizeof(reg));
		fdt_end_node(blob);
	}
	fdt_end_node(blob);
	assert_int_equal(fdt_finish(blob), 0);
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(xlpt_tree_parse(blob, sizeof(blob), diags, &tree), 0);
	for (round = 0; round < 40; round++)
		for (node = 1; node < tree->n_nodes; node += 1 + round * 7) {
			char *path = xlpt_tree_path(tree, node);

			/* the first of its name, below the first of its parent's */
			parent = tree->node[node].parent;
			for (want = 1; parent && strcmp(tree_name(tree, want), tree_name(tree, parent));
			     want = tree->node[want].end)
				;
			parent = parent ? want : 0;
			for (want = tree_child(tree, parent); want != XLPT_NO_NODE &&
			     strcmp(tree_name(tree, want), tree_name(tree, node)); want = tree_sibling(tree, want))
				;
			assert_int_equal(tree_by_path(tree, path, strlen(path)), want);
			free(path);
		}
	for (round = 0; round < 40; round++) {
		assert_int_equal(names_find(tree, "1000.twin", 9, nodes, 4), 20);
		for (n = 0; n < 4; n++)
			assert_int_equal(nodes[n], 1 + 2 * MANY + n);
		assert_int_equal(names_find(tree, "1000.twi", 8, nodes, 4), 0);
	}
	xlpt_tree_free(tree);
	xlpt_diags_free(diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siblings),
		cmocka_unit_test(found),
		cmocka_unit_test(not_found),
		cmocka_unit_test(ambiguous),
		cmocka_unit_test(nearest),
		cmocka_unit_test(nearest_is_ordered),
		cmocka_unit_test(nothing_near),
		cmocka_unit_test(distances),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, open_board, close_board);
}
