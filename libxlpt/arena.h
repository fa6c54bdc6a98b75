/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bump allocator: an object owns one arena, freeing the object is one call.
 * A failed allocation sticks, so that a stage may allocate freely and ask
 * once at its end whether all of it worked.
 */
#ifndef XLPT_ARENA_H
#define XLPT_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk;	/* newest first */
	size_t total;			/* bytes asked of malloc, for the index's size */
	bool failed;			/* an allocation failed since arena_init() */
};

void arena_init(struct arena *arena);
void arena_free(struct arena *arena);

/* Forget everything but keep the newest chunk for the next round. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type. NULL and arena->failed on exhaustion or overflow. */
void *arena_alloc(struct arena *arena, size_t n, size_t size);
char *arena_strdup(struct arena *arena, const char *s);
char *arena_strndup(struct arena *arena, const char *s, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/*
 * Append one element to a growing array of the arena; the old copy is left
 * behind, so growth doubles. Returns the new element, zeroed, or NULL.
 */
void *arena_push(struct arena *arena, void *array_p, size_t *n, size_t *room, size_t size);

#endif
