/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libfdt's sequential writer with an error that sticks, so that a tree reads like its source. */
#ifndef XLPT_FDT_WRITER_H
#define XLPT_FDT_WRITER_H

#include <stddef.h>
#include <stdint.h>

struct fdt_writer {
	void *fdt;
	int error;	/* the first FDT_ERR_*, negative; 0 */
};

void fdtw_begin(struct fdt_writer *w, const char *name);
void fdtw_end(struct fdt_writer *w);
void fdtw_bytes(struct fdt_writer *w, const char *name, const void *value, size_t len);
void fdtw_flag(struct fdt_writer *w, const char *name);
void fdtw_string(struct fdt_writer *w, const char *name, const char *value);
/* A list of strings as one literal with NULs between them: FDTW_STRINGS("a\0b"). */
#define FDTW_STRINGS(literal) literal, sizeof(literal)
/* A property of n cells, all of the host's byte order. */
void fdtw_cells(struct fdt_writer *w, const char *name, const uint32_t *cells, size_t n);
#define fdtw_list(w, name, ...) \
	fdtw_cells(w, name, (const uint32_t[]){ __VA_ARGS__ }, \
		   sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* A number in the two cells of an address or size below the guest's root. */
#define FDTW_64(value) (uint32_t)((uint64_t)(value) >> 32), (uint32_t)(value)

#endif
