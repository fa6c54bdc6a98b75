/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arrays of a plan that the public API hands out, made of what the stages found. */
#include <errno.h>

#include "plan.h"
#include "u32-set.h"

/* Memory windows of the host bridges in a subtree. */
static size_t count_windows(const struct xlpt_tree *tree, uint32_t top)
{
	struct pci_window window;
	uint32_t node;
	size_t n = 0;
	unsigned w;

	for (node = top; node < tree->node[top].end; node++)
		for (w = 0; pci_memory_window(tree, node, &w, &window);)
			n++;
	return n;
}

static int finish_devices(struct xlpt_plan *plan)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	size_t item, n_irqs = 0, n_regs, k;
	struct pci_window window;
	unsigned w;
	uint32_t i;

	plan->devices = arena_alloc(&plan->arena, plan->n_items, sizeof(*plan->devices));
	if (!plan->devices)
		return -ENOMEM;
	for (item = 0; item < plan->n_items; item++) {
		uint32_t node = plan->item[item].node, end = tree->node[node].end;

		n_irqs += r->first_irq[end] - r->first_irq[node];
	}
	plan->irqs = arena_alloc(&plan->arena, n_irqs, sizeof(*plan->irqs));
	if (!plan->irqs)
		return -ENOMEM;

	for (item = 0; item < plan->n_items; item++) {
		const struct plan_item *from = &plan->item[item];
		struct xlpt_plan_device *to = &plan->devices[item];
		uint32_t node = from->node, end = tree->node[node].end;
		struct xlpt_plan_reg *reg;
		uint32_t *irq;

		n_regs = r->first_reg[end] - r->first_reg[node] + count_windows(tree, node);
		reg = arena_alloc(&plan->arena, n_regs, sizeof(*reg));
		irq = arena_alloc(&plan->arena, r->first_irq[end] - r->first_irq[node], sizeof(*irq));
		if (!reg || !irq)
			return -ENOMEM;
		to->path = from->path;
		to->guest_path = from->guest_path;
		to->regs = reg;
		to->irqs = irq;
		for (i = r->first_reg[node]; i < r->first_reg[end]; i++) {
			struct xlpt_plan_reg *slot = &reg[to->n_regs++];

			item_reg(tree, from, &r->reg[i], &slot->host, &slot->size);
		}
		for (i = node; i < end; i++)
			for (w = 0; pci_memory_window(tree, i, &w, &window);)
				reg[to->n_regs++] = (struct xlpt_plan_reg){
					.host = window.host, .size = window.size,
				};
		/* 0 where the plan found no place. */
		for (k = 0; k < to->n_regs; k++)
			if (!plan_guest_address(plan, reg[k].host, &reg[k].guest))
				reg[k].guest = 0;
		for (i = r->first_irq[node]; i < r->first_irq[end]; i++)
			if (r->irq[i].kind == IRQ_SPI)
				irq[to->n_irqs++] = r->irq[i].intid;
		for (k = 0; k < to->n_irqs; k++)
			plan->irqs[plan->n_irqs++] = irq[k];
	}
	plan->n_irqs = u32_set_make(plan->irqs, plan->n_irqs);
	return 0;
}

static int finish_iomem(struct xlpt_plan *plan)
{
	size_t i;

	if (!plan->placed)
		return 0;
	plan->iomem = arena_alloc(&plan->arena, plan->n_runs, sizeof(*plan->iomem));
	if (!plan->iomem)
		return -ENOMEM;
	for (i = 0; i < plan->n_runs; i++) {
		const struct hole_run *run = &plan->run[i];
		struct xlpt_iomem *last = plan->n_iomem ? &plan->iomem[plan->n_iomem - 1] : NULL;

		if (last && last->start + last->count == run->start &&
		    last->gfn + last->count == run->gfn)
			last->count += run->count;
		else
			plan->iomem[plan->n_iomem++] = (struct xlpt_iomem){
				run->start, run->count, run->gfn,
			};
	}
	return 0;
}

static int finish_paths(struct xlpt_plan *plan)
{
	size_t i;

	plan->n_mark = u32_set_make(plan->mark_node, plan->n_mark);
	plan->mark = arena_alloc(&plan->arena, plan->n_mark, sizeof(*plan->mark));
	plan->dtdev = arena_alloc(&plan->arena, plan->n_dtdev, sizeof(*plan->dtdev));
	if (!plan->mark || !plan->dtdev)
		return -ENOMEM;
	for (i = 0; i < plan->n_mark; i++)
		plan->mark[i] = plan_path(plan, plan->mark_node[i]);
	for (i = 0; i < plan->n_dtdev; i++)
		plan->dtdev[i] = plan_path(plan, plan->dtdev_node[i]);
	return 0;
}

int plan_finish(struct xlpt_plan *plan)
{
	int rc = finish_devices(plan);

	if (!rc)
		rc = finish_iomem(plan);
	if (!rc)
		rc = finish_paths(plan);
	return rc;
}
