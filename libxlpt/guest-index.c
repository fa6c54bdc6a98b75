/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "guest-index.h"
#include "tree.h"

static void blank(uint8_t *at, int bytes)
{
	for (; bytes > 0; bytes -= 4, at += 4)
		fdt32_st(at, FDT_NOP);
}

/* Overwrite properties behind subnodes. What is malformed is left for the parser to tell. */
static void drop_late_properties(uint8_t *blob, size_t size)
{
	bool late[TREE_MAX_DEPTH + 2] = { false };
	int offset = 0, next = 0, depth = 0;
	uint32_t tag;

	if (size < sizeof(struct fdt_header) || fdt_check_header(blob) || fdt_totalsize(blob) > size)
		return;
	do {
		offset = next;
		tag = fdt_next_tag(blob, offset, &next);
		if (tag == FDT_BEGIN_NODE) {
			late[depth] = true;
			if (++depth > TREE_MAX_DEPTH)
				return;
			late[depth] = false;
		} else if (tag == FDT_END_NODE && --depth < 0) {
			return;
		} else if (tag == FDT_PROP && late[depth] && depth) {
			blank(blob + fdt_off_dt_struct(blob) + offset, next - offset);
		}
	} while (tag != FDT_END);
}

int guest_index(const void *blob, size_t size, struct xlpt_diags *diags, const char *prefix,
		void **copy_r, struct xlpt_tree **tree_r)
{
	struct xlpt_diags scratch;
	void *copy;
	int rc;

	*tree_r = NULL;
	*copy_r = copy = malloc(size ? size : 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, blob, size);
	drop_late_properties(copy, size);
	/* The parser's own finding would be about a host's tree. */
	diags_init(&scratch);
	rc = xlpt_tree_parse(copy, size, &scratch, tree_r);
	if (rc == -EINVAL)
		diag_add(diags, DIAG_PARTIAL_TREE_INVALID, 0, NULL, NULL, NULL, "%s: %s", prefix,
			 scratch.n ? scratch.list[0].message : "malformed");
	diags_fini(&scratch);
	if (rc) {
		free(copy);
		*copy_r = NULL;
	}
	return rc;
}
