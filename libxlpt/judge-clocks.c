/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clocks that drivers ask for: Xen gives none, so the partial tree must. */
#include "judge-parts.h"
#include "link-walk.h"

/* Providers in a row; real ones are two or three. A ring is cut here. */
#define CHAIN_MOST 16

/* The clock a row of fixed factors hangs on: "" if all is well, else what is missing. */
static const char *provider_trouble(const struct judge *j, uint32_t provider)
{
	const struct tree_prop *clocks;
	struct link_walk walk;
	uint32_t rate;
	unsigned n;

	for (n = 0; n < CHAIN_MOST; n++) {
		if (!tree_enabled(j->tree, provider))
			return "is disabled";
		if (tree_compatible(j->tree, provider, "fixed-clock"))
			return tree_u32(j->tree, provider, P_CLOCK_FREQUENCY, &rate) && rate ? "" :
			       "is a fixed-clock without clock-frequency";
		if (!tree_compatible(j->tree, provider, "fixed-factor-clock"))
			return "";
		clocks = tree_prop(j->tree, provider, P_CLOCKS);
		if (!clocks || !clocks->link)
			return "is a fixed-factor-clock without clocks";
		link_walk_init(&walk, j->tree, provider, clocks);
		if (!link_walk_next(&walk) || walk.target == XLPT_NO_NODE)
			return "is a fixed-factor-clock without clocks";
		provider = walk.target;
	}
	return "is at the end of a ring of clocks";
}

/* Number of strings in a list. */
static unsigned count_strings(const struct xlpt_tree *tree, const struct tree_prop *prop,
			      const char *wanted, bool *found_r)
{
	const char *s = (const char *)prop_value(tree, prop), *end = s + prop->len, *nul;
	unsigned n = 0;

	for (; s < end && (nul = memchr(s, '\0', (size_t)(end - s))); s = nul + 1, n++)
		*found_r |= !strcmp(s, wanted);
	return n;
}

static unsigned check_providers(struct judge *j, uint32_t node, const struct tree_prop *clocks)
{
	struct link_walk walk;
	const char *trouble;

	link_walk_init(&walk, j->tree, node, clocks);
	while (link_walk_next(&walk)) {
		if (walk.target == XLPT_NO_NODE)
			continue;	/* a dangling reference, which says so itself */
		trouble = provider_trouble(j, walk.target);
		if (!*trouble)
			continue;
		judge_add(j, DIAG_GUEST_CLOCK_MISSING, node, "clocks", "clock %u: %s %s", walk.entry,
			  judge_path(j, DIAG_GUEST_CLOCK_MISSING, j->tree, walk.target), trouble);
	}
	return walk.entry + 1;
}

static void check_node(struct judge *j, uint32_t node)
{
	const struct tree_prop *clocks = tree_prop(j->tree, node, P_CLOCKS);
	const struct tree_prop *names = tree_prop(j->tree, node, P_CLOCK_NAMES);
	bool primecell = tree_compatible(j->tree, node, "arm,primecell"), apb = false;
	unsigned n = 0, n_names = 0;
	uint32_t host;

	if (clocks && clocks->link)
		n = check_providers(j, node, clocks);
	if (names)
		n_names = count_strings(j->tree, names, "apb_pclk", &apb);
	if (n_names > n)
		judge_add(j, DIAG_GUEST_CLOCK_MISSING, node, "clocks",
			  "clock-names has %u names, clocks %u entries", n_names, n);
	/* drivers/amba/bus.c gets this one before it even looks which driver fits. */
	if (primecell && !apb)
		judge_add(j, DIAG_GUEST_CLOCK_MISSING, node, "clock-names",
			  "is an AMBA primecell without a clock named apb_pclk: Linux does not make a device of it");
	if (clocks || primecell)
		return;
	host = judge_host_node(j, node);
	if (host != XLPT_NO_NODE && tree_prop(j->in->host, host, P_CLOCKS))
		judge_add(j, DIAG_GUEST_CLOCK_MISSING, node, "clocks",
			  "has no clocks, while its node on the host has some");
}

void judge_clocks(struct judge *j)
{
	uint32_t node;

	for (node = j->passthrough; node < j->tree->node[j->passthrough].end; node++)
		if (judge_is_live(j, node))
			check_node(j, node);
}
