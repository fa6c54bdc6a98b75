/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "report.h"
#include "wrap.h"

#define LABEL 16	/* columns before the values */

/* "  registers   VALUE"; the label only in front of the first one. */
static void put_row(struct text *out, const char *label, size_t i, const char *value)
{
	char first[32];

	snprintf(first, sizeof(first), "    %-*s", LABEL - 4, i ? "" : label);
	wrap_puts(out, first, LABEL, value);
}

/* What the list of that label, of which n were shown, still has. */
static void put_more(struct text *out, const char *label, size_t n, size_t more)
{
	char value[40];

	if (!more)
		return;
	snprintf(value, sizeof(value), "and %zu more", more);
	put_row(out, label, n, value);
}

static void put_range(struct text *out, const struct xlpt_plan *plan, const char *label, size_t i,
		      uint64_t host, uint64_t size)
{
	char value[128];
	uint64_t guest;

	if (!size)
		snprintf(value, sizeof(value), "0x%llx, size 0: not mapped", (unsigned long long)host);
	else if (plan_guest_address(plan, host, &guest))
		snprintf(value, sizeof(value), "0x%llx + 0x%llx -> guest 0x%llx%s", (unsigned long long)host,
			 (unsigned long long)size, (unsigned long long)guest,
			 guest == host ? " (the same)" : "");
	else
		snprintf(value, sizeof(value), "0x%llx + 0x%llx -> no place", (unsigned long long)host,
			 (unsigned long long)size);
	put_row(out, label, i, value);
}

static void put_irqs(struct text *out, const struct xlpt_plan_device *device)
{
	struct text value;
	size_t i;

	if (!device->n_irqs)
		return;
	text_init(&value);
	for (i = 0; i < device->n_irqs && i < REPORT_MAX_LISTED; i++)
		text_printf(&value, "%s%u (SPI %u)", i ? ", " : "", device->irqs[i],
			    device->irqs[i] - INTID_SPI_FIRST);
	if (i < device->n_irqs)
		text_printf(&value, " and %zu more", device->n_irqs - i);
	out->failed |= value.failed;
	put_row(out, "interrupts", 0, value.s ? value.s : "");
	text_free(&value);
}

static bool is_dtdev(const struct xlpt_plan *plan, uint32_t node)
{
	size_t i;

	for (i = 0; i < plan->n_dtdev; i++)
		if (plan->dtdev_node[i] == node)
			return true;
	return false;
}

static void put_streams(struct text *out, const struct xlpt_plan *plan, const struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t i, end = r->first_stream[tree->node[item->node].end];
	size_t n = 0;

	for (i = r->first_stream[item->node]; i < end && n < REPORT_MAX_LISTED; i++) {
		const struct stream *stream = &r->stream[i];
		struct text value;

		text_init(&value);
		text_printf(&value, "stream 0x%x", stream->id);
		if (stream->mask)
			text_printf(&value, " mask 0x%x", stream->mask);
		text_printf(&value, " of %s%s", tree_name(tree, stream->iommu),
			    is_dtdev(plan, stream->node) ? ", assigned by dtdev" : ", not assigned");
		out->failed |= value.failed;
		put_row(out, "SMMU", n++, value.s ? value.s : "");
		text_free(&value);
	}
	put_more(out, "SMMU", n, end - i);
}

static void put_device(struct text *out, const struct xlpt_plan *plan, size_t index)
{
	const struct xlpt_plan_device *device = &plan->devices[index];
	const struct plan_item *item = &plan->item[index];
	const struct resources *r = plan->tree->resources;
	/* Behind its registers a device has the windows of the host bridges in it. */
	size_t n_regs = r->first_reg[plan->tree->node[item->node].end] - r->first_reg[item->node], i;

	wrap_puts(out, "  ", 2, device->path);
	if (device->guest_path)
		put_row(out, "in guest", 0, device->guest_path);
	for (i = 0; i < device->n_regs && i < REPORT_MAX_LISTED; i++)
		put_range(out, plan, i < n_regs ? "registers" : "PCI window", i < n_regs ? i : i - n_regs,
			  device->regs[i].host, device->regs[i].size);
	put_more(out, "registers", i, device->n_regs - i);
	put_irqs(out, device);
	put_streams(out, plan, item);
}

void report_devices(struct text *out, const struct xlpt_plan *plan)
{
	size_t i;

	if (!plan->n_items)
		return;
	report_heading(out, "Devices");
	for (i = 0; i < plan->n_items; i++)
		put_device(out, plan, i);
}
