/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Selections, globs, names and words of a user, over one board that is always the same. */
#include <libfdt.h>

#include "fuzz.h"
#include "guest-config.h"
#include "names.h"
#include "plan.h"
#include "selector.h"

static struct xlpt_tree *tree;
static char board[8192];

static void make_board(void)
{
	struct xlpt_diags *diags;
	char name[32];
	unsigned i;

	REQUIRE(!fdt_create(board, sizeof(board)));
	REQUIRE(!fdt_finish_reservemap(board));
	REQUIRE(!fdt_begin_node(board, ""));
	REQUIRE(!fdt_property_cell(board, "#address-cells", 1));
	REQUIRE(!fdt_property_cell(board, "#size-cells", 1));
	REQUIRE(!fdt_begin_node(board, "aliases"));
	REQUIRE(!fdt_property_string(board, "serial0", "/soc/serial@1000"));
	REQUIRE(!fdt_property_string(board, "rel", "soc"));
	REQUIRE(!fdt_end_node(board));
	REQUIRE(!fdt_begin_node(board, "__symbols__"));
	REQUIRE(!fdt_property_string(board, "uart0", "/soc/serial@1000"));
	REQUIRE(!fdt_end_node(board));
	REQUIRE(!fdt_begin_node(board, "soc"));
	REQUIRE(!fdt_property_string(board, "compatible", "simple-bus"));
	REQUIRE(!fdt_property(board, "ranges", NULL, 0));
	for (i = 1; i < 20; i++) {
		uint32_t reg[2] = { cpu_to_fdt32(i << 12), cpu_to_fdt32(4096) };

		snprintf(name, sizeof(name), i == 1 ? "serial@%x" : i % 2 ? "a,clock@%x" : "i2c@%x", i << 12);
		REQUIRE(!fdt_begin_node(board, name));
		REQUIRE(!fdt_property_string(board, "compatible", i == 1 ? "arm,pl011" : "test,device"));
		REQUIRE(!fdt_property(board, "reg", reg, sizeof(reg)));
		REQUIRE(!fdt_end_node(board));
	}
	REQUIRE(!fdt_end_node(board));
	REQUIRE(!fdt_end_node(board));
	REQUIRE(!fdt_finish(board));
	REQUIRE(!xlpt_diags_new(&diags));
	REQUIRE(!xlpt_tree_parse(board, sizeof(board), diags, &tree));
	xlpt_diags_free(diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *selections[3];
	struct xlpt_plan *plan = NULL;
	struct xlpt_settings settings;
	struct xlpt_diags *diags;
	struct near_name near[4];
	struct xlpt_iomem iomem;
	uint32_t nodes[4], irq;
	char *text, *line;
	size_t n = 0;

	if (!tree)
		make_board();
	text = malloc(size + 1);
	REQUIRE(text);
	memcpy(text, data, size);
	text[size] = '\0';
	guest_config_has_key(text, size, "dt_passthrough");
	guest_config_iomem(text, &iomem);
	guest_config_irq(text, &irq);
	guest_config_is_virtio(text);
	names_find(tree, text, strlen(text), nodes, 4);
	names_nearest(tree, text, strlen(text), near, 4);
	xlpt_tree_find(tree, text);
	xlpt_settings_init(&settings);
	xlpt_settings_xen(&settings, text);

	/* A selection a line. */
	for (line = strtok(text, "\n"); line && n < 3; line = strtok(NULL, "\n"))
		selections[n++] = line;
	xlpt_settings_init(&settings);
	REQUIRE(!xlpt_diags_new(&diags));
	xlpt_plan_make(tree, &settings, selections, n, diags, &plan);
	xlpt_plan_free(plan);
	xlpt_diags_free(diags);
	free(text);
	return 0;
}
