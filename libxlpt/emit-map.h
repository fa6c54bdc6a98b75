/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XLPT_EMIT_MAP_H
#define XLPT_EMIT_MAP_H

#include "libxlpt.h"
#include "text.h"

/*
 * The guest's address map as a picture in text, 80 columns of ASCII: the
 * regions of the settings and the free space between them, ascending, and
 * below each the device frames that lie in it. labels[i] says what iomem[i]
 * is, usually a path in the host tree; it, or `labels`, may be NULL. Long
 * lists are abridged.
 */
void emit_map(struct text *out, const struct xlpt_settings *settings,
	      const struct xlpt_iomem *iomem, size_t n_iomem, const char *const *labels);

#endif
