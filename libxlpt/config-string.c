/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "config-string.h"

int config_string(struct text *out, const char *s)
{
	text_puts(out, "\"");
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return -EINVAL;
		if (*s == '"' || *s == '\\')
			text_puts(out, "\\");
		text_add(out, s, 1);
	}
	text_puts(out, "\"");
	return 0;
}
