/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of cells that grow. */
#include <string.h>

#include "guest.h"

void guest_bytes(struct guest_cells *cells, const void *bytes, size_t len)
{
	if (!len)
		return;
	if (cells->room - cells->len < len) {
		size_t room = cells->room ? cells->room * 2 : 16;
		uint8_t *value;

		while (room - cells->len < len)
			room *= 2;
		cells->out->too_big |= room > 4 * (size_t)GUEST_MAX_BYTES;
		value = cells->out->too_big ? NULL : arena_alloc(cells->out->arena, room, 1);
		if (!value) {
			cells->len = cells->room = 0;
			cells->value = NULL;
			return;
		}
		if (cells->len)
			memcpy(value, cells->value, cells->len);
		cells->value = value;
		cells->room = room;
	}
	memcpy(cells->value + cells->len, bytes, len);
	cells->len += len;
}

void guest_cell(struct guest_cells *cells, uint32_t value)
{
	const uint8_t bytes[4] = {
		(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value,
	};

	guest_bytes(cells, bytes, sizeof(bytes));
}

void guest_number(struct guest_cells *cells, unsigned n, uint64_t value)
{
	for (; n > 2; n--)
		guest_cell(cells, 0);
	if (n == 2)
		guest_cell(cells, (uint32_t)(value >> 32));
	if (n)
		guest_cell(cells, (uint32_t)value);
}
