/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* gcc 12 does not see that the list of chunks keeps them until arena_free(). */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used;
	max_align_t data[];
};

#define CHUNK_MIN 4096
#define ALIGN_UP(n) (((n) + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1))

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *chunk, *next;

	for (chunk = arena->chunk; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	arena_init(arena);
}

void arena_reset(struct arena *arena)
{
	struct arena_chunk *keep = arena->chunk;

	if (keep) {
		struct arena rest = { .chunk = keep->next };

		arena_free(&rest);
		keep->next = NULL;
		keep->used = 0;
		arena->total = keep->size;
	}
	arena->failed = false;
}

void *arena_alloc(struct arena *arena, size_t n, size_t size)
{
	struct arena_chunk *chunk = arena->chunk;
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 4) {
		arena->failed = true;
		return NULL;
	}
	bytes = ALIGN_UP(bytes ? bytes : 1);

	if (!chunk || chunk->size - chunk->used < bytes) {
		/* Grow with what is there, but an array of its own gets an exact chunk. */
		struct arena_chunk **link;
		size_t room = arena->total / 4 < CHUNK_MIN ? CHUNK_MIN : arena->total / 4;

		if (room > 1 << 20)
			room = 1 << 20;
		if (bytes > room)
			room = bytes;
		chunk = malloc(sizeof(*chunk) + room);
		if (!chunk) {
			arena->failed = true;
			return NULL;
		}
		chunk->size = room;
		chunk->used = 0;
		arena->total += room;
		/* A full exact chunk goes behind the one that still has room. */
		link = room == bytes && arena->chunk ? &arena->chunk->next : &arena->chunk;
		chunk->next = *link;
		*link = chunk;
	}
	p = (char *)chunk->data + chunk->used;
	chunk->used += bytes;
	return memset(p, 0, bytes);
}

char *arena_strndup(struct arena *arena, const char *s, size_t len)
{
	char *copy = arena_alloc(arena, len + 1, 1);

	if (copy)
		memcpy(copy, s, len);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return arena_strndup(arena, s, strlen(s));
}

char *arena_vprintf(struct arena *arena, const char *fmt, va_list ap)
{
	struct arena_chunk *chunk = arena->chunk;
	size_t room = chunk ? chunk->size - chunk->used : 0;
	char *s = room ? (char *)chunk->data + chunk->used : NULL;
	va_list again;
	int len;

	/* Most fit in what is left of the chunk: formatted once. */
	va_copy(again, ap);
	len = vsnprintf(s, room, fmt, again);
	va_end(again);
	if (len < 0) {
		arena->failed = true;
		return NULL;
	}
	if (s && (size_t)len < room) {
		size_t bytes = ALIGN_UP((size_t)len + 1);

		chunk->used += bytes < room ? bytes : room;
		return s;
	}
	s = arena_alloc(arena, (size_t)len + 1, 1);
	if (s)
		vsnprintf(s, (size_t)len + 1, fmt, ap);
	return s;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return s;
}

void *arena_push(struct arena *arena, void *array_p, size_t *n, size_t *room, size_t size)
{
	void *array;

	memcpy(&array, array_p, sizeof(array));
	if (*n == *room) {
		size_t more = *room ? *room * 2 : 8;
		void *grown = arena_alloc(arena, more, size);

		if (!grown)
			return NULL;
		if (*n)
			memcpy(grown, array, *n * size);
		array = grown;
		memcpy(array_p, &array, sizeof(array));
		*room = more;
	}
	return (char *)array + size * (*n)++;
}
