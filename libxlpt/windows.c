/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "windows.h"

static int key_order(struct window_key a, struct window_key b)
{
	if (a.space != b.space)
		return a.space < b.space ? -1 : 1;
	return a.number < b.number ? -1 : a.number > b.number;
}

static int by_from(const void *a_, const void *b_)
{
	const struct window_span *a = a_, *b = b_;

	return key_order(a->from, b->from);
}

/* One behind the last address; windows that would wrap are empty. */
static struct window_key window_end(const struct window *window)
{
	return (struct window_key){
		.number = window->from.number + window->size, .space = window->from.space,
	};
}

/* The span that starts at or before an address; UINT32_MAX if all start behind it. */
static uint32_t span_at(const struct windows *w, struct window_key address)
{
	uint32_t low = 0, high = w->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (key_order(w->span[middle].from, address) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

/* The first span at or behind i that no window has yet; paths are halved on the way. */
static uint32_t next_free(uint32_t *next, uint32_t i)
{
	while (next[i] != i) {
		next[i] = next[next[i]];
		i = next[i];
	}
	return i;
}

static bool is_empty(const struct window *window)
{
	return window_end(window).number <= window->from.number;
}

int windows_make(struct windows *w, uint32_t node, const struct window *window, uint32_t n)
{
	uint32_t *next, i, out, span, end;

	/* A blob has less than 2^31 bytes, so 2 * n cannot overflow. */
	*w = (struct windows){ .node = node };
	w->span = malloc((2 * (size_t)n + 1) * sizeof(*w->span));
	next = malloc((2 * (size_t)n + 1) * sizeof(*next));
	if (!w->span || !next) {
		free(w->span);
		free(next);
		return -ENOMEM;
	}

	/* Every address where a window begins or ends begins a span. */
	for (i = 0; i < n; i++) {
		if (is_empty(&window[i]))
			continue;
		w->span[w->n++] = (struct window_span){ window[i].from, UINT32_MAX };
		w->span[w->n++] = (struct window_span){ window_end(&window[i]), UINT32_MAX };
	}
	if (w->n)
		qsort(w->span, w->n, sizeof(*w->span), by_from);
	for (i = out = 0; i < w->n; i++)
		if (!out || by_from(&w->span[out - 1], &w->span[i]))
			w->span[out++] = w->span[i];
	w->n = out;

	/* Windows in order take the spans nobody took before; each span is taken once. */
	for (i = 0; i <= w->n; i++)
		next[i] = i;
	for (i = 0; i < n; i++) {
		if (is_empty(&window[i]))
			continue;
		end = span_at(w, window_end(&window[i]));
		for (span = next_free(next, span_at(w, window[i].from)); span < end;
		     span = next_free(next, span)) {
			w->span[span].entry = i;
			next[span] = span + 1;
		}
	}
	free(next);
	return 0;
}

uint32_t windows_find(const struct windows *windows, struct window_key address)
{
	uint32_t span = span_at(windows, address);

	return span == UINT32_MAX ? UINT32_MAX : windows->span[span].entry;
}
