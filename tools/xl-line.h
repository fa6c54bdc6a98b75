/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line that xl gets: what the user typed, and what we add. */
#ifndef XLPT_XL_LINE_H
#define XLPT_XL_LINE_H

#include "create-args.h"
#include "create-lists.h"

/* argv for next_xl_exec(), one malloc'd block; strings are borrowed. NULL: out of memory. */
char **xl_line(const struct create_args *args, const struct create_arguments *arguments);

/* The same for a person to paste, with the xl that would run. malloc'd; NULL, printed. */
char *xl_line_text(const struct create_args *args, const struct create_arguments *arguments);

#endif
