/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines for xl.cfg(5). One entry a line, with its device in a comment, so that
 * a small change of the selection is a small diff. xl reads iomem= in
 * hexadecimal whatever it looks like and irqs= in decimal only; a comment needs
 * a line end behind it (tools/xl/xl_parse.c, tools/libs/util/libxlu_cfg_l.l).
 */
#include <errno.h>

#include "config-string.h"
#include "emit.h"
#include "plan-owners.h"
#include "p2m-pool.h"

static void put_dtdev(struct text *out, const struct xlpt_plan *plan)
{
	size_t i;

	if (!plan->n_dtdev)
		return;
	text_puts(out, "# Their DMA goes through the SMMU; the guest must not have maxmem above memory.\n"
		  "dtdev = [\n");
	for (i = 0; i < plan->n_dtdev; i++)
		text_printf(out, "    \"%s\",\n", plan->dtdev[i]);
	text_puts(out, "]\n");
}

/* SPIs that follow each other and have the same owner share a line. */
static int put_irqs(struct text *out, const struct xlpt_plan *plan)
{
	struct plan_owners owners;
	struct text name, line;
	size_t next = 0, i;
	int rc = 0;

	if (!plan->n_irqs)
		return 0;
	text_init(&line);
	plan_owners_of_irqs(&owners, plan);
	text_puts(out, "# Interrupts as the GIC numbers them: SPI n is n + 32.\nirqs = [\n");
	for (i = 0; i < plan->n_irqs; i++) {
		bool same;

		text_init(&name);
		plan_owners_name(&owners, &next, plan->irqs[i], plan->irqs[i], &name);
		same = line.s && !strcmp(line.s, name.s ? name.s : "");
		if (!same) {
			if (line.s)
				text_printf(out, "  # %s\n", line.s);
			text_free(&line);
			text_puts(&line, name.s ? name.s : "");
			text_puts(out, "    ");
		}
		text_printf(out, "%s%u,", same ? " " : "", plan->irqs[i]);
		if (name.failed || line.failed)
			rc = -ENOMEM;
		text_free(&name);
	}
	text_printf(out, "  # %s\n]\n", line.s ? line.s : "");
	text_free(&line);
	rc = owners.failed ? -ENOMEM : rc;
	plan_owners_free(&owners);
	return rc;
}

static int put_iomem(struct text *out, const struct xlpt_plan *plan)
{
	struct plan_owners owners;
	size_t next = 0, i;
	int rc;

	if (!plan->n_iomem)
		return 0;
	plan_owners_of_frames(&owners, plan);
	text_puts(out, "# Registers in 4 KiB frames, all hexadecimal: first host frame, number @ first guest frame.\n"
		  "iomem = [\n");
	for (i = 0; i < plan->n_iomem; i++) {
		const struct xlpt_iomem *iomem = &plan->iomem[i];

		/* 0x from 10 on, so that nobody takes the number for a decimal one. */
		text_printf(out, "    \"0x%llx,%s%llx@0x%llx\",  # ", (unsigned long long)iomem->start,
			    iomem->count < 10 ? "" : "0x", (unsigned long long)iomem->count,
			    (unsigned long long)iomem->gfn);
		plan_owners_name(&owners, &next, iomem->start, iomem->start + iomem->count - 1, out);
		text_puts(out, "\n");
	}
	text_puts(out, "]\n");
	rc = owners.failed ? -ENOMEM : 0;
	plan_owners_free(&owners);
	return rc;
}

static void put_shadow_memory(struct text *out, const struct xlpt_plan *plan)
{
	const struct xlpt_settings *settings = plan->settings;
	uint64_t mib;

	mib = p2m_pool_shadow_memory_mib(settings->vcpus, settings->memory_mib,
					 p2m_pool_tables_kib(plan->iomem, plan->n_iomem));
	if (!mib)
		return;
	text_puts(out, "# Room for the page tables of that much iomem, in MiB");
	if (!settings->memory_mib || !settings->vcpus)
		text_printf(out, "; for%s%s%s", settings->vcpus ? "" : " one vcpu",
			    !settings->vcpus && !settings->memory_mib ? " and" : "",
			    settings->memory_mib ? "" : " no RAM yet: add 1 for every 256 MiB of memory");
	text_printf(out, ".\nshadow_memory = %llu\n", (unsigned long long)mib);
}

int xlpt_emit_config(const struct xlpt_plan *plan, const char *device_tree, char **text_r)
{
	struct text out;
	int rc = 0;

	*text_r = NULL;
	if (!plan->ok)
		return -EINVAL;
	text_init(&out);
	emit_origin(&out, plan, "# ");
	if (device_tree) {
		text_puts(&out, "device_tree = ");
		rc = config_string(&out, device_tree);
		text_puts(&out, "\n");
	}
	put_dtdev(&out, plan);
	if (!rc)
		rc = put_irqs(&out, plan);
	if (!rc)
		rc = put_iomem(&out, plan);
	put_shadow_memory(&out, plan);
	if (!rc)
		return emit_take(&out, text_r);
	text_free(&out);
	return rc;
}
