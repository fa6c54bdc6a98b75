/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host tree as the boot script would leave it. */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>

#include "plan.h"

/* Bytes that suffice for a copy in which every mark is new. */
static uint64_t room_needed(const struct xlpt_plan *plan)
{
	const uint8_t *blob = plan->tree->blob;
	/* libfdt may rearrange the blocks, which may overlap in a file that was made by hand. */
	uint64_t size = (uint64_t)fdt_totalsize(blob) + fdt_size_dt_struct(blob) +
			fdt_size_dt_strings(blob);

	return size + sizeof("xen,passthrough") + sizeof("status") +
	       (uint64_t)plan->n_mark * 12 + (uint64_t)plan->n_enable * (12 + 8) + 64;
}

/*
 * The structure block is copied as it is, so a node lies where the index found
 * it, as long as only nodes behind it have grown.
 */
static int node_offset(const struct xlpt_tree *tree, uint32_t node)
{
	return (int)(tree->node[node].name - FDT_TAGSIZE - fdt_off_dt_struct(tree->blob));
}

/* Both lists from their ends, whichever is farther back in the tree first. */
static int set_properties(const struct xlpt_plan *plan, void *copy)
{
	size_t mark = plan->n_mark, enable = plan->n_enable;
	int rc = 0;

	while (!rc && (mark || enable)) {
		if (mark && (!enable || plan->mark_node[mark - 1] >= plan->enable_node[enable - 1]))
			rc = fdt_setprop_empty(copy, node_offset(plan->tree, plan->mark_node[--mark]),
					       "xen,passthrough");
		else
			rc = fdt_setprop_string(copy, node_offset(plan->tree,
								  plan->enable_node[--enable]),
						"status", "okay");
	}
	return rc;
}

int xlpt_emit_marked(const struct xlpt_plan *plan, void **blob_r, size_t *size_r)
{
	uint64_t size = room_needed(plan);
	void *copy;
	int rc;

	*blob_r = NULL;
	/* libfdt 1.6 takes the error of a memory reservation block without an end for its size. */
	if (!plan->ok || size > INT32_MAX || fdt_num_mem_rsv(plan->tree->blob) < 0)
		return -EINVAL;
	copy = malloc(size);
	if (!copy)
		return -ENOMEM;
	rc = fdt_open_into(plan->tree->blob, copy, (int)size);
	if (!rc)
		rc = set_properties(plan, copy);
	if (!rc)
		rc = fdt_pack(copy);
	if (rc) {
		free(copy);
		return rc == -FDT_ERR_NOSPACE ? -ENOMEM : -EINVAL;
	}
	*blob_r = copy;
	*size_r = fdt_totalsize(copy);
	return 0;
}
