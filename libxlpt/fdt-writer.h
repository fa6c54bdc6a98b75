/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libfdt's sequential writer with an error that sticks, so that a tree reads
 * like its source. The blob is the one libfdt makes, but in linear time.
 */
#ifndef XLPT_FDT_WRITER_H
#define XLPT_FDT_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "fdt-names.h"

struct fdt_writer {
	void *fdt;
	size_t room;
	int error;	/* the first FDT_ERR_*, negative; 0 */
	struct fdt_names names;
};

/* A tree in a buffer of `room` bytes, which the caller keeps. */
void fdtw_create(struct fdt_writer *w, void *buffer, size_t room);
/* Close it: 0, the first FDT_ERR_*, negative, or -FDT_ERR_INTERNAL on exhaustion of memory. */
int fdtw_finish(struct fdt_writer *w);

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
