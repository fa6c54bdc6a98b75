/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An indexed tree as device tree source that dtc compiles back to the same tree. */
#ifndef XLPT_DTS_PRINT_H
#define XLPT_DTS_PRINT_H

#include "text.h"
#include "tree.h"

/* What to say in a comment before a node, NULL for nothing; any bytes. */
typedef const char *(*dts_comment_fn)(void *opaque, uint32_t node);

void dts_print(struct text *out, const struct xlpt_tree *tree, dts_comment_fn comment, void *opaque);

/* Text inside a comment: what would end it or drive a terminal is replaced. */
void dts_comment_text(struct text *out, const char *s);

#endif
