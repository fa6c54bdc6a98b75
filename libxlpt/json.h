/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON by json-c, with what json-c leaves to its callers: running out of memory
 * is told from null and sticks until json_write(), and bytes that are no UTF-8
 * (strings of a tree are somebody else's) become U+FFFD.
 */
#ifndef XLPT_JSON_H
#define XLPT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libxlpt.h"
#include "text.h"

struct json_object;

struct json {
	bool failed;
	struct json_object *left_over;	/* of a failure, freed by json_write() */
};

/* New values; NULL is null, or a failure that json->failed tells. */
struct json_object *json_new_object(struct json *json);
struct json_object *json_new_array(struct json *json, size_t n);	/* n: expected length */
struct json_object *json_new_string(struct json *json, const char *s);	/* NULL: null */
struct json_object *json_new_number(struct json *json, uint64_t value);
struct json_object *json_new_bool(struct json *json, bool value);
struct json_object *json_new_strings(struct json *json, const char *const *s, size_t n);
struct json_object *json_new_numbers(struct json *json, const uint32_t *value, size_t n);

/* Findings as in xl-passthrough(1); with_speaker adds what `check` has. Borrowed until they are written. */
struct json_object *json_new_diags(struct json *json, const struct xlpt_diag *diag, size_t n,
				   bool with_speaker);

/* Both take over `value`. The key must be static; each key is added once. */
void json_add(struct json *json, struct json_object *object, const char *key,
	      struct json_object *value);
void json_append(struct json *json, struct json_object *array, struct json_object *value);

/* Append the value to a text in one line and free it; a failure of either sticks in the text. */
void json_write(struct json *json, struct json_object *value, struct text *out);

#endif
