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

/* What an option is known by: its letter, or an id from OPTION_LONG on. */
enum {
	OPTION_ARGUMENT = 1,	/* not an option: DEVICE, FILE ... in the order given */
	OPTION_HELP = 'h',
	OPTION_LONG = 256,
};

struct option_row {
	int id;			/* the letter, or OPTION_LONG + n when there is none */
	const char *name;	/* long name; a row without one ends a table */
	const char *arg;	/* how help calls its argument; NULL: takes none */
	const char *help;
	const char *values;	/* words that complete the argument, a blank between them, or NULL */
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

/*
 * Hand every option and argument of a command, in the order given, to `take`, which tells what is
 * wrong and then returns non-zero. 0: go on. Else the command ends with *status_r: after --help,
 * or for what was not understood.
 */
typedef int (*option_fn)(const struct command *command, void *opaque, int id, const char *arg);
int command_options(const struct command *command, int argc, char **argv, option_fn take,
		    void *opaque, int *status_r);

/* Which of its row's values an option was given; -1 after telling that it is none of them. */
int option_value(const struct command *command, int id, const char *arg);

/* Print one line on stderr that says what is wrong with the command line, and where help is. */
int usage_error(const struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void command_help(const struct command *command);
/* The option words of a command, one a line: what --complete prints. */
void command_words(const struct command *command);

#endif
