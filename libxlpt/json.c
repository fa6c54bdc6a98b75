/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-c/json.h>
#include <stdlib.h>

#include "json.h"
#include "json-write.h"

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
	return s ? checked(json, json_object_new_string(s)) : NULL;
}

/*
 * What is added into it later must find it whole, so it stays until json_write().
 * A list of findings gives up its userdata for that; it is not written any more.
 */
static void keep_for_later(struct json *json, struct json_object *value)
{
	json->failed = true;
	if (!value)
		return;
	json_object_set_userdata(value, json->left_over, NULL);
	json->left_over = value;
}

void json_add(struct json *json, struct json_object *object, const char *key,
	      struct json_object *value)
{
	if (!object || json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW |
						 JSON_C_OBJECT_KEY_IS_CONSTANT))
		keep_for_later(json, value);
}

void json_append(struct json *json, struct json_object *array, struct json_object *value)
{
	if (!array || json_object_array_add(array, value))
		keep_for_later(json, value);
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

/* Written as one: see json-write.h. */
struct json_object *json_new_diags(struct json *json, const struct xlpt_diag *diag, size_t n,
				   bool with_speaker)
{
	struct json_object *array = json_new_array(json, 0);
	struct json_diags *list = malloc(sizeof(*list));

	if (!array || !list) {
		json->failed = true;
		free(list);
		return array;
	}
	*list = (struct json_diags){ diag, n, with_speaker };
	json_object_set_userdata(array, list, json_object_free_userdata);
	return array;
}

void json_write(struct json *json, struct json_object *value, struct text *out)
{
	struct json_object *next;

	if (!json->failed)
		json_put_value(out, value);
	else
		out->failed = true;
	json_object_put(value);
	for (value = json->left_over; value; value = next) {
		next = json_object_get_userdata(value);
		json_object_put(value);
	}
	json->left_over = NULL;
}
