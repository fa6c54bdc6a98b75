/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers: entries that do not translate, and frames that hold more than the device. */
#include "address.h"
#include "groups.h"
#include "plan.h"

/* `devices` names this many sharers of a range and stops; a plan names all. */
#define FEW 8

struct sharers {
	struct xlpt_plan *plan;
	const struct plan_item *item;
	const struct res_reg *reg;
	uint64_t base, last;		/* bytes mapped for reg, whole frames */
	unsigned n;
	bool cut;			/* not all were looked at */
};

/* Controllers have registers of their own; a bus has none to speak of. */
static bool is_provider(const struct xlpt_tree *tree, uint32_t node)
{
	return tree_compatible(tree, node, "syscon") ||
	       tree->node[node].flags & TREE_INTERRUPT_CONTROLLER ||
	       tree_prop_named(tree, node, "gpio-controller") ||
	       tree_prop(tree, node, P_CLOCK_CELLS) ||
	       tree_prop_named(tree, node, "#reset-cells");
}

/*
 * A bus whose reg spans what lies below it describes its window, not registers
 * beside ours: for its own descendants as soon as it spans them, and for
 * everybody if it is nothing but a bus and spans all below it. What else has a
 * reg and children, such as an SRAM, has something of its own there.
 */
bool reg_of_spanning_bus(const struct xlpt_tree *tree, const struct res_reg *bus,
			 const struct res_reg *reg)
{
	bool simple;

	if (!(tree->node[bus->node].flags & TREE_BUS) || bus->node == reg->node)
		return false;
	simple = tree_compatible(tree, bus->node, "simple-bus");
	if (bus->spans_below && simple)
		return true;
	return tree_within(tree, reg->node, bus->node) &&
	       (bus->spans_below ||
		(bus->base <= reg->base &&
		 last_byte(bus->base, bus->size) >= last_byte(reg->base, reg->size))) &&
	       (simple || !is_provider(tree, bus->node));
}

static int sharer(void *opaque, const struct res_reg *other)
{
	struct sharers *s = opaque;
	struct xlpt_plan *plan = s->plan;
	const struct xlpt_tree *tree = plan->tree;
	const char *path, *why;
	uint64_t frame;

	if (!plan_may_look(plan)) {
		s->cut = true;
		return 1;
	}
	if (plan_item_of(plan, other->node) || reg_of_spanning_bus(tree, other, s->reg))
		return 0;
	frame = (other->base > s->base ? other->base : s->base) >> XLPT_FRAME_SHIFT;
	path = plan_path(plan, other->node);
	why = device_reserved(plan->host, other->node);

	if (tree->node[other->node].flags & TREE_SPECIAL) {
		diag_add(plan->diags, DIAG_IOMEM_IN_MEMORY, 0, plan_path(plan, s->reg->node), "reg",
			 NULL, "frame 0x%llx lies in %s", (unsigned long long)frame, path);
	} else if (why && iommu_kind(tree, other->node) == IOMMU_OTHER) {
		diag_add(plan->diags, DIAG_DEVICE_RESERVED, 0, plan_path(plan, s->reg->node), "reg",
			 NULL, "shares frame 0x%llx with %s: %s", (unsigned long long)frame, path, why);
	} else if (!tree_enabled(tree, other->node)) {
		plan_mark(plan, other->node);
		diag_add(plan->diags, DIAG_SHARER_DISABLED, 0, path, "reg", NULL,
			 "disabled, but shares frame 0x%llx with %s; Xen would map it to dom0, so it is marked too",
			 (unsigned long long)frame, plan_path(plan, s->reg->node));
	} else {
		diag_add(plan->diags, DIAG_IOMEM_SHARED_PAGE, 0, plan_path(plan, s->reg->node), "reg",
			 NULL, "shares frame 0x%llx with %s", (unsigned long long)frame, path);
	}
	return plan->limited && ++s->n >= FEW;
}

/* What of a node's reg does not translate. */
static void check_entries(struct xlpt_plan *plan, uint32_t node)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t first = r->first_reg[node], n = r->first_reg[node + 1] - first, i = 0;
	struct address_reg reg;
	unsigned entry;

	/* A node whose bus does not translate at all (I2C, MDIO, PCI functions) has no CPU registers. */
	if (!n)
		return;
	for (entry = 0; address_reg(tree, node, entry, &reg); entry++) {
		if (i < n && r->reg[first + i].entry == entry)
			i++;
		else
			diag_add(plan->diags, DIAG_REG_UNTRANSLATABLE, 0, plan_path(plan, node), "reg",
				 NULL, "entry %u does not translate to a CPU address", entry);
	}
	for (i = first; i < first + n; i++) {
		if (r->reg[i].past_window)
			diag_add(plan->diags, DIAG_REG_PAST_WINDOW, 0, plan_path(plan, node), "reg", NULL,
				 "entry %u (0x%llx, size 0x%llx) runs past the ranges window it starts in",
				 r->reg[i].entry, (unsigned long long)r->reg[i].base,
				 (unsigned long long)r->reg[i].size);
		if (!r->reg[i].size)
			diag_add(plan->diags, DIAG_REG_EMPTY, 0, plan_path(plan, node), "reg", NULL,
				 "entry %u has size 0: nothing is mapped for it", r->reg[i].entry);
	}
}

static void check_range(struct xlpt_plan *plan, const struct plan_item *item,
			const struct res_reg *reg, uint64_t base, uint64_t size)
{
	const uint64_t in_frame = ((uint64_t)1 << XLPT_FRAME_SHIFT) - 1;
	struct sharers s = {
		.plan = plan, .item = item, .reg = reg, .base = base & ~in_frame,
		.last = last_byte(base, size) | in_frame,
	};

	regs_overlapping(plan->others, s.base, s.last, sharer, &s);
	if (s.cut)
		diag_add(plan->diags, DIAG_IOMEM_SHARED_PAGE, DIAG_AS_ERROR, plan_path(plan, reg->node),
			 "reg", NULL, "frame 0x%llx: there are too many sharers of frames to look at all",
			 (unsigned long long)(s.base >> XLPT_FRAME_SHIFT));
}

void rules_iomem(struct xlpt_plan *plan, struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t node, end = item->end, i;
	struct pci_window window;
	uint64_t base, size;
	unsigned w;

	for (node = item->node; node < end; node++)
		check_entries(plan, node);
	for (i = r->first_reg[item->node]; i < r->first_reg[end]; i++) {
		item_reg(tree, item, &r->reg[i], &base, &size);
		/* One more range in the same frame says nothing new. */
		if (size && !regs_repeat(r, i))
			check_range(plan, item, &r->reg[i], base, size);
	}
	for (node = item->node; node < end; node++)
		for (w = 0; pci_memory_window(tree, node, &w, &window);) {
			struct res_reg as_reg = {
				.base = window.host, .size = window.size, .node = node,
			};

			if (window.size)
				check_range(plan, item, &as_reg, window.host, window.size);
		}
}
