/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text for people: lines of at most 80 columns. */
#ifndef XLPT_WRAP_H
#define XLPT_WRAP_H

#include "text.h"

#define WRAP_WIDTH 80

/*
 * Append a paragraph: `first` begins its first line, `indent` blanks the
 * others. Lines break at blanks only, so that a long path stays one word. What
 * could drive a terminal is escaped.
 */
void wrap_puts(struct text *out, const char *first, unsigned indent, const char *s);
void wrap_printf(struct text *out, const char *first, unsigned indent, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
