/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A user's own partial tree laid over the generated one. */
#ifndef XLPT_FRAGMENT_H
#define XLPT_FRAGMENT_H

#include "libxlpt.h"

/*
 * What `fragment` has below /passthrough and /aliases is added to `base`, node
 * by node of the same name, unit address included; where both have a property,
 * the fragment's wins. Everything else of the fragment is left out, as libxl
 * would, with a note. Both are only read; `*blob_r` is malloc'd.
 *
 * Phandles stay what they are: whether the result makes sense is for the judge.
 * -EINVAL: the fragment is malformed or has no /passthrough, the findings say
 * why; -ENOMEM.
 */
int fragment_overlay(const void *base, size_t base_size, const void *fragment,
		     size_t fragment_size, struct xlpt_diags *diags, void **blob_r,
		     size_t *size_r);

#endif
