/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clock, reset, power-domain and pin controllers that go to the guest. With
 * all their users in the plan the guest may own them, and real references are
 * kept; somebody who stays behind loses his clock when the guest says so.
 */
#include "plan.h"

/* Users named in a finding; the others are counted, each once up to the second limit. */
#define MAX_NAMED 3
#define MAX_KNOWN 128

static bool is_provision(const char *property)
{
	static const char *const exact[] = { "clocks", "resets", "power-domains" };
	size_t i;

	for (i = 0; i < sizeof(exact) / sizeof(*exact); i++)
		if (!strcmp(property, exact[i]))
			return true;
	return !strncmp(property, "pinctrl-", 8) && property[8] >= '0' && property[8] <= '9';
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
	uint32_t node, n, i, last = XLPT_NO_NODE;
	int rc;

	for (node = item->node; node < tree->node[item->node].end; node++) {
		const uint32_t *link = links_to(tree, node, &n);

		if (!n || is_constant(tree, node))
			continue;
		for (i = 0; i < n; i++) {
			const struct res_link *from = &r->link[link[i]];

			if (from->from == last || !tree_enabled(tree, from->from) ||
			    tree->node[from->from].flags & TREE_SPECIAL ||
			    !is_provision(prop_name(tree, &tree->prop[from->prop])))
				continue;
			last = from->from;
			rc = fn(opaque, node, from->from);
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
