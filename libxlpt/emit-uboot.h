/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The body of the boot script, for one plan or for several. */
#ifndef XLPT_EMIT_UBOOT_H
#define XLPT_EMIT_UBOOT_H

#include "text.h"
#include "tree.h"

/* Mark and enable these nodes, which are ascending and unique. -ENOMEM. */
int emit_uboot_script(struct text *out, const struct xlpt_tree *tree, const uint32_t *mark,
		      size_t n_mark, const uint32_t *enable, size_t n_enable);

#endif
