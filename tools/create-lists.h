/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest gets in all: the lists of its own configuration and, behind
 * them, what of the plan is not in them yet. xl takes it as arguments.
 */
#ifndef XLPT_CREATE_LISTS_H
#define XLPT_CREATE_LISTS_H

#include "guest-config.h"
#include "text.h"

struct create_lists {
	struct xlpt_iomem *iomem;
	size_t n_iomem, own_iomem;
	uint32_t *irqs;
	size_t n_irqs, own_irqs;
	const char **dtdev;
	size_t n_dtdev, own_dtdev;
};

/* Entries are compared by value; xl refuses an irq given twice. Lives in the arena. -ENOMEM. */
int create_lists_make(struct create_lists *lists, const struct guest_config *config,
		      const struct xlpt_plan *plan, struct arena *arena);

/* What xl gets on top of what the user typed. */
struct create_arguments {
	const char **list;
	size_t n;
};

/*
 * `device_tree`: the partial tree's path. `uuid`: one that was drawn, or NULL.
 * Before 4.13 xl has no +=, so the lists are given whole. -EINVAL: a path that
 * no string of a configuration can hold; -ENOMEM.
 */
int create_arguments_make(struct create_arguments *arguments, const struct create_lists *lists,
			  const struct guest_config *config,
			  const struct xlpt_settings *settings, const char *device_tree,
			  const char *uuid, struct arena *arena);

#endif
