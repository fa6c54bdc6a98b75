/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of properties that hold phandles, and of those that do not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "links.h"

static const char *const plain[] = {
#define PLAIN(property) property,
#define PATTERNS
#include "plain.def"
#undef PLAIN
#undef PATTERNS
};
#define N_PLAIN (sizeof(plain) / sizeof(plain[0]))

static const char *link_name(size_t i)
{
	return links[i].property;
}

static const char *plain_name(size_t i)
{
	return plain[i];
}

static const struct link *link_find(const char *property)
{
	bool is_plain;

	return link_classify(property, &is_plain);
}

static bool link_is_plain(const char *property)
{
	bool is_plain;

	link_classify(property, &is_plain);
	return is_plain;
}

/* Exact names first, by strcmp and none twice, then the patterns, with one '*' each. */
static void check_order(const char *(*name)(size_t), size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *star = strchr(name(i), '*');

		if (star) {
			if (strchr(star + 1, '*'))
				fail_msg("\"%s\" has two stars", name(i));
			for (size_t j = 0; j < i; j++)
				assert_string_not_equal(name(i), name(j));
		} else if (i && strchr(name(i - 1), '*')) {
			fail_msg("\"%s\" must stand before the patterns", name(i));
		} else if (i && strcmp(name(i - 1), name(i)) >= 0) {
			fail_msg("\"%s\" must not stand before \"%s\"", name(i - 1), name(i));
		}
	}
}

static void rows_are_sorted(void **state)
{
	(void)state;
	assert_true(n_links > 300);
	check_order(link_name, n_links);
	check_order(plain_name, N_PLAIN);
}

static void rows_are_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_links; i++) {
		const struct link *link = &links[i];

		if ((link->form == FORM_CELLS) != (link->cells != NULL))
			fail_msg("%s: form and cells do not agree", link->property);
		if (link->cells && link->cells[0] != '#')
			fail_msg("%s: %s", link->property, link->cells);
		if ((link->fate == FATE_REFUSE || link->fate == FATE_DROP) && !link->advice &&
		    strcmp(link->property, "native-mode"))
			fail_msg("%s: what is the user to do?", link->property);
		if (link->fate == FATE_SILENT && link->advice)
			fail_msg("%s: nobody will see the advice", link->property);
		if (link->names && link_find(link->names))
			fail_msg("%s: %s holds phandles itself", link->property, link->names);
	}
}

static void each_row_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_links; i++) {
		if (strchr(links[i].property, '*'))
			continue;
		assert_ptr_equal(link_find(links[i].property), &links[i]);
		if (link_is_plain(links[i].property))
			fail_msg("%s is in both tables", links[i].property);
	}
	for (size_t i = 0; i < N_PLAIN; i++) {
		if (strchr(plain[i], '*'))
			continue;
		assert_true(link_is_plain(plain[i]));
		assert_null(link_find(plain[i]));
	}
}

static void check_row(const char *property, const char *row, enum link_form form,
		      enum link_fate fate)
{
	const struct link *link = link_find(property);

	if (!link)
		fail_msg("%s is not found", property);
	assert_string_equal(link->property, row);
	assert_int_equal(link->form, form);
	assert_int_equal(link->fate, fate);
}

static void standard_bindings(void **state)
{
	const struct link *link;

	(void)state;
	check_row("clocks", "clocks", FORM_CELLS, FATE_CLOCK);
	check_row("resets", "resets", FORM_CELLS, FATE_DROP);
	check_row("power-domains", "power-domains", FORM_CELLS, FATE_DROP);
	check_row("pinctrl-0", "pinctrl-0", FORM_PHANDLES, FATE_DROP);
	check_row("phy-handle", "phy-handle", FORM_PHANDLES, FATE_REFUSE);
	check_row("memory-region", "memory-region", FORM_PHANDLES, FATE_REFUSE);
	check_row("iommus", "iommus", FORM_CELLS, FATE_SILENT);
	check_row("operating-points-v2", "operating-points-v2", FORM_PHANDLES, FATE_TAKE);
	check_row("remote-endpoint", "remote-endpoint", FORM_PHANDLES, FATE_GRAPH);
	check_row("interrupt-parent", "interrupt-parent", FORM_PHANDLES, FATE_INTERRUPT);
	check_row("interrupt-map", "interrupt-map", FORM_INTERRUPT_MAP, FATE_INTERRUPT);
	assert_string_equal(link_find("clocks")->cells, "#clock-cells");
	assert_string_equal(link_find("clocks")->names, "clock-names");

	link = link_find("iommu-map");
	assert_non_null(link);
	assert_int_equal(link->form, FORM_FIXED);
	assert_int_equal(link->n_lead, 1);
	assert_int_equal(link->n_args, 2);
	link = link_find("gpio-ranges");
	assert_non_null(link);
	assert_true(link->optional);
	assert_int_equal(link->n_args, 3);
	assert_string_equal(link_find("gpios")->unless, "gpio-hog");
	assert_true(link_find("mboxes")->args_below);
}

static void patterns(void **state)
{
	(void)state;
	check_row("vcc-supply", "*-supply", FORM_PHANDLES, FATE_REGULATOR);
	check_row("reset-gpios", "*-gpios", FORM_CELLS, FATE_DROP);
	check_row("snps,reset-gpio", "*-gpio", FORM_CELLS, FATE_DROP);
	check_row("qcom,ipc-17", "qcom,ipc-*", FORM_FIRST, FATE_REFUSE);
	check_row("vendor,foo-syscon", "*-syscon", FORM_FIRST, FATE_REFUSE);
	/* the run that the star stands for may be empty, but nothing may be missing around it */
	check_row("-supply", "*-supply", FORM_PHANDLES, FATE_REGULATOR);
	assert_null(link_find("supply"));
	assert_null(link_find("vcc-supplyx"));
	assert_null(link_find(""));
}

/* PATTERNS stands where the patterns begin: a star in a row above it would be a letter. */
static void each_pattern_matches(void **state)
{
	char name[64];

	(void)state;
	for (size_t i = 0; i < n_links + N_PLAIN; i++) {
		const char *pattern = i < n_links ? links[i].property : plain[i - n_links];
		const char *star = strchr(pattern, '*');

		if (!star)
			continue;
		snprintf(name, sizeof(name), "%.*szz%s", (int)(star - pattern), pattern, star + 1);
		if (!link_find(name) && !link_is_plain(name))
			fail_msg("%s does not match %s", pattern, name);
	}
}

static void exact_wins_over_patterns(void **state)
{
	(void)state;
	/* of the same table */
	check_row("rockchip,grf", "rockchip,grf", FORM_FIRST, FATE_REFUSE);
	check_row("audio-codec", "audio-codec", FORM_PHANDLES, FATE_REFUSE);
	/* of the other */
	assert_null(link_find("nr-gpios"));
	assert_null(link_find("snps,nr-gpios"));
	assert_true(link_is_plain("snps,nr-gpios"));
	assert_false(link_is_plain("gpios"));
	assert_false(link_is_plain("ti,syscon-width"));
}

static void plain_names(void **state)
{
	static const char *const known[] = {
		"reg", "ranges", "dma-ranges", "interrupts", "status", "compatible", "phandle",
		"#clock-cells", "#address-cells", "clock-frequency", "bus-width",
		"clock-names", "pinctrl-names", "regulator-min-microvolt", "startup-delay-us",
		"#vendor,things", "vendor,settle-time-ms", "vendor,load-microamp", "fifo-depth", "cache-size",
		"fsl,pins", "pinctrl-single,pins", "arm,primecell-periphid", "gpio-hog",
	};
	static const char *const unknown[] = { "", "vendor,thing", "clock", "rx", "data0", "us" };

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!link_is_plain(known[i]))
			fail_msg("%s is plain", known[i]);
		assert_null(link_find(known[i]));
	}
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_false(link_is_plain(unknown[i]));
		assert_null(link_find(unknown[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sorted),
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(each_row_is_found),
		cmocka_unit_test(standard_bindings),
		cmocka_unit_test(patterns),
		cmocka_unit_test(each_pattern_matches),
		cmocka_unit_test(exact_wins_over_patterns),
		cmocka_unit_test(plain_names),
	};

	return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
