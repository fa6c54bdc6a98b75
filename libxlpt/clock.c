/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clock.h"
#include "link-walk.h"

/* Longer chains of fixed-factor-clock are loops. */
#define MAX_FACTORS 32
/* Outputs of a provider that are told by name; boards have some dozen. */
#define MAX_OUTPUTS 256

static bool named_u32(const struct xlpt_tree *tree, uint32_t node, const char *name, uint32_t *value_r)
{
	const struct tree_prop *prop = tree_prop_named(tree, node, name);

	if (!prop || prop->len < 4)
		return false;
	*value_r = prop_cell(tree, prop, 0);
	return true;
}

bool clock_tree_rate(const struct xlpt_tree *tree, uint32_t provider, uint64_t *hz_r)
{
	struct { uint32_t mult, div; } factor[MAX_FACTORS];
	const struct tree_prop *clocks;
	unsigned n = 0;
	uint32_t hz;

	while (tree->node[provider].flags & TREE_FIXED_FACTOR) {
		clocks = tree_prop(tree, provider, P_CLOCKS);
		if (n == MAX_FACTORS || !clocks || clocks->len < 4 ||
		    !named_u32(tree, provider, "clock-div", &factor[n].div) || !factor[n].div ||
		    !named_u32(tree, provider, "clock-mult", &factor[n].mult))
			return false;
		n++;
		provider = tree_by_phandle(tree, prop_cell(tree, clocks, 0));
		if (provider == XLPT_NO_NODE)
			return false;
	}
	/* 0 is what boards write that leave it to someone else to fill in. */
	if (!(tree->node[provider].flags & TREE_FIXED_CLOCK) ||
	    !tree_u32(tree, provider, P_CLOCK_FREQUENCY, &hz) || !hz)
		return false;
	/* Rounded at every step as clk-fixed-factor.c does. */
	for (*hz_r = hz; n; n--) {
		if (__builtin_mul_overflow(*hz_r, factor[n - 1].mult, hz_r))
			return false;
		*hz_r /= factor[n - 1].div;
	}
	return *hz_r;
}

const char *clock_output_name(const struct xlpt_tree *tree, uint32_t provider, unsigned n_args,
			      uint32_t arg)
{
	const struct tree_prop *names = tree_prop(tree, provider, P_CLOCK_OUTPUT_NAMES);
	const struct tree_prop *indices = tree_prop(tree, provider, P_CLOCK_INDICES);
	uint32_t position = n_args ? arg : 0;

	/* What a second argument means is the provider's own business. */
	if (!names || n_args > 1)
		return NULL;
	if (indices) {
		for (position = 0; position < indices->len / 4 && position < MAX_OUTPUTS; position++)
			if (prop_cell(tree, indices, position) == (n_args ? arg : 0))
				break;
		if (position == indices->len / 4)
			return NULL;
	}
	if (position >= MAX_OUTPUTS)
		return NULL;
	return prop_string(tree, names, position);
}
