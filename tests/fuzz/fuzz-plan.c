/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole path: bytes, selections and settings to the plan and every artefact. */
#include <json-c/json.h>
#include <libfdt.h>

#include "fuzz.h"
#include "tree.h"

#define MAX_SELECTIONS 4

static void check_json(const char *text)
{
	struct json_tokener *tokener = json_tokener_new_ex(64);
	struct json_object *value;

	REQUIRE(tokener && text);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	value = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	REQUIRE(value);
	json_object_put(value);
	json_tokener_free(tokener);
}

static void set_up(struct xlpt_settings *settings, const uint8_t *control)
{
	static const char *const clocks =
		"   clock          count    count    count        rate   accuracy phase  cycle    enable   consumer   id\n"
		" osc                 1        1        0    24000000          0     0  50000         Y   deviceless   no_connection_id\n"
		"    uart             1        1        0    48000000          0     0  50000         Y   1000000.serial   uartclk\n";

	xlpt_settings_init(settings);
	if (control[0] & 1)
		settings->xen_first = settings->xen_last = 6 + control[0] / 2 % 17;
	settings->memory_mib = control[1] & 1 ? (uint64_t)control[2] << (control[1] >> 4) : 0;
	settings->gic = control[1] & 2 ? 2 + (control[1] >> 2 & 1) : 0;
	settings->ipa_bits = control[1] & 8 ? 32 + control[2] % 17 : 0;
	settings->vuart = control[3] & 1;
	settings->virtio = control[3] & 2 ? control[3] >> 4 : 0;
	settings->enable_iommu = control[3] & 4;
	settings->dom0_view = control[3] == 8;
	settings->vcpus = control[3] & 2 ? control[2] : 0;
	settings->console = control[4] & 1 ? "none" : control[4] & 2 ? "serial0" : NULL;
	settings->clk_summary = control[4] & 4 ? clocks : NULL;
}

/* Selections by the control bytes: nodes of the tree with options, and patterns. */
static size_t choose(const struct xlpt_tree *tree, const uint8_t *control,
		     char selection[MAX_SELECTIONS][2048])
{
	static const char *const patterns[] = {
		"all", "below:/", "below:/soc", "/soc/*", "/*/*@*", "compatible:arm,primecell", "-/soc/*",
		"compatible:simple-bus", "below:/amba", "/*",
	};
	static const char *const options[] = {
		"", "", "", ",gfn=0x4100", ",gfn=0xfffff", ",clock=0:1000000", ",clock=apb_pclk:24000000",
		",allow=dma-unprotected", ",buses=0-0", ",gfn=0x80000,allow=iomem-shared-page",
	};
	size_t n = 1 + control[5] % MAX_SELECTIONS, i;

	for (i = 0; i < n; i++) {
		const uint8_t *c = control + 6 + i * 2;
		uint32_t node = (c[0] * 7919u + c[1] % 64u) % tree->n_nodes;
		char *path;

		if (c[1] & 0x80) {
			snprintf(selection[i], sizeof(selection[i]), "%s", patterns[c[0] % 10]);
			continue;
		}
		/* Rather one that `devices` lists: others end at once. */
		while (c[1] & 0x40 && node < tree->n_nodes && !(tree->node[node].flags & TREE_CANDIDATE))
			node++;
		path = xlpt_tree_path(tree, node < tree->n_nodes ? node : 0);
		REQUIRE(path);
		snprintf(selection[i], sizeof(selection[i]), "%.1900s%s", path, options[c[1] % 10]);
		free(path);
	}
	return n;
}

/* Every register of an accepted plan lies in mapped frames. */
static void check_plan(const struct xlpt_plan *plan)
{
	size_t n, n_iomem, i, k, m;
	const struct xlpt_plan_device *device = xlpt_plan_devices(plan, &n);
	const struct xlpt_iomem *iomem = xlpt_plan_iomem(plan, &n_iomem);

	for (i = 0; i < n; i++)
		for (k = 0; k < device[i].n_regs; k++) {
			const struct xlpt_plan_reg *reg = &device[i].regs[k];

			if (!reg->size)
				continue;
			for (m = 0; m < n_iomem; m++)
				if (reg->host >> 12 >= iomem[m].start &&
				    reg->host >> 12 < iomem[m].start + iomem[m].count)
					break;
			REQUIRE(m < n_iomem);
			REQUIRE(reg->guest >> 12 == (reg->host >> 12) - iomem[m].start + iomem[m].gfn);
		}
}

/* `sound`: libfdt, which is stricter about the host tree than Linux and this library, likes it. */
static void emit(const struct xlpt_plan *plan, struct xlpt_diags *diags, bool sound)
{
	struct xlpt_tree *again;
	void *blob = NULL;
	char *text = NULL;
	size_t size;

	REQUIRE(!xlpt_emit_json(plan, true, &text));
	check_json(text);
	free(text);
	REQUIRE(!xlpt_emit_report(plan, &text));
	free(text);
	if (!xlpt_plan_ok(plan))
		return;
	check_plan(plan);
	REQUIRE(!xlpt_emit_config(plan, "guest.dtb", &text));
	free(text);
	if (!xlpt_emit_uboot(plan, &text))
		free(text);
	if (!xlpt_emit_partial_dts(plan, &text))
		free(text);
	if (!xlpt_emit_partial(plan, &blob, &size)) {
		REQUIRE(!fdt_check_full(blob, size));
		free(blob);
	}
	if (!xlpt_emit_marked(plan, &blob, &size)) {
		REQUIRE(!sound || !fdt_check_full(blob, size));
		REQUIRE(!xlpt_tree_parse(blob, size, diags, &again));
		xlpt_tree_free(again);
		free(blob);
	}
}

static void make_plan(const struct xlpt_tree *tree, const uint8_t *control,
		      const struct xlpt_settings *settings, bool sound)
{
	char text[MAX_SELECTIONS][2048];
	const char *selections[MAX_SELECTIONS];
	struct xlpt_plan *plan = NULL;
	struct xlpt_diags *diags;
	size_t n = choose(tree, control, text), i;
	int rc;

	for (i = 0; i < n; i++)
		selections[i] = text[i];
	REQUIRE(!xlpt_diags_new(&diags));
	if (control[14] & 1)
		xlpt_diags_allow(diags, "dma-unprotected");
	if (control[14] & 2)
		xlpt_diags_allow(diags, "iomem-shared-page");
	if (control[14] & 4)
		xlpt_diags_allow(diags, "reference-refused");
	if (control[14] & 8)
		xlpt_diags_allow(diags, "property-unknown");
	rc = xlpt_plan_make(tree, settings, selections, n, diags, &plan);
	REQUIRE(!rc || (rc == -22 && xlpt_diags_count(diags, XLPT_ERROR)));
	if (!rc)
		emit(plan, diags, sound);
	xlpt_plan_free(plan);
	xlpt_diags_free(diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct xlpt_settings settings;
	struct xlpt_tree *tree = NULL;
	struct xlpt_diags *diags;
	char *text;
	void *blob;

	if (size < CONTROL_BYTES)
		return 0;
	blob = fuzz_copy(data + CONTROL_BYTES, size - CONTROL_BYTES);
	REQUIRE(!xlpt_diags_new(&diags));
	if (!xlpt_tree_parse(blob, size - CONTROL_BYTES, diags, &tree)) {
		set_up(&settings, data);
		make_plan(tree, data, &settings, !fdt_check_full(blob, size - CONTROL_BYTES));
		if (data[15] & 1) {
			REQUIRE(!xlpt_devices_json(tree, &settings, "a.dtb", &text));
			check_json(text);
			free(text);
		} else if (data[15] & 2) {
			REQUIRE(!xlpt_devices_table(tree, &settings, "a.dtb", &text));
			free(text);
		}
	}
	xlpt_tree_free(tree);
	xlpt_diags_free(diags);
	free(blob);
	return 0;
}
