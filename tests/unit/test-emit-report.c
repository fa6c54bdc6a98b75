/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person reads: that it is there, fits into 80 columns and cannot drive a terminal. */
#include "fixture.h"
#include "wrap.h"

static void assert_wrapped(unsigned indent, const char *s, const char *expected)
{
	struct text out;

	text_init(&out);
	wrap_puts(&out, "* ", indent, s);
	assert_false(out.failed);
	assert_string_equal(out.s, expected);
	text_free(&out);
}

static void wrapping(void **state)
{
	(void)state;
	assert_wrapped(2, "", "* \n");
	assert_wrapped(2, "one  two\nthree ", "* one two three\n");
	/* 80 columns are used, the 81st is not. */
	assert_wrapped(4, "2345678901234567890123456789012345678 0123456789012345678901234567890123456789 x",
		       "* 2345678901234567890123456789012345678 0123456789012345678901234567890123456789\n    x\n");
	assert_wrapped(4, "2345678901234567890123456789012345678 01234567890123456789012345678901234567890",
		       "* 2345678901234567890123456789012345678\n    01234567890123456789012345678901234567890\n");
	/* A word that fits nowhere has a line of its own. */
	assert_wrapped(2, "a 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890 b",
		       "* a\n  0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\n  b\n");
	assert_wrapped(2, "\x1b[31m \x7f \xc2\x9b \x80 \xc3\xa9", "* \\x1b[31m \\x7f \\xc2\\x9b \\x80 \xc3\xa9\n");
}

static char *report(struct fixture *f)
{
	char *text, *s;

	assert_int_equal(xlpt_emit_report(f->plan, &text), 0);
	for (s = text; *s; s += strcspn(s, "\n") + (s[strcspn(s, "\n")] == '\n'))
		if (strcspn(s, "\n") > 80)
			fail_msg("too long: %.*s", (int)strcspn(s, "\n"), s);
	return text;
}

static void usable(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/ethernet@5000000,allow=dma-unprotected,gfn=0x4100", "&rtc", NULL);
	text = report(&f);
	assert_int_equal(strncmp(text, "Plan of 2 devices for Xen 4.17: usable, ", 40), 0);
	assert_non_null(strstr(text, "\n    registers   0x5000000 + 0x10000 -> guest 0x4100000\n"));
	assert_non_null(strstr(text, "\n    interrupts  112 (SPI 80), 113 (SPI 81), 114 (SPI 82)\n"));
	assert_non_null(strstr(text, "\n  warning: dma-unprotected\n    /soc/ethernet@5000000: "));
	assert_non_null(strstr(text, "both RAM banks are full (--memory)"));
	assert_non_null(strstr(text, "\n     /soc/rtc@1010000 xen,passthrough\n"));
	free(text);
	fixture_close(&f);
}

static void settings_said(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	f.settings.memory_mib = 512;
	f.settings.vcpus = 2;
	f.settings.gic = 2;
	f.settings.ipa_bits = 40;
	f.settings.vuart = true;
	f.settings.virtio = 1;
	fixture_plan(&f, "&rtc", NULL);
	text = report(&f);
	assert_null(strstr(text, "Assumed"));
	free(text);
	fixture_close(&f);
}

static void not_usable(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/ethernet@5000000", NULL);
	text = report(&f);
	assert_non_null(strstr(text, "not usable, 1 error"));
	assert_non_null(strstr(text, "\n  error: dma-unprotected\n"));
	assert_null(strstr(text, "boot script of"));
	free(text);
	fixture_close(&f);
}

static void nothing_left(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/ethernet@*", NULL);
	text = report(&f);
	assert_non_null(strstr(text, "Plan of 0 devices"));
	assert_non_null(strstr(text, "No device is left to pass"));
	free(text);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapping),
		cmocka_unit_test(usable),
		cmocka_unit_test(settings_said),
		cmocka_unit_test(not_usable),
		cmocka_unit_test(nothing_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
