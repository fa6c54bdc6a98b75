/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "u32-set.h"

static int compare(const void *a_, const void *b_)
{
	uint32_t a = *(const uint32_t *)a_, b = *(const uint32_t *)b_;

	return a < b ? -1 : a > b;
}

size_t u32_set_make(uint32_t *array, size_t n)
{
	size_t i, out = 0;

	if (n)
		qsort(array, n, sizeof(*array), compare);
	for (i = 0; i < n; i++)
		if (!out || array[out - 1] != array[i])
			array[out++] = array[i];
	return out;
}

bool u32_set_has(const uint32_t *array, size_t n, uint32_t value)
{
	return n && bsearch(&value, array, n, sizeof(*array), compare);
}
