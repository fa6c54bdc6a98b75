/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Selection strings: their grammar, and the nodes they select. */
#include <errno.h>

#include "fixture.h"
#include "selector.h"

static struct fixture board;
static struct xlpt_plan plan;

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

static int begin(void **state)
{
	(void)state;
	plan = (struct xlpt_plan){
		.tree = board.tree, .settings = &board.settings, .diags = board.diags,
	};
	arena_init(&plan.arena);
	diags_clear(board.diags);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(&plan.arena);
	return 0;
}

static int parse(struct selector *selector, const char *text)
{
	return selector_parse(selector, text, &plan.arena, board.diags);
}

static void kinds(void **state)
{
	static const struct {
		const char *text;
		enum selector_kind kind;
		bool exclude;
		const char *target;
	} rows[] = {
		{ "/soc/rtc@1010000", SELECTOR_NAME, false, "/soc/rtc@1010000" },
		{ "&rtc", SELECTOR_NAME, false, "&rtc" },
		{ "all", SELECTOR_ALL, false, "all" },
		{ "-all", SELECTOR_ALL, true, "all" },
		{ "alle", SELECTOR_NAME, false, "alle" },
		{ "below:/soc", SELECTOR_BELOW, false, "/soc" },
		{ "-below:serial0", SELECTOR_BELOW, true, "serial0" },
		{ "compatible:arm,pl011", SELECTOR_COMPATIBLE, false, "arm,pl011" },
		{ "compatible:a*", SELECTOR_COMPATIBLE, false, "a*" },
		{ "/soc/serial@*", SELECTOR_GLOB, false, "/soc/serial@*" },
		{ "-/soc/serial@100?000", SELECTOR_GLOB, true, "/soc/serial@100?000" },
		/* Commas belong to the name up to one of the four words. */
		{ "/soc/a,b@1,c=2", SELECTOR_NAME, false, "/soc/a,b@1,c=2" },
		{ "/soc/a,gfn@1", SELECTOR_NAME, false, "/soc/a,gfn@1" },
		{ "/soc/a,b@1,gfn=1", SELECTOR_NAME, false, "/soc/a,b@1" },
		{ "compatible:arm,pl061,allow=dma-unprotected", SELECTOR_COMPATIBLE, false, "arm,pl061" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct selector selector;

		assert_int_equal(parse(&selector, rows[i].text), 0);
		assert_int_equal(selector.kind, rows[i].kind);
		assert_int_equal(selector.exclude, rows[i].exclude);
		assert_int_equal(selector.len, strlen(rows[i].target));
		assert_memory_equal(selector.target, rows[i].target, selector.len);
	}
}

static void options(void **state)
{
	struct selector selector;

	(void)state;
	assert_int_equal(parse(&selector, "/a,b,clock=x:y:24000000,gfn=0x4100,buses=0-15,clock=0:0xFf,"
			       "allow=dma-unprotected,allow=gfn-reserved"), 0);
	assert_true(selector.has_options);
	assert_true(selector.options.has_gfn);
	assert_int_equal(selector.options.gfn, 0x4100);
	assert_int_equal(selector.options.n_clocks, 2);
	assert_string_equal(selector.options.clocks[0].name, "x:y");
	assert_int_equal(selector.options.clocks[0].hz, 24000000);
	assert_string_equal(selector.options.clocks[1].name, "0");
	assert_int_equal(selector.options.clocks[1].hz, 255);
	assert_true(selector.options.has_buses);
	assert_int_equal(selector.options.first_bus, 0);
	assert_int_equal(selector.options.last_bus, 15);
	assert_true(diag_set_has(&selector.options.allowed, DIAG_DMA_UNPROTECTED));
	assert_true(diag_set_has(&selector.options.allowed, DIAG_GFN_RESERVED));
	assert_false(diag_set_has(&selector.options.allowed, DIAG_IOMEM_SHARED_PAGE));

	/* Decimal stays decimal, the largest frame has an address. */
	assert_int_equal(parse(&selector, "/a,gfn=010"), 0);
	assert_int_equal(selector.options.gfn, 10);
	assert_int_equal(parse(&selector, "/a,gfn=0xfffffffffffff"), 0);
	assert_int_equal(selector.options.gfn, 0xfffffffffffff);
	assert_int_equal(parse(&selector, "/a,clock=x:4294967295"), 0);
}

static void invalid(void **state)
{
	static const char *const texts[] = {
		"", "-", "below:", "compatible:", "-compatible:", ",gfn=1", "*", "soc/serial@*", "serial?",
		"/a,gfn=", "/a,gfn=0x", "/a,gfn=x", "/a,gfn=-1", "/a,gfn=+1", "/a,gfn= 1", "/a,gfn=1 ",
		"/a,gfn=1k", "/a,gfn=12a", "/a,gfn=0x10000000000000", "/a,gfn=18446744073709551616",
		"/a,gfn=0x10000000000000001", "/a,gfn=1,gfn=1", "/a,gfn=1,", "/a,gfn=1,x=2",
		"/a*,gfn=1", "all,gfn=1", "below:/a,gfn=1", "compatible:a,gfn=1",
		"/a,clock=", "/a,clock=x", "/a,clock=:1", "/a,clock=x:", "/a,clock=x:0", "/a,clock=x:1.5",
		"/a,clock=x:24M", "/a,clock=x:4294967296", "/a,clock=x:1,clock=x:1",
		"/a,allow=", "/a,allow=nonsense", "/a,allow=irq-shared", "/a,allow=stream-shared",
		"/a,allow=gfn-reserved,dma-unprotected", "/a,allow=gfn-reserved ",
		"/a,buses=", "/a,buses=0", "/a,buses=1-0", "/a,buses=0-256", "/a,buses=-1", "/a,buses=0-",
		"/a,buses=0-0-0", "/a,buses=0-1,buses=0-1",
		"-/a,allow=dma-unprotected", "-all,gfn=1",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct selector selector;

		diags_clear(board.diags);
		if (parse(&selector, texts[i]) != -EINVAL)
			fail_msg("'%s' was understood", texts[i]);
		assert_int_equal(board.diags->n, 1);
		assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
	}
}

static void globs(void **state)
{
	static const struct { const char *glob, *name; bool matches; } rows[] = {
		{ "", "", true }, { "", "a", false }, { "a", "", false }, { "a", "a", true }, { "a", "b", false },
		{ "*", "", true }, { "*", "abc", true }, { "**", "abc", true }, { "?", "", false },
		{ "?", "a", true }, { "?", "ab", false }, { "a*", "a", true }, { "a*c", "abc", true },
		{ "a*c", "abcd", false }, { "*bc", "abcbc", true }, { "a*b*c", "aXbYbZc", true },
		{ "a*b*c", "aXcYb", false }, { "*a?", "aab", true }, { "*a?", "ba", false },
		/* Nothing else is special. */
		{ "[ab]", "a", false }, { "[ab]", "[ab]", true }, { "\\a", "a", false },
		{ "a*ab", "aab", true }, { "?*?", "a", false }, { "?*?", "ab", true },
	};
	char name[256], glob[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (glob_matches(rows[i].glob, strlen(rows[i].glob), rows[i].name) != rows[i].matches)
			fail_msg("%s and %s", rows[i].glob, rows[i].name);

	/* What takes a backtracking matcher longer than there is time. */
	memset(name, 'a', 255);
	name[255] = '\0';
	for (i = 0; i < 254; i += 2)
		memcpy(glob + i, "a*", 2);
	memcpy(glob + 254, "b", 2);
	assert_false(glob_matches(glob, 255, name));
}

/* Select, and compare with "PATH PATH ..."; a '!' stands behind what was named literally. */
static void assert_selects(const char *expected, size_t n, const char *const *selections)
{
	char found[2048] = "";
	size_t i;

	end(NULL);
	begin(NULL);
	assert_int_equal(select_items(&plan, selections, n), 0);
	for (i = 0; i < plan.n_items; i++) {
		if (i)
			strcat(found, " ");
		strcat(found, plan.item[i].path);
		if (plan.item[i].literal)
			strcat(found, "!");
	}
	assert_string_equal(found, expected);
}

#define SELECTS(expected, ...) \
	assert_selects(expected, sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *), \
		       (const char *[]){ __VA_ARGS__ })

#define ON_BUS "/soc/bus@2000000/watchdog@10000 /soc/bus@2000000/odd,name@20000"

static void names(void **state)
{
	(void)state;
	SELECTS("/soc/rtc@1010000!", "/soc/rtc@1010000");
	SELECTS("/soc/serial@1001000! /soc/rtc@1010000!", "&rtc", "serial1", "1010000.rtc");
	SELECTS("/gpio-keys!", "/gpio-keys");
	SELECTS("/soc/bus@2000000!", "/soc/bus@2000000");
	SELECTS("/cpus/cpu@0!", "/cpus/cpu@0");
	assert_int_equal(board.diags->n, 0);
}

static void patterns(void **state)
{
	(void)state;
	/* Buses stand for what hangs on them, devices with children for themselves. */
	SELECTS("/soc/interrupt-controller@8000000 /soc/serial@1000000 /soc/serial@1001000 "
		"/soc/rtc@1010000 /soc/gpio@1020000 /soc/gpio@1021000 " ON_BUS
		" /soc/mfd@3000000 /soc/twin@4000000 /soc/twin@4000000,1 /soc/ethernet@5000000", "all");
	SELECTS(ON_BUS, "below:/soc/bus@2000000");
	SELECTS(ON_BUS, "/soc/bus@*");
	SELECTS("/soc/mfd@3000000/timer@1000 /soc/mfd@3000000/counter@1800", "below:/soc/mfd@3000000");
	SELECTS("/soc/mfd@3000000", "/soc/m*");
	SELECTS("/soc/serial@1000000 /soc/serial@1001000", "/soc/serial@*");
	SELECTS("/soc/serial@1000000 /soc/serial@1001000", "/*/serial@100?000");
	SELECTS("/soc/bus@2000000/odd,name@20000", "/soc/*/o*");
	SELECTS("/soc/gpio@1020000 /soc/gpio@1021000 /soc/bus@2000000/odd,name@20000", "compatible:arm,pl061");
	SELECTS("/soc/bus@2000000", "compatible:simple-bus", "-/soc/interrupt-controller@8000000",
		"-/soc/serial@*", "-/soc/rtc@*", "-/soc/gpio@*");
	assert_int_equal(fixture_count(&board, "selection-skipped"), 1);
	SELECTS("/gpio-keys", "compatible:gpio-keys");
	SELECTS("/soc/serial@1000000 /soc/serial@1001000!", "/soc/serial@*", "serial1");
	assert_int_equal(board.diags->n, 0);
}

static void exclusions(void **state)
{
	(void)state;
	SELECTS("/soc/gpio@1021000", "/soc/gpio@*", "-/soc/gpio@1020000");
	SELECTS("/soc/gpio@1020000 /soc/gpio@1021000", "-below:/soc/bus@2000000", "compatible:arm,pl061");
	SELECTS("/soc/gpio@1020000 /soc/gpio@1021000", "compatible:arm,pl061", "-/soc/bus@2000000");
	SELECTS("/soc/gpio@1020000", "/soc/gpio@*", "-&rtc", "-1021000.gpio");
	assert_int_equal(board.diags->n, 0);

	/* A part is left out: the device cannot be whole, its other parts can. */
	SELECTS("/soc/mfd@3000000/timer@1000", "/soc/mfd@*", "-/soc/mfd@3000000/counter@1800");
	assert_string_equal(fixture_diag(&board, "selection-skipped")->node, "/soc/mfd@3000000");

	/* All of a pattern, or nothing at all to leave out. */
	SELECTS("", "/soc/gpio@*", "-compatible:arm,pl061");
	assert_int_equal(fixture_count(&board, "selection-empty"), 1);
	SELECTS("/soc/gpio@1020000 /soc/gpio@1021000", "/soc/gpio@*", "-/soc/i2c@*");
	assert_int_equal(fixture_count(&board, "selection-empty"), 1);
	SELECTS("/soc/gpio@1020000 /soc/gpio@1021000", "/soc/gpio@*", "-/soc/i2c@1");
	assert_int_equal(fixture_count(&board, "device-unknown"), 1);
}

/* What is named literally is not silently lost. */
static void contradictions(void **state)
{
	static const char *const exclusions[] = {
		"-/soc/mfd@3000000", "-/soc/mfd@3000000/timer@1000", "-below:/soc", "-compatible:arm,sp804",
		"-/soc/mfd@*", "-/soc", "-all",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(exclusions) / sizeof(*exclusions); i++) {
		SELECTS("/soc/mfd@3000000!", "/soc/mfd@3000000", exclusions[i]);
		assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
		assert_string_equal(fixture_diag(&board, "selection-invalid")->node, "/soc/mfd@3000000");
	}
}

static void absorbed(void **state)
{
	const struct item_options *options;

	(void)state;
	SELECTS("/soc/mfd@3000000!", "/soc/mfd@3000000/timer@1000,allow=dma-unprotected,clock=a:1",
		"/soc/mfd@3000000,gfn=0x10,clock=b:2", "below:/soc/mfd@3000000,allow=gfn-reserved");
	assert_int_equal(board.diags->n, 0);
	options = plan.item[0].options;
	assert_true(options->has_gfn);
	assert_int_equal(options->gfn, 0x10);
	assert_int_equal(options->n_clocks, 2);
	assert_true(diag_set_has(&options->allowed, DIAG_DMA_UNPROTECTED));
	assert_true(diag_set_has(&options->allowed, DIAG_GFN_RESERVED));

	/* Named inside what a pattern caught: the whole must not vanish unheard. */
	SELECTS("/soc/mfd@3000000!", "/soc/mfd@*", "/soc/mfd@3000000/timer@1000");
	assert_int_equal(board.diags->n, 0);

	SELECTS("/soc/mfd@3000000!", "/soc/mfd@3000000/timer@1000,gfn=1", "/soc/mfd@3000000");
	assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
	SELECTS("/soc/rtc@1010000!", "&rtc,gfn=1", "1010000.rtc,gfn=2");
	assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
	SELECTS("/soc/rtc@1010000!", "&rtc,clock=a:1", "1010000.rtc,clock=a:2");
	assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
	SELECTS("/soc/rtc@1010000!", "&rtc,buses=0-1", "1010000.rtc,buses=0-2");
	assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
	SELECTS("/soc/rtc@1010000!", "&rtc,gfn=1,clock=a:1,buses=0-1", "1010000.rtc,gfn=1,clock=a:1,buses=0-1");
	assert_int_equal(board.diags->n, 0);
	assert_int_equal(plan.item[0].options->n_clocks, 1);
}

static void unknown(void **state)
{
	const struct xlpt_diag *diag;

	(void)state;
	SELECTS("/soc/rtc@1010000!", "/soc/serial@1002000", "&rtc");
	diag = fixture_diag(&board, "device-unknown");
	assert_non_null(strstr(diag->hint, "/soc/serial@1000000"));
	assert_non_null(strstr(diag->hint, "/soc/serial@1001000"));
	SELECTS("", "4000000.twin");
	diag = fixture_diag(&board, "device-unknown");
	assert_non_null(strstr(diag->hint, "/soc/twin@4000000,1"));
	SELECTS("", "serial2");
	assert_non_null(strstr(fixture_diag(&board, "device-unknown")->hint, "(serial0)"));
	SELECTS("", "below:/nowhere/at/all", "-nowhere");
	assert_int_equal(fixture_count(&board, "device-unknown"), 2);

	SELECTS("", "/");
	assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
	SELECTS("", "compatible:nobody", "/soc/*/*/*", "/*/", "/soc//*", "below:/gpio-keys", "/c*");
	assert_int_equal(fixture_count(&board, "selection-empty"), 6);
}

static void usage(void **state)
{
	static const char *const only_out[] = { "-/soc/rtc@1010000" };
	static const char *const bad[] = { "/soc/rtc@1010000", "/a,gfn=", "/b,gfn=" };

	(void)state;
	/* Nothing asked for is an empty plan: a guest with nothing but a partial tree of its own. */
	assert_int_equal(select_items(&plan, NULL, 0), 0);
	assert_int_equal(plan.n_items, 0);
	assert_int_equal(fixture_count(&board, "selection-invalid"), 0);
	assert_int_equal(select_items(&plan, only_out, 1), -EINVAL);
	assert_int_equal(fixture_count(&board, "selection-invalid"), 1);
	/* Each of them is told. */
	assert_int_equal(select_items(&plan, bad, 3), -EINVAL);
	assert_int_equal(fixture_count(&board, "selection-invalid"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kinds, begin, end),
		cmocka_unit_test_setup_teardown(options, begin, end),
		cmocka_unit_test_setup_teardown(invalid, begin, end),
		cmocka_unit_test_setup_teardown(globs, begin, end),
		cmocka_unit_test_setup_teardown(names, begin, end),
		cmocka_unit_test_setup_teardown(patterns, begin, end),
		cmocka_unit_test_setup_teardown(exclusions, begin, end),
		cmocka_unit_test_setup_teardown(contradictions, begin, end),
		cmocka_unit_test_setup_teardown(absorbed, begin, end),
		cmocka_unit_test_setup_teardown(unknown, begin, end),
		cmocka_unit_test_setup_teardown(usage, begin, end),
	};

	return cmocka_run_group_tests(tests, open_board, close_board);
}
