/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees made to hurt: deep, wide, cyclic, damaged. The mistakes of people are in tests/judge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <libfdt.h>

#include "diag.h"
#include "judge.h"
#include "merge.h"
#include "merge-show.h"

#define ROOM (1u << 20)

static struct xlpt_settings settings;

static void begin(void *fdt)
{
	fdt_create_with_flags(fdt, ROOM, FDT_CREATE_FLAG_NO_NAME_DEDUP);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_begin_node(fdt, "passthrough");
	fdt_property_string(fdt, "compatible", "simple-bus");
	fdt_property_u32(fdt, "#address-cells", 2);
	fdt_property_u32(fdt, "#size-cells", 2);
	fdt_property(fdt, "ranges", NULL, 0);
}

static void end(void *fdt)
{
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	assert_int_equal(fdt_finish(fdt), 0);
}

/* Merge, judge and show; the number of findings. */
static size_t judged(const void *partial, const struct judge_lists *lists, struct xlpt_diags *diags)
{
	struct merge_settings merge = { .guest = settings };
	struct judge_input in = { .settings = &settings, .lists = lists };
	struct merge_view view = { .in = &in, .settings = &merge, .partial = "*/\x1b[2J", .diags = diags };
	int (*const show[])(const struct merge_view *, char **) = {
		merge_show_dts, merge_show_svg, merge_show_json,
	};
	size_t size, i;
	char *text;
	void *blob;

	merge.guest.xen_first = merge.guest.xen_last;
	if (xlpt_merge(&merge, NULL, 0, partial, fdt_totalsize(partial), diags, &blob, &size))
		return diags->n;
	in.merged = blob;
	in.size = size;
	assert_int_equal(xlpt_judge(&in, diags), 0);
	for (i = 0; i < sizeof(show) / sizeof(*show); i++) {
		assert_int_equal(show[i](&view, &text), 0);
		assert_null(strchr(text, '\x1b'));
		free(text);
	}
	free(blob);
	return diags->n;
}

static void deep(void **state)
{
	void *fdt = malloc(ROOM);
	struct xlpt_diags diags;
	unsigned depth, n;

	(void)state;
	for (depth = 40; depth <= 4000; depth *= 10) {
		diags_init(&diags);
		begin(fdt);
		for (n = 0; n < depth; n++) {
			fdt_begin_node(fdt, "node");
			fdt_property_u32(fdt, "clocks", 1);
		}
		while (n--)
			fdt_end_node(fdt);
		end(fdt);
		assert_true(judged(fdt, NULL, &diags) > 0);
		diags_fini(&diags);
	}
	free(fdt);
}

/* Thousands of everything: findings are few, and it ends soon. */
static void wide(void **state)
{
	static struct xlpt_iomem iomem[20000];
	static uint32_t irqs[20000];
	struct judge_lists lists = { .iomem = iomem, .irqs = irqs };
	uint32_t reg[] = { 0, cpu_to_fdt32(0x4100000), 0, cpu_to_fdt32(0x1000) };
	uint32_t spi[] = { 0, cpu_to_fdt32(2), cpu_to_fdt32(8) };
	void *fdt = malloc(ROOM);
	struct xlpt_diags diags;
	unsigned i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		iomem[i] = (struct xlpt_iomem){ i, 3, 0x4000 + i % 977 };
		irqs[i] = i % 1500;
	}
	lists.n_iomem = lists.n_irqs = 20000;
	begin(fdt);
	for (i = 0; i < 5000; i++) {
		fdt_begin_node(fdt, "same@1");
		fdt_property(fdt, "reg", reg, sizeof(reg));
		fdt_property(fdt, "interrupts", spi, sizeof(spi));
		fdt_property_u32(fdt, "clocks", 7);
		fdt_property_u32(fdt, "phandle", 7);
		fdt_end_node(fdt);
	}
	end(fdt);
	diags_init(&diags);
	assert_true(judged(fdt, &lists, &diags) < 64 * 24);
	assert_string_equal(diags.list[diags.n - 1].id, "partial-tree-invalid");
	diags_fini(&diags);
	free(fdt);
}

/* Clocks in a ring, an interrupt parent that is its own, ranges of nonsense. */
static void cyclic(void **state)
{
	void *fdt = malloc(ROOM);
	struct xlpt_diags diags;
	char name[2] = "a";
	uint32_t i;

	(void)state;
	begin(fdt);
	for (i = 1; i <= 3; i++, name[0]++) {
		fdt_begin_node(fdt, name);
		fdt_property_string(fdt, "compatible", "fixed-factor-clock");
		fdt_property_u32(fdt, "#clock-cells", 0);
		fdt_property_u32(fdt, "clocks", i % 3 + 1);
		fdt_property_u32(fdt, "phandle", i);
		fdt_property_u32(fdt, "interrupt-parent", i);
		fdt_property_u32(fdt, "interrupts", 1);
		fdt_property_u32(fdt, "ranges", 1);
		fdt_end_node(fdt);
	}
	end(fdt);
	diags_init(&diags);
	assert_true(judged(fdt, NULL, &diags) >= 3);
	diags_fini(&diags);
	free(fdt);
}

/* Any one byte of a good tree changed: whatever is found, nothing breaks. */
static void damaged(void **state)
{
	uint32_t reg[] = { 0, cpu_to_fdt32(0x4100000), 0, cpu_to_fdt32(0x1000) };
	uint8_t *fdt = malloc(ROOM), *copy;
	struct xlpt_diags diags;
	size_t size, i;

	(void)state;
	begin(fdt);
	fdt_begin_node(fdt, "rtc@4100000");
	fdt_property(fdt, "reg", reg, sizeof(reg));
	fdt_property_u32(fdt, "clocks", 1);
	fdt_end_node(fdt);
	end(fdt);
	size = fdt_totalsize(fdt);
	/* of its own size, so that a byte beyond is noticed */
	copy = malloc(size);
	for (i = 0; i < size; i++) {
		struct merge_settings merge = { .guest = settings };
		struct judge_input in = { .settings = &settings };
		void *blob;

		memcpy(copy, fdt, size);
		copy[i] ^= 0x41;
		diags_init(&diags);
		if (!xlpt_merge(&merge, NULL, 0, copy, size, &diags, &blob, &in.size)) {
			in.merged = blob;
			assert_int_equal(xlpt_judge(&in, &diags), 0);
			free(blob);
		}
		diags_fini(&diags);
	}
	free(copy);
	free(fdt);
}

static void files(void **state)
{
	struct xlpt_diags diags;

	(void)state;
	diags_init(&diags);
	xlpt_judge_file("a.dtb", 0100644, 0, &diags);
	assert_int_equal(diags.n, 0);
	xlpt_judge_file("a.dtb", 0100664, 0, &diags);
	xlpt_judge_file("a.dtb", 0100644, 1000, &diags);
	assert_int_equal(diags.n, 2);
	assert_string_equal(diags.list[1].id, "partial-tree-untrusted");
	diags_fini(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deep), cmocka_unit_test(wide), cmocka_unit_test(cyclic),
		cmocka_unit_test(damaged), cmocka_unit_test(files),
	};

	xlpt_settings_init(&settings);
	settings.memory_mib = 256;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
