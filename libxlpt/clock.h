/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clock rates that are written down: in the tree (fixed-clock,
 * fixed-factor-clock), or in a saved /sys/kernel/debug/clk/clk_summary of a
 * Linux that drives the board. Never a guess.
 */
#ifndef XLPT_CLOCK_H
#define XLPT_CLOCK_H

#include "arena.h"
#include "tree.h"

/* The rate of a provider without arguments; false if the tree does not tell it, or tells 0. */
bool clock_tree_rate(const struct xlpt_tree *tree, uint32_t provider, uint64_t *hz_r);

/*
 * The name of a provider's output by clock-output-names and clock-indices, as
 * of_clk_get_parent_name() finds it; NULL if there is none.
 */
const char *clock_output_name(const struct xlpt_tree *tree, uint32_t provider, unsigned n_args,
			      uint32_t arg);

/* A word of the text, which is borrowed. */
struct clk_word {
	const char *s;
	size_t len;
};

/* A line of clk_summary: a clock and, since Linux 6.6, one of its consumers. */
struct clk_row {
	struct clk_word name;
	struct clk_word consumer, connection;	/* len 0: not told */
	uint64_t rate;
};

struct clk_summary {
	const struct clk_row *by_name;		/* one row a clock */
	const struct clk_row *by_consumer;	/* one row a consumer */
	size_t n_names, n_consumers;
};

/* Parse; lines that are none of clk_summary are skipped. NULL on exhaustion. */
const struct clk_summary *clk_summary_parse(const char *text, struct arena *arena);

/*
 * The one rate that the text has for a clock, or for a consumer's connection
 * ("no_connection_id" where the driver names none); false if none, or several.
 */
bool clk_summary_clock(const struct clk_summary *summary, const char *name, size_t len,
		       uint64_t *hz_r);
bool clk_summary_consumer(const struct clk_summary *summary, const char *consumer,
			  const char *connection, uint64_t *hz_r);

/* For hints: the rows of a consumer, and those whose clock's name begins with a word; *n_r of them. */
const struct clk_row *clk_summary_rows_of(const struct clk_summary *summary, const char *consumer,
					  size_t *n_r);
const struct clk_row *clk_summary_rows_like(const struct clk_summary *summary, const char *prefix,
					    size_t *n_r);

#endif
