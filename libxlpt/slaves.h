/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compatibles of devices that cannot master the bus: what they need DMA for,
 * if anything, is done by an engine named in `dmas`. One row of slaves.def a
 * compatible, each with the binding or manual that shows it.
 */
#ifndef XLPT_SLAVES_H
#define XLPT_SLAVES_H

#include <stddef.h>

struct slave {
	const char *compatible;
	const char *source;	/* binding file of Linux's Documentation/devicetree/bindings, or manual and section */
};

extern const struct slave slaves[];	/* sorted by strcmp of compatible */
extern const size_t n_slaves;

/* The row of a compatible string, or NULL. */
const struct slave *slave_find(const char *compatible);

#endif
