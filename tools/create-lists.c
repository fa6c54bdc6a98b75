/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "config-string.h"
#include "create-lists.h"
#include "holding.h"
#include "p2m-pool.h"

/* += of xl.cfg(5) came with 4.13, the pool with 4.17 and nothing before it minds the key. */
#define XEN_WITH_ADDITION 13

static bool has_irq(const struct create_lists *lists, uint32_t irq)
{
	size_t i;

	for (i = 0; i < lists->own_irqs; i++)
		if (lists->irqs[i] == irq)
			return true;
	return false;
}

/* All of the frames, at the same place in the guest. */
static bool has_iomem(const struct create_lists *lists, const struct xlpt_iomem *wanted)
{
	size_t i;

	for (i = 0; i < lists->own_iomem; i++) {
		const struct xlpt_iomem *own = &lists->iomem[i];

		if (wanted->start >= own->start &&
		    wanted->start + wanted->count <= own->start + own->count &&
		    wanted->start - own->start == wanted->gfn - own->gfn)
			return true;
	}
	return false;
}

static bool has_dtdev(const struct create_lists *lists, const char *path)
{
	size_t i;

	for (i = 0; i < lists->own_dtdev; i++)
		if (same_xen_path(lists->dtdev[i], path))
			return true;
	return false;
}

int create_lists_make(struct create_lists *lists, const struct guest_config *config,
		      const struct xlpt_plan *plan, struct arena *arena)
{
	size_t n_iomem, n_irqs, n_dtdev, i;
	const struct xlpt_iomem *iomem = xlpt_plan_iomem(plan, &n_iomem);
	const uint32_t *irqs = xlpt_plan_irqs(plan, &n_irqs);
	const char *const *dtdev = xlpt_plan_dtdev(plan, &n_dtdev);

	*lists = (struct create_lists){
		.iomem = arena_alloc(arena, config->n_iomem + n_iomem, sizeof(*lists->iomem)),
		.irqs = arena_alloc(arena, config->n_irqs + n_irqs, sizeof(*lists->irqs)),
		.dtdev = arena_alloc(arena, config->n_dtdev + n_dtdev, sizeof(*lists->dtdev)),
		.n_iomem = config->n_iomem, .own_iomem = config->n_iomem,
		.n_irqs = config->n_irqs, .own_irqs = config->n_irqs,
		.n_dtdev = config->n_dtdev, .own_dtdev = config->n_dtdev,
	};
	if (!lists->iomem || !lists->irqs || !lists->dtdev)
		return -ENOMEM;
	for (i = 0; i < config->n_iomem; i++)
		lists->iomem[i] = config->iomem[i];
	for (i = 0; i < config->n_irqs; i++)
		lists->irqs[i] = config->irqs[i];
	for (i = 0; i < config->n_dtdev; i++)
		lists->dtdev[i] = config->dtdev[i];
	for (i = 0; i < n_iomem; i++)
		if (!has_iomem(lists, &iomem[i]))
			lists->iomem[lists->n_iomem++] = iomem[i];
	for (i = 0; i < n_irqs; i++)
		if (!has_irq(lists, irqs[i]))
			lists->irqs[lists->n_irqs++] = irqs[i];
	for (i = 0; i < n_dtdev; i++)
		if (!has_dtdev(lists, dtdev[i]))
			lists->dtdev[lists->n_dtdev++] = dtdev[i];
	return 0;
}

/* ---- as arguments ------------------------------------------------------------ */

/* The text becomes the next argument. */
static int add(struct create_arguments *arguments, struct text *text, struct arena *arena)
{
	char *copy = text->failed ? NULL : arena_strdup(arena, text->s);

	text_free(text);
	if (!copy)
		return -ENOMEM;
	arguments->list[arguments->n++] = copy;
	return 0;
}

static int add_string(struct create_arguments *arguments, const char *key, const char *value,
		      struct arena *arena)
{
	struct text text;
	int rc;

	text_init(&text);
	text_printf(&text, "%s=", key);
	rc = config_string(&text, value);
	if (rc)
		text_free(&text);
	return rc ? rc : add(arguments, &text, arena);
}

/* "KEY+=[", or "KEY=[" with the own entries to follow; where to begin. */
static size_t begin_list(struct text *text, const char *key, bool whole, size_t own)
{
	text_init(text);
	text_printf(text, "%s%s[", key, whole ? "=" : "+=");
	return whole ? 0 : own;
}

static int add_irqs(struct create_arguments *arguments, const struct create_lists *lists,
		    bool whole, struct arena *arena)
{
	struct text text;
	size_t first = begin_list(&text, "irqs", whole, lists->own_irqs), i;

	for (i = first; i < lists->n_irqs; i++)
		text_printf(&text, "%s%" PRIu32, i > first ? "," : "", lists->irqs[i]);
	text_puts(&text, "]");
	return add(arguments, &text, arena);
}

static int add_iomem(struct create_arguments *arguments, const struct create_lists *lists,
		     bool whole, struct arena *arena)
{
	struct text text;
	size_t first = begin_list(&text, "iomem", whole, lists->own_iomem), i;

	for (i = first; i < lists->n_iomem; i++) {
		const struct xlpt_iomem *iomem = &lists->iomem[i];

		text_printf(&text, "%s\"0x%" PRIx64 ",0x%" PRIx64, i > first ? "," : "",
			    iomem->start, iomem->count);
		if (iomem->gfn != iomem->start)
			text_printf(&text, "@0x%" PRIx64, iomem->gfn);
		text_puts(&text, "\"");
	}
	text_puts(&text, "]");
	return add(arguments, &text, arena);
}

static int add_dtdev(struct create_arguments *arguments, const struct create_lists *lists,
		     bool whole, struct arena *arena)
{
	struct text text;
	size_t first = begin_list(&text, "dtdev", whole, lists->own_dtdev), i;
	int rc = 0;

	for (i = first; i < lists->n_dtdev && !rc; i++) {
		text_puts(&text, i > first ? "," : "");
		rc = config_string(&text, lists->dtdev[i]);
	}
	text_puts(&text, "]");
	if (rc)
		text_free(&text);
	return rc ? rc : add(arguments, &text, arena);
}

/* The stage-2 tables of all mappings, if the user did not see to it. */
static int add_shadow_memory(struct create_arguments *arguments, const struct create_lists *lists,
			     const struct guest_config *config,
			     const struct xlpt_settings *settings, struct arena *arena)
{
	uint64_t mib = p2m_pool_shadow_memory_mib(settings->vcpus, settings->memory_mib,
						  p2m_pool_tables_kib(lists->iomem, lists->n_iomem));
	struct text text;

	if (config->has_shadow_memory || !mib)
		return 0;
	text_init(&text);
	text_printf(&text, "shadow_memory=%" PRIu64, mib);
	return add(arguments, &text, arena);
}

int create_arguments_make(struct create_arguments *arguments, const struct create_lists *lists,
			  const struct guest_config *config,
			  const struct xlpt_settings *settings, const char *device_tree,
			  const char *uuid, struct arena *arena)
{
	bool whole = settings->xen_first < XEN_WITH_ADDITION;
	int rc = 0;

	*arguments = (struct create_arguments){
		.list = arena_alloc(arena, 6, sizeof(*arguments->list)),
	};
	if (!arguments->list)
		return -ENOMEM;
	if (lists->n_irqs > lists->own_irqs)
		rc = add_irqs(arguments, lists, whole, arena);
	if (!rc && lists->n_iomem > lists->own_iomem)
		rc = add_iomem(arguments, lists, whole, arena);
	if (!rc && lists->n_dtdev > lists->own_dtdev)
		rc = add_dtdev(arguments, lists, whole, arena);
	if (!rc)
		rc = add_string(arguments, "device_tree", device_tree, arena);
	if (!rc)
		rc = add_shadow_memory(arguments, lists, config, settings, arena);
	if (!rc && uuid)
		rc = add_string(arguments, "uuid", uuid, arena);
	return rc;
}
