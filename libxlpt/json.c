/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-c/json.h>
#include <json-c/printbuf.h>
#include <stdio.h>
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

/*
 * Bytes from s on that need no escape and are ASCII, at most len. Eight at a
 * time: in each byte the top bit of the sum is set for what must be looked at.
 */
static size_t plain_run(const char *s, size_t len)
{
	const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t word, quote, backslash;

		memcpy(&word, s + i, 8);
		quote = word ^ (ones * '"');
		backslash = word ^ (ones * '\\');
		if ((word | (word - ones * 0x20) | (quote - ones) | (backslash - ones)) & tops)
			break;
	}
	for (; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x80 || s[i] == '"' ||
		    s[i] == '\\')
			break;
	return i;
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
	len = strlen(s);
	if (plain_run(s, len) == len)
		return checked(json, json_object_new_string(s));
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

/* ---- findings ------------------------------------------------------------------ */

/*
 * They are most of what is written, and the same few strings again and again.
 * So a list of findings is one value of json-c's, which writes itself.
 */
struct diag_list {
	const struct xlpt_diag *diag;
	size_t n;
	bool with_speaker;
};

static inline int put(struct printbuf *out, const char *s, size_t len)
{
	/* As printbuf_memappend_fast() has it, which does not tell of failure. */
	if (out->size - out->bpos > (int)len) {
		memcpy(out->buf + out->bpos, s, len);
		out->bpos += (int)len;
		out->buf[out->bpos] = '\0';
		return 0;
	}
	return printbuf_memappend(out, s, (int)len) < 0 ? -1 : 0;
}

#define PUT_LITERAL(out, s) put(out, s, sizeof(s) - 1)

/* A byte that does not stand for itself, or a character; *len_r: what it takes up. */
static int put_special(struct printbuf *out, const char *s, size_t *len_r)
{
	static const char shorts[][2] = {
		{ '"', '"' }, { '\\', '\\' }, { '\b', 'b' }, { '\n', 'n' }, { '\r', 'r' }, { '\t', 't' },
		{ '\f', 'f' },
	};
	char escape[8];
	size_t i;

	*len_r = 1;
	for (i = 0; i < sizeof(shorts) / sizeof(*shorts); i++)
		if (*s == shorts[i][0]) {
			escape[0] = '\\';
			escape[1] = shorts[i][1];
			return put(out, escape, 2);
		}
	if ((unsigned char)*s < 0x20) {
		snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)*s);
		return put(out, escape, 6);
	}
	*len_r = utf8_len((const unsigned char *)s);
	if (*len_r)
		return put(out, s, *len_r);
	*len_r = 1;
	return PUT_LITERAL(out, "\xef\xbf\xbd");
}

static int put_string(struct printbuf *out, const char *s)
{
	size_t len, run;
	int rc;

	if (!s)
		return PUT_LITERAL(out, "null");
	rc = PUT_LITERAL(out, "\"");
	for (len = strlen(s); len && !rc; s += run, len -= run) {
		run = plain_run(s, len);
		rc = run ? put(out, s, run) : put_special(out, s, &run);
	}
	return rc ? rc : PUT_LITERAL(out, "\"");
}

static int put_diag(struct printbuf *out, const struct xlpt_diag *diag, bool with_speaker)
{
	int rc = 0;

	rc |= PUT_LITERAL(out, "{\"id\":");
	rc |= put_string(out, diag->id);
	rc |= PUT_LITERAL(out, ",\"severity\":");
	rc |= put_string(out, xlpt_severity_name(diag->severity));
	if (with_speaker) {
		rc |= PUT_LITERAL(out, ",\"speaker\":");
		rc |= put_string(out, diag->speaker == XLPT_SPEAKER_TREE ? "tree" : "hypervisor");
	}
	rc |= PUT_LITERAL(out, ",\"node\":");
	rc |= put_string(out, diag->node);
	rc |= PUT_LITERAL(out, ",\"property\":");
	rc |= put_string(out, diag->property);
	rc |= PUT_LITERAL(out, ",\"message\":");
	rc |= put_string(out, diag->message);
	rc |= PUT_LITERAL(out, ",\"hint\":");
	rc |= put_string(out, diag->hint);
	return rc | PUT_LITERAL(out, "}");
}

static int put_diags(struct json_object *value, struct printbuf *out, int level, int flags)
{
	const struct diag_list *list = json_object_get_userdata(value);
	size_t i;
	int rc = PUT_LITERAL(out, "[");

	(void)level;
	(void)flags;
	for (i = 0; i < list->n && !rc; i++) {
		if (i)
			rc |= PUT_LITERAL(out, ",");
		rc |= put_diag(out, &list->diag[i], list->with_speaker);
	}
	return rc | PUT_LITERAL(out, "]");
}

struct json_object *json_new_diags(struct json *json, const struct xlpt_diag *diag, size_t n,
				   bool with_speaker)
{
	struct json_object *array = json_new_array(json, 0);
	struct diag_list *list = malloc(sizeof(*list));

	if (!array || !list) {
		json->failed = true;
		free(list);
		return array;
	}
	*list = (struct diag_list){ diag, n, with_speaker };
	json_object_set_serializer(array, put_diags, list, json_object_free_userdata);
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
