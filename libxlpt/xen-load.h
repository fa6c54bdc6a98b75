/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Xen's libraries, opened when a running Xen is asked and not before: libxl
 * changes its soname with every release of Xen, so a program linked to it
 * would not even start, nor plan, where another release is installed.
 */
#ifndef XLPT_XEN_LOAD_H
#define XLPT_XEN_LOAD_H

#include <libxl.h>
#include <libxl_utils.h>
#include <xenctrl.h>
#include <xenstore.h>

#include "text.h"

struct xen_libs {
#define SYMBOL(library, name) __typeof__(name) *name;
#include "xen-symbols.def"
#undef SYMBOL
};

/* Filled once and for good; NULL, with a line in the log, if a library or a function is missing. */
const struct xen_libs *xen_load(struct text *log);

#endif
