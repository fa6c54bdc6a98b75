/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "json-write.h"
#include "utf8.h"

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

static inline void put(struct text *out, const char *s, size_t len)
{
	/* text_add() for what fits, in place */
	if (!out->failed && out->room - out->len > len) {
		memcpy(out->s + out->len, s, len);
		out->len += len;
		out->s[out->len] = '\0';
	} else {
		text_add(out, s, len);
	}
}

#define PUT_LITERAL(out, s) put(out, s, sizeof(s) - 1)

/* A byte that does not stand for itself, or a character; what it takes up. */
static size_t put_special(struct text *out, const char *s)
{
	static const char shorts[][2] = {
		{ '"', '"' }, { '\\', '\\' }, { '\b', 'b' }, { '\n', 'n' }, { '\r', 'r' }, { '\t', 't' },
		{ '\f', 'f' },
	};
	size_t i, len;
	char escape[8];

	for (i = 0; i < sizeof(shorts) / sizeof(*shorts); i++)
		if (*s == shorts[i][0]) {
			escape[0] = '\\';
			escape[1] = shorts[i][1];
			put(out, escape, 2);
			return 1;
		}
	if ((unsigned char)*s < 0x20) {
		snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)*s);
		put(out, escape, 6);
		return 1;
	}
	len = utf8_len((const unsigned char *)s);
	if (len)
		put(out, s, len);
	else
		PUT_LITERAL(out, "\xef\xbf\xbd");
	return len ? len : 1;
}

void json_put_string(struct text *out, const char *s)
{
	size_t len, run;

	if (!s) {
		PUT_LITERAL(out, "null");
		return;
	}
	PUT_LITERAL(out, "\"");
	for (len = strlen(s); len; s += run, len -= run) {
		run = plain_run(s, len);
		if (run)
			put(out, s, run);
		else
			run = put_special(out, s);
	}
	PUT_LITERAL(out, "\"");
}

void json_put_number(struct text *out, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(out, digits + at, sizeof(digits) - at);
}

static void put_diag(struct text *out, const struct xlpt_diag *diag, bool with_speaker)
{
	PUT_LITERAL(out, "{\"id\":");
	json_put_string(out, diag->id);
	PUT_LITERAL(out, ",\"severity\":");
	json_put_string(out, xlpt_severity_name(diag->severity));
	if (with_speaker) {
		PUT_LITERAL(out, ",\"speaker\":");
		json_put_string(out, diag->speaker == XLPT_SPEAKER_TREE ? "tree" : "hypervisor");
	}
	PUT_LITERAL(out, ",\"node\":");
	json_put_string(out, diag->node);
	PUT_LITERAL(out, ",\"property\":");
	json_put_string(out, diag->property);
	PUT_LITERAL(out, ",\"message\":");
	json_put_string(out, diag->message);
	PUT_LITERAL(out, ",\"hint\":");
	json_put_string(out, diag->hint);
	PUT_LITERAL(out, "}");
}

void json_put_diags(struct text *out, const struct json_diags *list)
{
	size_t i;

	PUT_LITERAL(out, "[");
	for (i = 0; i < list->n; i++) {
		if (i)
			PUT_LITERAL(out, ",");
		put_diag(out, &list->diag[i], list->with_speaker);
	}
	PUT_LITERAL(out, "]");
}

static void put_items(struct text *out, struct json_object *array)
{
	size_t n = json_object_array_length(array), i;

	PUT_LITERAL(out, "[");
	for (i = 0; i < n; i++) {
		if (i)
			PUT_LITERAL(out, ",");
		json_put_value(out, json_object_array_get_idx(array, i));
	}
	PUT_LITERAL(out, "]");
}

static void put_members(struct text *out, struct json_object *object)
{
	bool first = true;

	json_object_object_foreach(object, key, value) {
		if (!first)
			PUT_LITERAL(out, ",");
		first = false;
		json_put_string(out, key);
		PUT_LITERAL(out, ":");
		json_put_value(out, value);
	}
}

/* As deep as the code that made it. */
void json_put_value(struct text *out, struct json_object *value)
{
	const struct json_diags *diags;

	switch (json_object_get_type(value)) {
	case json_type_object:
		PUT_LITERAL(out, "{");
		put_members(out, value);
		PUT_LITERAL(out, "}");
		break;
	case json_type_array:
		diags = json_object_get_userdata(value);
		if (diags)
			json_put_diags(out, diags);
		else
			put_items(out, value);
		break;
	case json_type_string:
		json_put_string(out, json_object_get_string(value));
		break;
	case json_type_int:
		json_put_number(out, json_object_get_uint64(value));
		break;
	case json_type_boolean:
		if (json_object_get_boolean(value))
			PUT_LITERAL(out, "true");
		else
			PUT_LITERAL(out, "false");
		break;
	default:
		PUT_LITERAL(out, "null");
	}
}
