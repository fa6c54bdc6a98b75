/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A treap: a search tree by address that is also a heap by a pseudo-random
 * priority, so its depth is logarithmic whatever the order of insertion. The
 * priority is a hash of the address, which makes the shape, like everything
 * else here, a function of the input alone.
 */
#include <stddef.h>

#include "gaps.h"

struct gap_node {
	struct gap gap;
	uint64_t priority;
	struct gap_node *left, *right;
	/*
	 * Per residue, the most frames usable from a frame with that residue on
	 * in any interval of this subtree: what lets a search skip it.
	 */
	uint64_t most[GAP_RESIDUES];
};

void gaps_init(struct gaps *gaps, struct arena *arena)
{
	*gaps = (struct gaps){ .arena = arena };
}

static uint64_t usable(const struct gap *gap, unsigned residue)
{
	uint64_t at = gap_align(gap->from, residue);

	return at < gap->to ? gap->to - at : 0;
}

/* splitmix64's finaliser. */
static uint64_t hash(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9;
	x ^= x >> 27;
	x *= 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static void update(struct gap_node *node)
{
	unsigned residue;
	uint64_t most;

	for (residue = 0; residue < GAP_RESIDUES; residue++) {
		most = usable(&node->gap, residue);
		if (node->left && node->left->most[residue] > most)
			most = node->left->most[residue];
		if (node->right && node->right->most[residue] > most)
			most = node->right->most[residue];
		node->most[residue] = most;
	}
}

/* Nodes below `from` to the left, the others to the right. */
static void split(struct gap_node *node, uint64_t from, struct gap_node **left_r,
		  struct gap_node **right_r)
{
	if (!node) {
		*left_r = NULL;
		*right_r = NULL;
		return;
	}
	if (node->gap.from < from) {
		split(node->right, from, &node->right, right_r);
		*left_r = node;
	} else {
		split(node->left, from, left_r, &node->left);
		*right_r = node;
	}
	update(node);
}

/* Every node of `left` is below every node of `right`. */
static struct gap_node *merge(struct gap_node *left, struct gap_node *right)
{
	if (!left)
		return right;
	if (!right)
		return left;
	if (left->priority > right->priority) {
		left->right = merge(left->right, right);
		update(left);
		return left;
	}
	right->left = merge(left, right->left);
	update(right);
	return right;
}

static struct gap_node *insert(struct gap_node *node, struct gap_node *fresh)
{
	if (!node || fresh->priority > node->priority) {
		split(node, fresh->gap.from, &fresh->left, &fresh->right);
		node = fresh;
	} else if (fresh->gap.from < node->gap.from) {
		node->left = insert(node->left, fresh);
	} else {
		node->right = insert(node->right, fresh);
	}
	update(node);
	return node;
}

/* Unlink the node that starts at `from`, which is there, into *gone_r. */
static struct gap_node *extract(struct gap_node *node, uint64_t from, struct gap_node **gone_r)
{
	if (node->gap.from == from) {
		*gone_r = node;
		return merge(node->left, node->right);
	}
	if (from < node->gap.from)
		node->left = extract(node->left, from, gone_r);
	else
		node->right = extract(node->right, from, gone_r);
	update(node);
	return node;
}

bool gaps_last_overlap(const struct gaps *gaps, uint64_t from, uint64_t to, struct gap *gap_r)
{
	const struct gap_node *node = gaps->root, *below = NULL;

	/* Intervals are disjoint: the last that starts below `to` also ends last. */
	while (node) {
		if (node->gap.from < to) {
			below = node;
			node = node->right;
		} else {
			node = node->left;
		}
	}
	if (!below || below->gap.to <= from || from >= to)
		return false;
	*gap_r = below->gap;
	return true;
}

static void insert_gap(struct gaps *gaps, uint64_t from, uint64_t to)
{
	struct gap_node *node;

	if (from >= to)
		return;
	node = gaps->spare;
	if (node)
		gaps->spare = node->right;
	else
		node = arena_alloc(gaps->arena, 1, sizeof(*node));
	if (!node)
		return;
	node->gap = (struct gap){ from, to };
	node->priority = hash(from);
	node->left = NULL;
	node->right = NULL;
	gaps->root = insert(gaps->root, node);
}

static void remove_gap(struct gaps *gaps, uint64_t from)
{
	struct gap_node *gone;

	gaps->root = extract(gaps->root, from, &gone);
	gone->right = gaps->spare;
	gaps->spare = gone;
}

void gaps_add(struct gaps *gaps, uint64_t from, uint64_t to)
{
	struct gap gap;

	if (from >= to)
		return;
	if (from && gaps_last_overlap(gaps, from - 1, from, &gap)) {
		remove_gap(gaps, gap.from);
		from = gap.from;
	}
	if (gaps_last_overlap(gaps, to, to + 1, &gap)) {
		remove_gap(gaps, gap.from);
		to = gap.to;
	}
	insert_gap(gaps, from, to);
}

void gaps_carve(struct gaps *gaps, uint64_t from, uint64_t to)
{
	struct gap gap;

	while (from < to && gaps_last_overlap(gaps, from, to, &gap)) {
		remove_gap(gaps, gap.from);
		if (gap.from < from)
			insert_gap(gaps, gap.from, from);
		if (gap.to > to)
			insert_gap(gaps, to, gap.to);
		if (gaps->arena->failed)
			return;
	}
}

/* The lowest node that starts at or above `from` and is large enough. */
static const struct gap_node *first_node(const struct gap_node *node, uint64_t from,
					 uint64_t count, unsigned residue)
{
	const struct gap_node *found;

	while (node && node->most[residue] >= count) {
		if (node->gap.from >= from) {
			/* Fails late only along the path to `from`; elsewhere `most` is exact. */
			found = first_node(node->left, from, count, residue);
			if (found)
				return found;
			if (usable(&node->gap, residue) >= count)
				return node;
		}
		node = node->right;
	}
	return NULL;
}

bool gaps_first_fit(const struct gaps *gaps, uint64_t from, uint64_t to, uint64_t count,
		    unsigned residue, struct gap *gap_r)
{
	const struct gap_node *node;
	struct gap gap;

	/* One interval may reach across `from`, the nodes do not start below it otherwise. */
	if (gaps_last_overlap(gaps, from, from + 1, &gap)) {
		gap.from = from;
		if (gap.to > to)
			gap.to = to;
		if (usable(&gap, residue) >= count) {
			*gap_r = gap;
			return true;
		}
	}
	node = first_node(gaps->root, from, count, residue);
	if (!node || node->gap.from >= to)
		return false;
	gap = node->gap;
	/* Cut short by `to`, it was the last chance: all others lie beyond. */
	if (gap.to > to)
		gap.to = to;
	if (usable(&gap, residue) < count)
		return false;
	*gap_r = gap;
	return true;
}

uint64_t gaps_largest(const struct gaps *gaps, unsigned residue)
{
	return gaps->root ? gaps->root->most[residue] : 0;
}
