/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a PCI host bridge needs as a device-tree device: its windows and its ECAM. */
#include "address.h"
#include "plan.h"

/* One bus of ECAM: 32 devices, 8 functions, 4 KiB each (PCI Express Base Specification, 7.2.2). */
#define ECAM_BUS_SHIFT 20

bool pci_is_host_bridge(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t parent = tree->node[node].parent;

	return tree->node[node].bus == BUS_PCI && tree->node[node].flags & TREE_BUS &&
	       parent != XLPT_NO_NODE && tree->node[parent].bus != BUS_PCI;
}

bool pci_memory_window(const struct xlpt_tree *tree, uint32_t node, unsigned *next,
		       struct pci_window *window_r)
{
	struct address_window window;

	if (!pci_is_host_bridge(tree, node))
		return false;
	while (address_window(tree, node, (*next)++, &window)) {
		/* 1 is I/O space, 2 and 3 memory (PCI bus binding, 2.2.1.1). */
		if (!window.translates || (window.flags >> 24 & 3) < 2)
			continue;
		*window_r = (struct pci_window){
			.node = node, .bus = window.bus, .host = window.cpu,
			.size = window.size, .flags = window.flags,
		};
		return true;
	}
	return false;
}

bool pci_ecam(const struct xlpt_tree *tree, uint32_t node, const struct item_options *options,
	      uint64_t *offset_r, uint64_t *size_r, unsigned *first_bus_r, unsigned *last_bus_r)
{
	const struct tree_prop *range;
	struct address_reg reg;
	uint32_t first = 0, last;

	if (!pci_is_host_bridge(tree, node) || !tree_compatible(tree, node, "pci-host-ecam-generic") ||
	    !address_reg(tree, node, 0, &reg) || !reg.size >> ECAM_BUS_SHIFT)
		return false;
	last = reg.size >> ECAM_BUS_SHIFT > 256 ? 255 : (uint32_t)(reg.size >> ECAM_BUS_SHIFT) - 1;
	range = tree_prop(tree, node, P_BUS_RANGE);
	if (range && range->len >= 8) {
		const uint8_t *cells = prop_value(tree, range);
		uint32_t end = be32_at(cells + 4);

		first = be32_at(cells);
		/* The window holds as many buses as it has room for, whatever bus-range says. */
		if (first > 255 || end > 255 || end < first)
			return false;
		last = end - first < last ? end : first + last;
	}
	*first_bus_r = first;
	*last_bus_r = last;
	*offset_r = 0;
	*size_r = reg.size;
	if (options->has_buses) {
		if (options->first_bus < first || options->last_bus > last)
			return false;
		*offset_r = (uint64_t)(options->first_bus - first) << ECAM_BUS_SHIFT;
		*size_r = (uint64_t)(options->last_bus - options->first_bus + 1) << ECAM_BUS_SHIFT;
		*first_bus_r = options->first_bus;
		*last_bus_r = options->last_bus;
	}
	return true;
}

void item_reg(const struct xlpt_tree *tree, const struct plan_item *item,
	      const struct res_reg *reg, uint64_t *base_r, uint64_t *size_r)
{
	uint64_t offset, size;
	unsigned first, last;

	*base_r = reg->base;
	*size_r = reg->size;
	if (item->options->has_buses && reg->entry == 0 &&
	    pci_ecam(tree, reg->node, item->options, &offset, &size, &first, &last)) {
		*base_r = reg->base + offset;
		*size_r = size;
	}
}

void rules_pci(struct xlpt_plan *plan, struct plan_item *item)
{
	const struct item_options *options = item->options;
	uint32_t node, end = plan->tree->node[item->node].end;
	uint64_t offset, size;
	unsigned first, last;

	if (!options->has_buses)
		return;
	for (node = item->node; node < end; node++)
		if (pci_ecam(plan->tree, node, options, &offset, &size, &first, &last))
			return;
	diag_add(plan->diags, DIAG_SELECTION_INVALID, 0, item->path, NULL,
		 "Give buses= only to a pci-host-ecam-generic bridge, within its bus-range.",
		 "buses=%u-%u does not fit: no ECAM here that holds these buses",
		 options->first_bus, options->last_bus);
}
