/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tokens of a configuration (libxlu_cfg_l.l) without their values: enough
 * to see which keys are assigned, for a front end that must not slow down
 * every `xl create` by loading libxl.
 */
#include <string.h>

#include "guest-config.h"

struct scan {
	const char *s, *end;
};

static bool ident_start(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool ident_char(char c)
{
	return ident_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '_';
}

static void skip_blanks(struct scan *scan)
{
	while (scan->s < scan->end && (*scan->s == ' ' || *scan->s == '\t'))
		scan->s++;
}

/* At a quote; false at a newline or the end, where the lexer gives up on the line too. */
static bool skip_string(struct scan *scan)
{
	char quote = *scan->s++;

	for (; scan->s < scan->end && *scan->s != '\n'; scan->s++) {
		if (*scan->s == quote) {
			scan->s++;
			return true;
		}
		if (*scan->s == '\\' && scan->end - scan->s > 1 && scan->s[1] != '\n')
			scan->s++;
	}
	return false;
}

/* Behind an identifier: is it assigned? */
static bool at_assignment(struct scan scan)
{
	skip_blanks(&scan);
	if (scan.s < scan.end && *scan.s == '+')
		scan.s++;
	return scan.s < scan.end && *scan.s == '=';
}

bool guest_config_has_key(const char *text, size_t size, const char *key)
{
	struct scan scan = { .s = text, .end = text + size };
	size_t len = strlen(key), depth = 0;
	bool statement = true;	/* a key may stand here */

	while (scan.s < scan.end) {
		const char *start = scan.s;
		char c = *start;

		if (c == '\n' || c == ';') {
			scan.s++;
			statement = !depth;
		} else if (c == ' ' || c == '\t') {
			skip_blanks(&scan);
		} else if (c == '#') {
			scan.s = memchr(start, '\n', (size_t)(scan.end - start));
			if (!scan.s)
				return false;
		} else if (c == '\'' || c == '"') {
			statement = false;
			if (!skip_string(&scan))
				depth = 0;
		} else if (ident_start(c)) {
			while (scan.s < scan.end && ident_char(*scan.s))
				scan.s++;
			if (statement && (size_t)(scan.s - start) == len &&
			    !memcmp(start, key, len) && at_assignment(scan))
				return true;
			statement = false;
		} else {
			scan.s++;
			statement = false;
			if (c == '[')
				depth++;
			else if (c == ']' && depth)
				depth--;
		}
	}
	return false;
}
