/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzz targets share. Inputs begin with control bytes, then comes what is read. */
#ifndef XLPT_FUZZ_H
#define XLPT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libxlpt.h"

/* Decide settings and selections, so that a blob stays a blob while they change. */
#define CONTROL_BYTES 16

/* Says what does not hold, for the crash report, and stops. */
#define REQUIRE(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

/* A copy of its own, aligned and exactly as long as the input: what reads too far is seen. */
static inline void *fuzz_copy(const uint8_t *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	REQUIRE(copy);
	memcpy(copy, data, size);
	return copy;
}

/* mutate-tree.c: change a valid blob in place into another one; 0: it could not. */
size_t mutate_tree(uint8_t *blob, size_t size, size_t max_size, unsigned *seed);
unsigned mutate_random(unsigned *seed, unsigned n);

#endif
