/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hostile partial tree: laid over one, merged into the guest's base, judged and shown. */
#include <json-c/json.h>
#include <libfdt.h>

#include "arena.h"
#include "fragment.h"
#include "fuzz.h"
#include "judge.h"
#include "merge.h"
#include "merge-show.h"
#include "merge-virtio.h"
#include "tree.h"

static void set_up(struct merge_settings *merge, const uint8_t *control, struct arena *arena)
{
	static const char *const disks[] = {
		"specification=virtio", "type=virtio,device26,transport=mmio",
		"type=virtio,device22, transport=mmio,grant_usage=1",
	};

	*merge = (struct merge_settings){ .cmdline = control[0] & 1 ? "console=hvc0 \" root=/dev/xvda" : NULL };
	xlpt_settings_init(&merge->guest);
	merge->guest.xen_first = merge->guest.xen_last = 17 + control[1] % 6;
	merge->guest.memory_mib = control[2] & 1 ? (uint64_t)control[2] << (control[3] & 15) : 256;
	merge->guest.vcpus = control[3] & 16 ? control[4] : 1;
	merge->guest.gic = control[0] & 2 ? 2 : control[0] & 4 ? 3 : 0;
	merge->guest.vuart = control[0] & 8;
	merge->guest.acpi = control[3] == 7;
	merge->optee = control[0] & 16;
	merge->ramdisk = control[0] & 32;
	merge->ramdisk_size = (uint64_t)control[4] << 20;
	if (control[0] & 64)
		merge->virtio = merge_virtio_make(disks, 3, merge->guest.xen_last, arena,
						  &merge->guest.virtio);
}

/* Lists by the control bytes: around what the seeds have, and anywhere. */
static void make_lists(struct judge_lists *lists, const uint8_t *control, struct xlpt_iomem iomem[3],
		       uint32_t irqs[3])
{
	static const char *const dtdev[] = { "/passthrough", "/soc/serial@1000" };
	unsigned i;

	for (i = 0; i < 3; i++) {
		const uint8_t *c = control + 5 + i * 3;

		iomem[i].start = 0x9000 + c[0];
		iomem[i].count = 1 + c[1] % 4;
		iomem[i].gfn = c[1] & 0x80 ? iomem[i].start : (uint64_t)c[2] << (c[1] >> 3 & 15);
		irqs[i] = c[2] < 250 ? c[2] : 1020u + c[2];
	}
	*lists = (struct judge_lists){
		.iomem = iomem, .n_iomem = control[5] % 4, .irqs = irqs, .n_irqs = control[6] % 4,
		.dtdev = dtdev, .n_dtdev = control[7] % 3,
	};
}

static void check_json(const char *text)
{
	struct json_object *value = json_tokener_parse(text);

	REQUIRE(value);
	json_object_put(value);
}

static void show(const struct merge_settings *merge, const struct judge_input *in,
		 const struct xlpt_diags *diags, unsigned what)
{
	const struct merge_view view = {
		.in = in, .settings = what & 4 ? NULL : merge, .partial = "a.dtb", .diags = diags,
	};
	char *text = NULL;
	int rc;

	rc = what % 3 == 0 ? merge_show_dts(&view, &text) :
	     what % 3 == 1 ? merge_show_json(&view, &text) : merge_show_svg(&view, &text);
	REQUIRE(!rc || rc == -22);
	if (!rc && what % 3 == 1)
		check_json(text);
	free(rc ? NULL : text);
}

static void merge_it(const void *partial, size_t size, const uint8_t *control, struct xlpt_diags *diags)
{
	struct judge_lists lists;
	struct merge_settings merge;
	struct xlpt_iomem iomem[3];
	struct xlpt_tree *host = NULL;
	struct judge_input in = { 0 };
	uint32_t irqs[3];
	struct arena arena;
	void *merged;
	int rc;

	arena_init(&arena);
	set_up(&merge, control, &arena);
	make_lists(&lists, control, iomem, irqs);
	merge.iomem = lists.iomem;
	merge.n_iomem = lists.n_iomem;
	/* Now and then it is the dumped base, and the host's tree, too. */
	rc = control[14] % 4 ? xlpt_merge(&merge, NULL, 0, partial, size, diags, &merged, &in.size) :
			       xlpt_merge(&merge, partial, size, control[14] & 4 ? partial : NULL,
					  control[14] & 4 ? size : 0, diags, &merged, &in.size);
	REQUIRE(!rc || (rc == -22 && xlpt_diags_count(diags, XLPT_ERROR)));
	in.settings = &merge.guest;
	in.lists = control[15] & 1 ? &lists : NULL;
	if (control[15] & 2 && xlpt_tree_parse(partial, size, diags, &host))
		host = NULL;
	in.host = host;
	if (!rc) {
		in.merged = merged;
		REQUIRE(control[14] % 4 == 0 || !fdt_check_full(merged, in.size));
		REQUIRE(!xlpt_judge(&in, diags));
		show(&merge, &in, diags, control[15] >> 4);
		free(merged);
	} else {
		REQUIRE(!xlpt_judge_lists(&in, diags));
	}
	xlpt_tree_free(host);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char own[512];
	struct xlpt_diags *diags;
	size_t both_size;
	void *blob, *both;
	int rc;

	if (size < CONTROL_BYTES)
		return 0;
	if (!fdt_magic(own)) {
		REQUIRE(!fdt_create_empty_tree(own, sizeof(own)));
		REQUIRE(fdt_add_subnode(own, 0, "passthrough") > 0);
		REQUIRE(fdt_add_subnode(own, fdt_path_offset(own, "/passthrough"), "rtc@4100000") > 0);
	}
	size -= CONTROL_BYTES;
	blob = fuzz_copy(data + CONTROL_BYTES, size);
	REQUIRE(!xlpt_diags_new(&diags));
	if (data[15] & 4) {
		rc = fragment_overlay(own, fdt_totalsize(own), blob, size, diags, &both, &both_size);
		REQUIRE(!rc || (rc == -22 && xlpt_diags_count(diags, XLPT_ERROR)));
		if (!rc) {
			REQUIRE(!fdt_check_full(both, both_size));
			merge_it(both, both_size, data, diags);
			free(both);
		}
	} else {
		merge_it(blob, size, data, diags);
	}
	xlpt_diags_free(diags);
	free(blob);
	return 0;
}
