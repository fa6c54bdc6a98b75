/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slaves.h"

#include <string.h>

const struct slave slaves[] = {
#define SLAVE(compatible_, source_) { .compatible = (compatible_), .source = (source_) },
#include "slaves.def"
#undef SLAVE
};
const size_t n_slaves = sizeof(slaves) / sizeof(slaves[0]);

const struct slave *slave_find(const char *compatible)
{
	size_t low = 0, high = n_slaves;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(compatible, slaves[middle].compatible);

		if (!order)
			return &slaves[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
