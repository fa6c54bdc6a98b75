/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Domain configurations: the values, the scan for a key, and libxlutil's reading. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "guest-config.h"

static void iomem(void **state)
{
	static const char *const bad[] = {
		"", "fff51", "fff51,", ",1", "a ,1", "fff51,1 ", "fff51,1@", "fff51,1@g", "-1,1",
		"fff51,0", "fff51;1", "0x,1", "10000000000000000,1", "fffffffffffff,2",
		"1,2@fffffffffffff", "1,1@2@3",
	};
	struct xlpt_iomem range;
	size_t i;

	(void)state;
	assert_true(guest_config_iomem("fff51,1", &range));
	assert_int_equal(range.start, 0xfff51);
	assert_int_equal(range.count, 1);
	assert_int_equal(range.gfn, 0xfff51);
	assert_true(guest_config_iomem(" 0xFFF51, 10@ 0x4100", &range));
	assert_int_equal(range.start, 0xfff51);
	assert_int_equal(range.count, 16);
	assert_int_equal(range.gfn, 0x4100);
	assert_true(guest_config_iomem("fffffffffffff,1", &range));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (guest_config_iomem(bad[i], &range))
			fail_msg("taken: \"%s\"", bad[i]);
}

static void irq(void **state)
{
	static const char *const bad[] = { "", "0x70", "-1", " 34", "34 ", "4294967295", "99999999999" };
	uint32_t value;
	size_t i;

	(void)state;
	assert_true(guest_config_irq("34", &value));
	assert_int_equal(value, 34);
	assert_true(guest_config_irq("4294967294", &value));
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(guest_config_irq(bad[i], &value));
}

static void virtio(void **state)
{
	(void)state;
	assert_true(guest_config_is_virtio("phy:/dev/x,xvda,w,specification=virtio"));
	assert_true(guest_config_is_virtio("specification=virtio , target=/x"));
	assert_true(guest_config_is_virtio("type=virtio,device22,transport=mmio,grant_usage=1"));
	assert_false(guest_config_is_virtio("phy:/dev/x,xvda,w"));
	assert_false(guest_config_is_virtio("phy:/specification=virtio.img,xvda,w"));
	assert_false(guest_config_is_virtio("specification=xen"));
	assert_false(guest_config_is_virtio(""));
}

static bool has(const char *text)
{
	return guest_config_has_key(text, strlen(text), "dt_passthrough");
}

static void scan(void **state)
{
	(void)state;
	assert_true(has("dt_passthrough=[]"));
	assert_true(has("\n \tdt_passthrough\t += [ \"/a\" ]\n"));
	assert_true(has("name = \"x\"; dt_passthrough = []"));
	assert_true(has("a = [ 1, # [\n 2 ]\ndt_passthrough = []"));
	assert_true(has("a = 'it\\'s'\ndt_passthrough = []"));
	assert_true(has("a = \"unfinished\ndt_passthrough = []"));
	assert_true(has("a = [ \"unfinished\ndt_passthrough = []"));
	assert_false(has(""));
	assert_false(has("# dt_passthrough = []"));
	assert_false(has("dt_passthrough"));
	assert_false(has("xdt_passthrough = []"));
	assert_false(has("dt_passthrough2 = []"));
	assert_false(has("dt_passthroug = []"));
	assert_false(has("a = \"dt_passthrough = []\""));
	assert_false(has("a = \"\\\"; dt_passthrough = []\""));
	assert_false(has("a = [ \"x\",\ndt_passthrough = 1 ]"));
	assert_false(has("a dt_passthrough = 1"));
	assert_false(has("a = 1 # ; dt_passthrough = []\n"));
	assert_false(guest_config_has_key("dt_passthrough = 1", 14, "dt_passthrough"));
}

#ifdef HAVE_XEN
static int read_text(struct guest_config *config, const char *text)
{
	return guest_config_read(config, "test.cfg", text, strlen(text));
}

static void reads(void **state)
{
	struct xlpt_settings settings;
	struct guest_config config;

	(void)state;
	assert_int_equal(read_text(&config,
		"name = 'rtc'\nuuid=\"11111111-2222-3333-4444-555555555555\"\n"
		"memory = 128\nmaxmem = 0x100\nvcpus = 1\nmaxvcpus = 4\ngic_version = \"v3\"\n"
		"vuart = \"sbsa_uart\"\ndisk = [ 'a,specification=virtio', 'b' ]\nacpi = 1\n"
		"pci = [ '01:00.0' ]\ndt_host = \"/a.dtb\"\nunknown = [ [ 1 ], 2 ]\n"
		"dt_passthrough = [ \"/soc/rtc@1\", '-/soc/x' ]\ndevice_tree = \"/frag.dtb\"\n"
		"irqs = [ 33, \"34\" ]\nirqs += [ 35 ]\niomem = [ \"fff51,1@100\" ]\n"
		"dtdev = [ \"/soc/eth\" ]\nshadow_memory = 9\n"), 0);
	assert_null(config.error);
	assert_string_equal(config.name, "rtc");
	assert_string_equal(config.uuid, "11111111-2222-3333-4444-555555555555");
	assert_string_equal(config.dt_host, "/a.dtb");
	assert_string_equal(config.device_tree, "/frag.dtb");
	assert_int_equal(config.n_dt_passthrough, 2);
	assert_string_equal(config.dt_passthrough[1], "-/soc/x");
	assert_int_equal(config.n_irqs, 3);
	assert_int_equal(config.irqs[2], 35);
	assert_int_equal(config.n_iomem, 1);
	assert_int_equal(config.iomem[0].gfn, 0x100);
	assert_int_equal(config.n_dtdev, 1);
	assert_true(config.has_shadow_memory);
	xlpt_settings_init(&settings);
	guest_config_settings(&config, &settings);
	assert_int_equal(settings.memory_mib, 256);
	assert_int_equal(settings.vcpus, 4);
	assert_int_equal(settings.gic, 3);
	assert_int_equal(settings.virtio, 1);
	assert_true(settings.vuart && settings.acpi && settings.pci);
	guest_config_free(&config);
}

static void last_one_wins(void **state)
{
	struct guest_config config;

	(void)state;
	assert_int_equal(read_text(&config, "device_tree = \"/a\"\nirqs = [ 40 ]\ndt_passthrough = [ 'a' ]\n"
				   "irqs = [ 41 ]\ndevice_tree = \"xl-passthrough\"\ndt_passthrough = []"), 0);
	assert_true(config.trip_wire);
	assert_null(config.device_tree);
	assert_int_equal(config.n_irqs, 1);
	assert_int_equal(config.irqs[0], 41);
	assert_true(config.has_dt_passthrough);
	assert_int_equal(config.n_dt_passthrough, 0);
	guest_config_free(&config);
}

/* As xl makes it of three keys. */
static void command_line(void **state)
{
	static const struct {
		const char *text, *cmdline;
	} rows[] = {
		{ "root = '/dev/vda'\nextra = 'ro quiet'", "root=/dev/vda ro quiet" },
		{ "root = '/dev/vda'", "root=/dev/vda" }, { "extra = 'quiet'", "quiet" },
		{ "root = '/dev/vda'\nextra = 'ro'\ncmdline = 'console=hvc0'", "console=hvc0" },
	};
	struct guest_config config;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(read_text(&config, rows[i].text), 0);
		assert_string_equal(config.cmdline, rows[i].cmdline);
		guest_config_free(&config);
	}
	assert_int_equal(read_text(&config, ""), 0);
	assert_null(config.cmdline);
	guest_config_free(&config);
}

static void refused(void **state)
{
	static const char *const bad[] = {
		"name = bare", "memory = -1", "memory = 'x'", "irqs = [ '0x22' ]", "irqs = 34", "iomem = [ 'fff51' ]",
		"iomem = [ [ 1 ] ]", "dt_passthrough = '/a'", "device_tree = [ 'a' ]", "gic_version = 'v4'",
		"vcpus = 99999", "memory = 99999999", "a = \"x", "a = 1 b = 2", "dt-passthrough = 1", "\xff\n",
	};
	struct guest_config config;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (read_text(&config, bad[i]) != -EINVAL || !config.error || !*config.error)
			fail_msg("not refused with a reason: %s", bad[i]);
		guest_config_free(&config);
	}
	/* of several reasons the first */
	assert_int_equal(read_text(&config, "vcpus = 'many'\nmemory = 'much'"), -EINVAL);
	assert_non_null(strstr(config.error, "memory"));
	assert_null(strstr(config.error, "vcpus"));
	guest_config_free(&config);
}

/* irqs= with that many entries */
static int read_entries(struct guest_config *config, size_t n)
{
	static char text[GUEST_CONFIG_MAX_BYTES];
	size_t i, len = (size_t)sprintf(text, "irqs = [");

	for (i = 0; i < n; i++)
		len += (size_t)sprintf(text + len, "33,");
	memcpy(text + len, "]\n", 2);
	return guest_config_read(config, "t", text, len + 2);
}

static void bounds(void **state)
{
	static char text[GUEST_CONFIG_MAX_BYTES + 1];
	struct guest_config config;

	(void)state;
	memset(text, '\n', sizeof(text));
	assert_int_equal(guest_config_read(&config, "t", text, sizeof(text)), -E2BIG);
	assert_non_null(config.error);
	guest_config_free(&config);
	assert_int_equal(guest_config_read(&config, "t", text, sizeof(text) - 1), 0);
	guest_config_free(&config);
	/* deep nesting must not take the stack down */
	memset(text, '[', sizeof(text));
	memcpy(text, "a=", 2);
	assert_int_equal(guest_config_read(&config, "t", text, sizeof(text) - 1), -EINVAL);
	guest_config_free(&config);
	assert_int_equal(guest_config_read(&config, "t", "", 0), 0);
	guest_config_free(&config);
	assert_int_equal(guest_config_read(&config, "t", "a\0b = 1", 7), -EINVAL);
	guest_config_free(&config);
	assert_int_equal(read_entries(&config, GUEST_CONFIG_MAX_ENTRIES), 0);
	assert_int_equal(config.n_irqs, GUEST_CONFIG_MAX_ENTRIES);
	guest_config_free(&config);
	assert_int_equal(read_entries(&config, GUEST_CONFIG_MAX_ENTRIES + 1), -E2BIG);
	assert_non_null(strstr(config.error, "irqs"));
	guest_config_free(&config);
}
#else
static void unreadable(void **state)
{
	struct guest_config config;

	(void)state;
	assert_int_equal(guest_config_read(&config, "t", "", 0), -ENODEV);
	assert_non_null(config.error);
	guest_config_free(&config);
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(iomem),
		cmocka_unit_test(irq),
		cmocka_unit_test(virtio),
		cmocka_unit_test(scan),
#ifdef HAVE_XEN
		cmocka_unit_test(reads),
		cmocka_unit_test(last_one_wins),
		cmocka_unit_test(command_line),
		cmocka_unit_test(refused),
		cmocka_unit_test(bounds),
#else
		cmocka_unit_test(unreadable),
#endif
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("guest-config", tests, NULL, NULL);
}
