/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clocks of a node that goes along. What the guest gets is a fixed-clock
 * of its own for each, and for that the rate must be known: from the tree, the
 * user, or a saved clk_summary. One unknown rate, and all clocks are left out.
 */
#include <stdarg.h>
#include <stdio.h>

#include "clock.h"
#include "guest-rates.h"

/* Unknown clocks and candidate rows that a finding names before it says "…". */
#define MAX_NAMED 6

/* ---- what is said -------------------------------------------------------- */

/* Text of limited length, for a finding. */
struct line {
	char s[768];
	size_t len;
};

static void line_add(struct line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void line_add(struct line *line, const char *fmt, ...)
{
	size_t room = sizeof(line->s) - line->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line->s + line->len, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		line->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void line_put(struct line *line, const char *s, size_t len)
{
	size_t room = sizeof(line->s) - 1 - line->len;

	len = strnlen(s, len < room ? len : room);
	memcpy(line->s + line->len, s, len);
	line->len += len;
	line->s[line->len] = '\0';
}

static void line_puts(struct line *line, const char *s)
{
	line_put(line, s, sizeof(line->s));
}

/* As an option would name it; a clock without a name goes by its index, behind a word for people. */
static void name_clock(struct line *line, const struct guest_walk *w, const struct guest_clock *clock,
		       const char *word)
{
	/* Below the item a name may also be one of the item's own clocks: say whose. */
	if (clock->node != w->item->node) {
		line_puts(line, tree_name(w->tree, clock->node));
		line_puts(line, "/");
	}
	if (clock->name && *clock->name)
		line_put(line, clock->name, 80);
	else
		line_add(line, "%s%u", word, clock->index);
}

static void add_candidates(struct line *line, const struct clk_row *row, size_t n, unsigned *named)
{
	for (; row && n && *named < MAX_NAMED; row++, n--) {
		line_add(line, "%s%.*s %llu Hz", (*named)++ ? ", " : " Perhaps, of clk_summary: ",
			 (int)(row->name.len < 80 ? row->name.len : 80), row->name.s,
			 (unsigned long long)row->rate);
		if (row->connection.len)
			line_add(line, " (%.*s)", (int)(row->connection.len < 80 ? row->connection.len : 80),
				 row->connection.s);
	}
}

/* Rows that could mean the device's clocks, for a person to choose from. */
static void hint_rows(struct guest_walk *w, struct line *line, uint32_t node)
{
	const struct clk_summary *summary = w->plan->host->clk_summary;
	const struct clk_row *row;
	char name[GUEST_LINUX_NAME_MAX];
	unsigned named = 0;
	size_t n;

	if (!summary)
		return;
	if (guest_linux_name(w->tree, node, name)) {
		row = clk_summary_rows_of(summary, name, &n);
		add_candidates(line, row, n, &named);
	}
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(tree_name(w->tree, node), "@"),
		 tree_name(w->tree, node));
	row = clk_summary_rows_like(summary, name, &n);
	add_candidates(line, row, n, &named);
	if (named)
		line_puts(line, ".");
}

static void report_unknown(struct guest_walk *w, uint32_t node, const struct tree_prop *prop)
{
	struct line message = { .len = 0 }, hint = { .len = 0 };
	struct guest_clock clock;
	struct guest_rate rate;
	unsigned n = 0;

	line_puts(&hint, "Give ");
	for (guest_clock_begin(&clock, w, node, prop); guest_clock_next(&clock);) {
		if (guest_inside(w, clock.walk.target))
			continue;
		if (guest_clock_rate(w, &clock, &rate))
			continue;
		if (n++ == MAX_NAMED) {
			line_puts(&message, ", …");
			line_puts(&hint, ", …");
			break;
		}
		line_puts(&message, n > 1 ? ", " : "");
		name_clock(&message, w, &clock, "number ");
		line_puts(&message, " (");
		line_puts(&message, tree_name(w->tree, clock.walk.target));
		line_puts(&message, rate.hz > UINT32_MAX ? ", above 4 GHz)" : ")");
		line_puts(&hint, n > 1 ? " ,clock=" : ",clock=");
		name_clock(&hint, w, &clock, "");
		line_puts(&hint, ":HZ");
	}
	line_puts(&hint, " or --clk-summary; allowed, the guest's node has no clocks.");
	hint_rows(w, &hint, node);
	diag_add(w->plan->diags, DIAG_CLOCK_RATE_UNKNOWN, 0, guest_path_of(w, node), "clocks", hint.s,
		 "the rate of %s is not known: %s", n > 1 ? "these clocks" : "this clock", message.s);
}

/* ---- the property -------------------------------------------------------- */

enum guest_action guest_clocks_fate(struct guest_walk *w, uint32_t node,
				    const struct tree_prop *prop)
{
	bool outside = false, unknown = false, switched = false;
	struct guest_clock clock;
	struct guest_rate rate;

	for (guest_clock_begin(&clock, w, node, prop); guest_clock_next(&clock);) {
		bool known = guest_clock_rate(w, &clock, &rate);

		if (guest_inside(w, clock.walk.target))
			continue;
		outside = true;
		unknown |= !known;
		switched |= known && !rate.in_tree;
	}
	if (!outside)
		return ACT_RENUMBER;
	if (unknown) {
		if (!w->silent)
			report_unknown(w, node, prop);
		return ACT_LEAVE;
	}
	if (switched && !w->silent)
		diag_add(w->plan->diags, DIAG_DROPPED_REFERENCE, 0, guest_path_of(w, node), "clocks", NULL,
			 "clocks become fixed-clock nodes: the host must keep the real ones running at these rates (boot dom0 with clk_ignore_unused)");
	return ACT_CLOCKS;
}

/* A fixed-clock whose name no other device's clock can have. */
static struct guest_node *build_stub(struct guest_walk *w, const struct guest_clock *clock,
				     const struct guest_rate *rate)
{
	const char *own = tree_name(w->tree, clock->node), *at = strchr(own, '@');
	struct guest_tree *out = w->out;
	struct guest_node *stub;
	const char *base;

	base = arena_printf(out->arena, "%.*s%s%s-clk%u", (int)strcspn(own, "@"), own, at ? "-" : "",
			    at ? at + 1 : "", clock->index);
	if (!base)
		return NULL;
	stub = guest_node_add(out, guest_no_mmio(out),
			      guest_unique_name(out, base, "", clock->node));
	if (!stub)
		return NULL;
	stub->comment = arena_printf(out->arena, "stub: clock %s of %s, %s",
				     clock->name ? clock->name : "without a name",
				     guest_path_of(w, clock->node), rate->source);
	guest_prop_string(out, stub, "compatible", "fixed-clock");
	guest_prop_cell(out, stub, "#clock-cells", 0);
	guest_prop_cell(out, stub, "clock-frequency", (uint32_t)rate->hz);
	guest_prop_string(out, stub, "clock-output-names", stub->name);
	return stub;
}

void guest_clocks_build(struct guest_walk *w, uint32_t node, struct guest_node *out,
			const struct tree_prop *prop)
{
	struct guest_cells cells = { .out = w->out };
	struct guest_prop refs = { 0 }, *made;
	struct guest_clock clock;
	struct guest_rate rate;
	unsigned i, next = 0;

	for (guest_clock_begin(&clock, w, node, prop); guest_clock_next(&clock);) {
		/* Empty entries are not visited, but count. */
		for (; next < clock.index; next++)
			guest_cell(&cells, 0);
		next = clock.index + 1;
		if (guest_inside(w, clock.walk.target)) {
			guest_ref_add(w->out, &refs, (uint32_t)cells.len, clock.walk.target, NULL);
			for (i = 0; i < clock.walk.n_args + 1; i++)
				guest_cell(&cells, prop_cell(w->tree, prop, clock.walk.cell + i));
			continue;
		}
		if (!guest_clock_rate(w, &clock, &rate))
			return;
		guest_ref_add(w->out, &refs, (uint32_t)cells.len, XLPT_NO_NODE,
			      build_stub(w, &clock, &rate));
		guest_cell(&cells, 0);
	}
	for (; clock.walk.n_cells && next <= clock.walk.entry; next++)
		guest_cell(&cells, 0);
	made = guest_prop_add(w->out, out, prop_name(w->tree, prop), cells.value, cells.len);
	if (made) {
		made->ref = refs.ref;
		made->last_ref = refs.last_ref;
		made->form = GUEST_CELLS;
	}
}
