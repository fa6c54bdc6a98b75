/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "utf8.h"

/* json-c's arrays count in int. */
#define EXPECTED_MAX (1 << 20)

static struct json_object *checked(struct json *json, struct json_object *value)
{
	if (!value)
		json->failed = true;
	return value;
}

struct json_object *json_new_object(struct json *json)
{
	return checked(json, json_object_new_object());
}

struct json_object *json_new_array(struct json *json, size_t n)
{
	return checked(json, json_object_new_array_ext(n < 1 ? 1 : n < EXPECTED_MAX ? (int)n :
						       EXPECTED_MAX));
}

struct json_object *json_new_number(struct json *json, uint64_t value)
{
	return checked(json, json_object_new_uint64(value));
}

struct json_object *json_new_bool(struct json *json, bool value)
{
	return checked(json, json_object_new_boolean(value));
}

struct json_object *json_new_string(struct json *json, const char *s)
{
	struct json_object *value;
	const unsigned char *c;
	struct text text;
	size_t len;

	if (!s)
		return NULL;
	for (c = (const unsigned char *)s; *c && (len = utf8_len(c)); c += len)
		;
	if (!*c)
		return checked(json, json_object_new_string(s));

	text_init(&text);
	for (c = (const unsigned char *)s; *c; c += len ? len : 1) {
		len = utf8_len(c);
		if (len)
			text_add(&text, (const char *)c, len);
		else
			text_puts(&text, "\xef\xbf\xbd");
	}
	value = text.failed ? NULL : json_object_new_string(text.s);
	text_free(&text);
	return checked(json, value);
}

void json_add(struct json *json, struct json_object *object, const char *key,
	      struct json_object *value)
{
	if (!object || json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW |
						 JSON_C_OBJECT_KEY_IS_CONSTANT)) {
		json->failed = true;
		json_object_put(value);
	}
}

void json_append(struct json *json, struct json_object *array, struct json_object *value)
{
	if (!array || json_object_array_add(array, value)) {
		json->failed = true;
		json_object_put(value);
	}
}

struct json_object *json_new_strings(struct json *json, const char *const *s, size_t n)
{
	struct json_object *array = json_new_array(json, n);
	size_t i;

	for (i = 0; i < n; i++)
		json_append(json, array, json_new_string(json, s[i]));
	return array;
}

struct json_object *json_new_numbers(struct json *json, const uint32_t *value, size_t n)
{
	struct json_object *array = json_new_array(json, n);
	size_t i;

	for (i = 0; i < n; i++)
		json_append(json, array, json_new_number(json, value[i]));
	return array;
}

struct json_object *json_new_diags(struct json *json, const struct xlpt_diag *diag, size_t n,
				   bool with_speaker)
{
	struct json_object *array = json_new_array(json, n);
	size_t i;

	for (i = 0; i < n; i++, diag++) {
		struct json_object *object = json_new_object(json);

		json_add(json, object, "id", json_new_string(json, diag->id));
		json_add(json, object, "severity",
			 json_new_string(json, xlpt_severity_name(diag->severity)));
		if (with_speaker)
			json_add(json, object, "speaker", json_new_string(json,
				 diag->speaker == XLPT_SPEAKER_TREE ? "tree" : "hypervisor"));
		json_add(json, object, "node", json_new_string(json, diag->node));
		json_add(json, object, "property", json_new_string(json, diag->property));
		json_add(json, object, "message", json_new_string(json, diag->message));
		json_add(json, object, "hint", json_new_string(json, diag->hint));
		json_append(json, array, object);
	}
	return array;
}

void json_write(struct json *json, struct json_object *value, struct text *out)
{
	const char *s = NULL;
	size_t len = 0;

	if (!json->failed)
		s = json_object_to_json_string_length(value, JSON_C_TO_STRING_PLAIN |
						      JSON_C_TO_STRING_NOSLASHESCAPE, &len);
	if (s)
		text_add(out, s, len);
	else
		out->failed = true;
	json_object_put(value);
}
