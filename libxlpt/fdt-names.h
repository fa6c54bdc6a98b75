/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names of a tree's properties as libfdt's sequential writer shares them.
 * It puts a new string before the older ones, and a name that is a string or
 * the end of one is the newest such string; to find it, it compares the name
 * with each position of the block, which for many names takes minutes. Here
 * the ends of all strings are in a tree of their characters, from the last on.
 */
#ifndef XLPT_FDT_NAMES_H
#define XLPT_FDT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An end of one string or more: a character before that of `after`. */
struct fdt_name_end {
	uint32_t after;		/* index, 0: the end of a string */
	uint32_t next;		/* in the same bucket, 0: none */
	uint32_t before;	/* bytes of strings older than the newest one that ends so */
	char c;
};

/* Zeroed to begin with. */
struct fdt_names {
	char *block;		/* back to front, so that the oldest string comes first */
	uint32_t size, block_room;
	struct fdt_name_end *end;	/* [0] stands for the end of every string */
	uint32_t n_ends, ends_room;
	uint32_t *bucket;	/* ends_room of them: indices of ends, 0: none */
	uint32_t *offset;	/* of each property's name, from the end of the block */
	uint32_t n, offset_room;
	bool failed;		/* out of memory */
};

/* The next property has this name. False on exhaustion, which sticks. */
bool fdt_names_add(struct fdt_names *names, const char *name);

/*
 * Give a finished tree, in a buffer of `room` bytes, its strings block and each
 * of its properties its name, in the order they were added. 0, -FDT_ERR_NOSPACE,
 * or -FDT_ERR_BADSTRUCTURE if there are not as many names as properties.
 */
int fdt_names_put(const struct fdt_names *names, void *fdt, size_t room);

void fdt_names_free(struct fdt_names *names);

#endif
