/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "guest-rates.h"

#define OPTION_OF_ITEM	1	/* the item's own node has a clock that this option names */
#define OPTION_USED	2

/* ---- entries ------------------------------------------------------------ */

void guest_clock_begin(struct guest_clock *clock, const struct guest_walk *w, uint32_t node,
		       const struct tree_prop *prop)
{
	const struct tree_prop *names = tree_prop(w->tree, node, P_CLOCK_NAMES);

	*clock = (struct guest_clock){ .node = node };
	link_walk_init(&clock->walk, w->tree, node, prop);
	if (names) {
		clock->names = (const char *)prop_value(w->tree, names);
		clock->names_end = clock->names + names->len;
	}
}

/* The name of the entry; each is asked for once, in their order. */
static const char *name_at(struct guest_clock *clock, unsigned index)
{
	while (clock->names < clock->names_end) {
		const char *name = clock->names;
		const char *nul = memchr(name, '\0', (size_t)(clock->names_end - name));

		if (!nul)
			break;
		clock->names = nul + 1;
		if (clock->names_index++ == index)
			return name;
	}
	return NULL;
}

bool guest_clock_next(struct guest_clock *clock)
{
	if (!link_walk_next(&clock->walk))
		return false;
	clock->index = clock->walk.entry;
	clock->name = name_at(clock, clock->index);
	clock->only = !clock->index && clock->walk.position == clock->walk.n_cells;
	return true;
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

static const struct clock_option *find_option(struct guest_walk *w, const struct guest_clock *clock)
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
	struct guest_clock clock;
	size_t i;

	w->option_state = NULL;
	if (!options->n_clocks)
		return;
	w->option_state = arena_alloc(&w->plan->arena, options->n_clocks, sizeof(*w->option_state));
	if (!w->option_state || !prop || !prop->link)
		return;
	for (guest_clock_begin(&clock, w, w->item->node, prop); guest_clock_next(&clock);)
		for (i = 0; i < options->n_clocks; i++)
			if (option_names(&options->clocks[i], clock.name, clock.index))
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

bool guest_linux_name(const struct xlpt_tree *tree, uint32_t node,
		      char name[GUEST_LINUX_NAME_MAX])
{
	const struct resources *r = tree->resources;
	const struct res_reg *reg = &r->reg[r->first_reg[node]];
	const char *own = tree_name(tree, node);

	if (r->first_reg[node] == r->first_reg[node + 1] || reg->entry)
		return false;
	snprintf(name, GUEST_LINUX_NAME_MAX, "%llx.%.*s", (unsigned long long)reg->base, (int)strcspn(own, "@"), own);
	return true;
}

static bool summary_rate(struct guest_walk *w, const struct guest_clock *clock, uint64_t *hz_r)
{
	const struct clk_summary *summary = w->plan->host->clk_summary;
	const struct link_walk *walk = &clock->walk;
	char name[GUEST_LINUX_NAME_MAX];
	const char *output;

	if (!summary)
		return false;
	if (guest_linux_name(w->tree, clock->node, name)) {
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

bool guest_clock_rate(struct guest_walk *w, const struct guest_clock *clock, struct guest_rate *rate)
{
	const struct clock_option *option = find_option(w, clock);

	*rate = (struct guest_rate){ .source = "from the tree" };
	rate->in_tree = !clock->walk.n_args &&
			clock_tree_rate(w->tree, clock->walk.target, &rate->hz);
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
