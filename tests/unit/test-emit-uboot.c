/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot script, and the marked tree that it leads to. */
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>

#include "fixture.h"

/* libfdt keeps its own to itself. */
#define FDT_TAGALIGN(size) (((size) + FDT_TAGSIZE - 1) / FDT_TAGSIZE * FDT_TAGSIZE)

static const char smmu_board[] =
	"/dts-v1/;\n"
	"/memreserve/ 0x1000 0x2000;\n"
	"/ {\n"
	"	#address-cells = <2>; #size-cells = <2>; interrupt-parent = <&gic>;\n"
	"	chosen { };\n"
	"	rtc: rtc@1010000 {\n"
	"		compatible = \"arm,pl031\", \"arm,primecell\"; reg = <0 0x1010000 0 0x1000>;\n"
	"	};\n"
	"	gic: interrupt-controller@8000000 {\n"
	"		compatible = \"arm,gic-400\"; interrupt-controller; #interrupt-cells = <3>;\n"
	"		reg = <0 0x8001000 0 0x1000>, <0 0x8002000 0 0x2000>,\n"
	"		      <0 0x8004000 0 0x2000>, <0 0x8006000 0 0x2000>;\n"
	"	};\n"
	"	smmu: iommu@9000000 {\n"
	"		compatible = \"arm,mmu-500\"; reg = <0 0x9000000 0 0x10000>; #iommu-cells = <1>;\n"
	"		#global-interrupts = <1>; interrupts = <0 100 4>, <0 101 4>; status = \"disabled\";\n"
	"	};\n"
	"	mmc@b000000 {\n"
	"		compatible = \"test,mmc\"; reg = <0 0xb000000 0 0x1000>; iommus = <&smmu 7>;\n"
	"	};\n"
	"};\n";

static char *script(struct fixture *f)
{
	char *text;

	assert_true(xlpt_plan_ok(f->plan));
	assert_int_equal(xlpt_emit_uboot(f->plan, &text), 0);
	return text;
}

/* Where the line is; fails if it is not there as a whole. */
static const char *line(const char *text, const char *wanted)
{
	char with_ends[512];
	const char *found;

	snprintf(with_ends, sizeof(with_ends), "\n%s\n", wanted);
	found = strstr(text, with_ends);
	if (!found)
		fail_msg("no line '%s' in:\n%s", wanted, text);
	return found;
}

static void marks(void **state)
{
	struct fixture f;
	const char *last_look_up, *resize, *s;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/gpio@1020000", "&rtc", NULL);
	text = script(&f);
	line(text, "fdt set /soc/rtc@1010000 xen,passthrough");
	line(text, "fdt get size xlpt_size /soc/rtc@1010000 || setenv xlpt_stop \"no /soc/rtc@1010000 in this tree\"");
	/* Nothing is changed before everything was looked up. */
	last_look_up = line(text, "fdt get size xlpt_size /soc/gpio@1020000 || setenv xlpt_stop \"no /soc/gpio@1020000 in this tree\"");
	resize = line(text, "fdt resize 0x2000");
	assert_true(last_look_up < resize);
	assert_true(resize < strstr(text, "\nfdt set "));
	line(text, "echo \"xl-passthrough: marked 2 nodes for Xen in the tree at 0x${fdtaddr}\"");
	/* A console takes lines of 256 characters in small builds. */
	for (s = text; *s; s += strcspn(s, "\n") + 1)
		assert_true(strcspn(s, "\n") < 200);
	free(text);
	fixture_close(&f);
}

/* One for each node with resources of its own, as Xen does not inherit the mark. */
static void children(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/mfd@3000000,allow=dma-unprotected", NULL);
	text = script(&f);
	line(text, "fdt set /soc/mfd@3000000 xen,passthrough");
	line(text, "fdt set /soc/mfd@3000000/timer@1000 xen,passthrough");
	line(text, "fdt set /soc/mfd@3000000/counter@1800 xen,passthrough");
	line(text, "echo \"xl-passthrough: marked 3 nodes for Xen in the tree at 0x${fdtaddr}\"");
	free(text);
	fixture_close(&f);
}

static void enables_iommu(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, smmu_board);
	f.settings.console = "none";
	f.settings.enable_iommu = true;
	fixture_plan(&f, "/mmc@b000000", NULL);
	text = script(&f);
	line(text, "fdt set /iommu@9000000 status okay");
	line(text, "fdt get size xlpt_size /iommu@9000000 || setenv xlpt_stop \"no /iommu@9000000 in this tree\"");
	line(text, "fdt set /mmc@b000000 xen,passthrough");
	free(text);
	fixture_close(&f);
}

/* For a toolstack that makes its own script: enabled nodes are none of them. */
static void marked_nodes(void **state)
{
	const char *const *mark;
	struct fixture f;
	size_t n;

	(void)state;
	fixture_open(&f, smmu_board);
	f.settings.console = "none";
	f.settings.enable_iommu = true;
	fixture_plan(&f, "/mmc@b000000", "/rtc@1010000", NULL);
	mark = xlpt_plan_mark(f.plan, &n);
	assert_int_equal(n, 2);
	assert_string_equal(mark[0], "/rtc@1010000");
	assert_string_equal(mark[1], "/mmc@b000000");
	fixture_close(&f);
}

static int by_path(const void *blob, const char *path)
{
	int node = fdt_path_offset(blob, path);

	assert_true(node >= 0);
	return node;
}

/* Everything of the host tree is still there, and the marks. */
static void marked_tree(void **state)
{
	struct fixture f;
	uint64_t address, size;
	size_t marked_size;
	void *marked;

	(void)state;
	fixture_open(&f, smmu_board);
	f.settings.console = "none";
	f.settings.enable_iommu = true;
	fixture_plan(&f, "/mmc@b000000", "/rtc@1010000", NULL);
	assert_true(xlpt_plan_ok(f.plan));
	assert_int_equal(xlpt_emit_marked(f.plan, &marked, &marked_size), 0);
	assert_int_equal(fdt_check_full(marked, marked_size), 0);
	assert_int_equal(fdt_totalsize(marked), marked_size);
	assert_non_null(fdt_getprop(marked, by_path(marked, "/mmc@b000000"), "xen,passthrough", NULL));
	assert_non_null(fdt_getprop(marked, by_path(marked, "/rtc@1010000"), "xen,passthrough", NULL));
	assert_null(fdt_getprop(marked, by_path(marked, "/iommu@9000000"), "xen,passthrough", NULL));
	assert_string_equal(fdt_getprop(marked, by_path(marked, "/iommu@9000000"), "status", NULL), "okay");
	assert_int_equal(fdt_num_mem_rsv(marked), 1);
	assert_int_equal(fdt_get_mem_rsv(marked, 0, &address, &size), 0);
	assert_int_equal(address, 0x1000);

	/* Without the marks it is the host's. */
	fdt_delprop(marked, by_path(marked, "/mmc@b000000"), "xen,passthrough");
	fdt_delprop(marked, by_path(marked, "/rtc@1010000"), "xen,passthrough");
	assert_int_equal(fdt_size_dt_struct(marked),
			 fdt_size_dt_struct(f.blob) - FDT_TAGALIGN(sizeof("disabled")) +
			 FDT_TAGALIGN(sizeof("okay")));
	free(marked);
	fixture_close(&f);
}

static void marked_again(void **state)
{
	struct fixture f, again;
	size_t first_size, size;
	void *first, *marked;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/gpio@*", NULL);
	assert_int_equal(xlpt_emit_marked(f.plan, &first, &first_size), 0);

	/* A tree that is marked already does not grow. */
	memset(&again, 0, sizeof(again));
	again.blob = first;
	assert_int_equal(xlpt_diags_new(&again.diags), 0);
	assert_int_equal(xlpt_tree_parse(first, first_size, again.diags, &again.tree), 0);
	again.settings = f.settings;
	fixture_plan(&again, "/soc/gpio@*", NULL);
	assert_int_equal(xlpt_emit_marked(again.plan, &marked, &size), 0);
	assert_int_equal(size, first_size);
	assert_memory_equal(marked, first, size);
	free(marked);
	fixture_close(&again);
	fixture_close(&f);
}

/* A memory reservation block without an end: nothing that could be copied, and no crash of libfdt. */
static void endless_reservations(void **state)
{
	struct fixture f;
	size_t size;
	void *blob;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "&rtc", NULL);
	fdt_set_off_mem_rsvmap(f.blob, (fdt_totalsize(f.blob) - 24) & ~7u);
	assert_true(fdt_num_mem_rsv(f.blob) < 0);
	assert_int_equal(xlpt_emit_marked(f.plan, &blob, &size), -EINVAL);
	assert_null(blob);
	fixture_close(&f);
}

static void nothing_with_errors(void **state)
{
	struct fixture f;
	size_t size;
	char *text;
	void *blob;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/ethernet@5000000", NULL);
	assert_false(xlpt_plan_ok(f.plan));
	assert_int_equal(xlpt_emit_uboot(f.plan, &text), -EINVAL);
	assert_int_equal(xlpt_emit_marked(f.plan, &blob, &size), -EINVAL);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks),
		cmocka_unit_test(children),
		cmocka_unit_test(enables_iommu),
		cmocka_unit_test(marked_nodes),
		cmocka_unit_test(marked_tree),
		cmocka_unit_test(marked_again),
		cmocka_unit_test(endless_reservations),
		cmocka_unit_test(nothing_with_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
