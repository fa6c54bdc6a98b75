/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libxl's tree holds for which settings, and how a partial tree gets into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <libfdt.h>

#include "diag.h"
#include "guest-extended.h"
#include "merge.h"

#define GIB(n) ((uint64_t)(n) << 30)
#define ROOM (2u << 20)

static struct merge_settings guest(unsigned minor, uint64_t memory_mib)
{
	struct merge_settings settings = { 0 };

	xlpt_settings_init(&settings.guest);
	settings.guest.xen_first = settings.guest.xen_last = minor;
	settings.guest.memory_mib = memory_mib;
	settings.guest.gic = 3;
	return settings;
}

static void *merged(const struct merge_settings *settings, const void *partial, size_t size)
{
	struct xlpt_diags diags;
	size_t merged_size;
	void *blob;

	diags_init(&diags);
	assert_int_equal(xlpt_merge(settings, NULL, 0, partial, size, &diags, &blob, &merged_size), 0);
	assert_int_equal(fdt_check_full(blob, merged_size), 0);
	diags_fini(&diags);
	return blob;
}

/* The i-th cell of a property; the property must be there. */
static uint32_t cell(const void *fdt, const char *path, const char *name, int i)
{
	const fdt32_t *value;
	int len, node = fdt_path_offset(fdt, path);

	assert_true(node >= 0);
	value = fdt_getprop(fdt, node, name, &len);
	assert_non_null(value);
	assert_true(len >= 4 * (i + 1));
	return fdt32_to_cpu(value[i]);
}

static bool has(const void *fdt, const char *path)
{
	return fdt_path_offset(fdt, path) >= 0;
}

static void memory(void **state)
{
	struct merge_settings settings = guest(17, 3080);
	void *fdt = merged(&settings, NULL, 0);

	(void)state;
	assert_int_equal(cell(fdt, "/memory@40000000", "reg", 3), 0xc0000000);
	assert_int_equal(cell(fdt, "/memory@200000000", "reg", 3), 8 << 20);
	free(fdt);
	settings = guest(17, 128);
	fdt = merged(&settings, NULL, 0);
	assert_false(has(fdt, "/memory@200000000"));
	/* grant table, the rest of bank 0, all of bank 1 */
	assert_int_equal(cell(fdt, "/hypervisor", "reg", 5), 0x48000000);
	assert_int_equal(cell(fdt, "/hypervisor", "reg", 7), 0xb8000000);
	assert_int_equal(cell(fdt, "/hypervisor", "reg", 8), 2);
	free(fdt);
}

static void extended(void **state)
{
	static const struct xlpt_iomem devices[] = { { 0xff010, 1, 0xff010 }, { 0x1000, 16, 0x60000 } };
	struct merge_settings settings = guest(20, 256);
	struct extended out[EXTENDED_MAX];

	(void)state;
	settings.iomem = devices;
	settings.n_iomem = 2;
	/* Up to 4.20 devices do not count. */
	assert_int_equal(extended_regions(&settings, out), 2);
	settings.guest.xen_first = settings.guest.xen_last = 21;
	/* 256 MiB of RAM end at 0x50000000; what is left behind 0xff011000 is too small. */
	assert_int_equal(extended_regions(&settings, out), 3);
	assert_true(out[0].base == 0x50000000 && out[0].size == 0x10000000);
	assert_true(out[1].base == 0x60010000 && out[1].size == 0xff010000 - 0x60010000u);
	assert_true(out[2].base == GIB(8) && out[2].size == GIB(1016));
	settings.guest.ipa_bits = 36;
	assert_int_equal(extended_regions(&settings, out), 3);
	assert_true(out[2].size == GIB(56));
	settings.guest.ipa_bits = 32;
	assert_int_equal(extended_regions(&settings, out), 2);
}

static void options(void **state)
{
	static const struct merge_virtio devices[] = {
		{ NULL, 0, false }, { "virtio,device22", 3, true },
	};
	struct merge_settings settings = guest(20, 1024);
	void *fdt;

	(void)state;
	settings.guest.vcpus = 17;
	settings.guest.vuart = settings.guest.pci = true;
	settings.guest.virtio = 2;
	settings.virtio = devices;
	settings.optee = settings.ramdisk = true;
	settings.ramdisk_size = 5000;
	settings.clock_frequency = 62500000;
	settings.cmdline = "console=hvc0";
	fdt = merged(&settings, NULL, 0);
	assert_true(has(fdt, "/cpus/cpu@100") && !has(fdt, "/cpus/cpu@101"));
	assert_true(has(fdt, "/sbsa-pl011") && has(fdt, "/firmware/optee"));
	assert_int_equal(cell(fdt, "/pcie@10000000", "ranges", 7), 0x43000000);
	assert_int_equal(cell(fdt, "/virtio@2000200", "interrupts", 1), 2);
	assert_int_equal(cell(fdt, "/virtio@2000200", "iommus", 1), 3);
	assert_true(has(fdt, "/virtio@2000200/i2c"));
	assert_int_equal(cell(fdt, "/xen_iommu", "phandle", 0), GUEST_PHANDLE_IOMMU);
	assert_int_equal(cell(fdt, "/timer", "clock-frequency", 0), 62500000);
	assert_int_equal(cell(fdt, "/chosen", "linux,initrd-start", 1), 0x48000000);
	assert_int_equal(cell(fdt, "/chosen", "linux,initrd-end", 1), 0x48002000);
	free(fdt);
}

/* A partial tree in a buffer: /passthrough with `n` bytes of a property, and other root nodes. */
static void *partial(size_t n, const char *first)
{
	void *fdt = malloc(ROOM), *filler = calloc(1, n + 1);

	assert_non_null(fdt);
	assert_non_null(filler);
	assert_int_equal(fdt_create(fdt, ROOM), 0);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_begin_node(fdt, first);
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "aliases");
	fdt_property_string(fdt, "a", "/passthrough/a");
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "passthrough");
	fdt_property(fdt, "filler", filler, (int)n);
	fdt_begin_node(fdt, "a");
	fdt_begin_node(fdt, "b");
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	assert_int_equal(fdt_finish(fdt), 0);
	free(filler);
	return fdt;
}

static void copy(void **state)
{
	struct merge_settings settings = guest(17, 128);
	void *given = partial(8, "other"), *fdt = merged(&settings, given, ROOM);
	int passthrough = fdt_path_offset(fdt, "/passthrough");

	(void)state;
	assert_true(has(fdt, "/passthrough/a/b") && !has(fdt, "/other"));
	/* libxl copies aliases behind, whatever the order was */
	assert_true(fdt_path_offset(fdt, "/aliases") > passthrough);
	free(fdt);
	free(given);
}

static void refused(const void *blob, size_t size, const char *id)
{
	struct merge_settings settings = guest(17, 128);
	struct xlpt_diags diags;
	size_t merged_size, i;
	bool found = false;
	void *merged_blob;

	diags_init(&diags);
	assert_int_equal(xlpt_merge(&settings, NULL, 0, blob, size, &diags, &merged_blob,
				    &merged_size), -EINVAL);
	for (i = 0; i < diags.n; i++)
		found |= !strcmp(diags.list[i].id, id);
	assert_true(found);
	assert_string_equal(diags.list[diags.n - 1].id, "partial-tree-invalid");
	diags_fini(&diags);
}

static void limits(void **state)
{
	struct merge_settings settings = guest(17, 128);
	void *given = partial((1 << 20) - 3000, "other"), *fdt;

	(void)state;
	fdt = merged(&settings, given, ROOM);
	assert_true(fdt_totalsize(fdt) <= GUEST_TREE_MAX);
	free(fdt);
	free(given);
	given = partial((1 << 20) - 1000, "other");
	refused(given, ROOM, "partial-tree-size");
	free(given);
	refused("", 0, "partial-tree-empty");
	refused("not a tree, by far", 18, "partial-tree-invalid");
	/* found first by libfdt, then not of the right name */
	given = partial(8, "passthrough@1");
	refused(given, ROOM, "partial-tree-invalid");
	free(given);
}

static void dumped_base(void **state)
{
	struct merge_settings settings = guest(17, 128);
	void *given = partial(8, "other"), *base = merged(&settings, given, ROOM), *fdt, *twice;
	struct xlpt_diags diags;
	size_t size;

	(void)state;
	diags_init(&diags);
	assert_int_equal(xlpt_merge(&settings, base, fdt_totalsize(base), given, ROOM, &diags, &fdt,
				    &size), 0);
	/* What the dump had of a partial tree is not there twice. */
	assert_int_equal(fdt_num_mem_rsv(fdt), 0);
	twice = memmem((char *)fdt + fdt_off_dt_struct(fdt), fdt_size_dt_struct(fdt),
		       "passthrough", 12);
	assert_non_null(twice);
	assert_null(memmem((char *)twice + 12, (size_t)((char *)fdt + size - (char *)twice) - 12,
			   "passthrough\0\0\0\0\3", 12));
	free(fdt);
	free(base);
	free(given);
	diags_fini(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory), cmocka_unit_test(extended), cmocka_unit_test(options),
		cmocka_unit_test(copy), cmocka_unit_test(limits), cmocka_unit_test(dumped_base),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
