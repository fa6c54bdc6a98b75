/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An array of node indices or INTIDs as a set: ascending and unique. */
#ifndef XLPT_U32_SET_H
#define XLPT_U32_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sorts in place, drops duplicates, returns how many are left. */
size_t u32_set_make(uint32_t *array, size_t n);
bool u32_set_has(const uint32_t *array, size_t n, uint32_t value);

#endif
