/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Clocks that drivers ask for: Xen gives none, so the partial tree must. */
#include "judge-parts.h"
#include "link-walk.h"

/* Providers in a row; real ones are two or three. A ring is cut here. */
#define CHAIN_MOST 16

/* What a provider says it is. */
enum clock_kind {
	CLOCK_UNASKED,
	CLOCK_FIXED,
	CLOCK_FACTOR,
	CLOCK_OTHER,
};

/* By node: a list of clocks may name one provider many times, which may have a long compatible. */
struct providers {
	uint8_t *kind;		/* enum clock_kind */
	const char **trouble;	/* see provider_trouble(); NULL: unasked */
};

static enum clock_kind kind_of(const struct judge *j, struct providers *p, uint32_t provider)
{
	if (p->kind[provider] == CLOCK_UNASKED)
		p->kind[provider] = tree_compatible(j->tree, provider, "fixed-clock") ? CLOCK_FIXED :
				    tree_compatible(j->tree, provider, "fixed-factor-clock") ?
				    CLOCK_FACTOR : CLOCK_OTHER;
	return (enum clock_kind)p->kind[provider];
}

static const char *find_trouble(const struct judge *j, struct providers *p, uint32_t provider)
{
	const struct tree_prop *clocks;
	struct link_walk walk;
	enum clock_kind kind;
	uint32_t rate;
	unsigned n;

	for (n = 0; n < CHAIN_MOST; n++) {
		if (!tree_enabled(j->tree, provider))
			return "is disabled";
		kind = kind_of(j, p, provider);
		if (kind == CLOCK_FIXED)
			return tree_u32(j->tree, provider, P_CLOCK_FREQUENCY, &rate) && rate ? "" :
			       "is a fixed-clock without clock-frequency";
		if (kind != CLOCK_FACTOR)
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

/* The clock a row of fixed factors hangs on: "" if all is well, else what is missing. */
static const char *provider_trouble(const struct judge *j, struct providers *p, uint32_t provider)
{
	if (!p->trouble[provider])
		p->trouble[provider] = find_trouble(j, p, provider);
	return p->trouble[provider];
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

static unsigned check_providers(struct judge *j, struct providers *p, uint32_t node,
				const struct tree_prop *clocks)
{
	struct link_walk walk;
	const char *trouble;

	link_walk_init(&walk, j->tree, node, clocks);
	while (link_walk_next(&walk)) {
		if (walk.target == XLPT_NO_NODE)
			continue;	/* a dangling reference, which says so itself */
		trouble = provider_trouble(j, p, walk.target);
		if (!*trouble)
			continue;
		judge_add(j, DIAG_GUEST_CLOCK_MISSING, node, "clocks", "clock %u: %s %s", walk.entry,
			  judge_path(j, DIAG_GUEST_CLOCK_MISSING, j->tree, walk.target), trouble);
	}
	return walk.entry + 1;
}

static void check_node(struct judge *j, struct providers *p, uint32_t node)
{
	const struct tree_prop *clocks = tree_prop(j->tree, node, P_CLOCKS);
	const struct tree_prop *names = tree_prop(j->tree, node, P_CLOCK_NAMES);
	bool primecell = tree_compatible(j->tree, node, "arm,primecell"), apb = false;
	unsigned n = 0, n_names = 0;
	uint32_t host;

	if (clocks && clocks->link)
		n = check_providers(j, p, node, clocks);
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
	struct providers p = {
		.kind = arena_alloc(&j->arena, j->tree->n_nodes, sizeof(*p.kind)),
		.trouble = arena_alloc(&j->arena, j->tree->n_nodes, sizeof(*p.trouble)),
	};
	uint32_t node;

	if (!p.kind || !p.trouble)
		return;
	for (node = j->passthrough; node < j->tree->node[j->passthrough].end; node++)
		if (judge_is_live(j, node))
			check_node(j, &p, node);
}
