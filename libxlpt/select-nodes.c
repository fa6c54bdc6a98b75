/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A selector's nodes in the tree. A pattern takes devices, not buses: a node
 * that is only a bus stands for what hangs on it. What is named literally is
 * taken as it is, and nothing may take it back.
 */
#include "names.h"
#include "select.h"

/* A hint lists this many names. */
#define MAX_NEAR 5
/* Each search goes through the whole tree; one name that is wrong, or some, is a slip. */
#define MAX_HINTS 8

/*
 * Each pattern may go through the whole tree as well. So may as many as this,
 * and on the trees that boards have some hundred more.
 */
#define PATTERNS 64
#define LOOKS 1000000

/* The names nearest to what the user wrote, as a hint. */
static const char *near_hint(struct selecting *s, const char *name, size_t len)
{
	struct near_name near[MAX_NEAR];
	const char *hint = NULL;
	size_t n, i;

	if (++s->n_hints > MAX_HINTS)
		return NULL;
	n = names_nearest(s->tree, name, len, near, MAX_NEAR);

	for (i = 0; i < n; i++) {
		const char *path = tree_path(s->tree, near[i].node, &s->scratch);
		const char *sign = name[0] == '&' ? "&" : "";

		if (path && near[i].also)
			path = arena_printf(&s->scratch, "%s (%s%s)", path, sign, near[i].also);
		if (!path)
			return NULL;
		hint = hint ? arena_printf(&s->scratch, "%s, %s", hint, path) :
		       arena_printf(&s->scratch, "the nearest names: %s", path);
	}
	if (!hint && *name == '&' && tree_by_path(s->tree, "/__symbols__", 12) == XLPT_NO_NODE)
		return "this tree has no labels; dtc keeps them with -@";
	return hint;
}

/* Behind a name that no node has: ",word=" is an option that there is not. */
static const char *option_hint(struct selecting *s, const char *name, size_t len)
{
	const char *near = near_hint(s, name, len), *comma = memrchr(name, ',', len), *c = comma;

	if (!comma)
		return near;
	while (++c < name + len && *c >= 'a' && *c <= 'z')
		;
	if (c == comma + 1 || c == name + len || *c != '=')
		return near;
	return arena_printf(&s->scratch, "the options of a DEVICE are ,gfn= ,clock= ,allow= and ,buses=%s%s",
			    near ? "; " : "", near ? near : "");
}

/* The node of a literal name; XLPT_NO_NODE with a finding. */
static uint32_t resolve(struct selecting *s, const struct selector *selector)
{
	const char *name = selector->target, *hint = NULL;
	uint32_t node[MAX_NEAR];
	size_t n = names_find(s->tree, name, selector->len, node, MAX_NEAR), i;
	int len = selector->len < 200 ? (int)selector->len : 200;

	if (n == 1)
		return node[0];
	if (!n) {
		diag_add(s->plan->diags, DIAG_DEVICE_UNKNOWN, 0, NULL, NULL,
			 option_hint(s, name, selector->len), "no node of the tree is called %.*s", len, name);
		return XLPT_NO_NODE;
	}
	for (i = 0; i < n && i < MAX_NEAR; i++) {
		const char *path = tree_path(s->tree, node[i], &s->scratch);

		hint = arena_printf(&s->scratch, "%s%s%s", hint ? hint : "", hint ? ", " : "one of ",
				    path ? path : "");
	}
	diag_add(s->plan->diags, DIAG_DEVICE_UNKNOWN, 0, NULL, NULL, hint,
		 "%zu nodes have the platform name %.*s", n, len, name);
	return XLPT_NO_NODE;
}

static bool is_left_out(const struct selecting *s, uint32_t node)
{
	return s->left_out && s->left_out[node];
}

/* The first node at or below that is left out itself. */
static uint32_t first_left_out(const struct selecting *s, uint32_t node)
{
	while (!s->left_out[node])
		node++;
	return node;
}

/* The string that leaves a node out. */
static const char *culprit(const struct selecting *s, uint32_t node)
{
	return s->selector[s->left_out[node] - 1].text;
}

static void hit(struct selecting *s, uint32_t node)
{
	const struct selector *selector = &s->selector[s->current];
	struct hit *slot;

	s->n_taken++;
	if (!s->is_hit)
		s->is_hit = arena_alloc(&s->scratch, s->tree->n_nodes, sizeof(*s->is_hit));
	/* Once more by a pattern is nothing new, unless it brings options. */
	if (s->is_hit && s->is_hit[node] && !selector->has_options && selector->kind != SELECTOR_NAME)
		return;
	if (s->is_hit)
		s->is_hit[node] = true;
	slot = arena_push(&s->scratch, &s->hit, &s->n_hits, &s->hit_room, sizeof(*slot));

	if (slot)
		*slot = (struct hit){ node, s->current };
}

static void hit_literal(struct selecting *s, uint32_t node)
{
	struct xlpt_plan *plan = s->plan;

	if (node == 0) {
		diag_add(plan->diags, DIAG_SELECTION_INVALID, 0, NULL, NULL, NULL,
			 "%.200s: the root of the tree is no device", s->selector[s->current].text);
		return;
	}
	if (is_left_out(s, node) || (s->left_out && s->has_left_out[node])) {
		uint32_t other = first_left_out(s, node);

		diag_add(plan->diags, DIAG_SELECTION_INVALID, 0, plan_path(plan, node), NULL,
			 "A device is its node with its whole subtree: pass all of it, or do not name it.",
			 "%.200s takes it, but %.200s leaves %s%s out", s->selector[s->current].text,
			 culprit(s, other), other == node ? "it" : "out of it ",
			 other == node ? "" : plan_path(plan, other));
	}
	hit(s, node);
}

static bool has_candidate_below(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t i;

	for (i = node + 1; i < tree->node[node].end; i++)
		if (tree->node[i].flags & TREE_CANDIDATE)
			return true;
	return false;
}

/* Does the node only stand for what hangs on it? */
static bool is_container(const struct xlpt_tree *tree, uint32_t node)
{
	static const char *const buses[] = { "simple-bus", "simple-pm-bus", "arm,amba-bus" };
	size_t i;

	if (!(tree->node[node].flags & TREE_COMPATIBLE))
		return tree->node[node].flags & TREE_BUS;
	for (i = 0; i < sizeof(buses) / sizeof(*buses); i++)
		if (tree_compatible(tree, node, buses[i]))
			return has_candidate_below(tree, node);
	return false;
}

/* A device that a pattern caught; false: it cannot be taken whole, look below it. */
static bool take_device(struct selecting *s, uint32_t node)
{
	struct xlpt_plan *plan = s->plan;
	uint32_t other;

	s->n_matched++;
	if (is_left_out(s, node))
		return true;
	if (s->left_out && s->has_left_out[node]) {
		other = first_left_out(s, node);
		diag_add(plan->diags, DIAG_SELECTION_SKIPPED, 0, plan_path(plan, node), NULL, NULL,
			 "left out: %s inside it is left out by %.200s", plan_path(plan, other),
			 culprit(s, other));
		return false;
	}
	hit(s, node);
	return true;
}

/* The topmost devices below a node that are no mere buses. */
static void take_below(struct selecting *s, uint32_t top)
{
	const struct xlpt_tree *tree = s->tree;
	uint32_t i, next;

	for (i = top + 1; i < tree->node[top].end; i = next) {
		next = tree->node[i].end;
		if (tree->node[i].flags & TREE_SPECIAL)
			continue;
		if (!(tree->node[i].flags & TREE_CANDIDATE) || is_container(tree, i) ||
		    !take_device(s, i))
			next = i + 1;
	}
}

/* A node whose path a glob matches. */
static void take_matched(struct selecting *s, uint32_t node)
{
	const struct xlpt_tree *tree = s->tree;

	if (tree->node[node].flags & TREE_SPECIAL)
		return;
	if (is_container(tree, node) ||
	    (tree->node[node].flags & TREE_CANDIDATE && !take_device(s, node)))
		take_below(s, node);
}

/* A node with the compatible string of a selector, whatever it is. */
static void take_compatible(struct selecting *s, uint32_t node)
{
	if (!(s->tree->node[node].flags & TREE_SPECIAL))
		take_device(s, node);
}

static void leave_out(struct selecting *s, uint32_t node)
{
	s->n_matched++;
	if (!s->left_out[node])
		s->left_out[node] = s->current + 1;
}

static void leave_out_below(struct selecting *s, uint32_t top)
{
	uint32_t child;

	for (child = tree_child(s->tree, top); child != XLPT_NO_NODE;
	     child = tree_sibling(s->tree, child))
		leave_out(s, child);
}

typedef void (*node_fn)(struct selecting *s, uint32_t node);

/* May one more pattern go through `n` nodes? If not, it is a finding, once. */
static bool may_look(struct selecting *s, uint32_t n)
{
	const uint64_t most = LOOKS + PATTERNS * (uint64_t)s->tree->n_nodes;
	bool could = s->looks <= most;

	s->looks += n;
	if (could && s->looks > most)
		diag_add(s->plan->diags, DIAG_SELECTION_INVALID, 0, NULL, NULL, NULL,
			 "%.200s: so many patterns would go through the tree that it is not done",
			 s->selector[s->current].text);
	return s->looks <= most;
}

/* Compare level by level, and go down only where all levels above match. */
static void visit_glob(struct selecting *s, const struct selector *selector, node_fn fn)
{
	const struct xlpt_tree *tree = s->tree;
	const char *part[TREE_MAX_DEPTH], *end = selector->target + selector->len, *c;
	size_t len[TREE_MAX_DEPTH], n = 0;
	uint32_t top[TREE_MAX_DEPTH + 1] = { 0 }, i = 1;
	size_t depth = 0;

	for (c = selector->target; c < end; c += len[n++] + 1) {
		const char *slash = memchr(c + 1, '/', (size_t)(end - c - 1));

		if (n == TREE_MAX_DEPTH)
			return;		/* no path has so many */
		part[n] = c + 1;
		len[n] = (size_t)((slash ? slash : end) - c - 1);
		if (!slash) {
			n++;
			break;
		}
	}
	while (n && i < tree->n_nodes) {
		while (i >= tree->node[top[depth]].end)
			depth--;
		if (!glob_matches(part[depth], len[depth], tree_name(tree, i))) {
			i = tree->node[i].end;
		} else if (depth + 1 == n) {
			fn(s, i);
			i = tree->node[i].end;
		} else {
			top[++depth] = i++;
		}
	}
}

static void visit_compatible(struct selecting *s, const struct selector *selector, node_fn fn)
{
	const struct xlpt_tree *tree = s->tree;
	char *string = arena_strndup(&s->scratch, selector->target, selector->len);
	uint32_t i;

	/* One inside another is merged later; it counts where the outer one is not taken. */
	for (i = 1; string && i < tree->n_nodes; i++)
		if (tree_compatible(tree, i, string))
			fn(s, i);
}

/* Look a selector up and do what it says with each node it means. */
void select_apply(struct selecting *s, uint32_t index)
{
	const struct selector *selector = &s->selector[index];
	node_fn below = selector->exclude ? leave_out_below : take_below;
	uint32_t node;

	s->current = index;
	s->n_matched = s->n_taken = 0;
	/* Not counted as exactly as it could be: a glob may look at few. */
	if (selector->kind != SELECTOR_NAME && !may_look(s, s->tree->n_nodes))
		return;
	switch (selector->kind) {
	case SELECTOR_NAME:
		node = resolve(s, selector);
		if (node != XLPT_NO_NODE)
			(selector->exclude ? leave_out : hit_literal)(s, node);
		return;
	case SELECTOR_ALL:
		below(s, 0);
		break;
	case SELECTOR_BELOW:
		node = resolve(s, selector);
		if (node == XLPT_NO_NODE)
			return;
		below(s, node);
		break;
	case SELECTOR_COMPATIBLE:
		visit_compatible(s, selector, selector->exclude ? leave_out : take_compatible);
		break;
	case SELECTOR_GLOB:
		visit_glob(s, selector, selector->exclude ? leave_out : take_matched);
		break;
	}
	if (selector->exclude ? !s->n_matched : !s->n_taken && !s->scratch.failed)
		diag_add(s->plan->diags, DIAG_SELECTION_EMPTY, 0, NULL, NULL, NULL,
			 s->n_matched ? "%.200s: everything it selects is left out" :
			 selector->exclude ? "%.200s: there is no such node to leave out" :
			 "%.200s: selects no device", selector->text);
}
