/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <libfdt.h>

#include "guest-board.h"

void guest_open(struct guest_board *b, const char *dts)
{
	*b = (struct guest_board){ .fdt = NULL };
	fixture_open(&b->f, dts);
}

void guest_plan(struct guest_board *b, const char *const *selections)
{
	size_t n, size;

	for (n = 0; selections[n]; n++)
		;
	assert_int_equal(xlpt_plan_make(b->f.tree, &b->f.settings, selections, n, b->f.diags, &b->f.plan), 0);
	assert_int_equal(xlpt_emit_partial(b->f.plan, &b->fdt, &size), 0);
	assert_int_equal(fdt_check_full(b->fdt, size), 0);
	assert_int_equal(xlpt_emit_partial_dts(b->f.plan, &b->dts), 0);
}

void guest_close(struct guest_board *b)
{
	free(b->fdt);
	free(b->dts);
	fixture_close(&b->f);
}

void guest_allow_all(struct guest_board *b)
{
	const struct xlpt_diag_info *info;
	size_t n, i;

	info = xlpt_diag_catalogue(&n);
	for (i = 0; i < n; i++)
		if (info[i].allowable)
			assert_int_equal(xlpt_diags_allow(b->f.diags, info[i].id), 0);
}

void guest_make(struct guest_board *b, const char *dts, const char *selection)
{
	guest_open(b, dts);
	guest_allow_all(b);
	guest_plan(b, (const char *const[]){ selection, NULL });
}

int guest_node_at(struct guest_board *b, const char *path)
{
	int node = fdt_path_offset(b->fdt, path);

	if (node < 0)
		fail_msg("no node %s in\n%s", path, b->dts);
	return node;
}

void guest_no_node(struct guest_board *b, const char *path)
{
	if (fdt_path_offset(b->fdt, path) >= 0)
		fail_msg("a node %s in\n%s", path, b->dts);
}

void guest_has_bytes(struct guest_board *b, const char *path, const char *prop, const void *bytes,
		     size_t len)
{
	int node = guest_node_at(b, path), have;
	const void *value = fdt_getprop(b->fdt, node, prop, &have);

	if (!value || (size_t)have != len || memcmp(value, bytes, len))
		fail_msg("%s of %s is not as expected in\n%s", prop, path, b->dts);
}

void guest_cells_are(struct guest_board *b, const char *path, const char *prop, size_t n,
		     const uint32_t *cells)
{
	fdt32_t expected[256];
	size_t i;

	assert_true(n <= 256);
	for (i = 0; i < n; i++)
		expected[i] = cpu_to_fdt32(cells[i]);
	guest_has_bytes(b, path, prop, expected, n * 4);
}

void guest_has_flag(struct guest_board *b, const char *path, const char *prop)
{
	guest_has_bytes(b, path, prop, "", 0);
}

void guest_lacks(struct guest_board *b, const char *path, const char *prop)
{
	if (fdt_getprop(b->fdt, guest_node_at(b, path), prop, NULL))
		fail_msg("%s of %s is there in\n%s", prop, path, b->dts);
}

uint32_t guest_phandle_at(struct guest_board *b, const char *path)
{
	uint32_t phandle = fdt_get_phandle(b->fdt, guest_node_at(b, path));

	if (!phandle || phandle > 65000)
		fail_msg("%s has phandle %u in\n%s", path, phandle, b->dts);
	return phandle;
}
