/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* May a node be passed at all: what Xen or every guest needs itself, and the console. */
#include <errno.h>

#include "address.h"
#include "clock.h"
#include "plan.h"

/* Nodes Xen drives, emulates or skips (xen/arch/arm/domain_build.c, handle_node). */
static const char *const reserved[] = {
	"arm,armv7-timer", "arm,armv8-timer", "arm,cortex-a15-timer", "arm,armv7-timer-mem",
	"arm,psci", "arm,psci-0.2", "arm,psci-1.0",
	"arm,cortex-a7-pmu", "arm,cortex-a15-pmu", "arm,cortex-a53-edac", "arm,armv8-pmuv3",
	"arm,gic-v3-its", "arm,gic-v2m-frame",
	"xen,xen", "xen,multiboot-module", "multiboot,module",
};

/* At or below a root child that is no device. */
static const char *special(const struct xlpt_tree *tree, uint32_t node)
{
	while (tree->node[node].parent)
		node = tree->node[node].parent;
	return tree_name_is(tree, node, "reserved-memory") ?
	       "reserved memory, which Xen gives to no guest" :
	       "no device, but a description of CPUs, memory or the boot";
}

const char *device_reserved(const struct plan_host *host, uint32_t node)
{
	const size_t n = sizeof(reserved) / sizeof(*reserved);
	const struct xlpt_tree *tree = host->tree;

	if (node == 0)
		return "the root of the tree";
	if (tree->node[node].flags & TREE_SPECIAL)
		return special(tree, node);
	if (node == tree->gic)
		return "the primary interrupt controller";
	if (node == host->console || node == host->console_option)
		return "Xen's console UART";
	if (!(tree->node[node].flags & TREE_COMPATIBLE))
		return NULL;
	if (iommu_kind(tree, node) != IOMMU_OTHER)
		return "an IOMMU that Xen drives";
	if (tree_compatible_among(tree, node, reserved, n) < n)
		return "driven, emulated or hidden by Xen";
	return NULL;
}

/* A UART by its name, as the Devicetree Specification recommends it. */
static bool is_uart(const struct xlpt_tree *tree, uint32_t node)
{
	return tree_name_is(tree, node, "serial") || tree_name_is(tree, node, "uart");
}

/* Options of dtuart= follow a colon: xen/drivers/char/arm-uart.c. */
static const char *find_dtuart(const char *args, size_t *len_r)
{
	const char *path = boot_arg(args, "dtuart=", len_r), *colon;

	colon = path ? memchr(path, ':', *len_r) : NULL;
	if (colon)
		*len_r = (size_t)(colon - path);
	return path;
}

static uint32_t find_by(const struct xlpt_tree *tree, const char *name, size_t len)
{
	char copy[4096];

	if (!len || len >= sizeof(copy))
		return XLPT_NO_NODE;
	memcpy(copy, name, len);
	copy[len] = '\0';
	return xlpt_tree_find(tree, copy);
}

/*
 * dtuart= of Xen's boot arguments is what Xen will do. Without it Xen takes
 * stdout-path, unless the user knows better. A console the user names is kept
 * in addition to dtuart=, never instead.
 */
static void find_console(struct plan_host *host)
{
	const struct xlpt_tree *tree = host->tree;
	const char *option = host->settings->console, *path;
	uint32_t chosen = tree_by_path(tree, "/chosen", 7);
	size_t len;

	host->console = host->console_option = XLPT_NO_NODE;
	host->console_known = option != NULL;
	if (option && strcmp(option, "none"))
		host->console_option = xlpt_tree_find(tree, option);
	if (chosen == XLPT_NO_NODE)
		return;
	path = find_dtuart(tree_string(tree, chosen, P_XEN_BOOTARGS), &len);
	if (!path)
		path = find_dtuart(tree_string(tree, chosen, P_BOOTARGS), &len);
	if (!path && !option) {
		path = tree_string(tree, chosen, P_STDOUT_PATH);
		len = path ? strcspn(path, ":") : 0;
	}
	if (!path)
		return;
	host->console = find_by(tree, path, len);
	if (host->console != XLPT_NO_NODE)
		host->console_known = true;
}

int plan_host_init(struct plan_host *host, const struct xlpt_tree *tree,
		   const struct xlpt_settings *settings, struct arena *arena)
{
	*host = (struct plan_host){ .tree = tree, .settings = settings };
	find_console(host);
	host->boot_disk = boot_disk(tree);
	host->gic_driven = interrupt_gic_is_driven(tree, tree->gic, &host->gic_version);
	host->n_regions = layout_regions(settings, host->regions);
	if (!settings->clk_summary || !arena)
		return 0;
	host->clk_summary = clk_summary_parse(settings->clk_summary, arena);
	return host->clk_summary && !arena->failed ? 0 : -ENOMEM;
}

/* Does anything of the subtree refer to another item, or another one to it: do they work together? */
static bool works_with_plan(const struct xlpt_plan *plan, const struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct resources *r = tree->resources;
	uint32_t i, node, n, end = r->first_link[tree->node[item->node].end];

	for (i = r->first_link[item->node]; i < end; i++) {
		const struct plan_item *other;

		if (r->link[i].to == XLPT_NO_NODE)
			continue;
		other = plan_item_of(plan, r->link[i].to);
		if (other && other != item)
			return true;
	}
	for (node = item->node; node < tree->node[item->node].end; node++) {
		const uint32_t *link = links_to(tree, node, &n);

		for (i = 0; i < n; i++) {
			const struct plan_item *other = plan_item_of(plan, r->link[link[i]].from);

			if (other && other != item)
				return true;
		}
	}
	return false;
}

/* Registers, an SPI or a stream: something for Xen to give. */
static bool has_resources(const struct xlpt_tree *tree, uint32_t node)
{
	const struct resources *r = tree->resources;
	uint32_t end = tree->node[node].end, i;

	if (r->first_reg[end] > r->first_reg[node] || r->first_stream[end] > r->first_stream[node])
		return true;
	for (i = r->first_irq[node]; i < r->first_irq[end]; i++)
		if (r->irq[i].kind == IRQ_SPI)
			return true;
	return false;
}

void rules_device(struct xlpt_plan *plan, struct plan_item *item)
{
	const struct xlpt_tree *tree = plan->tree;
	const struct plan_host *host = plan->host;
	uint32_t node, end = item->end;

	if (!host->gic_driven)
		diag_add(plan->diags, DIAG_BOARD_UNSUPPORTED, 0, item->path, NULL, NULL,
			 tree->gic == XLPT_NO_NODE ?
			 "the tree has no GIC that could be primary: Xen does not run on this board" :
			 "the primary GIC (/%s) is not one that Xen drives",
			 tree->gic == XLPT_NO_NODE ? "" : tree_name(tree, tree->gic));
	for (node = item->node; node < end; node++) {
		const char *why = device_reserved(host, node);

		if (why) {
			diag_add(plan->diags, DIAG_DEVICE_RESERVED, 0, plan_path(plan, node), NULL, NULL,
				 node == item->node ? "cannot be passed: %s" :
				 "lies inside the device and cannot be passed: %s", why);
			if (node == item->node)
				break;
		}
		if (node == host->boot_disk)
			diag_add(plan->diags, DIAG_BOOT_DISK, 0, plan_path(plan, node), NULL, NULL,
				 "root= of the kernel's command line in the tree names a disk of this controller");
		if (!host->console_known && is_uart(tree, node) &&
		    tree->resources->first_reg[node + 1] > tree->resources->first_reg[node])
			diag_add(plan->diags, DIAG_CONSOLE_UNKNOWN, 0, plan_path(plan, node), NULL, NULL,
				 "a UART, and neither boot arguments nor stdout-path tell which one is Xen's console");
	}
	if (!has_resources(tree, item->node) && !works_with_plan(plan, item) &&
	    !device_reserved(host, item->node))
		diag_add(plan->diags, DIAG_DEVICE_NO_RESOURCES, 0, item->path, NULL, NULL,
			 "has no registers that translate to CPU addresses and no SPI, and works with nothing else in the plan");
}
