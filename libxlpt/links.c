/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "links.h"

#include <stddef.h>
#include <string.h>

#include "row-text.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

/* The forms of links.def. */
#define CELLS(cells_)		.form = FORM_CELLS, .cells = (cells_)
#define CELLS_OR(cells_, n_)	.form = FORM_CELLS, .cells = (cells_), .n_args = (n_), .optional = true
#define PHANDLES		.form = FORM_PHANDLES
#define FIXED(n_)		.form = FORM_FIXED, .n_args = (n_)
#define EACH(lead_, n_)		.form = FORM_FIXED, .n_lead = (lead_), .n_args = (n_)
#define FIRST			.form = FORM_FIRST
#define INTERRUPT_MAP		.form = FORM_INTERRUPT_MAP

#define LINK_WITH(property_, form_, fate_, names_, advice_, more_) { \
	.property = (property_), .len = sizeof(property_) - 1, form_, .fate = FATE_##fate_, \
	.names = (names_), .advice = (advice_), more_ \
},
#define LINK(property_, form_, fate_, names_, advice_) { \
	.property = (property_), .len = sizeof(property_) - 1, form_, .fate = FATE_##fate_, \
	.names = (names_), .advice = (advice_) \
},

#define PATTERNS

const struct link links[] = {
#include "links.def"
};
const size_t n_links = N_ELEMENTS(links);

static const struct plain_names {
#define PLAIN(property) char ROW_TEXT[sizeof(property)];
#include "plain.def"
#undef PLAIN
} plain_names = {
#define PLAIN(property) property,
#include "plain.def"
#undef PLAIN
};

static const struct plain_name {
	uint32_t at;	/* in plain_names */
	uint32_t len;
} plain[] = {
#define PLAIN(property) { offsetof(struct plain_names, ROW_TEXT), sizeof(property) - 1 },
#include "plain.def"
#undef PLAIN
};

#undef LINK
#undef LINK_WITH
#undef PATTERNS
#define LINK(...)	+ 1
#define LINK_WITH(...)	+ 1
#define PLAIN(...)	+ 1

/* Both tables have the exact names first, sorted, and then the patterns. */
#define PATTERNS	, N_LINK_PATTERNS = 0
enum {
	N_EXACT_LINKS = 0
#include "links.def"
};
#undef PATTERNS
#define PATTERNS	, N_PLAIN_PATTERNS = 0
enum {
	N_EXACT_PLAIN = 0
#include "plain.def"
};

/* Rows of either table. */
typedef const char *(*row_fn)(size_t i, size_t *len_r);

static const char *link_row(size_t i, size_t *len_r)
{
	*len_r = links[i].len;
	return links[i].property;
}

static const char *plain_row(size_t i, size_t *len_r)
{
	*len_r = plain[i].len;
	return (const char *)&plain_names + plain[i].at;
}

/* One '*' matches any run of characters, the empty one included. */
static bool pattern_matches(const char *pattern, size_t pattern_len, const char *name, size_t len)
{
	const char *end = pattern + pattern_len, *name_end = name + len;

	/* Most differ at their end. */
	if (!len || (end[-1] != '*' && end[-1] != name_end[-1]))
		return false;
	for (; *pattern != '*'; pattern++, name++)
		if (!*pattern || *pattern != *name)
			return false;
	pattern_len = (size_t)(end - pattern - 1);
	return (size_t)(name_end - name) >= pattern_len &&
	       !memcmp(name_end - pattern_len, pattern + 1, pattern_len);
}

/* The row with exactly this name, or -1. */
static inline ptrdiff_t find_exact(row_fn row, size_t n, const char *property)
{
	size_t low = 0, high = n, len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(property, row(middle, &len));

		if (!order)
			return (ptrdiff_t)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/* The first pattern from row `first` on that matches, or -1. */
static inline ptrdiff_t find_pattern(row_fn row, size_t first, size_t n, const char *property)
{
	size_t len = strlen(property), pattern_len, i;

	for (i = first; i < first + n; i++) {
		const char *pattern = row(i, &pattern_len);

		if (pattern_matches(pattern, pattern_len, property, len))
			return (ptrdiff_t)i;
	}
	return -1;
}

const struct link *link_classify(const char *property, bool *plain_r)
{
	ptrdiff_t row = find_exact(link_row, N_EXACT_LINKS, property);

	*plain_r = row < 0 && find_exact(plain_row, N_EXACT_PLAIN, property) >= 0;
	if (row >= 0 || *plain_r)
		return row < 0 ? NULL : &links[row];
	row = find_pattern(link_row, N_EXACT_LINKS, N_LINK_PATTERNS, property);
	if (row >= 0)
		return &links[row];
	*plain_r = find_pattern(plain_row, N_EXACT_PLAIN, N_PLAIN_PATTERNS, property) >= 0;
	return NULL;
}
