/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "slaves.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "row-text.h"

static const struct compatibles {
#define SLAVE(compatible, source) char ROW_TEXT[sizeof(compatible)];
#include "slaves.def"
#undef SLAVE
} compatibles = {
#define SLAVE(compatible, source) compatible,
#include "slaves.def"
#undef SLAVE
};

static const uint32_t row[] = {
#define SLAVE(compatible, source) offsetof(struct compatibles, ROW_TEXT),
#include "slaves.def"
#undef SLAVE
};

bool slave_known(const char *compatible)
{
	size_t low = 0, high = sizeof(row) / sizeof(row[0]);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(compatible, (const char *)&compatibles + row[middle]);

		if (!order)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}
