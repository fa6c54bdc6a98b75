/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Strings of a tree are somebody else's bytes: what of them is text. */
#ifndef XLPT_UTF8_H
#define XLPT_UTF8_H

#include <stddef.h>

/* Length of the character at s by RFC 3629, 0 if it is none; a NUL is one byte long. */
size_t utf8_len(const unsigned char *s);

#endif
