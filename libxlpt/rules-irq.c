/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupts: what Xen can route, to whom, and what the guest's own virtual devices take. */
#include "irq-cascade.h"
#include "plan.h"

/* xen/include/public/arch-arm.h: GUEST_VPL011_SPI, GUEST_VIRTIO_MMIO_SPI_FIRST. */
#define VUART_INTID 32u
#define VIRTIO_FIRST_INTID 33u

#define FEW 8

static const char *property_of(const struct xlpt_tree *tree, const struct res_irq *irq)
{
	if (irq->from_map)
		return "interrupt-map";
	return tree_prop(tree, irq->node, P_INTERRUPTS_EXTENDED) ? "interrupts-extended" : "interrupts";
}

static void report_trigger(struct xlpt_plan *plan, const struct res_irq *irq,
			   const struct res_irq *other)
{
	diag_add(plan->diags, DIAG_IRQ_TRIGGER, 0, plan_path(plan, irq->node),
		 property_of(plan->tree, irq), NULL,
		 "SPI %u has trigger flags %u here and %u in %s", irq->intid - 32,
		 irq->flags, other->flags, plan_path(plan, other->node));
}

static void report_sharer(struct xlpt_plan *plan, const struct res_irq *irq,
			  const struct res_irq *other)
{
	const struct xlpt_tree *tree = plan->tree;
	const char *path = plan_path(plan, other->node);
	bool reserved;

	if (!tree_enabled(tree, other->node)) {
		plan_mark(plan, other->node);
		diag_add(plan->diags, DIAG_SHARER_DISABLED, 0, path, property_of(tree, other), NULL,
			 "disabled, but has SPI %u (INTID %u) too; Xen would route it to dom0, so it is marked too",
			 irq->intid - 32, irq->intid);
		return;
	}
	reserved = device_reserved(plan->host, other->node) != NULL;
	diag_add(plan->diags, DIAG_IRQ_SHARED, reserved ? DIAG_IMPOSSIBLE : 0,
		 plan_path(plan, irq->node), property_of(tree, irq), NULL,
		 "SPI %u (INTID %u) is also an interrupt of %s", irq->intid - 32,
		 irq->intid, path);
}

/*
 * Everybody else who has this SPI, and the first that has other trigger flags.
 * A node is looked at once however often it has it, and an item's subtree is
 * stepped over at once.
 */
static void check_sharers(struct xlpt_plan *plan, const struct res_irq *irq)
{
	const struct xlpt_tree *tree = plan->others;
	const struct resources *r = tree->resources;
	uint32_t n_all, n, i, next, trigger = spis_other_trigger(plan->tree, irq);
	const uint32_t *all = spis_with(plan->tree, irq->intid, &n_all);
	const uint32_t *spi = spis_with(tree, irq->intid, &n);
	const struct res_irq *differs = trigger < n_all ? &r->irq[all[trigger]] : NULL;
	/* The first of its node is told before the node is, a later one behind it. */
	bool is_first = trigger == 0 || (differs && r->irq[all[trigger - 1]].node != differs->node);
	unsigned named = 0;

	for (i = 0; i < n; i = next) {
		const struct res_irq *other = &r->irq[spi[i]];
		const struct plan_item *item = plan_item_of(plan, other->node);

		next = spis_from(tree, spi, n, i, item ? tree->node[item->node].end : other->node + 1);
		if (differs && differs->node < other->node + is_first) {
			report_trigger(plan, irq, differs);
			differs = NULL;
		}
		if (item)
			continue;
		if (!plan_may_look(plan)) {
			diag_add(plan->diags, DIAG_IRQ_SHARED, 0, plan_path(plan, irq->node),
				 property_of(tree, irq), NULL,
				 "SPI %u (INTID %u): there are too many sharers of SPIs to look at all",
				 irq->intid - 32, irq->intid);
			return;
		}
		report_sharer(plan, irq, other);
		if (plan->limited && ++named >= FEW)
			return;
	}
	if (differs)
		report_trigger(plan, irq, differs);
}

static void check_virtual(struct xlpt_plan *plan, const struct res_irq *irq)
{
	const struct xlpt_settings *settings = plan->settings;
	const char *who = NULL;

	if (settings->vuart && settings->xen_last >= 10 && irq->intid == VUART_INTID)
		who = "the guest's vuart";
	else if (settings->virtio && settings->xen_last >= 17 && irq->intid >= VIRTIO_FIRST_INTID &&
		 irq->intid - VIRTIO_FIRST_INTID < settings->virtio)
		who = "one of the guest's virtio devices";
	if (who)
		diag_add(plan->diags, DIAG_IRQ_VIRTUAL, 0, plan_path(plan, irq->node),
			 property_of(plan->tree, irq), NULL, "INTID %u is taken by %s", irq->intid, who);
}

/*
 * A controller that goes along takes its line with it, if it has one. Without
 * its interrupt a device can rarely do; a chip on a bus of it (a network PHY,
 * a sensor) can often be polled.
 */
static void check_foreign(struct xlpt_plan *plan, const struct res_irq *irq)
{
	const char *path = plan_path(plan, irq->node), *property = property_of(plan->tree, irq);
	const char *controller = plan_path(plan, irq->controller);

	if (irq_cascade_reaches_gic(plan->tree, irq->controller)) {
		if (!plan_item_of(plan, irq->controller))
			diag_add(plan->diags, DIAG_IRQ_NOT_GIC, 0, path, property, NULL,
				 "interrupt %u ends at %s, which is not the primary GIC", irq->entry,
				 controller);
	} else if (irq_is_chip(plan->tree, irq->node)) {
		diag_add(plan->diags, DIAG_IRQ_LEFT_OUT, 0, path, property, NULL,
			 "interrupt %u goes through %s, and no node names the line by which it reaches the GIC: the guest's node lacks it",
			 irq->entry, controller);
	} else {
		diag_add(plan->diags, DIAG_IRQ_NOT_GIC, 0, path, property,
			 "To pass that controller too does not help: Xen routes only lines that a node has from the GIC itself. Where the controller hands its inputs on unchanged, a board tree that names the GIC as the node's interrupt-parent helps. Allowed, the guest's node lacks the line.",
			 "interrupt %u goes through %s, and no node names the line by which it reaches the GIC",
			 irq->entry, controller);
	}
}

static void check_irq(struct xlpt_plan *plan, const struct res_irq *irq)
{
	const struct xlpt_tree *tree = plan->tree;
	const char *path = plan_path(plan, irq->node), *property = property_of(tree, irq);

	switch ((enum irq_kind)irq->kind) {
	case IRQ_SPI:
		check_virtual(plan, irq);
		check_sharers(plan, irq);
		break;
	case IRQ_PRIVATE:
		diag_add(plan->diags, DIAG_IRQ_PPI, 0, path, property, NULL,
			 "interrupt %u is INTID %u, private to a CPU", irq->entry, irq->intid);
		break;
	case IRQ_OUT_OF_RANGE:
		diag_add(plan->diags, DIAG_IRQ_RANGE, 0, path, property, NULL,
			 "interrupt %u is no SPI of INTID 32..991", irq->entry);
		break;
	case IRQ_UNRESOLVED:
		diag_add(plan->diags, DIAG_IRQ_UNRESOLVED, 0, path, property, NULL,
			 "interrupt %u cannot be resolved: its parent, map or length is broken",
			 irq->entry);
		break;
	case IRQ_FOREIGN:
		check_foreign(plan, irq);
		break;
	}
}

void rules_irq(struct xlpt_plan *plan, struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t i, end = r->first_irq[item->end];
	unsigned n[IRQ_OUT_OF_RANGE + 1] = { 0 };	/* of the node, by kind */

	for (i = r->first_irq[item->node]; i < end; i++) {
		const struct res_irq *irq = &r->irq[i];

		if (i > r->first_irq[irq->node])
			n[irq->kind]++;
		else
			memset(n, 0, sizeof(n));
		/* Each of them says the same. */
		if (plan->limited && irq->kind != IRQ_SPI && n[irq->kind] >= FEW)
			continue;
		/* The same line again, as a second entry or a second slot, says nothing new. */
		if (irq->kind == IRQ_SPI && i > r->first_irq[irq->node] &&
		    r->irq[i - 1].kind == IRQ_SPI && r->irq[i - 1].intid == irq->intid)
			continue;
		check_irq(plan, irq);
	}
}
