/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is a file fit to tell root what to do? Neither it nor the way to it may be somebody else's. */
#ifndef XLPT_TRUST_H
#define XLPT_TRUST_H

#include <sys/stat.h>

/* As root only; anybody else may read what he likes. 0, or -errno, printed. */
int trust_file(const char *path, const struct stat *st);

#endif
