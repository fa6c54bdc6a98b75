/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "wrap.h"

/* One word; control characters, C1 included, and what is no UTF-8 as \xNN. Returns its columns. */
static size_t put_word(struct text *out, const unsigned char *s, size_t len)
{
	const unsigned char *end = s + len;
	size_t columns = 0, n;

	for (; s < end; s += n ? n : 1) {
		n = utf8_len(s);
		if (*s < 0x20 || *s == 0x7f || (*s == 0xc2 && n && s[1] < 0xa0))
			n = 0;
		if (n) {
			text_add(out, (const char *)s, n);
			columns++;
		} else {
			text_printf(out, "\\x%02x", *s);
			columns += 4;
		}
	}
	return columns;
}

void wrap_puts(struct text *out, const char *first, unsigned indent, const char *s)
{
	size_t column = strlen(first), len, columns;
	struct text word;
	bool blank = false;

	text_puts(out, first);
	for (s += strspn(s, " \n"); *s; s += len + strspn(s + len, " \n")) {
		len = strcspn(s, " \n");
		text_init(&word);
		columns = put_word(&word, (const unsigned char *)s, len);
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
