/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes to a person's terminal: findings, and errors of the command itself. */
#ifndef XLPT_PRINT_H
#define XLPT_PRINT_H

#include <stdio.h>

#include "libxlpt.h"

#define PROGRAM "xl-passthrough"

/* One line on stderr: "xl-passthrough: ..."; what comes from a file cannot drive the terminal. */
void print_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* All findings on stderr: "FILE: error: /node: message [id]", each with its hint below. */
void print_diags(const char *file, const struct xlpt_diags *diags);

/* The first error as one line without its hint: input that gives no answer. */
void print_failure(const char *file, const struct xlpt_diags *diags, int rc);

/* To stdout; 0 or -errno, which finish_stdout() will tell. */
int put_output(const void *bytes, size_t size);
int put_line(const char *text);	/* with a newline behind it */
int flush_output(void);

/* Flush stdout; an error, also an earlier one, is printed and makes `status` EXIT_NO_ANSWER. */
int finish_stdout(int status);

/*
 * What a library call gave as an answer: rc and its text, which is freed. JSON gets a line end.
 * Returns rc, after telling when there is none.
 */
int put_answer(int rc, char *text, bool json);

#endif
