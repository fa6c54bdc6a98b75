/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupts in the guest's tree against irqs= and the host's triggers. */
#include "judge-parts.h"

/* Trigger types of a specifier's flags (dt-bindings/interrupt-controller/irq.h). */
#define TRIGGER_MASK 0xfu
#define TRIGGER_EDGE_RISING 1u
#define TRIGGER_LEVEL_HIGH 4u

static const char *trigger_name(uint32_t flags)
{
	static const char *const names[] = {
		"none", "rising edge", "falling edge", "both edges", "level high", NULL, NULL, NULL,
		"level low",
	};
	uint32_t type = flags & TRIGGER_MASK;
	const char *name = type < sizeof(names) / sizeof(*names) ? names[type] : NULL;

	return name ? name : "nonsense";
}

static void check_trigger(struct judge *j, const struct res_irq *irq)
{
	uint32_t type = irq->flags & TRIGGER_MASK, n = 0, i;
	const uint32_t *with = NULL;
	const struct res_irq *host;

	if (j->in->host)
		with = spis_with(j->in->host, irq->intid, &n);
	for (i = 0; i < n; i++) {
		host = &j->in->host->resources->irq[with[i]];
		if ((host->flags & TRIGGER_MASK) == type)
			return;
	}
	if (n) {
		host = &j->in->host->resources->irq[with[0]];
		judge_add(j, DIAG_GUEST_IRQ_TRIGGER, irq->node, "interrupts",
			  "interrupt %u is %s here and %s on the host", irq->intid,
			  trigger_name(type), trigger_name(host->flags));
	} else if (!j->in->host && type != TRIGGER_EDGE_RISING && type != TRIGGER_LEVEL_HIGH) {
		judge_add(j, DIAG_GUEST_IRQ_TRIGGER, irq->node, "interrupts",
			  "interrupt %u is %s, which a GIC's shared interrupts cannot be", irq->intid,
			  trigger_name(type));
	}
}

static void check_spi(struct judge *j, const struct res_irq *irq)
{
	if (j->in->lists && !j->listed[irq->intid])
		judge_add(j, DIAG_GUEST_IRQ_UNLISTED, irq->node, "interrupts",
			  "interrupt %u (SPI %u) is not in irqs=: it never comes", irq->intid,
			  irq->intid - INTID_SPI_FIRST);
	check_trigger(j, irq);
}

static void check_irq(struct judge *j, const struct res_irq *irq)
{
	const struct xlpt_tree *tree = j->tree;

	switch (irq->kind) {
	case IRQ_SPI:
		check_spi(j, irq);
		break;
	case IRQ_PRIVATE:
		judge_add(j, DIAG_IRQ_PPI, irq->node, "interrupts",
			  "entry %u is the private interrupt %u, which no device of a guest can have",
			  irq->entry, irq->intid);
		break;
	case IRQ_OUT_OF_RANGE:
		judge_add(j, DIAG_IRQ_RANGE, irq->node, "interrupts",
			  "entry %u is no INTID of 32 to 991", irq->entry);
		break;
	case IRQ_FOREIGN:
		if (irq->controller == XLPT_NO_NODE ||
		    !(tree->node[irq->controller].flags & TREE_INTERRUPT_CONTROLLER))
			judge_add(j, DIAG_GUEST_IRQ_PARENT, irq->node, "interrupts",
				  "entry %u ends at a node that is no interrupt controller", irq->entry);
		break;
	case IRQ_UNRESOLVED:
	default:
		judge_add(j, DIAG_GUEST_IRQ_PARENT, irq->node, "interrupts",
			  "entry %u has no interrupt controller: interrupt-parent, #interrupt-cells or an interrupt-map is wrong",
			  irq->entry);
		break;
	}
}

/*
 * Linux goes on looking above a node that is no controller, and may find one;
 * nobody means that.
 */
static void check_parent(struct judge *j, uint32_t node)
{
	uint32_t phandle, target;

	if (!tree_u32(j->tree, node, P_INTERRUPT_PARENT, &phandle))
		return;
	target = tree_by_phandle(j->tree, phandle);
	if (target == XLPT_NO_NODE)
		judge_add(j, DIAG_GUEST_IRQ_PARENT, node, "interrupt-parent",
			  "interrupt-parent is phandle %u, which no node of the guest has", phandle);
	else if (!tree_prop(j->tree, target, P_INTERRUPT_CELLS))
		judge_add(j, DIAG_GUEST_IRQ_PARENT, node, "interrupt-parent",
			  "interrupt-parent is %s, which is no interrupt controller",
			  judge_path(j, DIAG_GUEST_IRQ_PARENT, j->tree, target));
}

static void check_map(struct judge *j, uint32_t node)
{
	struct interrupt_map_entry entry;
	unsigned position = 0, i;

	if (!tree_prop(j->tree, node, P_INTERRUPT_MAP))
		return;
	for (i = 0; interrupt_map_next(j->tree, node, &position, &entry); i++)
		if (entry.irq.kind == IRQ_UNRESOLVED) {
			judge_add(j, DIAG_GUEST_IRQ_PARENT, node, "interrupt-map",
				  "entry %u leads to no interrupt controller", i);
			return;
		}
	if (position * 4 != tree_prop(j->tree, node, P_INTERRUPT_MAP)->len)
		judge_add(j, DIAG_GUEST_IRQ_PARENT, node, "interrupt-map",
			  "entry %u leads to no node, or is cut short; a GIC's entry has no address cells here", i);
}

static bool is_used(const struct judge *j, uint32_t intid)
{
	uint32_t n, i;
	const uint32_t *with = spis_with(j->tree, intid, &n);

	for (i = 0; i < n; i++)
		if (tree_within(j->tree, j->tree->resources->irq[with[i]].node, j->passthrough))
			return true;
	return false;
}

void judge_irqs(struct judge *j)
{
	const struct judge_lists *lists = j->in->lists;
	const struct resources *r = j->tree->resources;
	uint32_t end = j->tree->node[j->passthrough].end, node, i;
	size_t k;

	for (node = j->passthrough; node < end; node++) {
		if (!judge_is_live(j, node))
			continue;
		for (i = r->first_irq[node]; i < r->first_irq[node + 1]; i++)
			check_irq(j, &r->irq[i]);
		check_parent(j, node);
		check_map(j, node);
	}
	for (k = 0; lists && k < lists->n_irqs; k++)
		if (!is_used(j, lists->irqs[k]))
			judge_add(j, DIAG_GUEST_LIST_UNUSED, j->passthrough, "interrupts",
				  "irqs= lists %u, and no node has that interrupt", lists->irqs[k]);
}
