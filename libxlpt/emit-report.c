/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report for a person: where everything goes, what to know, what to do next. */
#include <stdlib.h>

#include "emit.h"
#include "emit-map.h"
#include "plan-owners.h"
#include "report.h"
#include "wrap.h"

static void put_title(struct text *out, const struct xlpt_plan *plan)
{
	size_t errors = xlpt_diags_count(plan->diags, XLPT_ERROR);
	size_t warnings = xlpt_diags_count(plan->diags, XLPT_WARNING);

	text_printf(out, "Plan of %zu device%s for Xen ", plan->n_items, plan->n_items == 1 ? "" : "s");
	if (plan->settings->xen_first == plan->settings->xen_last)
		text_printf(out, "4.%u: ", plan->settings->xen_first);
	else
		text_printf(out, "4.%u to 4.%u: ", plan->settings->xen_first, plan->settings->xen_last);
	if (!plan->ok)
		text_printf(out, "not usable, %zu error%s", errors, errors == 1 ? "" : "s");
	else
		text_puts(out, "usable");
	if (warnings)
		text_printf(out, ", %zu warning%s", warnings, warnings == 1 ? "" : "s");
	text_puts(out, ".\n");
}

/* The picture, each run with its device. */
static void put_map(struct text *out, const struct xlpt_plan *plan)
{
	struct plan_owners owners;
	const char **labels;
	struct arena arena;
	struct text name;
	size_t next = 0, i;

	if (!plan->n_iomem)
		return;
	report_heading(out, "The guest's address map");
	arena_init(&arena);
	plan_owners_of_frames(&owners, plan);
	labels = arena_alloc(&arena, plan->n_iomem, sizeof(*labels));
	for (i = 0; labels && i < plan->n_iomem; i++) {
		text_init(&name);
		plan_owners_name(&owners, &next, plan->iomem[i].start,
			    plan->iomem[i].start + plan->iomem[i].count - 1, &name);
		labels[i] = name.s ? arena_strdup(&arena, name.s) : NULL;
		out->failed |= name.failed;
		text_free(&name);
	}
	emit_map(out, plan->settings, plan->iomem, plan->n_iomem, labels);
	out->failed |= arena.failed || owners.failed;
	plan_owners_free(&owners);
	arena_free(&arena);
}

/* What was not said and is therefore taken for the worst. */
static void put_assumptions(struct text *out, const struct xlpt_plan *plan)
{
	const struct xlpt_settings *settings = plan->settings;
	struct text list;

	text_init(&list);
	if (!settings->memory_mib)
		text_puts(&list, " both RAM banks are full (--memory);");
	if (!settings->vcpus)
		text_puts(&list, " one vcpu (--vcpus);");
	if (!settings->gic)
		text_puts(&list, " a GICv2 or a GICv3, both are kept free (--gic);");
	if (!settings->ipa_bits)
		text_puts(&list, " 40 bits of guest addresses (--ipa-bits);");
	if (!settings->vuart)
		text_puts(&list, " no vuart (--vuart);");
	if (!settings->virtio)
		text_puts(&list, " no virtio-mmio devices (--virtio);");
	out->failed |= list.failed;
	if (list.len) {
		list.s[list.len - 1] = '.';
		report_heading(out, "Assumed of the guest, because nothing was said");
		wrap_puts(out, "  ", 2, list.s);
	}
	text_free(&list);
}

static void put_next_steps(struct text *out, const struct xlpt_plan *plan)
{
	size_t i;

	report_heading(out, "What to do next");
	if (!plan->n_items) {
		wrap_puts(out, "  ", 2,
			  "No device is left to pass. `xl-passthrough devices` lists them, with what stands in the way of each.");
		return;
	}
	if (plan->ok && plan->checked) {
		wrap_puts(out, "  ", 2,
			  "The running Xen was asked, and nothing stands in the way: create the guest with `xl-passthrough create`, or with xl and the files that `xl-passthrough plan -o DIR` writes.");
		return;
	}
	if (!plan->ok) {
		wrap_puts(out, "  ", 2,
			  "Resolve the errors above, each as its hint says. Until then there are neither configuration lines nor a guest tree nor a boot script.");
		return;
	}
	wrap_printf(out, "  1. ", 5,
		    "Before Xen boots, mark %zu node%s of the host tree: run the boot script of `xl-passthrough uboot` in U-Boot, or hand Xen the tree that --dtb writes.",
		    plan->n_mark, plan->n_mark == 1 ? "" : "s");
	for (i = 0; i < plan->n_mark && i < REPORT_MAX_LISTED; i++)
		wrap_printf(out, "     ", 5, "%s xen,passthrough", plan->mark[i]);
	if (i < plan->n_mark)
		wrap_printf(out, "     ", 5, "and %zu more", plan->n_mark - i);
	for (i = 0; i < plan->n_enable; i++) {
		char *path = xlpt_tree_path(plan->tree, plan->enable_node[i]);

		out->failed |= !path;
		wrap_printf(out, "     ", 5, "%s status okay", path ? path : "");
		free(path);
	}
	wrap_puts(out, "  2. ", 5,
		  "Add the configuration lines (--format=cfg) to the guest's xl.cfg, and let device_tree= name the partial tree (--format=dtb). -o DIR writes all of them.");
	wrap_puts(out, "  3. ", 5, "Boot Xen with the marked tree and create the guest.");
}

int xlpt_emit_report(const struct xlpt_plan *plan, char **text_r)
{
	struct text out;

	text_init(&out);
	put_title(&out, plan);
	report_devices(&out, plan);
	report_findings(&out, plan);
	put_map(&out, plan);
	put_assumptions(&out, plan);
	put_next_steps(&out, plan);
	return emit_take(&out, text_r);
}
