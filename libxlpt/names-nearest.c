/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nearest names to one that no node has, for the hint of device-unknown. */
#include <stdio.h>

#include "names.h"
#include "resources.h"

/*
 * Compared are at most the last 64 characters, the more telling end of a path:
 * then a row of the distance matrix fits into a word, and a comparison costs
 * one step for each character of the other name.
 */
#define COMPARED 64

/* A name to compare others with: for each character, where it occurs. */
struct pattern {
	uint64_t where[256];
	size_t len;
};

static void pattern_init(struct pattern *pattern, const char *s, size_t len)
{
	size_t i;

	if (len > COMPARED) {
		s += len - COMPARED;
		len = COMPARED;
	}
	memset(pattern, 0, sizeof(*pattern));
	pattern->len = len;
	for (i = 0; i < len; i++)
		pattern->where[(unsigned char)s[i]] |= 1ull << i;
}

/* Levenshtein distance: Myers' bit vectors in the form of Hyyrö, "A Bit-Vector Algorithm ..." (2003). */
static unsigned distance(const struct pattern *pattern, const char *s, size_t len)
{
	uint64_t plus = UINT64_MAX, minus = 0, last;
	size_t score = pattern->len, i;

	if (len > COMPARED) {
		s += len - COMPARED;
		len = COMPARED;
	}
	if (!pattern->len)
		return (unsigned)len;
	last = 1ull << (pattern->len - 1);
	for (i = 0; i < len; i++) {
		uint64_t equal = pattern->where[(unsigned char)s[i]];
		uint64_t vertical = equal | minus;
		uint64_t horizontal = (((equal & plus) + plus) ^ plus) | equal;
		uint64_t up = minus | ~(horizontal | plus), down = plus & horizontal;

		score += (up & last) != 0;
		score -= (down & last) != 0;
		up = up << 1 | 1;
		down <<= 1;
		plus = down | ~(vertical | up);
		minus = up & vertical;
	}
	return (unsigned)score;
}

struct search {
	const struct xlpt_tree *tree;
	struct near_name *near;
	size_t n, room;
	unsigned worst;		/* a candidate must be at least as near */
	const char *name;
	size_t len;
	struct pattern whole, last;	/* the name, and what stands behind its last slash */
	const char *unit;	/* the unit address in the name, or NULL */
	size_t unit_len;
	bool bare;		/* the name has no unit address */
};

/* a before b: nearer, then a candidate before another node, then document order. */
static bool nearer(const struct search *s, const struct near_name *a, const struct near_name *b)
{
	bool a_device = s->tree->node[a->node].flags & TREE_CANDIDATE;
	bool b_device = s->tree->node[b->node].flags & TREE_CANDIDATE;

	if (a->distance != b->distance)
		return a->distance < b->distance;
	if (a_device != b_device)
		return a_device;
	return a->node < b->node;
}

static bool is_full(const struct search *s)
{
	return s->n == s->room;
}

static void offer(struct search *s, struct near_name candidate)
{
	size_t i;

	if (candidate.distance > s->worst)
		return;
	for (i = 0; i < s->n; i++)
		if (s->near[i].node == candidate.node) {
			if (!nearer(s, &candidate, &s->near[i]))
				return;
			memmove(&s->near[i], &s->near[i + 1], (s->n - i - 1) * sizeof(*s->near));
			s->n--;
			break;
		}
	if (is_full(s)) {
		if (!nearer(s, &candidate, &s->near[s->n - 1]))
			return;
		s->n--;
	}
	for (i = s->n++; i && nearer(s, &candidate, &s->near[i - 1]); i--)
		s->near[i] = s->near[i - 1];
	s->near[i] = candidate;
	if (is_full(s))
		s->worst = s->near[s->n - 1].distance;
}

/* The end of a node's path, as much as is compared. */
static size_t path_end(const struct xlpt_tree *tree, uint32_t node, char out[COMPARED])
{
	size_t at = COMPARED;

	for (; node && at; node = tree->node[node].parent) {
		const char *name = tree_name(tree, node);
		size_t len = strlen(name), n = len < at ? len : at;

		at -= n;
		memcpy(out + at, name + len - n, n);
		if (at)
			out[--at] = '/';
	}
	memmove(out, out + at, COMPARED - at);
	return COMPARED - at;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How far the names of a node itself are from the one in search. */
static unsigned node_distance(const struct search *s, uint32_t node)
{
	const struct resources *r = s->tree->resources;
	const char *own = tree_name(s->tree, node), *at = strchr(own, '@');
	size_t base = at ? (size_t)(at - own) : strlen(own);
	unsigned best = UINT32_MAX;
	char text[TREE_NAME_MAX + 40];

	if (s->name[0] == '/')
		best = least(best, distance(&s->whole, text, path_end(s->tree, node, text)));
	if (s->name[0] != '&') {
		best = least(best, distance(&s->last, own, strlen(own)) + (s->name[0] == '/'));
		if (at && s->bare)
			best = least(best, distance(&s->last, own, base) + 1);
		if (at && s->unit && strlen(at + 1) == s->unit_len &&
		    !strncmp(at + 1, s->unit, s->unit_len))
			best = least(best, 2);
	}
	if (s->name[0] != '/' && s->name[0] != '&' &&
	    r->first_reg[node + 1] > r->first_reg[node]) {
		int n = snprintf(text, sizeof(text), "%llx.%.*s",
				 (unsigned long long)r->reg[r->first_reg[node]].base, (int)base, own);

		best = least(best, distance(&s->whole, text, (size_t)n));
	}
	return best;
}

/*
 * The names in /aliases or /__symbols__. Only a name that gets into the list
 * is resolved; so many that are ever nearer are not found in a real tree.
 */
static void search_table(struct search *s, const char *table)
{
	uint32_t node = tree_by_path(s->tree, table, strlen(table)), i, resolved = 0;

	if (node == XLPT_NO_NODE)
		return;
	for (i = s->tree->node[node].prop; i < s->tree->node[node + 1].prop; i++) {
		const struct tree_prop *prop = &s->tree->prop[i];
		const char *name = prop_name(s->tree, prop), *path;
		unsigned far = distance(&s->whole, name, strlen(name));
		uint32_t to;

		if (far > s->worst || (is_full(s) && far == s->worst) || resolved++ > 4 * COMPARED)
			continue;
		path = prop_string(s->tree, prop, 0);
		to = path ? tree_by_path(s->tree, path, strlen(path)) : XLPT_NO_NODE;
		if (to != XLPT_NO_NODE)
			offer(s, (struct near_name){ to, far, name });
	}
}

/* The unit address a name speaks of: "mmc@FF170000", "ff170000.mmc", "ff170000". */
static void find_unit(struct search *s, const char *last, size_t len)
{
	const char *at = memchr(last, '@', len);
	size_t n;

	s->bare = !at;
	if (at) {
		s->unit = at + 1;
		s->unit_len = (size_t)(last + len - at - 1);
	} else {
		for (n = 0; n < len && strchr("0123456789abcdef", last[n]); n++)
			;
		if (n >= 3 && (n == len || last[n] == '.')) {
			s->unit = last;
			s->unit_len = n;
		}
	}
	if (!s->unit_len)
		s->unit = NULL;
}

size_t names_nearest(const struct xlpt_tree *tree, const char *name, size_t len,
		     struct near_name *near, size_t room)
{
	struct search s = { .tree = tree, .near = near, .room = room, .name = name, .len = len };
	const char *last = name + len;
	uint32_t node;

	if (!len || !room)
		return 0;
	while (last > name && last[-1] != '/')
		last--;
	/* Farther than a third of the name is not a slip of the finger. */
	s.worst = 1 + (unsigned)((len < COMPARED ? len : COMPARED) / 3);
	find_unit(&s, last, (size_t)(name + len - last));
	pattern_init(&s.last, last, (size_t)(name + len - last));
	if (*name == '&')
		pattern_init(&s.whole, name + 1, len - 1);
	else
		pattern_init(&s.whole, name, len);

	if (*name == '&')
		search_table(&s, "/__symbols__");
	else if (*name != '/')
		search_table(&s, "/aliases");
	for (node = 1; node < tree->n_nodes; node++) {
		if (tree->node[node].flags & TREE_SPECIAL)
			node = tree->node[node].end - 1;
		else if (*name != '&')
			offer(&s, (struct near_name){ node, node_distance(&s, node), NULL });
	}
	return s.n;
}
