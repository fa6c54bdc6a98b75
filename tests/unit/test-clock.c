/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clock rates out of the tree and out of clk_summary. */
#include <stdio.h>

#include "clock.h"
#include "fixture.h"

/* ---- the tree ----------------------------------------------------------- */

static const char clocks[] =
	"/dts-v1/;\n"
	"/ {\n"
	"	#address-cells = <1>; #size-cells = <1>;\n"
	"	osc: osc { compatible = \"fixed-clock\"; #clock-cells = <0>; clock-frequency = <24000000>; };\n"
	"	later { compatible = \"fixed-clock\"; #clock-cells = <0>; clock-frequency = <0>; };\n"
	"	short { compatible = \"fixed-clock\"; #clock-cells = <0>; clock-frequency = [00 01]; };\n"
	"	off: off { compatible = \"fixed-clock\"; #clock-cells = <0>; clock-frequency = <5>; status = \"disabled\"; };\n"
	"	half: half { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&osc>; clock-div = <7>; clock-mult = <1>; };\n"
	"	again { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&half>; clock-div = <1>; clock-mult = <7>; };\n"
	"	by-zero { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&osc>; clock-div = <0>; clock-mult = <1>; };\n"
	"	of-off { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&off>; clock-div = <1>; clock-mult = <1>; };\n"
	"	me: me { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&you>; clock-div = <1>; clock-mult = <1>; };\n"
	"	you: you { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <&me>; clock-div = <1>; clock-mult = <1>; };\n"
	"	nobody { compatible = \"fixed-factor-clock\"; #clock-cells = <0>; clocks = <0x1234>; clock-div = <1>; clock-mult = <1>; };\n"
	"	mux { compatible = \"test,mux\"; #clock-cells = <1>; clock-output-names = \"a\", \"b\", \"c\"; };\n"
	"	holes { compatible = \"test,mux\"; #clock-cells = <1>; clock-output-names = \"x\", \"y\"; clock-indices = <3 9>; };\n"
	"	one { compatible = \"test,pll\"; #clock-cells = <0>; clock-output-names = \"pll\"; };\n"
	"};\n";

static uint64_t rate_of(const struct fixture *f, const char *path)
{
	uint64_t hz = 0;

	return clock_tree_rate(f->tree, tree_by_path(f->tree, path, strlen(path)), &hz) ? hz : 0;
}

static void tree_rates(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, clocks);
	assert_int_equal(rate_of(&f, "/osc"), 24000000);
	assert_int_equal(rate_of(&f, "/half"), 3428571);
	/* rounded at each step, as Linux does */
	assert_int_equal(rate_of(&f, "/again"), 23999997);
	assert_int_equal(rate_of(&f, "/later"), 0);
	assert_int_equal(rate_of(&f, "/short"), 0);
	assert_int_equal(rate_of(&f, "/off"), 0);
	assert_int_equal(rate_of(&f, "/by-zero"), 0);
	assert_int_equal(rate_of(&f, "/of-off"), 0);
	assert_int_equal(rate_of(&f, "/me"), 0);
	assert_int_equal(rate_of(&f, "/nobody"), 0);
	assert_int_equal(rate_of(&f, "/mux"), 0);
	fixture_close(&f);
}

static const char *output_of(const struct fixture *f, const char *path, unsigned n_args, uint32_t arg)
{
	const char *name = clock_output_name(f->tree, tree_by_path(f->tree, path, strlen(path)), n_args, arg);

	return name ? name : "";
}

static void output_names(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, clocks);
	assert_string_equal(output_of(&f, "/mux", 1, 2), "c");
	assert_string_equal(output_of(&f, "/mux", 1, 3), "");
	assert_string_equal(output_of(&f, "/mux", 2, 0), "");
	assert_string_equal(output_of(&f, "/holes", 1, 9), "y");
	assert_string_equal(output_of(&f, "/holes", 1, 0), "");
	assert_string_equal(output_of(&f, "/one", 0, 0), "pll");
	assert_string_equal(output_of(&f, "/osc", 0, 0), "");
	fixture_close(&f);
}

/* ---- clk_summary -------------------------------------------------------- */

static const char summary_4_9[] =
	"   clock                         enable_cnt  prepare_cnt        rate   accuracy   phase\n"
	"----------------------------------------------------------------------------------------\n"
	" osc24M                                   5            5    24000000          0 0  \n"
	"    pll-periph0                           2            2   600000000          0 0  \n"
	"       ahb1                               9           11   200000000          0 0  \n";

static const char summary_5_10[] =
	"                                 enable  prepare  protect                                duty\n"
	"   clock                          count    count    count        rate   accuracy phase  cycle\n"
	"---------------------------------------------------------------------------------------------\n"
	" xin24m                              21       21        0    24000000          0     0  50000\n"
	"    pll_gpll                          1        1        0   800000000          0     0  50000\n"
	"       a name with blanks             1        1        0   100000000          0     0  50000\n";

static const char summary_6_6[] =
	"                                 enable  prepare  protect                                duty  hardware                            connection\n"
	"   clock                          count    count    count        rate   accuracy phase  cycle    enable   consumer                         id\n"
	"---------------------------------------------------------------------------------------------------------------------------------------------\n"
	" sdio1_ref                           2       2        0        187498123   0          0     50000      Y   ff170000.mmc                    clk_xin\n"
	"                                                                                                          deviceless                      no_connection_id         \n"
	" lsbus                               4       4        0        99998999    0          0     50000      Y   ff170000.mmc                    clk_ahb\n"
	"                                                                                                          ff010000.serial                 pclk\n"
	"    stopped                          0       0        0        0           0          0     50000      N   ff020000.i2c                    no_connection_id\n";

static const struct clk_summary *parse(struct arena *arena, const char *text)
{
	const struct clk_summary *summary;

	arena_init(arena);
	summary = clk_summary_parse(text, arena);
	assert_non_null(summary);
	return summary;
}

static uint64_t clock_rate(const struct clk_summary *summary, const char *name)
{
	uint64_t hz = 0;

	return clk_summary_clock(summary, name, strlen(name), &hz) ? hz : UINT64_MAX;
}

static uint64_t consumer_rate(const struct clk_summary *summary, const char *device, const char *id)
{
	uint64_t hz = 0;

	return clk_summary_consumer(summary, device, id, &hz) ? hz : UINT64_MAX;
}

static void summary_old(void **state)
{
	const struct clk_summary *s;
	struct arena arena;

	(void)state;
	s = parse(&arena, summary_4_9);
	assert_int_equal(s->n_names, 3);
	assert_int_equal(s->n_consumers, 0);
	assert_int_equal(clock_rate(s, "osc24M"), 24000000);
	assert_int_equal(clock_rate(s, "ahb1"), 200000000);
	assert_int_equal(clock_rate(s, "ahb"), UINT64_MAX);
	arena_free(&arena);
}

static void summary_middle(void **state)
{
	const struct clk_summary *s;
	struct arena arena;

	(void)state;
	s = parse(&arena, summary_5_10);
	assert_int_equal(s->n_names, 2);
	assert_int_equal(clock_rate(s, "pll_gpll"), 800000000);
	assert_int_equal(clock_rate(s, "a"), UINT64_MAX);
	arena_free(&arena);
}

static void summary_new(void **state)
{
	const struct clk_summary *s;
	struct arena arena;
	size_t n;

	(void)state;
	s = parse(&arena, summary_6_6);
	assert_int_equal(s->n_names, 3);
	assert_int_equal(s->n_consumers, 4);
	assert_int_equal(consumer_rate(s, "ff170000.mmc", "clk_xin"), 187498123);
	assert_int_equal(consumer_rate(s, "ff170000.mmc", "clk_ahb"), 99998999);
	assert_int_equal(consumer_rate(s, "ff010000.serial", "pclk"), 99998999);
	assert_int_equal(consumer_rate(s, "ff010000.serial", "uart"), UINT64_MAX);
	assert_int_equal(consumer_rate(s, "ff020000.i2c", "no_connection_id"), 0);
	assert_int_equal(consumer_rate(s, "deviceless", "no_connection_id"), UINT64_MAX);
	assert_non_null(clk_summary_rows_of(s, "ff170000.mmc", &n));
	assert_int_equal(n, 2);
	assert_non_null(clk_summary_rows_like(s, "sdio1", &n));
	assert_int_equal(n, 1);
	assert_null(clk_summary_rows_like(s, "nope", &n));
	arena_free(&arena);
}

/* Two rows that disagree are no answer. */
static void summary_ambiguous(void **state)
{
	static const char text[] =
		"   clock  count count count rate accuracy phase cycle enable consumer id\n"
		" a 1 1 0 10 0 0 50000 Y 1000.dev bus\n"
		" b 1 1 0 20 0 0 50000 Y 1000.dev bus\n"
		" c 1 1 0 30 0 0 50000 Y 2000.dev bus\n"
		" c 1 1 0 30 0 0 50000 Y 2000.dev bus\n";
	const struct clk_summary *s;
	struct arena arena;

	(void)state;
	s = parse(&arena, text);
	assert_int_equal(consumer_rate(s, "1000.dev", "bus"), UINT64_MAX);
	assert_int_equal(consumer_rate(s, "2000.dev", "bus"), 30);
	assert_int_equal(clock_rate(s, "c"), 30);
	arena_free(&arena);
}

static void summary_garbage(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "no table at all", "clock", "clock rate", "clock rate\n x 1\n",
		"clock a b rate consumer id", " a 1 1 1\n", "clock a b rate\n x 1 1 99999999999999999999\n",
		"clock a b rate consumer id\n two words\n", "clock a b id consumer rate\n x 1 1 1 1 5\n",
		"clock a b c d e f g h i j k l m n o p q rate\n x 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n",
	};
	struct arena arena;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const struct clk_summary *s = parse(&arena, texts[i]);

		assert_int_equal(s->n_consumers, 0);
		assert_true(s->n_names <= 1);
		arena_free(&arena);
	}
}

#define N_ROWS 200

/* Names that begin alike, with one rate or two: each look-up against a look at every row. */
static void summary_many(void **state)
{
	static const char *const names[] = { "a", "ab", "abc", "b", "ba", "bab", "c" };
	static const char *const connections[] = { "x", "xy", "y", "no_connection_id" };
	static char text[1 << 16];
	unsigned name[N_ROWS], consumer[N_ROWS], connection[N_ROWS], seed = 1, i, k, m;
	size_t len, n, want;
	uint64_t rate[N_ROWS];
	struct arena arena;
	const struct clk_summary *s;

	(void)state;
	len = (size_t)snprintf(text, sizeof(text), " clock  enable prepare protect rate accuracy phase cycle enable consumer id\n");
	for (i = 0; i < N_ROWS; i++) {
		seed = seed * 1103515245 + 12345;
		name[i] = (seed >> 8) % 7;
		consumer[i] = (seed >> 12) % 7;
		connection[i] = (seed >> 16) % 4;
		/* some agree, some do not */
		rate[i] = 1000 + name[i] + consumer[i] + ((seed >> 20) % 40 == 0);
		len += (size_t)snprintf(text + len, sizeof(text) - len, " %s 1 1 0 %llu 0 0 50000 Y %s %s\n",
					names[name[i]], (unsigned long long)rate[i], names[consumer[i]],
					connections[connection[i]]);
	}
	s = parse(&arena, text);
	assert_int_equal(s->n_consumers, N_ROWS);
	for (i = 0; i < 7; i++) {
		bool one = true;

		for (n = 0, want = 0, m = N_ROWS, k = 0; k < N_ROWS; k++) {
			if (name[k] == i) {
				one &= m == N_ROWS || rate[m] == rate[k];
				m = k;
			}
			n += !strncmp(names[name[k]], names[i], strlen(names[i]));
			want += consumer[k] == i;
		}
		assert_int_equal(clock_rate(s, names[i]), m < N_ROWS && one ? rate[m] : UINT64_MAX);
		clk_summary_rows_like(s, names[i], &len);
		assert_int_equal(len, n);
		clk_summary_rows_of(s, names[i], &len);
		assert_int_equal(len, want);
		for (m = 0; m < 4; m++) {
			uint64_t first = UINT64_MAX;

			for (one = true, k = 0; k < N_ROWS; k++)
				if (consumer[k] == i && connection[k] == m) {
					one &= first == UINT64_MAX || first == rate[k];
					first = rate[k];
				}
			assert_int_equal(consumer_rate(s, names[i], connections[m]), one ? first : UINT64_MAX);
		}
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_rates),
		cmocka_unit_test(output_names),
		cmocka_unit_test(summary_old),
		cmocka_unit_test(summary_middle),
		cmocka_unit_test(summary_new),
		cmocka_unit_test(summary_ambiguous),
		cmocka_unit_test(summary_garbage),
		cmocka_unit_test(summary_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
