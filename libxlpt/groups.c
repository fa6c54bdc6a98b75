/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dma.h"
#include "groups.h"
#include "irq-cascade.h"
#include "links.h"

/* Sharers of one range, SPI or stream to walk: they lead on to each other. */
#define FEW 16
/* And to look at, disabled ones included: a page may be that of thousands. */
#define MANY 256

/* Called for each node bound to another one; a non-zero return stops. */
typedef int (*companion_fn)(void *opaque, uint32_t node);

struct sharers {
	const struct xlpt_tree *tree;
	const struct res_reg *reg;
	uint32_t node;
	/* The plan the node is to go along with, a bus with its whole window; NULL: of `devices`. */
	const struct xlpt_plan *plan;
	companion_fn fn;
	void *opaque;
	unsigned n, seen;
};

static int tell(struct sharers *s, uint32_t node)
{
	/* A disabled one is marked, and nobody has it. */
	if (node == s->node || !tree_enabled(s->tree, node))
		return ++s->seen >= MANY;
	return s->fn(s->opaque, node) || ++s->n >= FEW;
}

static int reg_sharer(void *opaque, const struct res_reg *other)
{
	struct sharers *s = opaque;

	/* RAM is no device, and the window of a bus is nobody's register. */
	if (s->tree->node[other->node].flags & TREE_SPECIAL ||
	    reg_of_spanning_bus(s->tree, other, s->reg) ||
	    (!s->plan && reg_of_spanning_bus(s->tree, s->reg, other)))
		return ++s->seen >= MANY;
	return tell(s, other->node);
}

static int stream_sharer(void *opaque, const struct stream *other)
{
	return tell(opaque, other->node);
}

/* What is needed may be a part of a device: a PHY on its MDIO bus, a bank of pins. */
uint32_t group_device_of(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t up;

	if (tree->node[node].flags & TREE_SPECIAL)
		return node;
	for (up = node; up != XLPT_NO_NODE && up; up = tree->node[up].parent)
		if (tree->node[up].flags & TREE_CANDIDATE)
			return up;
	return node;
}

/* DMA by the stream of a node above goes with that node, and so with all below it. */
static void by_carrier(struct sharers *s)
{
	const char *why;
	uint32_t carrier;

	if (dma_can_master(s->tree, s->node, &why) == MASTER_NO)
		return;
	carrier = dma_carrier_above(s->tree, s->node);
	s->n = s->seen = 0;
	if (carrier != XLPT_NO_NODE && (!s->plan || dma_protected(s->plan, carrier)))
		tell(s, carrier);
}

static void by_resources(struct sharers *s)
{
	const uint64_t in_frame = ((uint64_t)1 << XLPT_FRAME_SHIFT) - 1;
	const struct xlpt_tree *tree = s->tree;
	const struct resources *r = tree->resources;
	uint32_t i, k, n;

	for (i = r->first_reg[s->node]; i < r->first_reg[s->node + 1]; i++) {
		s->reg = &r->reg[i];
		if (regs_repeat(r, i))
			continue;
		s->n = s->seen = 0;
		if (s->reg->size)
			regs_overlapping(tree, s->reg->base & ~in_frame,
					 last_byte(s->reg->base, s->reg->size) | in_frame, reg_sharer, s);
	}
	for (i = r->first_irq[s->node]; i < r->first_irq[s->node + 1]; i++) {
		const struct res_irq *irq = &r->irq[i];
		const uint32_t *spi;

		s->n = s->seen = 0;
		if (irq->kind == IRQ_FOREIGN && irq_cascade_reaches_gic(tree, irq->controller))
			tell(s, group_device_of(tree, irq->controller));
		if (irq->kind != IRQ_SPI)
			continue;
		spi = spis_with(tree, irq->intid, &n);
		for (k = 0; k < n; k++)
			if (tell(s, r->irq[spi[k]].node))
				break;
	}
	if (r->first_reg[s->node + 1] > r->first_reg[s->node] &&
	    r->first_stream[s->node + 1] == r->first_stream[s->node])
		by_carrier(s);
	/* What is not assigned is nobody's alone. */
	if (s->plan && !dma_protected(s->plan, s->node))
		return;
	for (i = r->first_stream[s->node]; i < r->first_stream[s->node + 1]; i++) {
		s->n = s->seen = 0;
		if (!streams_too_many(tree, &r->stream[i]))
			streams_overlapping(tree, &r->stream[i], stream_sharer, s);
	}
}

static void by_references(struct sharers *s)
{
	const struct resources *r = s->tree->resources;
	uint32_t i;

	for (i = r->first_link[s->node]; i < r->first_link[s->node + 1]; i++) {
		uint16_t row = s->tree->prop[r->link[i].prop].link;

		s->n = s->seen = 0;
		if (row && links[row - 1].fate == FATE_REFUSE && r->link[i].to != XLPT_NO_NODE)
			tell(s, group_device_of(s->tree, r->link[i].to));
	}
}

static void companions(const struct xlpt_tree *tree, uint32_t node, const struct xlpt_plan *plan,
		       companion_fn fn, void *opaque)
{
	struct sharers s = { .tree = tree, .node = node, .plan = plan, .fn = fn, .opaque = opaque };

	by_resources(&s);
	by_references(&s);
}

/* ---- what goes along with one device ---------------------------------------- */

struct closure {
	const struct xlpt_plan *plan;
	struct group *group;
};

static int join(void *opaque, uint32_t node)
{
	struct closure *c = opaque;
	const struct xlpt_tree *tree = c->plan->tree;
	struct group *group = c->group;
	const char *why;
	size_t i;

	if (plan_item_of(c->plan, node))
		return 0;
	for (i = 0; i < group->n; i++)
		if (tree_within(tree, node, group->node[i]))
			return 0;
	why = device_reserved(c->plan->host, node);
	if (why) {
		group->blocker = node;
		group->why = why;
		return 1;
	}
	if (group->n == GROUP_MAX) {
		group->cut = true;
		return 1;
	}
	group->node[group->n++] = node;
	return 0;
}

void group_find(const struct xlpt_plan *plan, uint32_t node, struct group *group)
{
	struct closure c = { plan, group };
	const struct xlpt_tree *tree = plan->tree;
	uint32_t inner;
	size_t i;

	*group = (struct group){ .node = { node }, .n = 1, .blocker = XLPT_NO_NODE };
	for (i = 0; i < group->n; i++)
		for (inner = group->node[i]; inner < tree->node[group->node[i]].end; inner++) {
			/* A companion goes with all that is in it. */
			if (i && device_reserved(plan->host, inner)) {
				group->blocker = inner;
				group->why = device_reserved(plan->host, inner);
				return;
			}
			companions(tree, inner, plan, join, &c);
			if (group->blocker != XLPT_NO_NODE || group->cut)
				return;
		}
}

/* ---- all devices of a tree ---------------------------------------------------- */

struct forest {
	const struct xlpt_tree *tree;
	uint32_t *up;		/* union-find over nodes; a root is the smallest node of its group */
	uint32_t from;
};

static uint32_t root_of(struct forest *f, uint32_t node)
{
	while (f->up[node] != node) {
		f->up[node] = f->up[f->up[node]];
		node = f->up[node];
	}
	return node;
}

static int unite(void *opaque, uint32_t node)
{
	struct forest *f = opaque;
	uint32_t a = root_of(f, f->from), b = root_of(f, node);

	/* What Xen keeps binds nobody to anybody, and a bus is no companion of what it carries. */
	if (iommu_kind(f->tree, node) != IOMMU_OTHER || node == f->tree->gic ||
	    !(f->tree->node[node].flags & TREE_CANDIDATE))
		return 0;
	if (a < b)
		f->up[b] = a;
	else
		f->up[a] = b;
	return 0;
}

uint32_t *groups_number(const struct xlpt_tree *tree, struct arena *arena)
{
	struct forest f = { .tree = tree };
	uint32_t *number = arena_alloc(arena, tree->n_nodes, sizeof(*number));
	uint32_t node, root, next = 0;

	f.up = arena_alloc(arena, tree->n_nodes, sizeof(*f.up));
	if (!number || !f.up)
		return NULL;
	for (node = 0; node < tree->n_nodes; node++)
		f.up[node] = node;
	for (node = 0; node < tree->n_nodes; node++) {
		f.from = node;
		if (tree->node[node].flags & TREE_CANDIDATE && tree_enabled(tree, node))
			companions(tree, node, NULL, unite, &f);
	}
	/* A root is numbered by its second member, so that one alone has none. */
	for (node = 0; node < tree->n_nodes; node++) {
		root = root_of(&f, node);
		if (root == node)
			continue;
		if (!number[root])
			number[root] = 1;
	}
	for (node = 0; node < tree->n_nodes; node++) {
		root = root_of(&f, node);
		if (root == node && number[node])
			number[node] = ++next;
		else if (root != node)
			number[node] = number[root];
	}
	return number;
}
