/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Growing text for the emitters; a failure sticks and is asked for once. */
#ifndef XLPT_TEXT_H
#define XLPT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
	char *s;	/* NUL-terminated once anything was written; malloc'd */
	size_t len, room;
	bool failed;
};

void text_init(struct text *text);
void text_free(struct text *text);
void text_add(struct text *text, const char *s, size_t len);
void text_puts(struct text *text, const char *s);
void text_printf(struct text *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Somebody else's bytes, for a terminal or a line: control characters, C1
 * included, and what is no UTF-8 as \xNN. Returns the columns that it takes.
 */
size_t text_escaped(struct text *text, const char *s, size_t len);

/* Hand over the bytes (free() them); NULL if anything failed on the way. */
char *text_take(struct text *text, size_t *len_r);

#endif
