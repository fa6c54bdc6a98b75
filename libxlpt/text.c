/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

void text_init(struct text *text)
{
	*text = (struct text){ 0 };
}

void text_free(struct text *text)
{
	free(text->s);
	text_init(text);
}

/* Make room for `more` bytes and a NUL. */
static bool text_grow(struct text *text, size_t more)
{
	size_t need, room;
	char *s;

	if (text->failed)
		return false;
	if (__builtin_add_overflow(text->len + 1, more, &need) || need > SIZE_MAX / 2) {
		text->failed = true;
		return false;
	}
	if (need <= text->room)
		return true;
	for (room = text->room ? text->room : 256; room < need; room *= 2)
		;
	s = realloc(text->s, room);
	if (!s) {
		text->failed = true;
		return false;
	}
	text->s = s;
	text->room = room;
	return true;
}

void text_add(struct text *text, const char *s, size_t len)
{
	if (!text_grow(text, len))
		return;
	memcpy(text->s + text->len, s, len);
	text->len += len;
	text->s[text->len] = '\0';
}

void text_puts(struct text *text, const char *s)
{
	text_add(text, s, strlen(s));
}

void text_printf(struct text *text, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0) {
		text->failed = true;
		return;
	}
	if (!text_grow(text, (size_t)len))
		return;
	va_start(ap, fmt);
	vsnprintf(text->s + text->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	text->len += (size_t)len;
}

size_t text_escaped(struct text *text, const char *s, size_t len)
{
	const unsigned char *c = (const unsigned char *)s, *end = c + len;
	size_t columns = 0, n;

	for (; c < end; c += n ? n : 1) {
		n = utf8_len(c);
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && n && c[1] < 0xa0))
			n = 0;
		if (n) {
			text_add(text, (const char *)c, n);
			columns++;
		} else {
			text_printf(text, "\\x%02x", *c);
			columns += 4;
		}
	}
	return columns;
}

char *text_take(struct text *text, size_t *len_r)
{
	char *s;

	if (!text_grow(text, 0)) {
		text_free(text);
		return NULL;
	}
	text->s[text->len] = '\0';
	s = text->s;
	if (len_r)
		*len_r = text->len;
	text_init(text);
	return s;
}
