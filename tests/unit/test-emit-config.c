/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The xl.cfg(5) lines, to the letter where xl is particular. */
#include <errno.h>

#include "fixture.h"

static char *config(struct fixture *f, const char *device_tree)
{
	char *text;

	assert_true(xlpt_plan_ok(f->plan));
	assert_int_equal(xlpt_emit_config(f->plan, device_tree, &text), 0);
	return text;
}

static void one_device(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/ethernet@5000000,allow=dma-unprotected,gfn=0x4100", NULL);
	text = config(&f, "/etc/xen/guest.dtb");
	assert_string_equal(text,
		"# Made by xl-passthrough, libxlpt " XLPT_VERSION ", for Xen 4.17:\n"
		"#   /soc/ethernet@5000000\n"
		"device_tree = \"/etc/xen/guest.dtb\"\n"
		"# Interrupts as the GIC numbers them: SPI n is n + 32.\n"
		"irqs = [\n"
		"    112, 113, 114,  # /soc/ethernet@5000000\n"
		"]\n"
		"# Registers in 4 KiB frames, all hexadecimal: first host frame, number @ first guest frame.\n"
		"iomem = [\n"
		"    \"0x5000,0x10@0x4100\",  # /soc/ethernet@5000000\n"
		"]\n");
	free(text);
	fixture_close(&f);
}

static void several_devices(void **state)
{
	struct fixture f;
	char *text, *irqs;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/gpio@1021000", "/soc/gpio@1020000", "&rtc", NULL);
	text = config(&f, NULL);
	assert_null(strstr(text, "device_tree"));
	assert_null(strstr(text, "dtdev"));
	assert_null(strstr(text, "shadow_memory"));
	irqs = strstr(text, "irqs = [\n"
		      "    35,  # /soc/rtc@1010000\n"
		      "    36,  # /soc/gpio@1020000\n"
		      "    37,  # /soc/gpio@1021000\n"
		      "]\n");
	assert_non_null(irqs);
	assert_non_null(strstr(text, "    \"0x1010,1@0x"));
	free(text);
	fixture_close(&f);
}

/* Neighbours that become one range: the line names both. */
static void merged_range(void **state)
{
	struct fixture f;
	char *text, *line;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/gpio@1020000,gfn=0x4100", "/soc/gpio@1021000,gfn=0x4101", NULL);
	text = config(&f, NULL);
	line = strstr(text, "    \"0x1020,2@0x4100\",  # /soc/gpio@1020000, /soc/gpio@1021000\n");
	assert_non_null(line);
	free(text);
	fixture_close(&f);
}

/* A comment without a line end is a syntax error for xl. */
static void ends_with_newline(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "&rtc", NULL);
	text = config(&f, NULL);
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_null(strchr(text, '\r'));
	free(text);
	fixture_close(&f);
}

static void path_of_the_tree(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "&rtc", NULL);
	text = config(&f, "/tmp/a \"b\\c#'\xc3\xa9");
	assert_non_null(strstr(text, "device_tree = \"/tmp/a \\\"b\\\\c#'\xc3\xa9\"\n"));
	free(text);
	assert_int_equal(xlpt_emit_config(f.plan, "/tmp/a\nb", &text), -EINVAL);
	assert_null(text);
	assert_int_equal(xlpt_emit_config(f.plan, "/tmp/a\x7f", &text), -EINVAL);
	fixture_close(&f);
}

static void no_config_with_errors(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "&rtc", "/nowhere", NULL);
	assert_false(xlpt_plan_ok(f.plan));
	assert_int_equal(xlpt_emit_config(f.plan, NULL, &text), -EINVAL);
	fixture_close(&f);
}

static const char smmu_board[] =
	"/dts-v1/;\n"
	"/ {\n"
	"	#address-cells = <2>; #size-cells = <2>; interrupt-parent = <&gic>;\n"
	"	chosen { };\n"
	"	gic: interrupt-controller@8000000 {\n"
	"		compatible = \"arm,gic-400\"; interrupt-controller; #interrupt-cells = <3>;\n"
	"		reg = <0 0x8001000 0 0x1000>, <0 0x8002000 0 0x2000>,\n"
	"		      <0 0x8004000 0 0x2000>, <0 0x8006000 0 0x2000>;\n"
	"	};\n"
	"	smmu: iommu@9000000 {\n"
	"		compatible = \"arm,mmu-500\"; reg = <0 0x9000000 0 0x10000>; #iommu-cells = <1>;\n"
	"		#global-interrupts = <1>; interrupts = <0 100 4>, <0 101 4>;\n"
	"	};\n"
	"	display@b0000000 {\n"
	"		compatible = \"test,display\"; reg = <0x10 0 0x0 0x80000000>; iommus = <&smmu 7>;\n"
	"	};\n"
	"};\n";

/* An SMMU's streams, and so many frames that the guest's P2M pool must grow. */
static void dtdev_and_pool(void **state)
{
	struct fixture f;
	char *text;

	(void)state;
	fixture_open(&f, smmu_board);
	f.settings.console = "none";
	/* 4.17 lays extended regions over whatever is free. */
	assert_int_equal(xlpt_settings_xen(&f.settings, "4.21"), 0);
	f.settings.memory_mib = 512;
	f.settings.vcpus = 1;
	fixture_plan(&f, "/display@b0000000", NULL);
	text = config(&f, NULL);
	assert_non_null(strstr(text, "dtdev = [\n    \"/display@b0000000\",\n]\n"));
	assert_non_null(strstr(text, "    \"0x1000000,0x80000@0x"));
	assert_non_null(strstr(text, ".\nshadow_memory = 8\n"));
	assert_null(strstr(text, "irqs"));
	free(text);
	fixture_close(&f);
}

/* For a guest of which little is known the line says what it counts on, and grows by what it says. */
static void pool_of_an_unknown_guest(void **state)
{
	static const struct {
		unsigned vcpus;
		uint64_t memory_mib;
		const char *comment, *line;
	} rows[] = {
		{ 0, 0, " one vcpu and ", "shadow_memory = 6\n" }, { 0, 512, " one vcpu.\n", "shadow_memory = 8\n" },
		{ 1, 0, " 256 MiB ", "shadow_memory = 6\n" }, { 4, 0, " 256 MiB ", "shadow_memory = 9\n" },
		{ 1, 768, "in MiB.\n", "shadow_memory = 9\n" },
	};
	struct fixture f;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fixture_open(&f, smmu_board);
		f.settings.console = "none";
		assert_int_equal(xlpt_settings_xen(&f.settings, "4.21"), 0);
		f.settings.memory_mib = rows[i].memory_mib;
		f.settings.vcpus = rows[i].vcpus;
		fixture_plan(&f, "/display@b0000000,gfn=0x100000,allow=gfn-reserved", NULL);
		text = config(&f, NULL);
		assert_non_null(strstr(text, rows[i].comment));
		assert_int_equal(strstr(text, " vcpu") != NULL, !rows[i].vcpus);
		assert_non_null(strstr(text, rows[i].line));
		free(text);
		fixture_close(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_device),
		cmocka_unit_test(several_devices),
		cmocka_unit_test(merged_range),
		cmocka_unit_test(ends_with_newline),
		cmocka_unit_test(path_of_the_tree),
		cmocka_unit_test(no_config_with_errors),
		cmocka_unit_test(dtdev_and_pool),
		cmocka_unit_test(pool_of_an_unknown_guest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
