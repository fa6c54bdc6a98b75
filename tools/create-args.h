/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of `xl create`, read as xl reads it; all of it goes to xl untouched. */
#ifndef XLPT_CREATE_ARGS_H
#define XLPT_CREATE_ARGS_H

#include <stdbool.h>
#include <stddef.h>

struct create_args {
	const char *file;	/* the configuration; NULL: none was named */
	char **extra;		/* KEY=VALUE arguments, in order; the strings are argv's */
	int n_extra;
	char **globals;		/* --xl=OPTION: xl's own options, before the command */
	int n_globals;
	char **rest;		/* all that goes to `xl create`, in the order given */
	int n_rest;
	bool dry_run, quiet, help;
};

/*
 * argv[0] is the command's name. 0; -EINVAL: xl will refuse it too (an
 * unknown option, a second file); -ENOMEM. Nothing is printed.
 */
int create_args_parse(struct create_args *args, int argc, char **argv);
void create_args_free(struct create_args *args);

/*
 * The text of a configuration as xl puts it together: the file's, and behind
 * it each argument on a line of its own. malloc'd; NULL on exhaustion.
 */
char *create_args_text(const struct create_args *args, const char *file_text, size_t file_size,
		       size_t *size_r);

#endif
