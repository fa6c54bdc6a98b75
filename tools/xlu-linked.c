/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libxlutil's parser as a part of the program, in place of xlu-load.c, which
 * opens the shared library: that one needs all of libxl and the ten libraries
 * behind it, which cost a third of what a create takes longer than xl's own.
 */
#include <stdlib.h>

#include "xlu-load.h"

/* What the archive wants of libxl, for a function that is not called here. */
void libxl_defbool_set(libxl_defbool *db, bool b)
{
	abort();
}

const struct xlu_lib *xlu_load(char *error, size_t size)
{
	static const struct xlu_lib lib = {
#define SYMBOL(name) .name = name,
		XLU_SYMBOLS(SYMBOL)
#undef SYMBOL
	};

	return &lib;
}
