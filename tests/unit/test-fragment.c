/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A user's partial tree over the generated one: what is added, what wins, what is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libfdt.h>

#include "fragment.h"

#define ROOM 4096

/* A tree from lines: "/path" begins a node below the root, "name=value" is a property of it. */
static void make(void *blob, const char *const *lines)
{
	int node = 0;

	assert_int_equal(fdt_create_empty_tree(blob, ROOM), 0);
	for (; *lines; lines++) {
		const char *sign = strchr(*lines, '=');

		if (sign) {
			char name[64];

			snprintf(name, sizeof(name), "%.*s", (int)(sign - *lines), *lines);
			assert_int_equal(fdt_setprop_string(blob, node, name, sign + 1), 0);
		} else {
			const char *slash = strrchr(*lines, '/');
			int parent = slash == *lines ? 0 :
				     fdt_path_offset_namelen(blob, *lines, (int)(slash - *lines));

			assert_true(parent >= 0);
			node = fdt_add_subnode(blob, parent, slash + 1);
			assert_true(node >= 0);
		}
	}
}

static const char *value(const void *blob, const char *path, const char *name)
{
	int node = fdt_path_offset(blob, path);

	return node < 0 ? NULL : fdt_getprop(blob, node, name, NULL);
}

static const char *const generated[] = {
	"/gic", "a=gic",
	"/passthrough", "compatible=simple-bus", "ranges=",
	"/passthrough/rtc", "compatible=other",
	"/passthrough/rtc@1", "compatible=arm,pl031", "status=okay",
	"/passthrough/rtc@1/child", "x=generated",
	"/aliases", "rtc0=/passthrough/rtc@1",
	NULL
};

static int lay(const char *const *lines, struct xlpt_diags *diags, void **blob_r)
{
	static char base[ROOM], fragment[ROOM];
	size_t size = 0;
	int rc;

	make(base, generated);
	make(fragment, lines);
	rc = fragment_overlay(base, sizeof(base), fragment, sizeof(fragment), diags, blob_r, &size);
	if (!rc)
		assert_int_equal(fdt_check_full(*blob_r, size), 0);
	return rc;
}

static void lays_over(void **state)
{
	static const char *const fragment[] = {
		"/passthrough", "dma-ranges=1",
		"/passthrough/rtc@1", "status=disabled", "new=1",
		"/passthrough/rtc@1/child", "y=fragment",
		"/passthrough/rtc@1/other", "z=fragment",
		"/passthrough/clock", "compatible=fixed-clock",
		"/passthrough/clock/deep", "d=1",
		"/aliases", "rtc0=/passthrough/rtc", "clock0=/passthrough/clock",
		NULL
	};
	struct xlpt_diags *diags;
	void *blob = NULL;

	(void)state;
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(lay(fragment, diags, &blob), 0);
	assert_string_equal(value(blob, "/passthrough", "compatible"), "simple-bus");
	assert_string_equal(value(blob, "/passthrough", "dma-ranges"), "1");
	assert_string_equal(value(blob, "/passthrough/rtc@1", "compatible"), "arm,pl031");
	assert_string_equal(value(blob, "/passthrough/rtc@1", "status"), "disabled");
	assert_string_equal(value(blob, "/passthrough/rtc@1", "new"), "1");
	assert_string_equal(value(blob, "/passthrough/rtc@1/child", "x"), "generated");
	assert_string_equal(value(blob, "/passthrough/rtc@1/child", "y"), "fragment");
	assert_string_equal(value(blob, "/passthrough/rtc@1/other", "z"), "fragment");
	assert_string_equal(value(blob, "/passthrough/clock/deep", "d"), "1");
	assert_string_equal(value(blob, "/aliases", "rtc0"), "/passthrough/rtc");
	assert_string_equal(value(blob, "/aliases", "clock0"), "/passthrough/clock");
	assert_string_equal(value(blob, "/gic", "a"), "gic");
	assert_int_equal(xlpt_diags_count(diags, XLPT_ERROR), 0);
	free(blob);
	xlpt_diags_free(diags);
}

/* "rtc" is not "rtc@1", though libfdt finds the one by the other's name. */
static void names_are_exact(void **state)
{
	static const char *const fragment[] = {
		"/passthrough", "/passthrough/rtc", "mine=1", NULL
	};
	struct xlpt_diags *diags;
	void *blob = NULL;
	int node, child;

	(void)state;
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(lay(fragment, diags, &blob), 0);
	assert_null(value(blob, "/passthrough/rtc@1", "mine"));
	node = fdt_path_offset(blob, "/passthrough");
	fdt_for_each_subnode(child, blob, node)
		if (!strcmp(fdt_get_name(blob, child, NULL), "rtc"))
			assert_non_null(fdt_getprop(blob, child, "mine", NULL));
	free(blob);
	xlpt_diags_free(diags);
}

static void left_out(void **state)
{
	static const char *const fragment[] = {
		"/chosen", "bootargs=x", "/passthrough", "/gic", "a=mine", NULL
	};
	struct xlpt_diags *diags;
	void *blob = NULL;

	(void)state;
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(lay(fragment, diags, &blob), 0);
	assert_int_equal(fdt_path_offset(blob, "/chosen"), -FDT_ERR_NOTFOUND);
	assert_string_equal(value(blob, "/gic", "a"), "gic");
	free(blob);
	xlpt_diags_free(diags);
}

static void refused(void **state)
{
	static const char *const no_passthrough[] = { "/other", "a=1", NULL };
	static const char *const whole[] = { "/passthrough", "a=1", NULL };
	static char base[ROOM], fragment[ROOM], big[(1 << 20) + 1];
	struct xlpt_diags *diags;
	void *blob = NULL;
	size_t size, cut;

	(void)state;
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(lay(no_passthrough, diags, &blob), -EINVAL);
	make(base, generated);
	make(fragment, whole);
	assert_int_equal(fragment_overlay(base, ROOM, big, sizeof(big), diags, &blob, &size), -EINVAL);
	assert_int_equal(fragment_overlay(base, ROOM, fragment, 0, diags, &blob, &size), -EINVAL);
	assert_true(xlpt_diags_count(diags, XLPT_ERROR) >= 3);
	/* every length that is not all of it, in memory of exactly that length */
	assert_int_equal(fdt_pack(fragment), 0);
	for (cut = 1; cut < fdt_totalsize(fragment); cut++) {
		char *part = malloc(cut);

		assert_non_null(part);
		memcpy(part, fragment, cut);
		assert_int_equal(fragment_overlay(base, ROOM, part, cut, diags, &blob, &size), -EINVAL);
		free(part);
	}
	xlpt_diags_free(diags);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lays_over),
		cmocka_unit_test(names_are_exact),
		cmocka_unit_test(left_out),
		cmocka_unit_test(refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("fragment", tests, NULL, NULL);
}
