/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "print.h"

/* Length of the printable UTF-8 character at s; 0: a control character, or not UTF-8. */
static size_t printable(const unsigned char *s)
{
	size_t len, i;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	len = s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 :
	      s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len == 2 && s[0] == 0xc2 && s[1] < 0xa0 ? 0 : len;
}

/*
 * stderr is unbuffered, and a plan may have ten thousands of findings. Nothing
 * stays here when a function of print.h returns: what follows may be stdout's,
 * libxl's own words, or exec.
 */
static struct {
	char bytes[16384];
	size_t len;
} pending;

static void flush_pending(void)
{
	fwrite(pending.bytes, 1, pending.len, stderr);
	pending.len = 0;
}

static void put_bytes(const void *bytes, size_t len)
{
	const char *from = bytes;
	size_t part;

	for (; len; from += part, len -= part) {
		if (pending.len == sizeof(pending.bytes))
			flush_pending();
		part = sizeof(pending.bytes) - pending.len;
		if (part > len)
			part = len;
		memcpy(pending.bytes + pending.len, from, part);
		pending.len += part;
	}
}

static void put(const char *s)
{
	put_bytes(s, strlen(s));
}

/* Names and strings of a tree are somebody else's bytes: escape what a terminal would obey. */
static void put_text(const char *text, const char *indent)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		size_t len = printable(s);

		if (len) {
			while (printable(s + len) == 1)
				len++;
			put_bytes(s, len);
			s += len;
		} else if (*s == '\n' && indent) {
			put("\n");
			put(indent);
			s++;
		} else {
			char escape[8];

			snprintf(escape, sizeof(escape), "\\x%02x", *s++);
			put(escape);
		}
	}
}

void print_error(const char *fmt, ...)
{
	char *text;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	fflush(stdout);
	put(PROGRAM ": ");
	put_text(len < 0 ? "out of memory" : text, NULL);
	put("\n");
	flush_pending();
	if (len >= 0)
		free(text);
}

static bool colour(void)
{
	const char *term = getenv("TERM");
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") &&
	       (!no_color || !no_color[0]);
}

static void put_diag(const char *file, const struct xlpt_diag *diag, bool coloured, bool with_hint)
{
	static const char *const colours[] = {
		[XLPT_NOTE] = "\033[36m", [XLPT_WARNING] = "\033[35m", [XLPT_ERROR] = "\033[31m",
	};

	put_text(file, NULL);
	put(": ");
	put(coloured ? colours[diag->severity] : "");
	put(xlpt_severity_name(diag->severity));
	put(coloured ? "\033[0m: " : ": ");
	if (diag->node) {
		put_text(diag->node, NULL);
		put(": ");
	}
	put_text(diag->message, NULL);
	put(" [");
	put(diag->id);
	put("]\n");
	if (with_hint && diag->hint) {
		put("  hint: ");
		put_text(diag->hint, "        ");
		put("\n");
	}
}

void print_diags(const char *file, const struct xlpt_diags *diags)
{
	size_t n, i;
	const struct xlpt_diag *list = xlpt_diags_list(diags, &n);
	bool coloured = colour();

	fflush(stdout);
	for (i = 0; i < n; i++)
		put_diag(file, &list[i], coloured, true);
	flush_pending();
}

void print_failure(const char *file, const struct xlpt_diags *diags, int rc)
{
	size_t n, i;
	const struct xlpt_diag *list = xlpt_diags_list(diags, &n);

	fflush(stdout);
	for (i = 0; i < n; i++)
		if (list[i].severity == XLPT_ERROR) {
			put_diag(file, &list[i], colour(), false);
			flush_pending();
			return;
		}
	print_error("%s: %s", file, strerror(-rc));
}

static int output_errno;

int put_output(const void *bytes, size_t size)
{
	if (!output_errno && fwrite(bytes, 1, size, stdout) != size)
		output_errno = errno;
	return -output_errno;
}

int put_line(const char *text)
{
	put_output(text, strlen(text));
	return put_output("\n", 1);
}

int flush_output(void)
{
	if (fflush(stdout) && !output_errno)
		output_errno = errno;
	else if (ferror(stdout) && !output_errno)
		output_errno = EIO;
	return -output_errno;
}

int finish_stdout(int status)
{
	if (!flush_output())
		return status;
	print_error("cannot write the output: %s", strerror(output_errno));
	return EXIT_NO_ANSWER;
}

int put_answer(int rc, char *text, bool json)
{
	if (rc) {
		print_error("cannot make the answer: %s", strerror(-rc));
		return rc;
	}
	if (json)
		put_line(text);
	else
		put_output(text, strlen(text));
	free(text);
	return 0;
}
