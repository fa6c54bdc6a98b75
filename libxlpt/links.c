/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "links.h"

#include <stddef.h>
#include <string.h>

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
	.property = (property_), form_, .fate = FATE_##fate_, \
	.names = (names_), .advice = (advice_), more_ \
},
#define LINK(property_, form_, fate_, names_, advice_) { \
	.property = (property_), form_, .fate = FATE_##fate_, \
	.names = (names_), .advice = (advice_) \
},

#define PATTERNS

const struct link links[] = {
#include "links.def"
};
const size_t n_links = N_ELEMENTS(links);

#define PLAIN(property) property,
static const char *const plain[] = {
#include "plain.def"
};

#undef LINK
#undef LINK_WITH
#undef PLAIN
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

/* One '*' matches any run of characters, the empty one included. */
static bool pattern_matches(const char *pattern, const char *name, size_t len)
{
	const char *tail;
	size_t tail_len;

	for (; *pattern != '*'; pattern++, name++, len--)
		if (!*pattern || *pattern != *name)
			return false;
	tail = pattern + 1;
	tail_len = strlen(tail);
	return len >= tail_len && !memcmp(name + len - tail_len, tail, tail_len);
}

static const char *link_name(size_t i)
{
	return links[i].property;
}

static const char *plain_name(size_t i)
{
	return plain[i];
}

/* The row with exactly this name, or -1. */
static ptrdiff_t find_exact(const char *(*name)(size_t), size_t n, const char *property)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(property, name(middle));

		if (!order)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/* The first pattern from row `first` on that matches, or -1. */
static ptrdiff_t find_pattern(const char *(*name)(size_t), size_t first, size_t n,
			      const char *property)
{
	size_t len = strlen(property), i;

	for (i = first; i < first + n; i++)
		if (pattern_matches(name(i), property, len))
			return i;
	return -1;
}

const struct link *link_find(const char *property)
{
	ptrdiff_t row = find_exact(link_name, N_EXACT_LINKS, property);

	if (row < 0 && find_exact(plain_name, N_EXACT_PLAIN, property) < 0)
		row = find_pattern(link_name, N_EXACT_LINKS, N_LINK_PATTERNS, property);
	return row < 0 ? NULL : &links[row];
}

bool link_is_plain(const char *property)
{
	if (find_exact(plain_name, N_EXACT_PLAIN, property) >= 0)
		return true;
	return !link_find(property) &&
	       find_pattern(plain_name, N_EXACT_PLAIN, N_PLAIN_PATTERNS, property) >= 0;
}
