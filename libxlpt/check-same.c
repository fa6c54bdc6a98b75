/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Does the host tree say of a node what the running Xen was told? The file may
 * be another board's, or newer than the boot. Xen copies registers and
 * interrupts of a marked node into dom0's tree as they are, so there the two
 * can be compared; StreamIDs it takes out.
 */
#include <inttypes.h>

#include "check.h"
#include "resources.h"

static void differs(struct check *check, uint32_t node, const char *property, const char *what)
{
	diag_add(check->diags, DIAG_HOST_TREE_DIFFERS, 0, plan_path(check->plan, node), property, NULL,
		 "%s", what);
}

static bool same_registers(struct check *check, uint32_t node, const struct resources *theirs,
			   uint32_t there)
{
	const struct resources *ours = check->plan->tree->resources;
	uint32_t i = ours->first_reg[node], k = theirs->first_reg[there];
	uint32_t n = ours->first_reg[node + 1] - i, n_theirs = theirs->first_reg[there + 1] - k;
	const char *what;

	for (; n && n_theirs; n--, n_theirs--, i++, k++) {
		if (ours->reg[i].base == theirs->reg[k].base && ours->reg[i].size == theirs->reg[k].size)
			continue;
		what = arena_printf(&check->arena, "its registers are at 0x%" PRIx64 " + 0x%" PRIx64
				    " here, and at 0x%" PRIx64 " + 0x%" PRIx64 " in the tree Xen was booted with",
				    ours->reg[i].base, ours->reg[i].size, theirs->reg[k].base,
				    theirs->reg[k].size);
		differs(check, node, "reg", what ? what : "");
		return false;
	}
	if (n != n_theirs)
		differs(check, node, "reg", "it has more or fewer registers in the tree Xen was booted with");
	return n == n_theirs;
}

/* The node's own interrupts, without those a bridge maps: first .. return value. */
static uint32_t own_irqs_end(const struct resources *resources, uint32_t node)
{
	uint32_t end = resources->first_irq[node + 1];

	while (end > resources->first_irq[node] && resources->irq[end - 1].from_map)
		end--;
	return end;
}

static void compare_interrupts(struct check *check, uint32_t node, const struct resources *theirs,
			       uint32_t there)
{
	const struct resources *ours = check->plan->tree->resources;
	uint32_t i = ours->first_irq[node], k = theirs->first_irq[there];
	uint32_t end = own_irqs_end(ours, node), their_end = own_irqs_end(theirs, there);
	const char *what;

	for (; i < end && k < their_end; i++, k++) {
		const struct res_irq *our = &ours->irq[i], *their = &theirs->irq[k];

		/* Where Xen has changed the way to the GIC, that tells nothing. */
		if (their->kind != IRQ_SPI)
			return;
		if (our->kind != IRQ_SPI || our->intid == their->intid)
			continue;
		what = arena_printf(&check->arena,
				    "its interrupt is %u here, and %u in the tree Xen was booted with",
				    our->intid, their->intid);
		differs(check, node, "interrupts", what ? what : "");
		return;
	}
	if (i < end || k < their_end)
		differs(check, node, "interrupts",
			"it has more or fewer interrupts in the tree Xen was booted with");
}

void check_same(struct check *check, uint32_t node)
{
	const struct xlpt_tree *dom0 = check->question->dom0_tree;
	const char *path = plan_path(check->plan, node);
	uint32_t there = dom0 ? tree_by_path(dom0, path, strlen(path)) : XLPT_NO_NODE;

	if (there == XLPT_NO_NODE || dom0 == check->plan->tree)
		return;
	if (same_registers(check, node, dom0->resources, there))
		compare_interrupts(check, node, dom0->resources, there);
}
