/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of json.h's values. json-c's own writer goes on when it is out of
 * memory, and what it left out shows nowhere.
 */
#ifndef XLPT_JSON_WRITE_H
#define XLPT_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libxlpt.h"
#include "text.h"

struct json_object;

/*
 * Findings are most of what is written, and the same few strings again and
 * again. So a list of them is one value: an array with this as its userdata.
 */
struct json_diags {
	const struct xlpt_diag *diag;
	size_t n;
	bool with_speaker;
};

void json_put_value(struct text *out, struct json_object *value);

/*
 * The same without values, for what is written by the hundred thousand: the
 * caller puts the braces, keys and commas. A NULL string is null.
 */
void json_put_string(struct text *out, const char *s);
void json_put_number(struct text *out, uint64_t value);
void json_put_diags(struct text *out, const struct json_diags *list);

#endif
