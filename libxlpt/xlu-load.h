/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxlutil, opened when a configuration is read and not before: its soname
 * changes with every release of Xen, as xen-load.h says of libxl's.
 */
#ifndef XLPT_XLU_LOAD_H
#define XLPT_XLU_LOAD_H

#include <libxlutil.h>

#define XLU_SYMBOLS(SYMBOL) \
	SYMBOL(xlu_cfg_init) \
	SYMBOL(xlu_cfg_readdata) \
	SYMBOL(xlu_cfg_destroy) \
	SYMBOL(xlu_cfg_get_string) \
	SYMBOL(xlu_cfg_get_long) \
	SYMBOL(xlu_cfg_get_list) \
	SYMBOL(xlu_cfg_get_listitem)

struct xlu_lib {
#define SYMBOL(name) __typeof__(name) *name;
	XLU_SYMBOLS(SYMBOL)
#undef SYMBOL
};

/* Filled once and for good; NULL if it is not there. `error` then says why, for people. */
const struct xlu_lib *xlu_load(char *error, size_t size);

#endif
