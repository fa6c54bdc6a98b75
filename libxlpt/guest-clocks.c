/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clocks of a node that goes along. What the guest gets is a fixed-clock
 * of its own for each, and for that the rate must be known: from the tree, the
 * user, or a saved clk_summary. One unknown rate, and all clocks are left out.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "guest.h"

#define OPTION_OF_ITEM	1	/* the item's own node has a clock that this option names */
#define OPTION_USED	2

/* Unknown clocks and candidate rows that a finding names before it says "…". */
#define MAX_NAMED 6

/* A list of names read along with the entries it names. */
struct name_cursor {
	const char *s, *end;
	unsigned index;
};

/* One entry of `clocks`. */
struct clock {
	uint32_t node;
	const char *name;	/* of clock-names, or NULL */
	unsigned index;
	bool only;		/* of the property */
	const struct link_walk *walk;
};

struct clock_rate {
	uint64_t hz;
	bool in_tree;		/* the provider cannot be switched off by the host */
	const char *source;
};

static void names_begin(struct name_cursor *names, const struct xlpt_tree *tree, uint32_t node)
{
	const struct tree_prop *prop = tree_prop(tree, node, P_CLOCK_NAMES);

	*names = (struct name_cursor){ 0 };
	if (!prop)
		return;
	names->s = (const char *)prop_value(tree, prop);
	names->end = names->s + prop->len;
}

/* The name with this index, which must not be smaller than the last one asked for. */
static const char *names_at(struct name_cursor *names, unsigned index)
{
	while (names->s < names->end) {
		const char *nul = memchr(names->s, '\0', (size_t)(names->end - names->s));

		if (!nul)
			break;
		if (names->index == index)
			return names->s;
		names->s = nul + 1;
		names->index++;
	}
	return NULL;
}

/* ---- ,clock=NAME:HZ ------------------------------------------------------ */

/* NAME is that of clock-names, or an index; NODE/NAME where only the node tells them apart. */
static bool option_names(const struct clock_option *option, const char *name, unsigned index)
{
	const char *slash = strrchr(option->name, '/');
	const char *key = slash ? slash + 1 : option->name;
	char *end;

	if (name && !strcmp(key, name))
		return true;
	return *key >= '0' && *key <= '9' && strtoul(key, &end, 10) == index && !*end;
}

static const struct clock_option *find_option(struct guest_walk *w, const struct clock *clock)
{
	const struct item_options *options = w->item->options;
	const char *own = tree_name(w->tree, clock->node), *slash;
	size_t i;

	if (!w->option_state || !tree_within(w->tree, clock->node, w->item->node))
		return NULL;
	for (i = 0; i < options->n_clocks; i++) {
		const struct clock_option *option = &options->clocks[i];

		slash = strrchr(option->name, '/');
		if (slash ? strncmp(option->name, own, (size_t)(slash - option->name)) ||
			    own[slash - option->name] :
			    clock->node != w->item->node && w->option_state[i] & OPTION_OF_ITEM)
			continue;
		if (!option_names(option, clock->name, clock->index))
			continue;
		w->option_state[i] |= OPTION_USED;
		return option;
	}
	return NULL;
}

void guest_clocks_begin(struct guest_walk *w)
{
	const struct item_options *options = w->item->options;
	const struct tree_prop *prop = tree_prop(w->tree, w->item->node, P_CLOCKS);
	struct name_cursor names;
	struct link_walk walk;
	size_t i;

	w->option_state = NULL;
	if (!options->n_clocks)
		return;
	w->option_state = arena_alloc(&w->plan->arena, options->n_clocks, sizeof(*w->option_state));
	if (!w->option_state || !prop || !prop->link)
		return;
	names_begin(&names, w->tree, w->item->node);
	link_walk_init(&walk, w->tree, w->item->node, prop);
	while (link_walk_next(&walk))
		for (i = 0; i < options->n_clocks; i++)
			if (option_names(&options->clocks[i], names_at(&names, walk.entry), walk.entry))
				w->option_state[i] |= OPTION_OF_ITEM;
}

void guest_clocks_end(struct guest_walk *w)
{
	size_t i;

	for (i = 0; w->option_state && !w->silent && i < w->item->options->n_clocks; i++)
		if (!(w->option_state[i] & OPTION_USED))
			diag_add(w->plan->diags, DIAG_SELECTION_INVALID, 0, w->item->path, "clocks",
				 "Name a clock as clock-names does, or by its index from 0.",
				 "clock=%s:%llu names no clock of the device",
				 w->item->options->clocks[i].name,
				 (unsigned long long)w->item->options->clocks[i].hz);
}

/* ---- rates -------------------------------------------------------------- */

static const struct clk_summary *clk_summary(struct guest_walk *w)
{
	if (!w->clk_summary_read && w->plan->settings->clk_summary)
		w->clk_summary = clk_summary_parse(w->plan->settings->clk_summary, &w->plan->arena);
	w->clk_summary_read = true;
	return w->clk_summary;
}

/* The device's name in Linux (of_device_make_bus_id); false for those that have no address. */
static bool linux_name(const struct xlpt_tree *tree, uint32_t node, char *name, size_t size)
{
	const struct resources *r = tree->resources;
	const struct res_reg *reg = &r->reg[r->first_reg[node]];
	const char *own = tree_name(tree, node);

	if (r->first_reg[node] == r->first_reg[node + 1] || reg->entry)
		return false;
	snprintf(name, size, "%llx.%.*s", (unsigned long long)reg->base, (int)strcspn(own, "@"), own);
	return true;
}

static bool summary_rate(struct guest_walk *w, const struct clock *clock, uint64_t *hz_r)
{
	const struct clk_summary *summary = clk_summary(w);
	const struct link_walk *walk = clock->walk;
	char name[TREE_NAME_MAX + 20];
	const char *output;

	if (!summary)
		return false;
	if (linux_name(w->tree, clock->node, name, sizeof(name))) {
		if (clock->name && clk_summary_consumer(summary, name, clock->name, hz_r))
			return *hz_r;
		/* A driver that names no clock gets the first, and here that is the only one. */
		if (clock->only && clk_summary_consumer(summary, name, "no_connection_id", hz_r))
			return *hz_r;
	}
	output = clock_output_name(w->tree, walk->target, walk->n_args,
				   walk->n_args ? prop_cell(w->tree, walk->prop, walk->first_arg) : 0);
	return output && clk_summary_clock(summary, output, strlen(output), hz_r) && *hz_r;
}

static bool find_rate(struct guest_walk *w, const struct clock *clock, struct clock_rate *rate)
{
	const struct clock_option *option = find_option(w, clock);

	rate->in_tree = !clock->walk->n_args &&
			clock_tree_rate(w->tree, clock->walk->target, &rate->hz);
	rate->source = "from the tree";
	if (option) {
		rate->hz = option->hz;
		rate->source = "as given";
	} else if (!rate->in_tree) {
		rate->source = "from clk_summary";
		if (!summary_rate(w, clock, &rate->hz))
			return false;
	}
	return rate->hz <= UINT32_MAX;
}

static void clock_of(uint32_t node, struct name_cursor *names, const struct link_walk *walk,
		     struct clock *clock)
{
	*clock = (struct clock){
		.node = node, .name = names_at(names, walk->entry), .index = walk->entry,
		.only = !walk->entry && walk->position == walk->n_cells, .walk = walk,
	};
}

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

static void name_clock(struct line *line, const struct guest_walk *w, const struct clock *clock)
{
	/* Below the item a name may also be one of the item's own clocks: say whose. */
	if (clock->node != w->item->node)
		line_add(line, "%s/", tree_name(w->tree, clock->node));
	if (clock->name && *clock->name)
		line_add(line, "%.80s", clock->name);
	else
		line_add(line, "%u", clock->index);
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
	const struct clk_summary *summary = clk_summary(w);
	const struct clk_row *row;
	char name[TREE_NAME_MAX + 20];
	unsigned named = 0;
	size_t n;

	if (!summary)
		return;
	if (linux_name(w->tree, node, name, sizeof(name))) {
		row = clk_summary_rows_of(summary, name, &n);
		add_candidates(line, row, n, &named);
	}
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(tree_name(w->tree, node), "@"),
		 tree_name(w->tree, node));
	row = clk_summary_rows_like(summary, name, &n);
	add_candidates(line, row, n, &named);
	if (named)
		line_add(line, ".");
}

static void report_unknown(struct guest_walk *w, uint32_t node, const struct tree_prop *prop)
{
	struct line message = { .len = 0 }, hint = { .len = 0 };
	struct name_cursor names;
	struct clock_rate rate;
	struct link_walk walk;
	struct clock clock;
	unsigned n = 0;

	names_begin(&names, w->tree, node);
	link_walk_init(&walk, w->tree, node, prop);
	line_add(&hint, "Give ");
	while (link_walk_next(&walk)) {
		if (!walk.phandle || guest_inside(w, walk.target))
			continue;
		clock_of(node, &names, &walk, &clock);
		rate.hz = 0;
		if (find_rate(w, &clock, &rate))
			continue;
		if (n++ == MAX_NAMED) {
			line_add(&message, ", …");
			line_add(&hint, ", …");
			break;
		}
		line_add(&message, n > 1 ? ", " : "");
		name_clock(&message, w, &clock);
		line_add(&message, " (%s%s)", tree_name(w->tree, walk.target),
			 rate.hz > UINT32_MAX ? ", above 4 GHz" : "");
		line_add(&hint, "%s,clock=", n > 1 ? " " : "");
		name_clock(&hint, w, &clock);
		line_add(&hint, ":HZ");
	}
	line_add(&hint, " or --clk-summary; allowed, the guest's node has no clocks.");
	hint_rows(w, &hint, node);
	diag_add(w->plan->diags, DIAG_CLOCK_RATE_UNKNOWN, 0, guest_path_of(w, node), "clocks", hint.s,
		 "the rate of %s is not known: %s", n > 1 ? "these clocks" : "this clock", message.s);
}

/* ---- the property -------------------------------------------------------- */

enum guest_action guest_clocks_fate(struct guest_walk *w, uint32_t node,
				    const struct tree_prop *prop)
{
	bool outside = false, unknown = false, switched = false;
	struct name_cursor names;
	struct clock_rate rate;
	struct link_walk walk;
	struct clock clock;

	names_begin(&names, w->tree, node);
	link_walk_init(&walk, w->tree, node, prop);
	while (link_walk_next(&walk)) {
		if (!walk.phandle)
			continue;
		clock_of(node, &names, &walk, &clock);
		if (guest_inside(w, walk.target)) {
			find_option(w, &clock);
			continue;
		}
		outside = true;
		if (!find_rate(w, &clock, &rate))
			unknown = true;
		else
			switched |= !rate.in_tree;
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
static struct guest_node *build_stub(struct guest_walk *w, const struct clock *clock,
				     const struct clock_rate *rate)
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
	struct name_cursor names;
	struct clock_rate rate;
	struct link_walk walk;
	struct clock clock;
	unsigned i, next = 0;

	names_begin(&names, w->tree, node);
	link_walk_init(&walk, w->tree, node, prop);
	while (link_walk_next(&walk)) {
		/* Empty entries are not visited, but count. */
		for (; next < walk.entry; next++)
			guest_cell(&cells, 0);
		next = walk.entry + 1;
		clock_of(node, &names, &walk, &clock);
		if (guest_inside(w, walk.target)) {
			guest_ref_add(w->out, &refs, (uint32_t)cells.len, walk.target, NULL);
			for (i = 0; i < walk.n_args + 1; i++)
				guest_cell(&cells, prop_cell(w->tree, prop, walk.cell + i));
			continue;
		}
		if (!find_rate(w, &clock, &rate))
			return;
		guest_ref_add(w->out, &refs, (uint32_t)cells.len, XLPT_NO_NODE,
			      build_stub(w, &clock, &rate));
		guest_cell(&cells, 0);
	}
	for (; walk.n_cells && next <= walk.entry; next++)
		guest_cell(&cells, 0);
	made = guest_prop_add(w->out, out, prop_name(w->tree, prop), cells.value, cells.len);
	if (made) {
		made->ref = refs.ref;
		made->last_ref = refs.last_ref;
		made->form = GUEST_CELLS;
	}
}
