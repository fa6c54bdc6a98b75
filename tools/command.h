/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command describes itself in one struct: parsing, help, `--help` and the
 * completion words all read the same rows.
 */
#ifndef XLPT_COMMAND_H
#define XLPT_COMMAND_H

#include <stddef.h>

/* Exit status of every command; see EXIT STATUS in xl-passthrough(1). */
enum {
	EXIT_USABLE = 0,	/* answered, usable */
	EXIT_FINDINGS = 1,	/* answered, and it has errors */
	EXIT_NO_ANSWER = 2,	/* usage, unreadable or malformed input, no Xen */
};

/* What command_next() returns; options use their letter, or an id from OPTION_LONG on. */
enum {
	OPTION_END = -1,
	OPTION_USAGE = -2,	/* not understood; the reason has been printed */
	OPTION_ARGUMENT = 1,	/* not an option: DEVICE, FILE ... in the order given */
	OPTION_HELP = 'h',
	OPTION_LONG = 256,
};

struct option_row {
	int id;			/* the letter, or OPTION_LONG + n when there is none */
	const char *name;	/* long name; a row without one ends a table */
	const char *arg;	/* how help calls its argument; NULL: takes none */
	const char *help;
	const char *values;	/* words that complete the argument, or NULL */
	const char *(*value)(size_t i);	/* the same as a function, NULL past the last */
};

struct command {
	const char *name;
	/* argv[0] is the command's name; returns the exit status */
	int (*run)(const struct command *self, int argc, char **argv);
	const struct option_row *const *options;	/* tables, NULL at the end */
	const char *usage;	/* what follows the name */
	const char *summary;	/* one line, for the list of commands */
	const char *help;	/* what else --help says, or NULL */
};

struct command_parse {
	const struct command *command;
	int argc;
	char **argv;
	void *table;
	int rest;	/* everything that follows is an argument */
};

/* Iterate over the options and arguments of a command; command_done() frees. */
int command_begin(struct command_parse *parse, const struct command *command, int argc,
		  char **argv);
int command_next(struct command_parse *parse, const char **arg_r);
void command_done(struct command_parse *parse);

/* Print one line on stderr that says what is wrong with the command line, and where help is. */
int usage_error(const struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void command_help(const struct command *command);
/* The option words of a command, one a line: what --complete prints. */
void command_words(const struct command *command);

#endif
