/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The `ranges` of a bus with many windows, made searchable: which is the first
 * window, in the property's order, that holds an address? A linear look per
 * child would be quadratic in a tree that wants it to be.
 */
#ifndef XLPT_WINDOWS_H
#define XLPT_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An address in its space (what the flag cells say); ordered by both. */
struct window_key {
	uint64_t number;
	uint32_t space;
};

struct window {
	struct window_key from;
	uint64_t size;
};

/* Spans of addresses, ascending, each with the first window that holds it. */
struct windows {
	uint32_t node;		/* the bus */
	uint32_t n;
	struct window_span {
		struct window_key from;
		uint32_t entry;	/* UINT32_MAX: none */
	} *span;		/* malloc'd */
};

/* Fill *windows_r. Windows that wrap or are empty hold nothing. -ENOMEM. */
int windows_make(struct windows *windows_r, uint32_t node, const struct window *window, uint32_t n);

/* The index of the window, UINT32_MAX if none holds the address. */
uint32_t windows_find(const struct windows *windows, struct window_key address);

#endif
