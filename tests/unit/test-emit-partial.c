/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's tree as a blob and as source: dtc makes the one of the other and has nothing to say. */
#include <stdio.h>
#include <unistd.h>

#include <libfdt.h>

#include "guest-board.h"

static const char rich[] = GUEST_BOARD(
	"a@400000 {"
	"	compatible = \"test,a\"; reg = <0x400000 0x1000>; interrupts = <0 9 4 0>; clocks = <&osc>;"
	"	label = \"quote \\\" and \\\\ slash\"; bytes = [00 11 22 33 44]; empty; wide = /bits/ 64 <0xabcdef123456789>;"
	"	list = \"a\", \"b\"; looks = <0x61626300>; vcc-supply = <&reg>; operating-points-v2 = <&opp>;"
	"	resets = <&cc 1>; led-gpios = <&g 1 2>, <0>, <&g 3 4>; g: gpio { gpio-controller; #gpio-cells = <2>; };"
	"	off { status = \"disabled\"; };"
	"};",
	"aliases { a0 = \"/soc/a@400000\"; };"
	"reg: reg { compatible = \"regulator-fixed\"; };"
	"opp: opp { compatible = \"operating-points-v2\"; opp-1 { opp-hz = /bits/ 64 <1000>; }; };");

/* What a shell command prints, on stderr too. */
static char *output_of(const char *command)
{
	size_t len = 0, room = 1 << 20;
	char *text = malloc(room);
	FILE *pipe = popen(command, "r");

	assert_non_null(text);
	assert_non_null(pipe);
	len = fread(text, 1, room - 1, pipe);
	text[len] = '\0';
	pclose(pipe);
	return text;
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void source_and_blob_agree(void **state)
{
	char folder[] = "/tmp/xlpt-partial-XXXXXX", path[64], command[512];
	char *of_blob, *of_source, *words;
	struct guest_board b;
	void *blob;
	size_t size;

	(void)state;
	guest_make(&b, rich, "/soc/a@400000");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(xlpt_emit_partial(b.f.plan, &blob, &size), 0);
	snprintf(path, sizeof(path), "%s/guest.dtb", folder);
	write_file(path, blob, size);
	snprintf(path, sizeof(path), "%s/guest.dts", folder);
	write_file(path, b.dts, strlen(b.dts));
	free(blob);

	snprintf(command, sizeof(command), "cd %s && { dtc -I dts -O dtb -o made.dtb guest.dts && "
		 "dtc -I dtb -O dtb -o /dev/null guest.dtb; } 2>&1", folder);
	words = output_of(command);
	assert_string_equal(words, "");
	snprintf(command, sizeof(command), "dtc -q -I dtb -O dts %s/guest.dtb", folder);
	of_blob = output_of(command);
	snprintf(command, sizeof(command), "dtc -q -I dtb -O dts %s/made.dtb", folder);
	of_source = output_of(command);
	assert_true(strlen(of_blob) > 500);
	assert_string_equal(of_blob, of_source);

	snprintf(command, sizeof(command), "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	free(words);
	free(of_blob);
	free(of_source);
	guest_close(&b);
}

static void source_speaks(void **state)
{
	struct guest_board b;

	(void)state;
	guest_make(&b, rich, "/soc/a@400000");
	assert_non_null(strstr(b.dts, "/* /soc/a@400000 */"));

	assert_non_null(strstr(b.dts, "/* left out: off (disabled), resets */"));
	assert_non_null(strstr(b.dts, "label = \"quote \\\" and \\\\ slash\";"));
	assert_non_null(strstr(b.dts, "bytes = [00 11 22 33 44];"));
	assert_non_null(strstr(b.dts, "led-gpios = <&n_gpio_"));
	assert_non_null(strstr(b.dts, "interrupt-parent = <&gic>;"));
	assert_non_null(strstr(b.dts, "/* stub: clock without a name of /soc/a@400000, from the tree */"));
	assert_non_null(strstr(b.dts, "/* taken along: /opp */"));
	guest_close(&b);
}

/* A comment must not end where a name has a star before a slash. */
static void comment_cannot_be_left(void **state)
{
	struct guest_board b;
	char *star;

	(void)state;
	guest_open(&b, GUEST_BOARD("bus { #address-cells = <1>; #size-cells = <1>; ranges;"
				   "	a@400000 { compatible = \"test,a\"; reg = <0x400000 0x1000>; }; };", ""));
	/* dtc would refuse the name, so it is changed in the blob. */
	star = memmem(b.f.blob, b.f.size, "\0\0\0\1bus\0", 8);
	assert_non_null(star);
	memcpy(star + 4, "bu*", 3);
	xlpt_tree_free(b.f.tree);
	assert_int_equal(xlpt_tree_parse(b.f.blob, b.f.size, b.f.diags, &b.f.tree), 0);
	guest_allow_all(&b);
	guest_plan(&b, (const char *const[]){ "/soc/bu*/a@400000", NULL });
	assert_null(strstr(b.dts, "*/a@"));
	guest_close(&b);
}

static void nothing_placed(void **state)
{
	struct fixture f;
	size_t size;
	void *blob;
	char *dts;

	(void)state;
	fixture_open(&f, GUEST_BOARD("a@400000 { compatible = \"test,a\"; reg = <0x400000 0x1000>; };", ""));
	fixture_plan(&f, "/soc/b@1", NULL);
	assert_int_equal(xlpt_emit_partial(f.plan, &blob, &size), -22);
	assert_null(blob);
	assert_int_equal(xlpt_emit_partial_dts(f.plan, &dts), -22);
	assert_null(dts);
	fixture_close(&f);
}

/* A board made by hand, with a device whose property has this many bytes. */
static void open_large(struct fixture *f, uint32_t bytes)
{
	const fdt32_t reg[] = { cpu_to_fdt32(0x70400000), cpu_to_fdt32(0x1000) };
	void *value = calloc(1, bytes);

	*f = (struct fixture){ .size = bytes + 4096 };
	f->blob = malloc(f->size);
	assert_non_null(f->blob);
	assert_non_null(value);
	assert_int_equal(fdt_create(f->blob, (int)f->size), 0);
	fdt_finish_reservemap(f->blob);
	fdt_begin_node(f->blob, "");
	fdt_property_u32(f->blob, "#address-cells", 1);
	fdt_property_u32(f->blob, "#size-cells", 1);
	fdt_begin_node(f->blob, "gic");
	fdt_property_string(f->blob, "compatible", "arm,gic-v3");
	fdt_property(f->blob, "interrupt-controller", NULL, 0);
	fdt_property_u32(f->blob, "#interrupt-cells", 3);
	fdt_end_node(f->blob);
	fdt_begin_node(f->blob, "a@70400000");
	fdt_property_string(f->blob, "compatible", "test,a");
	fdt_property(f->blob, "reg", reg, sizeof(reg));
	fdt_property(f->blob, "large", value, (int)bytes);
	fdt_end_node(f->blob);
	fdt_end_node(f->blob);
	assert_int_equal(fdt_finish(f->blob), 0);
	free(value);
	assert_int_equal(xlpt_diags_new(&f->diags), 0);
	assert_int_equal(xlpt_tree_parse(f->blob, f->size, f->diags, &f->tree), 0);
	xlpt_settings_init(&f->settings);
}

/* libxl takes no tree above 1 MiB, so a plan that needs more is no plan. */
static void too_big(void **state)
{
	struct fixture f;
	size_t size;
	void *blob;

	(void)state;
	open_large(&f, 900 << 10);
	fixture_plan(&f, "/a@70400000", NULL);
	assert_int_equal(fixture_count(&f, "partial-tree-invalid"), 0);
	assert_int_equal(xlpt_emit_partial(f.plan, &blob, &size), 0);
	assert_true(size > 900 << 10 && size < 1 << 20);
	free(blob);
	fixture_close(&f);

	open_large(&f, 1 << 20);
	fixture_plan(&f, "/a@70400000", NULL);
	assert_int_equal(fixture_count(&f, "partial-tree-invalid"), 1);
	assert_int_equal(xlpt_emit_partial(f.plan, &blob, &size), -22);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source_and_blob_agree),
		cmocka_unit_test(source_speaks),
		cmocka_unit_test(comment_cannot_be_left),
		cmocka_unit_test(nothing_placed),
		cmocka_unit_test(too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
