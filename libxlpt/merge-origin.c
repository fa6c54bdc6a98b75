/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "merge-origin.h"

enum origin merge_origin(const struct judge *j, uint32_t node)
{
	const struct xlpt_tree *tree = j->tree;

	while (node && tree->node[node].parent)
		node = tree->node[node].parent;
	return node && (!strcmp(tree_name(tree, node), "passthrough") ||
			!strcmp(tree_name(tree, node), "aliases")) ? ORIGIN_PARTIAL : ORIGIN_LIBXL;
}

bool merge_host(struct judge *j, uint32_t node, uint64_t *host_r, const char **path_r)
{
	const struct resources *r = j->tree->resources;
	uint32_t host;

	*path_r = NULL;
	if (r->first_reg[node] == r->first_reg[node + 1] ||
	    !judge_to_host(j, r->reg[r->first_reg[node]].base, host_r))
		return false;
	host = judge_host_node(j, node);
	if (host != XLPT_NO_NODE)
		*path_r = tree_path(j->in->host, host, &j->arena);
	return true;
}

const char *merge_purpose(const struct xlpt_tree *tree, uint32_t node)
{
	static const struct {
		const char *name, *purpose;
	} rows[] = {
		{ "chosen", "kernel command line, ramdisk, random seed" },
		{ "cpus", "one node a virtual CPU" },
		{ "psci", "CPUs are started and stopped by calls to Xen" },
		{ "memory", "RAM" },
		{ "interrupt-controller", "the virtual GIC; phandle 65000 is what <&gic> has to be" },
		{ "timer", "the virtual timer" },
		{ "hypervisor", "grant table, then the extended regions: free for foreign mappings" },
		{ "sbsa-pl011", "vuart=\"sbsa_uart\"" },
		{ "firmware", "tee=\"optee\"" },
		{ "pcie", "pci=" },
		{ "virtio", "a virtio-mmio device" },
		{ "xen_iommu", "grants for virtio backends" },
	};
	size_t i;

	if (!node || tree->node[node].parent)
		return NULL;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (tree_name_is(tree, node, rows[i].name))
			return rows[i].purpose;
	return NULL;
}

struct first_user {
	const struct judge *j;
	uint32_t node;
};

static int is_first(void *opaque, const struct res_reg *reg)
{
	struct first_user *first = opaque;

	if (!tree_within(first->j->tree, reg->node, first->j->passthrough))
		return 0;
	first->node = reg->node;
	return 1;
}

const char **merge_labels(struct judge *j)
{
	const struct judge_lists *lists = j->in->lists;
	size_t n = lists ? lists->n_iomem : 0, i;
	const char **labels = arena_alloc(&j->arena, n + 1, sizeof(*labels));

	for (i = 0; labels && i < n && j->passthrough != XLPT_NO_NODE; i++) {
		struct first_user first = { j, XLPT_NO_NODE };
		uint64_t base = lists->iomem[i].gfn << XLPT_FRAME_SHIFT;

		if (!lists->iomem[i].count)
			continue;
		regs_overlapping(j->tree, base,
				 last_byte(base, lists->iomem[i].count << XLPT_FRAME_SHIFT),
				 is_first, &first);
		/* Long lists are abridged by the map; paths of the rest are not worth their memory. */
		if (first.node != XLPT_NO_NODE && i < 256)
			labels[i] = tree_path(j->tree, first.node, &j->arena);
	}
	return labels;
}
