/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index against libfdt's own walk, and blobs that are no host tree. */
#include "fixture.h"

#include <stdio.h>

#include <libfdt.h>

#include "diag.h"
#include "wide.h"

static struct fixture board;

static int open_board(void **state)
{
	(void)state;
	fixture_open(&board, fixture_board);
	return 0;
}

static int close_board(void **state)
{
	(void)state;
	fixture_close(&board);
	return 0;
}

/* Every node, property, parent and phandle as libfdt sees them. */
static void equals_libfdt(void **state)
{
	const struct xlpt_tree *tree = board.tree;
	int offset, prop, depth = 0, len;
	uint32_t node = 0;

	(void)state;
	for (offset = 0; offset >= 0 && depth >= 0; offset = fdt_next_node(board.blob, offset, &depth), node++) {
		uint32_t i = tree->node[node].prop;
		char path[512];
		struct arena arena;
		char *ours;

		assert_true(node < tree->n_nodes);
		assert_int_equal(fdt_get_path(board.blob, offset, path, sizeof(path)), 0);
		arena_init(&arena);
		ours = tree_path(tree, node, &arena);
		assert_string_equal(ours, path);
		assert_int_equal(tree_by_path(tree, path, strlen(path)), node);
		arena_free(&arena);
		fdt_for_each_property_offset(prop, board.blob, offset) {
			const char *name;
			const void *value = fdt_getprop_by_offset(board.blob, prop, &name, &len);

			assert_true(i < tree->node[node + 1].prop);
			assert_string_equal(prop_name(tree, &tree->prop[i]), name);
			assert_int_equal(tree->prop[i].len, len);
			assert_ptr_equal(prop_value(tree, &tree->prop[i]), value);
			assert_ptr_equal(tree_prop_named(tree, node, name), &tree->prop[i]);
			i++;
		}
		assert_int_equal(i, tree->node[node + 1].prop);
		if (fdt_get_phandle(board.blob, offset))
			assert_int_equal(tree_by_phandle(tree, fdt_get_phandle(board.blob, offset)), node);
	}
	assert_int_equal(node, tree->n_nodes);
	assert_int_equal(tree->node[0].end, tree->n_nodes);
}

static void absent(void **state)
{
	(void)state;
	assert_int_equal(tree_by_phandle(board.tree, 0), XLPT_NO_NODE);
	assert_int_equal(tree_by_phandle(board.tree, UINT32_MAX), XLPT_NO_NODE);
	assert_null(tree_prop_named(board.tree, 0, "no-such"));
	assert_null(tree_prop(board.tree, 0, P_REG));
}

/* A blob of its own for each refusal; the id and that nothing is left behind is what counts. */
static void refuse(const void *blob, size_t size)
{
	struct xlpt_diags *diags;
	struct xlpt_tree *tree = (void *)&board;
	const struct xlpt_diag *list;
	size_t n;

	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_true(xlpt_tree_parse(blob, size, diags, &tree) < 0);
	assert_null(tree);
	list = xlpt_diags_list(diags, &n);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].id, "host-tree-invalid");
	assert_int_equal(list[0].severity, XLPT_ERROR);
	xlpt_diags_free(diags);
}

static void *copy(size_t size)
{
	void *blob = malloc(size);

	assert_non_null(blob);
	memcpy(blob, board.blob, size < board.size ? size : board.size);
	return blob;
}

static void malformed(void **state)
{
	size_t size;
	void *blob;

	(void)state;
	refuse("", 0);
	/* Cut anywhere: the memory ends there, so that a sanitizer sees a read beyond. */
	for (size = 1; size < board.size; size += size < 64 ? 1 : 97) {
		blob = copy(size);
		refuse(blob, size);
		free(blob);
	}
	blob = copy(board.size);
	fdt_set_magic(blob, 0x12345678);
	refuse(blob, board.size);
	fdt_set_magic(blob, FDT_MAGIC);
	fdt_set_version(blob, 15);
	refuse(blob, board.size);
	fdt_set_version(blob, 17);
	fdt_set_off_dt_struct(blob, UINT32_MAX - 3);
	refuse(blob, board.size);
	fdt_set_off_dt_struct(blob, fdt_off_dt_struct(board.blob));
	/* libfdt counts in int; of more than that it reads the header alone */
	fdt_set_totalsize(blob, (uint32_t)INT32_MAX + 1);
	refuse(blob, UINT32_MAX);
	free(blob);
}

/* A blob of that version with this structure block; its one property name is "p". */
static void *raw(uint32_t version, const uint32_t *cells, size_t n, size_t *size_r)
{
	uint32_t reserved = sizeof(struct fdt_header), structure = reserved + 16;
	uint32_t strings = structure + (uint32_t)n * 4;
	uint8_t *blob = calloc(1, strings + 2);
	size_t i;

	assert_non_null(blob);
	fdt_set_magic(blob, FDT_MAGIC);
	fdt_set_totalsize(blob, strings + 2);
	fdt_set_off_dt_struct(blob, structure);
	fdt_set_off_dt_strings(blob, strings);
	fdt_set_off_mem_rsvmap(blob, reserved);
	fdt_set_version(blob, version);
	fdt_set_last_comp_version(blob, 16);
	fdt_set_size_dt_strings(blob, 2);
	fdt_set_size_dt_struct(blob, (uint32_t)n * 4);
	for (i = 0; i < n; i++)
		((uint32_t *)(blob + structure))[i] = cpu_to_fdt32(cells[i]);
	blob[strings] = 'p';
	*size_r = strings + 2;
	return blob;
}

#define ROOT FDT_BEGIN_NODE, 0
#define NODE FDT_BEGIN_NODE, 'n' << 24
#define PROPERTY FDT_PROP, 4, 0, 42
#define STRUCTURE(...) { (const uint32_t[]){ __VA_ARGS__ }, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4 }

/* Structure blocks that are no tree. */
static void structures(void **state)
{
	const struct {
		const uint32_t *cells;
		size_t n;
	} good = STRUCTURE(FDT_NOP, ROOT, FDT_NOP, PROPERTY, NODE, PROPERTY, FDT_END_NODE, FDT_NOP, FDT_END_NODE,
			   FDT_NOP, FDT_END), bad[] = {
		STRUCTURE(FDT_END),
		STRUCTURE(ROOT, PROPERTY, FDT_END),				/* not ended */
		STRUCTURE(ROOT, FDT_END_NODE, ROOT, FDT_END_NODE, FDT_END),	/* two roots */
		STRUCTURE(FDT_END_NODE, FDT_END),
		STRUCTURE(ROOT, FDT_END_NODE, FDT_END_NODE, FDT_END),
		STRUCTURE(PROPERTY, ROOT, FDT_END_NODE, FDT_END),		/* of no node */
		STRUCTURE(ROOT, FDT_END_NODE, PROPERTY, FDT_END),
		STRUCTURE(ROOT, NODE, FDT_END_NODE, PROPERTY, FDT_END_NODE, FDT_END),	/* behind a node */
		STRUCTURE(ROOT, 5, FDT_END_NODE, FDT_END),			/* no tag there is */
		STRUCTURE(ROOT, 0, FDT_END_NODE, FDT_END),
		STRUCTURE(ROOT, FDT_PROP, 4, 2, 42, FDT_END_NODE, FDT_END),	/* a name behind the names */
		STRUCTURE(ROOT, FDT_PROP, 400, 0, 42, FDT_END_NODE, FDT_END),	/* a value behind the blob */
		STRUCTURE(ROOT, FDT_END_NODE),					/* no end */
		STRUCTURE(FDT_BEGIN_NODE, 'n' << 24 | 'n' << 16 | 'n' << 8 | 'n'),
	};
	struct xlpt_diags *diags;
	struct xlpt_tree *tree;
	size_t size, i;
	void *blob;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		blob = raw(17, bad[i].cells, bad[i].n, &size);
		refuse(blob, size);
		free(blob);
	}
	blob = raw(17, good.cells, good.n, &size);
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(xlpt_tree_parse(blob, size, diags, &tree), 0);
	assert_int_equal(tree->n_nodes, 2);
	assert_int_equal(tree->n_props, 2);
	xlpt_tree_free(tree);
	xlpt_diags_free(diags);
	/* What libfdt reads and Xen may not: blocks without their sizes. */
	fdt_set_version(blob, 16);
	refuse(blob, size);
	free(blob);
}

/* Root node around `depth` nested nodes, or around one node with this name. */
static void *sequential(int depth, const char *name, size_t *size_r)
{
	size_t size = 1 << 16;
	void *blob = malloc(size);
	int i;

	assert_non_null(blob);
	assert_int_equal(fdt_create(blob, (int)size), 0);
	assert_int_equal(fdt_finish_reservemap(blob), 0);
	assert_int_equal(fdt_begin_node(blob, ""), 0);
	for (i = 0; i < depth; i++)
		assert_int_equal(fdt_begin_node(blob, name), 0);
	for (i = 0; i <= depth; i++)
		assert_int_equal(fdt_end_node(blob), 0);
	assert_int_equal(fdt_finish(blob), 0);
	*size_r = fdt_totalsize(blob);
	return blob;
}

static void limits(void **state)
{
	static const char *const names[] = { "a b", "a\"b", "a'b", "$(reboot)", "a;b", "a/b", "a\nb", "\xff" };
	struct xlpt_diags *diags;
	struct xlpt_tree *tree;
	char name[400];
	size_t size, i;
	void *blob;

	(void)state;
	blob = sequential(TREE_MAX_DEPTH - 1, "n", &size);
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(xlpt_tree_parse(blob, size, diags, &tree), 0);
	xlpt_tree_free(tree);
	xlpt_diags_free(diags);
	free(blob);
	blob = sequential(TREE_MAX_DEPTH, "n", &size);
	refuse(blob, size);
	free(blob);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		blob = sequential(1, names[i], &size);
		refuse(blob, size);
		free(blob);
	}
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	blob = sequential(1, name, &size);
	refuse(blob, size);
	free(blob);
}

/* So many leaves below 20 nodes of long names. */
static void *leaves(unsigned n, size_t *size_r)
{
	size_t size = 1 << 18;
	void *blob = malloc(size);
	char name[201];
	unsigned i;

	assert_non_null(blob);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(fdt_create(blob, (int)size), 0);
	assert_int_equal(fdt_finish_reservemap(blob), 0);
	assert_int_equal(fdt_begin_node(blob, ""), 0);
	for (i = 0; i < 20; i++)
		assert_int_equal(fdt_begin_node(blob, name), 0);
	for (i = 0; i < n; i++) {
		assert_int_equal(fdt_begin_node(blob, "leaf"), 0);
		assert_int_equal(fdt_end_node(blob), 0);
	}
	for (i = 0; i <= 20; i++)
		assert_int_equal(fdt_end_node(blob), 0);
	assert_int_equal(fdt_finish(blob), 0);
	*size_r = fdt_totalsize(blob);
	return blob;
}

/* Paths of 4 KiB for 16 bytes each: a few are taken, thousands would be all that is printed. */
static void long_paths(void **state)
{
	struct xlpt_diags *diags;
	struct xlpt_tree *tree;
	size_t size;
	void *blob;

	(void)state;
	blob = leaves(20, &size);
	assert_int_equal(xlpt_diags_new(&diags), 0);
	assert_int_equal(xlpt_tree_parse(blob, size, diags, &tree), 0);
	xlpt_tree_free(tree);
	xlpt_diags_free(diags);
	free(blob);
	blob = leaves(2000, &size);
	refuse(blob, size);
	free(blob);
}

static void overlay(void **state)
{
	struct fixture none = { 0 };

	(void)state;
	fixture_open(&none, "/dts-v1/; / { };");
	fixture_close(&none);
	{
		static const char *const path[] = { "fragment@0", "__overlay__" };
		size_t size = 4096;
		void *blob = malloc(size);

		assert_int_equal(fdt_create(blob, (int)size), 0);
		assert_int_equal(fdt_finish_reservemap(blob), 0);
		assert_int_equal(fdt_begin_node(blob, ""), 0);
		assert_int_equal(fdt_begin_node(blob, path[0]), 0);
		assert_int_equal(fdt_begin_node(blob, path[1]), 0);
		assert_int_equal(fdt_end_node(blob), 0);
		assert_int_equal(fdt_end_node(blob), 0);
		assert_int_equal(fdt_end_node(blob), 0);
		assert_int_equal(fdt_finish(blob), 0);
		refuse(blob, fdt_totalsize(blob));
		free(blob);
	}
}

/* A node with more properties than are looked through one by one. */
static void wide_node(void **state)
{
	char dts[8192] = "/dts-v1/; / { n {";
	struct fixture f;
	uint32_t node, value;
	size_t len = strlen(dts), i;

	(void)state;
	for (i = 0; i < 3 * WIDE_PROPS; i++)
		len += (size_t)snprintf(dts + len, sizeof(dts) - len, " p%zu = <%zu>;", i, i);
	snprintf(dts + len, sizeof(dts) - len, " #address-cells = <1>; status = \"disabled\"; }; };");
	fixture_open(&f, dts);
	node = tree_by_path(f.tree, "/n", 2);
	assert_true(f.tree->node[node].flags & TREE_WIDE);
	assert_true(f.tree->node[node].flags & TREE_DISABLED);
	assert_true(tree_u32(f.tree, node, P_ADDRESS_CELLS, &value));
	assert_int_equal(value, 1);
	for (i = 0; i < 3 * WIDE_PROPS; i++) {
		char name[16];
		const struct tree_prop *prop;

		snprintf(name, sizeof(name), "p%zu", i);
		prop = tree_prop_named(f.tree, node, name);
		assert_non_null(prop);
		assert_int_equal(be32_at(prop_value(f.tree, prop)), i);
	}
	assert_null(tree_prop_named(f.tree, node, "p"));
	assert_null(tree_prop(f.tree, node, P_REG));
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_libfdt),
		cmocka_unit_test(absent),
		cmocka_unit_test(malformed),
		cmocka_unit_test(structures),
		cmocka_unit_test(limits),
		cmocka_unit_test(long_paths),
		cmocka_unit_test(overlay),
		cmocka_unit_test(wide_node),
	};

	return cmocka_run_group_tests(tests, open_board, close_board);
}
