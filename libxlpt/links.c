/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "links.h"

#include <stdlib.h>
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

const struct link links[] = {
#include "links.def"
};
const size_t n_links = N_ELEMENTS(links);

static const char *const plain[] = {
#define PLAIN(property) property,
#include "plain.def"
#undef PLAIN
};

static bool is_pattern(const char *name)
{
	return strchr(name, '*');
}

/* One '*' matches any run of characters, the empty one included. */
static bool pattern_matches(const char *pattern, const char *name)
{
	size_t head = strcspn(pattern, "*");
	size_t tail = strlen(pattern + head + 1);
	size_t len = strlen(name);

	return len >= head + tail && !strncmp(name, pattern, head) &&
	       !strcmp(name + len - tail, pattern + head + 1);
}

static const char *link_name(size_t i)
{
	return links[i].property;
}

static const char *plain_name(size_t i)
{
	return plain[i];
}

/*
 * Both tables have the exact names first, sorted, and then the patterns. The
 * number of exact names is found by bisection too: nothing to set up, nothing
 * to keep in step with the tables.
 */
static size_t count_exact(const char *(*name)(size_t), size_t n)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_pattern(name(middle)))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The row with exactly this name, or n. */
static size_t find_exact(const char *(*name)(size_t), size_t n, const char *property)
{
	size_t low = 0, high = count_exact(name, n);

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
	return n;
}

/* The first pattern that matches, or n. */
static size_t find_pattern(const char *(*name)(size_t), size_t n, const char *property)
{
	size_t i;

	for (i = count_exact(name, n); i < n; i++)
		if (pattern_matches(name(i), property))
			break;
	return i;
}

const struct link *link_find(const char *property)
{
	size_t row = find_exact(link_name, n_links, property);

	if (row < n_links)
		return &links[row];
	if (find_exact(plain_name, N_ELEMENTS(plain), property) < N_ELEMENTS(plain))
		return NULL;
	row = find_pattern(link_name, n_links, property);
	return row < n_links ? &links[row] : NULL;
}

bool link_is_plain(const char *property)
{
	if (find_exact(plain_name, N_ELEMENTS(plain), property) < N_ELEMENTS(plain))
		return true;
	return !link_find(property) &&
	       find_pattern(plain_name, N_ELEMENTS(plain), property) < N_ELEMENTS(plain);
}
