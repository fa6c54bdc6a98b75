/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compatibles of devices that cannot master the bus: what they need DMA for,
 * if anything, is done by an engine named in `dmas`. One row of slaves.def a
 * compatible, each with the binding or manual that shows it.
 */
#ifndef XLPT_SLAVES_H
#define XLPT_SLAVES_H

#include <stdbool.h>

bool slave_known(const char *compatible);

#endif
