/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * irqs=, iomem= and dtdev= of a domain config: against the guest's own address
 * map and interrupts, and against the host's tree where it is known.
 */
#include <inttypes.h>

#include "judge-parts.h"
#include "layout.h"
#include "plan.h"

#define VUART_INTID 32u
#define VIRTIO_INTID_FIRST 33u

static void check_irq(struct judge *j, uint32_t irq)
{
	const struct xlpt_settings *settings = j->in->settings;
	uint32_t n;

	if (irq < INTID_SPI_FIRST)
		judge_add(j, DIAG_IRQ_PPI, XLPT_NO_NODE, "irqs",
			  "irqs= lists %u: only shared interrupts, from 32 on, can be passed", irq);
	else if (irq > INTID_SPI_LAST)
		judge_add(j, DIAG_IRQ_RANGE, XLPT_NO_NODE, "irqs",
			  "irqs= lists %u: Xen gives a guest none above %u", irq, INTID_SPI_LAST);
	else if (settings->vuart && irq == VUART_INTID)
		judge_add(j, DIAG_IRQ_VIRTUAL, XLPT_NO_NODE, "irqs",
			  "irqs= lists %u, which the guest's vuart takes", irq);
	else if (irq >= VIRTIO_INTID_FIRST && irq - VIRTIO_INTID_FIRST < settings->virtio)
		judge_add(j, DIAG_IRQ_VIRTUAL, XLPT_NO_NODE, "irqs",
			  "irqs= lists %u, which a virtio device of the guest takes", irq);
	else if (j->in->host && (spis_with(j->in->host, irq, &n), !n))
		judge_add(j, DIAG_IRQ_NOT_ON_HOST, XLPT_NO_NODE, "irqs",
			  "irqs= lists %u, and no node of the host's tree has SPI %u", irq,
			  irq - INTID_SPI_FIRST);
}

static void check_frames(struct judge *j, const struct xlpt_iomem *entry,
			 const struct region *regions, size_t n_regions)
{
	uint64_t last = entry->gfn + entry->count - 1;
	size_t i;

	if (last < entry->gfn ||
	    last >= layout_ipa_end(j->in->settings) >> XLPT_FRAME_SHIFT) {
		judge_add(j, DIAG_GFN_OVERLAP, XLPT_NO_NODE, "iomem",
			  "guest frame 0x%" PRIx64 " lies beyond what a guest can address", last);
		return;
	}
	for (i = 0; i < n_regions; i++) {
		uint64_t first = regions[i].base >> XLPT_FRAME_SHIFT;
		uint64_t end = (regions[i].base + regions[i].size - 1) >> XLPT_FRAME_SHIFT;

		if (entry->gfn > end || last < first)
			continue;
		judge_add(j, regions[i].use == REGION_USED ? DIAG_GFN_OVERLAP : DIAG_GFN_RESERVED,
			  XLPT_NO_NODE, "iomem",
			  "iomem= maps host frame 0x%" PRIx64 " to guest frame 0x%" PRIx64
			  ": %s there (0x%" PRIx64 " to 0x%" PRIx64 ", Xen 4.%u to 4.%u)",
			  entry->start, entry->gfn, regions[i].name, regions[i].base,
			  regions[i].base + regions[i].size - 1, regions[i].first, regions[i].last);
	}
}

/* by_gfn is in order, so neighbours are all there is to compare, but for a long one before. */
static void check_each_other(struct judge *j)
{
	uint64_t end = 0;
	size_t i;

	for (i = 0; i < j->n_by_gfn; i++) {
		const struct xlpt_iomem *entry = &j->by_gfn[i];

		if (i && entry->gfn < end)
			judge_add(j, DIAG_GFN_OVERLAP, XLPT_NO_NODE, "iomem",
				  "two entries of iomem= map to guest frame 0x%" PRIx64, entry->gfn);
		if (entry->gfn + entry->count > end)
			end = entry->gfn + entry->count;
	}
}

struct on_host {
	struct judge *j;
	const struct plan_host *host;
	const struct xlpt_iomem *entry;
};

/* Xen grants none of these to a guest: EPERM from xl create. */
static int host_node(void *opaque, const struct res_reg *reg)
{
	struct on_host *on = opaque;
	const struct xlpt_tree *tree = on->host->tree;
	const char *why = device_reserved(on->host, reg->node);

	if (!why || !reg->size)
		return 0;
	if (tree->node[reg->node].flags & TREE_SPECIAL)
		judge_add(on->j, DIAG_IOMEM_IN_MEMORY, XLPT_NO_NODE, "iomem",
			  "iomem= lists host frame 0x%" PRIx64 ", which lies in %s",
			  on->entry->start,
			  judge_path(on->j, DIAG_IOMEM_IN_MEMORY, tree, reg->node));
	else
		judge_add(on->j, DIAG_DEVICE_RESERVED, XLPT_NO_NODE, "iomem",
			  "iomem= lists host frame 0x%" PRIx64 " of %s: %s", on->entry->start,
			  judge_path(on->j, DIAG_DEVICE_RESERVED, tree, reg->node), why);
	return on->j->count[DIAG_IOMEM_IN_MEMORY] > JUDGE_MOST;
}

static void check_host_irq(struct judge *j, const struct plan_host *host, uint32_t irq)
{
	uint32_t n, i;
	const uint32_t *with = spis_with(host->tree, irq, &n);

	for (i = 0; i < n; i++) {
		uint32_t node = host->tree->resources->irq[with[i]].node;
		const char *why = device_reserved(host, node);

		if (why)
			judge_add(j, DIAG_DEVICE_RESERVED, XLPT_NO_NODE, "irqs",
				  "irqs= lists %u of %s: %s", irq,
				  judge_path(j, DIAG_DEVICE_RESERVED, host->tree, node), why);
	}
}

static void check_dtdev(struct judge *j, const char *path)
{
	if (tree_by_path(j->in->host, path, strlen(path)) == XLPT_NO_NODE)
		judge_add(j, DIAG_DEVICE_UNKNOWN, XLPT_NO_NODE, "dtdev",
			  "dtdev= lists %s: the host's tree has no node of that full path", path);
}

static void check_on_host(struct judge *j)
{
	const struct judge_lists *lists = j->in->lists;
	struct plan_host host;
	size_t i;

	if (plan_host_init(&host, j->in->host, j->in->settings, NULL))
		return;
	for (i = 0; i < lists->n_iomem; i++) {
		struct on_host on = { .j = j, .host = &host, .entry = &lists->iomem[i] };
		uint64_t first = lists->iomem[i].start << XLPT_FRAME_SHIFT;

		regs_overlapping(j->in->host, first,
				 last_byte(first, lists->iomem[i].count << XLPT_FRAME_SHIFT),
				 host_node, &on);
	}
	for (i = 0; i < lists->n_irqs; i++)
		check_host_irq(j, &host, lists->irqs[i]);
	for (i = 0; i < lists->n_dtdev; i++)
		check_dtdev(j, lists->dtdev[i]);
}

void judge_lists(struct judge *j)
{
	const struct judge_lists *lists = j->in->lists;
	struct region regions[LAYOUT_MAX_REGIONS];
	size_t n_regions, i;

	if (!lists)
		return;
	n_regions = layout_regions(j->in->settings, regions);
	for (i = 0; i < lists->n_irqs; i++)
		check_irq(j, lists->irqs[i]);
	for (i = 0; i <= INTID_SPI_LAST; i++)
		if (j->listed[i] > 1)
			judge_add(j, DIAG_IRQ_LISTED_TWICE, XLPT_NO_NODE, "irqs",
				  "irqs= lists %zu more than once", i);
	for (i = 0; i < lists->n_iomem; i++)
		check_frames(j, &lists->iomem[i], regions, n_regions);
	check_each_other(j);
	if (j->in->host)
		check_on_host(j);
}
