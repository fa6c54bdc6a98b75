/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What others work with and that goes to the guest: controllers of clocks,
 * resets, power, pins, lines, interrupts, DMA, mailboxes … With all their users
 * in the plan the guest may own them, and real references are kept; somebody
 * who stays behind loses his clock or his line when the guest says so.
 */
#include "links.h"
#include "plan.h"

/* Users named in a finding; the others are counted, each once up to the second limit. */
#define MAX_NAMED 3
#define MAX_KNOWN 128

/* Does a node with this reference work with its target? */
static bool is_provision(const struct xlpt_tree *tree, const struct res_link *from)
{
	/* Dropped from a guest like others, but no loss where the target goes. */
	static const char *const loose[] = {
		"assigned-clock-parents", "assigned-clocks", "companion", "cooling-device", "peer-hub",
		"trigger-sources", "trip",
	};
	const struct tree_prop *prop = &tree->prop[from->prop];
	const struct link *link = &links[prop->link - 1];
	size_t i;

	switch (link->fate) {
	case FATE_CLOCK:
	case FATE_REGULATOR:
	case FATE_REFUSE:
	case FATE_INTERRUPT:
		return true;
	case FATE_DROP:
		for (i = 0; i < sizeof(loose) / sizeof(*loose); i++)
			if (!strcmp(link->property, loose[i]))
				return false;
		return true;
	case FATE_TAKE:
	case FATE_SILENT:
	case FATE_GRAPH:
		break;
	}
	return false;
}

/* No driver for what is disabled, or lies below it. */
static bool is_in_use(const struct xlpt_tree *tree, uint32_t node)
{
	for (; node != XLPT_NO_NODE; node = tree->node[node].parent)
		if (!tree_enabled(tree, node))
			return false;
	return true;
}

/* The lines of keys and the like are those of the node above, which has the driver. */
static uint32_t with_driver(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t above;

	for (above = node; above; above = tree->node[above].parent) {
		if (tree->node[above].flags & TREE_BUS)
			break;
		if (tree_prop_named(tree, above, "compatible"))
			return above;
	}
	return node;
}

/* Nothing to control: everybody may have it. */
static bool is_constant(const struct xlpt_tree *tree, uint32_t node)
{
	return tree_compatible(tree, node, "fixed-clock") ||
	       tree_compatible(tree, node, "fixed-factor-clock");
}

int provider_users(const struct xlpt_tree *tree, const struct plan_item *item, provider_user_fn fn,
		   void *opaque)
{
	const struct resources *r = tree->resources;
	uint32_t node, user, n, i, last = XLPT_NO_NODE;
	int rc;

	for (node = item->node; node < tree->node[item->node].end; node++) {
		const uint32_t *link = links_to(tree, node, &n);

		if (!n || is_constant(tree, node))
			continue;
		for (i = 0; i < n; i++) {
			const struct res_link *from = &r->link[link[i]];

			if (from->from == last || tree->node[from->from].flags & TREE_SPECIAL ||
			    !is_provision(tree, from) || !is_in_use(tree, from->from))
				continue;
			last = from->from;
			user = with_driver(tree, last);
			rc = fn(opaque, node, user);
			if (rc)
				return rc;
		}
	}
	return 0;
}

struct users {
	struct xlpt_plan *plan;
	uint32_t known[MAX_KNOWN];
	size_t n;
};

static int left_behind(void *opaque, uint32_t provider, uint32_t user)
{
	struct users *users = opaque;
	size_t i;

	(void)provider;
	if (plan_item_of(users->plan, user))
		return 0;
	for (i = 0; i < users->n; i++)
		if (users->known[i] == user)
			return 0;
	users->known[users->n++] = user;
	return users->n == MAX_KNOWN;
}

void rules_providers(struct xlpt_plan *plan)
{
	size_t i, k, n;

	for (i = 0; i < plan->n_items; i++) {
		struct users users = { .plan = plan };
		const char *who = "";

		/* Everybody works with what is Xen's, and it does not go. */
		if (device_reserved(plan->host, plan->item[i].node))
			continue;
		provider_users(plan->tree, &plan->item[i], left_behind, &users);
		n = users.n < MAX_NAMED ? users.n : MAX_NAMED;
		for (k = 0; k < n && who; k++) {
			const char *why = device_reserved(plan->host, users.known[k]);

			who = arena_printf(&plan->arena, "%s%s%s%s%s%s", who, k ? ", " : "",
					   plan_path(plan, users.known[k]), why ? " (" : "",
					   why ? why : "", why ? ")" : "");
		}
		if (users.n > n && who)
			who = arena_printf(&plan->arena, "%s and %zu more", who, users.n - n);
		if (n && who)
			diag_add(plan->diags, DIAG_PROVIDER_SHARED, 0, plan->item[i].path, NULL, NULL,
				 "stays in use outside the plan, by %s", who);
	}
}
