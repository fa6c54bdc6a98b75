/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "print.h"

static const struct option_row common_options[] = {
	{ .id = OPTION_HELP, .name = "help", .help = "print this help" },
	{ 0 },
};

/* The rows of a command one after the other, its own tables first. */
struct row_iterator {
	const struct option_row *const *table;
	const struct option_row *row;
	bool common;
};

static const struct option_row *next_row(const struct command *command, struct row_iterator *at)
{
	if (!at->row) {
		at->table = command->options;
		at->row = at->table ? *at->table : NULL;
	} else {
		at->row++;
	}
	while (!at->common && (!at->row || !at->row->name)) {
		if (at->row && *++at->table) {
			at->row = *at->table;
		} else {
			at->row = common_options;
			at->common = true;
		}
	}
	return at->row->name ? at->row : NULL;
}

static bool has_letter(const struct option_row *row)
{
	return row->id < OPTION_LONG;
}

struct getopt_table {
	char *letters;
	struct option longs[];
};

static struct getopt_table *make_table(const struct command *command)
{
	struct row_iterator at = { 0 };
	const struct option_row *row;
	struct getopt_table *table;
	struct option *to;
	size_t n = 0;
	char *letter;

	while (next_row(command, &at))
		n++;
	/* at most three bytes of letters a row, behind "-:" */
	table = calloc(1, sizeof(*table) + (n + 1) * sizeof(table->longs[0]) + 3 * n + 3);
	if (!table)
		return NULL;
	table->letters = letter = (char *)&table->longs[n + 1];
	*letter++ = '-';	/* arguments in order, as they may exclude what came before */
	*letter++ = ':';
	at = (struct row_iterator){ 0 };
	for (to = table->longs; (row = next_row(command, &at)); to++) {
		*to = (struct option){
			.name = row->name,
			.has_arg = row->arg ? required_argument : no_argument,
			.val = row->id,
		};
		if (!has_letter(row))
			continue;
		*letter++ = (char)row->id;
		if (row->arg)
			*letter++ = ':';
	}
	return table;
}

/* A selection to leave out begins as an option does; the words of one tell it apart. */
static bool is_selection(const struct command *command, const char *word)
{
	static const char *const starts[] = { "-/", "-&", "-below:", "-all" };
	struct row_iterator at = { 0 };
	const struct option_row *row;
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (!strncmp(word, starts[i], strlen(starts[i])))
			break;
	if (i == sizeof(starts) / sizeof(*starts))
		return false;
	while ((row = next_row(command, &at)))
		if (!strcmp(row->name, "except"))
			return true;
	return false;
}

static void not_understood(const struct command *command, const struct getopt_table *table,
			   const char *word, bool no_argument_given)
{
	if (is_selection(command, word))
		usage_error(command, "%s: what is left out goes behind --, or as --except=%s", word, word + 1);
	else if (no_argument_given)
		usage_error(command, "%s needs an argument", word);
	else if (optopt && optopt < OPTION_LONG && !strchr(table->letters, optopt))
		usage_error(command, "unknown option -%c", optopt);
	else if (optopt)
		usage_error(command, "%s takes no argument", word);
	else
		usage_error(command, "unknown or ambiguous option %s", word);
}

int command_options(const struct command *command, int argc, char **argv, option_fn take,
		    void *opaque, int *status_r)
{
	struct getopt_table *table = make_table(command);
	int id, rc = 0;

	*status_r = EXIT_NO_ANSWER;
	if (!table) {
		print_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	optind = 0;
	opterr = 0;
	while (!rc && (id = getopt_long(argc, argv, table->letters, table->longs, NULL)) != -1) {
		if (id == OPTION_HELP) {
			command_help(command);
			*status_r = EXIT_USABLE;
			rc = -EINVAL;
		} else if (id == ':' || id == '?') {
			/* Of a word that is not read to its end, the next one is still itself. */
			if (optind < argc && optopt && optopt < OPTION_LONG && argv[optind][0] == '-' &&
			    argv[optind][1] == optopt)
				optind++;
			not_understood(command, table, argv[optind - 1], id == ':');
			rc = -EINVAL;
		} else {
			rc = take(command, opaque, id, optarg);
		}
	}
	/* behind "--" */
	while (!rc && optind < argc)
		rc = take(command, opaque, OPTION_ARGUMENT, argv[optind++]);
	free(table);
	return rc;
}

int option_value(const struct command *command, int id, const char *arg)
{
	struct row_iterator at = { 0 };
	const struct option_row *row;
	const char *word;
	int i;

	while ((row = next_row(command, &at)) && row->id != id)
		;
	if (!row || !row->values)
		return -1;
	for (i = 0, word = row->values; *word; i++) {
		size_t len = strcspn(word, " ");

		if (strlen(arg) == len && !strncmp(word, arg, len))
			return i;
		word += len + (word[len] == ' ');
	}
	usage_error(command, "--%s takes one of: %s; not '%s'", row->name, row->values, arg);
	return -1;
}

int usage_error(const struct command *command, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	print_error("%s: %s (see %s %s --help)", command->name, text, PROGRAM, command->name);
	return EXIT_NO_ANSWER;
}

void command_help(const struct command *command)
{
	struct row_iterator at = { 0 };
	const struct option_row *row;

	printf("usage: %s %s %s\n\n%s.\n", PROGRAM, command->name, command->usage,
	       command->summary);
	if (command->help)
		printf("\n%s", command->help);
	putchar('\n');
	while ((row = next_row(command, &at))) {
		char letter[] = "-?, ", left[64];
		int len;

		letter[1] = (char)row->id;
		len = snprintf(left, sizeof(left), "%s--%s%s%s", has_letter(row) ? letter : "    ",
			       row->name, row->arg ? "=" : "", row->arg ? row->arg : "");
		printf("  %-26s%s%s\n", left, len > 26 ? "\n                              " : "  ",
		       row->help);
	}
}

void command_words(const struct command *command)
{
	struct row_iterator at = { 0 };
	const struct option_row *row;
	size_t i;

	while ((row = next_row(command, &at))) {
		const char *word = row->values;

		if (!row->arg)
			printf("--%s\n", row->name);
		else if (!row->values && !row->value)
			printf("--%s=\n", row->name);
		while (word && *word) {
			int len = (int)strcspn(word, " ");

			printf("--%s=%.*s\n", row->name, len, word);
			word += len + (word[len] == ' ');
		}
		for (i = 0; row->value && row->value(i); i++)
			printf("--%s=%s\n", row->name, row->value(i));
	}
}
