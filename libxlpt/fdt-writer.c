/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libfdt.h>
#include <string.h>

#include "fdt-writer.h"

static void keep(struct fdt_writer *w, int rc)
{
	if (!w->error && rc < 0)
		w->error = rc;
}

void fdtw_begin(struct fdt_writer *w, const char *name)
{
	if (!w->error)
		keep(w, fdt_begin_node(w->fdt, name));
}

void fdtw_end(struct fdt_writer *w)
{
	if (!w->error)
		keep(w, fdt_end_node(w->fdt));
}

void fdtw_bytes(struct fdt_writer *w, const char *name, const void *value, size_t len)
{
	if (len > INT32_MAX)
		keep(w, -FDT_ERR_NOSPACE);
	if (!w->error)
		keep(w, fdt_property(w->fdt, name, value, (int)len));
}

void fdtw_flag(struct fdt_writer *w, const char *name)
{
	fdtw_bytes(w, name, NULL, 0);
}

void fdtw_string(struct fdt_writer *w, const char *name, const char *value)
{
	fdtw_bytes(w, name, value, strlen(value) + 1);
}

void fdtw_cells(struct fdt_writer *w, const char *name, const uint32_t *cells, size_t n)
{
	void *value;
	size_t i;

	if (w->error)
		return;
	keep(w, fdt_property_placeholder(w->fdt, name, (int)(n * sizeof(*cells)), &value));
	for (i = 0; i < n && !w->error; i++)
		fdt32_st((uint8_t *)value + i * sizeof(*cells), cells[i]);
}
