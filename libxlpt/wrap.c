/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wrap.h"

void wrap_puts(struct text *out, const char *first, unsigned indent, const char *s)
{
	size_t column = strlen(first), len, columns;
	struct text word;
	bool blank = false;

	text_puts(out, first);
	for (s += strspn(s, " \n"); *s; s += len + strspn(s + len, " \n")) {
		len = strcspn(s, " \n");
		text_init(&word);
		columns = text_escaped(&word, s, len);
		if (blank && column + 1 + columns > WRAP_WIDTH) {
			text_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (blank) {
			text_puts(out, " ");
			column++;
		}
		if (word.s)
			text_add(out, word.s, word.len);
		out->failed |= word.failed;
		text_free(&word);
		column += columns;
		blank = true;
	}
	text_puts(out, "\n");
}

void wrap_printf(struct text *out, const char *first, unsigned indent, const char *fmt, ...)
{
	char *s;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (len < 0) {
		out->failed = true;
		return;
	}
	wrap_puts(out, first, indent, s);
	free(s);
}
