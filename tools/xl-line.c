/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "next-xl.h"
#include "print.h"
#include "text.h"
#include "xl-line.h"

char **xl_line(const struct create_args *args, const struct create_arguments *arguments)
{
	size_t n = 0, n_added = arguments ? arguments->n : 0, i;
	char **line = calloc((size_t)(args->n_globals + args->n_rest) + n_added + 3, sizeof(*line));
	int k;

	if (!line)
		return NULL;
	line[n++] = (char *)(uintptr_t)"xl";
	for (k = 0; k < args->n_globals; k++)
		line[n++] = args->globals[k];
	line[n++] = (char *)(uintptr_t)"create";
	for (k = 0; k < args->n_rest; k++)
		line[n++] = args->rest[k];
	for (i = 0; i < n_added; i++)
		line[n++] = (char *)(uintptr_t)arguments->list[i];
	return line;
}

/* The line is shown because of these; what it does otherwise is what is asked for. */
static bool is_dry_run(const char *word)
{
	return !strcmp(word, "-n") || !strcmp(word, "--dryrun") || !strcmp(word, "-N");
}

/* As a word for a shell. */
static void put_word(struct text *out, const char *word)
{
	if (*word && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_-./=+,:@%^")]) {
		text_puts(out, word);
		return;
	}
	text_puts(out, "'");
	for (; *word; word++) {
		if (*word == '\'')
			text_puts(out, "'\\''");
		else
			text_add(out, word, 1);
	}
	text_puts(out, "'");
}

char *xl_line_text(const struct create_args *args, const struct create_arguments *arguments)
{
	char **line = xl_line(args, arguments), *xl, *result = NULL;
	struct next_xl next;
	struct text text;
	size_t i, len;

	text_init(&text);
	next_xl_begin(&next);
	xl = next_xl_candidate(&next);
	put_word(&text, xl ? xl : "xl");
	for (i = 1; line && line[i]; i++) {
		if (is_dry_run(line[i]))
			continue;
		text_puts(&text, " ");
		put_word(&text, line[i]);
	}
	/* Without an xl the command is shown all the same; with one that cannot be told it is not. */
	if (!xl && next.error) {
		print_error("cannot look for xl on PATH: %s", strerror(next.error));
	} else {
		result = line ? text_take(&text, &len) : NULL;
		if (!result)
			print_error("%s", strerror(ENOMEM));
	}
	text_free(&text);
	free(line);
	free(xl);
	return result;
}
