/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's nodes: what is lost on the way, and the tree. See guest.h. */
#include <errno.h>

#include "guest.h"
#include "u32-set.h"

/* ---- first pass: findings ------------------------------------------------ */

static void check_node(struct guest_walk *w, uint32_t node, enum guest_role role)
{
	uint32_t i;

	for (i = w->tree->node[node].prop; i < w->tree->node[node + 1].prop; i++)
		guest_fate(w, node, role, &w->tree->prop[i]);
}

/* What references take along is looked at like the nodes themselves, each once. */
static void check_taken(struct guest_walk *w, size_t first)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t node, top;

	for (; first < w->n_taken; first++) {
		top = w->taken[first];
		for (node = top; node < tree->node[top].end;) {
			if (w->is_taken[node] == TAKEN_REPORTED ||
			    (node != top && !tree_enabled(tree, node))) {
				node = tree->node[node].end;
				continue;
			}
			/* Many devices may take the same large subtree each. */
			if (w->plan->limited && !w->plan->nodes_left) {
				w->plan->unexamined = true;
				return;
			}
			w->plan->nodes_left -= w->plan->limited;
			w->is_taken[node] = TAKEN_REPORTED;
			check_node(w, node, node == top ? ROLE_TAKEN : ROLE_TAKEN_BELOW);
			node++;
		}
	}
}

/* Linux asks the buses above whether DMA is coherent; in the guest they are gone. */
bool guest_inherits_coherency(struct guest_walk *w, const struct plan_item *item)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t node;

	for (node = item->node; node != XLPT_NO_NODE; node = tree->node[node].parent) {
		if (tree_prop_named(tree, node, "dma-noncoherent"))
			return false;
		if (tree_prop(tree, node, P_DMA_COHERENT))
			return node != item->node;
	}
	return false;
}

static void check_buses_above(struct guest_walk *w, const struct plan_item *item)
{
	const struct xlpt_tree *tree = w->tree;
	const struct tree_prop *window;
	uint32_t node;

	if (guest_inherits_coherency(w, item))
		diag_add(w->plan->diags, DIAG_COHERENCY_INHERITED, 0, item->path, "dma-coherent", NULL,
			 "dma-coherent of a bus above is repeated in the guest's node");
	for (node = tree->node[item->node].parent; node && node != XLPT_NO_NODE;
	     node = tree->node[node].parent) {
		window = tree_prop(tree, node, P_DMA_RANGES);
		if (!window || !window->len)
			continue;
		diag_add(w->plan->diags, DIAG_COHERENCY_INHERITED, 0, item->path, "dma-ranges", NULL,
			 "dma-ranges of %s does not reach the guest: its window is counted in host addresses",
			 plan_path(w->plan, node));
		break;
	}
}

static void check_item(struct guest_walk *w, const struct plan_item *item)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t node, end = item->end;
	size_t n_taken = w->n_taken;

	w->item = item;
	w->plan->diags->allowed_here = item->options->allowed;
	guest_clocks_begin(w);
	check_buses_above(w, item);
	for (node = item->node; node < end;) {
		if (guest_left_out(w, item, node) == LEFT_GRAPH && !w->silent)
			diag_add(w->plan->diags, DIAG_DROPPED_REFERENCE, 0, guest_path_of(w, node),
				 "remote-endpoint", NULL,
				 "the endpoint is left out: its other end is not in the plan");
		if (guest_left_out(w, item, node) != LEFT_NOT) {
			node = tree->node[node].end;
			continue;
		}
		check_node(w, node, node == item->node ? ROLE_ITEM : ROLE_BELOW);
		node++;
	}
	check_taken(w, n_taken);
	guest_clocks_end(w);
	w->plan->diags->allowed_here = (struct diag_set){ { 0, 0 } };
}

void guest_check(struct xlpt_plan *plan, struct plan_item *item)
{
	struct guest_walk w = { .plan = plan, .tree = plan->tree };
	uint32_t top;
	size_t i;

	check_item(&w, item);
	for (i = 0; i < w.n_taken; i++) {
		top = w.taken[i];
		memset(w.is_taken + top, 0, plan->tree->node[top].end - top);
	}
}

/* ---- second pass: the tree ---------------------------------------------------- */

/* "/a/b" of a node that is attached. */
static char *guest_path(struct arena *arena, const struct guest_node *node)
{
	const struct guest_node *n;
	size_t len = 0, own;
	char *path;

	for (n = node; n->parent; n = n->parent)
		len += 1 + strlen(n->name);
	path = arena_alloc(arena, len + 1, 1);
	for (n = node; path && n->parent; n = n->parent) {
		own = strlen(n->name);
		len -= own + 1;
		path[len] = '/';
		memcpy(path + len + 1, n->name, own);
	}
	return path;
}

/* Enough for any board; beyond it each alias would be looked up in a tree made to be slow. */
#define MAX_ALIASES 1024

static void build_aliases(struct guest_walk *w)
{
	const struct xlpt_tree *tree = w->tree;
	uint32_t aliases = tree_by_path(tree, "/aliases", 8), i, target;
	struct guest_tree *out = w->out;

	if (aliases == XLPT_NO_NODE)
		return;
	for (i = tree->node[aliases].prop;
	     i < tree->node[aliases + 1].prop && i - tree->node[aliases].prop < MAX_ALIASES; i++) {
		const char *name = prop_name(tree, &tree->prop[i]);
		const char *path = prop_string(tree, &tree->prop[i], 0);

		target = path && guest_name_is_legal(name) ? tree_by_path(tree, path, strlen(path)) :
			 XLPT_NO_NODE;
		if (target != XLPT_NO_NODE && w->guest_of[target] && guest_inside(w, target))
			guest_prop_string(out, out->aliases, name,
					  guest_path(out->arena, w->guest_of[target]));
	}
	if (out->aliases && out->aliases->prop)
		guest_attach(out->root, out->aliases);
}

/* Fill in the phandles of one property; false if a target did not make it. */
static bool resolve(struct guest_walk *w, struct guest_prop *prop)
{
	struct guest_ref *ref;
	uint8_t *value = arena_alloc(w->out->arena, prop->len, 1);
	uint32_t phandle;

	if (!value)
		return true;
	memcpy(value, prop->value, prop->len);
	for (ref = prop->ref; ref; ref = ref->next) {
		if (!ref->to && ref->host != XLPT_NO_NODE)
			ref->to = w->guest_of[ref->host] ? w->guest_of[ref->host] :
				  w->stub_of ? w->stub_of[ref->host] : NULL;
		if (!ref->to)
			return false;
		phandle = guest_phandle(w->out, ref->to);
		value[ref->offset] = (uint8_t)(phandle >> 24);
		value[ref->offset + 1] = (uint8_t)(phandle >> 16);
		value[ref->offset + 2] = (uint8_t)(phandle >> 8);
		value[ref->offset + 3] = (uint8_t)phandle;
	}
	prop->value = value;
	return true;
}

static void resolve_all(struct guest_walk *w)
{
	struct guest_prop **link, *prop;
	struct guest_node *node;

	for (node = w->out->root; node; node = guest_next(node)) {
		node->last_prop = NULL;
		for (link = &node->prop; (prop = *link);) {
			if (!prop->ref || resolve(w, prop)) {
				node->last_prop = prop;
				link = &prop->next;
				continue;
			}
			*link = prop->next;
			if (!w->out->too_big)
				diag_add(w->plan->diags, DIAG_REFERENCE_DANGLING, 0, node->comment,
					 prop->name, NULL, "%s of the guest's %s is left out: its target is missing",
					 prop->name, node->name);
		}
	}
}

/* Subtrees that references take along, without those inside one another. */
static void build_taken(struct guest_walk *w)
{
	uint32_t end = 0;
	size_t i;

	w->n_taken = u32_set_make(w->taken, w->n_taken);
	for (i = 0; i < w->n_taken; i++) {
		if (w->taken[i] < end)
			continue;
		end = w->tree->node[w->taken[i]].end;
		guest_build_taken(w, w->taken[i]);
	}
}

static int build_tree(struct guest_walk *w)
{
	struct xlpt_plan *plan = w->plan;
	struct guest_tree *out;
	size_t i;

	w->silent = true;
	w->lone = XLPT_NO_NODE;
	out = w->out = guest_tree_new(&plan->arena);
	w->guest_of = arena_alloc(&plan->arena, plan->tree->n_nodes, sizeof(struct guest_node *));
	if (!out || !w->guest_of)
		return -ENOMEM;
	for (i = 0; i < plan->n_items && !out->too_big; i++) {
		w->item = &plan->item[i];
		guest_clocks_begin(w);
		guest_build_item(w, w->item);
	}
	build_taken(w);
	for (i = 0; i < out->n_twins; i++)
		if (out->twins[i])
			guest_attach(out->passthrough, out->twins[i]);
	if (out->no_mmio)
		guest_attach(out->passthrough, out->no_mmio);
	build_aliases(w);
	for (i = 0; i < plan->n_items; i++)
		if (w->guest_of[plan->item[i].node])
			plan->item[i].guest_path = guest_path(&plan->arena,
							      w->guest_of[plan->item[i].node]);
	resolve_all(w);
	if (out->too_big)
		diag_add(plan->diags, DIAG_PARTIAL_TREE_INVALID, 0, NULL, NULL,
			 "Pass less: libxl builds the guest's tree in 1 MiB.",
			 "the guest's nodes take more than %u KiB, which libxl does not take",
			 GUEST_MAX_BYTES >> 10);
	else
		plan->guest = out;
	return plan->arena.failed ? -ENOMEM : 0;
}

int guest_build(struct xlpt_plan *plan)
{
	struct guest_walk w = { .plan = plan, .tree = plan->tree };
	size_t i;

	for (i = 0; i < plan->n_items; i++)
		check_item(&w, &plan->item[i]);
	/* Without addresses there is nothing to print. */
	if (!plan->placed || !plan->n_items)
		return plan->arena.failed ? -ENOMEM : 0;
	return build_tree(&w);
}
