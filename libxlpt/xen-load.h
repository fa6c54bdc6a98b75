/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Xen's libraries, opened when a running Xen is asked and not before: libxl
 * changes its soname with every release of Xen, so a program linked to it
 * would not even start, nor plan, where another release is installed. libxl,
 * which brings a dozen libraries along, is opened when it is needed and not
 * before: for what it stored of a domain, and for Xen's console.
 */
#ifndef XLPT_XEN_LOAD_H
#define XLPT_XEN_LOAD_H

#include <libxl.h>
#include <libxl_utils.h>
#include <xenctrl.h>
#include <xenstore.h>

#include "text.h"

enum xen_library {
	LIBXENCTRL,
	LIBXENSTORE,
	LIBXENLIGHT,
	N_XEN_LIBRARIES,
};

struct xen_libs {
#define SYMBOL(library, name) __typeof__(name) *name;
#include "xen-symbols.def"
#undef SYMBOL
};

/*
 * The functions of one library are there from now on. Filled once and for
 * good; NULL, with a line in the log, if it or a function is missing.
 */
const struct xen_libs *xen_load(enum xen_library library, struct text *log);

#endif
