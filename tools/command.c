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

int command_begin(struct command_parse *parse, const struct command *command, int argc,
		  char **argv)
{
	struct row_iterator at = { 0 };
	const struct option_row *row;
	struct getopt_table *table;
	struct option *to;
	size_t n = 0;
	char *letter;

	*parse = (struct command_parse){ 0 };
	while (next_row(command, &at))
		n++;
	/* at most three bytes of letters a row, behind "-:" */
	table = calloc(1, sizeof(*table) + (n + 1) * sizeof(table->longs[0]) + 3 * n + 3);
	if (!table) {
		print_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
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
	*parse = (struct command_parse){
		.command = command, .argc = argc, .argv = argv, .table = table,
	};
	optind = 0;
	opterr = 0;
	return 0;
}

int command_next(struct command_parse *parse, const char **arg_r)
{
	struct getopt_table *table = parse->table;
	int id;

	id = parse->rest ? -1 : getopt_long(parse->argc, parse->argv, table->letters,
					    table->longs, NULL);
	*arg_r = optarg;
	switch (id) {
	case -1:	/* behind "--", or nothing is left */
		parse->rest = 1;
		if (optind >= parse->argc)
			return OPTION_END;
		*arg_r = parse->argv[optind++];
		return OPTION_ARGUMENT;
	case ':':
		usage_error(parse->command, "%s needs an argument", parse->argv[optind - 1]);
		return OPTION_USAGE;
	case '?':
		if (optopt && optopt < OPTION_LONG && !strchr(table->letters, optopt))
			usage_error(parse->command, "unknown option -%c", optopt);
		else if (optopt)
			usage_error(parse->command, "%s takes no argument", parse->argv[optind - 1]);
		else
			usage_error(parse->command, "unknown or ambiguous option %s",
				    parse->argv[optind - 1]);
		return OPTION_USAGE;
	case OPTION_HELP:
		command_help(parse->command);
		break;
	}
	return id;
}

void command_done(struct command_parse *parse)
{
	free(parse->table);
	parse->table = NULL;
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
