/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libfdt.h>
#include <string.h>

#include "fdt-writer.h"

static void keep(struct fdt_writer *w, int rc)
{
	if (!w->error && rc < 0)
		w->error = rc;
}

void fdtw_create(struct fdt_writer *w, void *buffer, size_t room)
{
	*w = (struct fdt_writer){ .fdt = buffer, .room = room };
	keep(w, room > INT32_MAX ? -FDT_ERR_NOSPACE : fdt_create(buffer, (int)room));
	if (!w->error)
		keep(w, fdt_finish_reservemap(buffer));
}

int fdtw_finish(struct fdt_writer *w)
{
	if (!w->error)
		keep(w, fdt_finish(w->fdt));
	if (!w->error)
		keep(w, fdt_names_put(&w->names, w->fdt, w->room));
	fdt_names_free(&w->names);
	return w->error;
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

/* A property with room for its value; NULL on an error. libfdt is not let see the name. */
static void *property(struct fdt_writer *w, const char *name, size_t len)
{
	void *value;

	if (len > INT32_MAX)
		keep(w, -FDT_ERR_NOSPACE);
	if (!w->error && !fdt_names_add(&w->names, name))
		keep(w, -FDT_ERR_INTERNAL);
	if (!w->error)
		keep(w, fdt_property_placeholder(w->fdt, "", (int)len, &value));
	return w->error ? NULL : value;
}

void fdtw_bytes(struct fdt_writer *w, const char *name, const void *value, size_t len)
{
	void *room = property(w, name, len);

	if (room && len)
		memcpy(room, value, len);
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
	uint8_t *value = property(w, name, n * sizeof(*cells));
	size_t i;

	for (i = 0; value && i < n; i++)
		fdt32_st(value + i * sizeof(*cells), cells[i]);
}
