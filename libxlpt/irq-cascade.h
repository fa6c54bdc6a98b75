/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupt controllers behind the GIC: does what arrives at one of them go on by a line of its own? */
#ifndef XLPT_IRQ_CASCADE_H
#define XLPT_IRQ_CASCADE_H

#include "tree.h"

/*
 * Xen routes an SPI only if it stands in somebody's `interrupts`. A controller that hands each of
 * its inputs on to an SPI of its own (MediaTek's sysirq, i.MX's gpc, Amlogic's GPIO interrupts,
 * Marvell's ICU by messages) names none of these there: a guest that has it gets its registers,
 * and no interrupt.
 */
bool irq_cascade_reaches_gic(const struct xlpt_tree *tree, uint32_t controller);

/* Is it one of those that also have an `interrupts` for purposes of their own? The index asks once. */
bool irq_is_stacked(const struct xlpt_tree *tree, uint32_t controller);

/* Is the node a chip on an I2C, SPI, MDIO or similar bus: has an address, and no registers of the CPU's? */
bool irq_is_chip(const struct xlpt_tree *tree, uint32_t node);

#endif
