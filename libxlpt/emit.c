/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "emit.h"
#include "plan.h"

/* A driver domain has hundreds of devices; the comment need not list them all. */
#define ORIGIN_MAX_DEVICES 16

void emit_xen_name(struct text *out, const struct xlpt_settings *settings)
{
	struct xlpt_settings any;

	xlpt_settings_init(&any);
	if (settings->xen_first == settings->xen_last)
		text_printf(out, "4.%u", settings->xen_first);
	else if (settings->xen_first == any.xen_first && settings->xen_last == any.xen_last)
		text_puts(out, "any");
	else
		text_printf(out, "4.%u-4.%u", settings->xen_first, settings->xen_last);
}

void emit_origin(struct text *out, const struct xlpt_plan *plan, const char *mark)
{
	const struct xlpt_settings *settings = plan->settings;
	size_t i;

	text_printf(out, "%sMade by xl-passthrough, libxlpt %s, for Xen ", mark, XLPT_VERSION);
	if (settings->xen_first == settings->xen_last)
		text_printf(out, "4.%u:\n", settings->xen_first);
	else
		text_printf(out, "4.%u to 4.%u:\n", settings->xen_first, settings->xen_last);
	for (i = 0; i < plan->n_items && i < ORIGIN_MAX_DEVICES; i++)
		text_printf(out, "%s  %s\n", mark, plan->item[i].path);
	if (i < plan->n_items)
		text_printf(out, "%s  and %zu more\n", mark, plan->n_items - i);
}

int emit_take(struct text *out, char **text_r)
{
	*text_r = text_take(out, NULL);
	return *text_r ? 0 : -ENOMEM;
}
