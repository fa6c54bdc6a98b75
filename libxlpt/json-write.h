/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of json.h's values. json-c's own writer goes on when it is out of
 * memory, and what it left out shows nowhere.
 */
#ifndef XLPT_JSON_WRITE_H
#define XLPT_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
