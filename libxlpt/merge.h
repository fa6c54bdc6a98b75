/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxl's copy of a partial device tree into the guest's (copy_partial_fdt). */
#ifndef XLPT_MERGE_H
#define XLPT_MERGE_H

#include "guest-base.h"

/*
 * The guest's final tree: libxl's base for the settings, or the nodes of
 * `base` (a dump of LIBXL_DEBUG_DUMP_DTB; whatever of a partial tree it holds
 * is left out), and behind them /passthrough and /aliases of `partial`, with
 * every property and subnode unchanged. Without a partial tree (NULL) just the
 * base. `*blob_r` is malloc'd.
 *
 * -EINVAL: libxl would refuse to build it, or crash on it; the findings say
 * why. -ENOMEM.
 */
int xlpt_merge(const struct merge_settings *settings, const void *base, size_t base_size,
	       const void *partial, size_t partial_size, struct xlpt_diags *diags,
	       void **blob_r, size_t *size_r);

#endif
