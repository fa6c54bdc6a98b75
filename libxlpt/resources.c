/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "address.h"
#include "link-walk.h"
#include "resources.h"

/* gcc 12 loses sight of an array that grow() moved once bit-fields of it are written. */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* Arrays grow with realloc and are cut to size at the end, so that nothing of the growth stays. */
struct growing {
	struct xlpt_tree *tree;
	struct resources *r;
	uint32_t reg_room, irq_room, stream_room, link_room, map_room;
};

/* Make room for one more element; NULL on exhaustion. */
static void *grow(void *array_p, uint32_t n, uint32_t *room, size_t size)
{
	void *array;

	memcpy(&array, array_p, sizeof(array));
	if (n == *room) {
		uint32_t more = *room ? *room + *room / 2 : 64;

		if (more <= *room)
			return NULL;
		array = realloc(array, more * size);
		if (!array)
			return NULL;
		*room = more;
		memcpy(array_p, &array, sizeof(array));
	}
	return (char *)array + n * size;
}

static void trim(void *array_p, uint32_t n, size_t size)
{
	void *array, *cut;

	memcpy(&array, array_p, sizeof(array));
	cut = realloc(array, (n ? n : 1) * size);
	if (cut)
		memcpy(array_p, &cut, sizeof(cut));
}

static int add_regs(struct growing *g, uint32_t node)
{
	struct resources *r = g->r;
	struct address_reg reg;
	unsigned i;

	for (i = 0; address_reg(g->tree, node, i, &reg); i++) {
		struct res_reg *slot;

		if (!reg.translates)
			continue;
		slot = grow(&r->reg, r->n_reg, &g->reg_room, sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = (struct res_reg){
			.base = reg.base, .size = reg.size, .node = node,
			.entry = reg.entry, .past_window = reg.past_window,
		};
		r->n_reg++;
	}
	return 0;
}

static int add_irqs(struct growing *g, uint32_t node)
{
	struct interrupt_cursor cursor = { .node = node };
	struct resources *r = g->r;
	struct interrupt irq;

	while (interrupt_next(g->tree, &cursor, &irq)) {
		struct res_irq *slot = grow(&r->irq, r->n_irq, &g->irq_room, sizeof(*slot));

		if (!slot)
			return -ENOMEM;
		*slot = (struct res_irq){
			.node = node, .controller = irq.controller, .intid = irq.intid,
			.flags = irq.flags, .entry = cursor.index, .kind = irq.kind,
		};
		r->n_irq++;
	}
	return 0;
}

/* The SPIs that Xen routes for a PCI host bridge (xen/arch/arm/domain_build.c, map_device_children). */
static int add_map_irqs(struct growing *g, uint32_t node)
{
	struct resources *r = g->r;
	struct interrupt_map_entry entry;
	unsigned position = 0, i = 0;

	if (g->tree->node[node].bus != BUS_PCI)
		return 0;
	for (; interrupt_map_next(g->tree, node, &position, &entry); i++) {
		struct res_irq *slot;

		if (entry.irq.kind != IRQ_SPI)
			continue;
		slot = grow(&r->irq, r->n_irq, &g->irq_room, sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = (struct res_irq){
			.node = node, .controller = entry.irq.controller, .intid = entry.irq.intid,
			.flags = entry.irq.flags, .entry = i, .kind = IRQ_SPI,
			.from_map = true,
		};
		r->n_irq++;
	}
	return 0;
}

/* iommu-map: <rid-base &iommu iommu-base length>, always four cells (pci-iommu.txt). */
static int add_maps(struct growing *g, uint32_t node)
{
	const struct tree_prop *prop = tree_prop(g->tree, node, P_IOMMU_MAP);
	struct resources *r = g->r;
	const uint8_t *cells;
	uint32_t i;

	if (!prop)
		return 0;
	cells = prop_value(g->tree, prop);
	for (i = 0; i + 4 <= prop->len / 4; i += 4, cells += 16) {
		uint32_t iommu = tree_by_phandle(g->tree, be32_at(cells + 4));
		struct res_map *slot;

		if (iommu == XLPT_NO_NODE || !be32_at(cells + 12))
			continue;
		slot = grow(&r->map, r->n_map, &g->map_room, sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = (struct res_map){
			.node = node, .iommu = iommu, .first = be32_at(cells + 8),
			.count = be32_at(cells + 12),
		};
		r->n_map++;
	}
	return 0;
}

static int add_stream(void *opaque, const struct stream *stream)
{
	struct growing *g = opaque;
	struct stream *slot = grow(&g->r->stream, g->r->n_stream, &g->stream_room, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	*slot = *stream;
	slot->order = g->r->n_stream++;
	return 0;
}

static int add_link(struct growing *g, uint32_t node, uint32_t prop, uint32_t cell, uint32_t to)
{
	struct res_link *slot = grow(&g->r->link, g->r->n_link, &g->link_room, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	*slot = (struct res_link){ .from = node, .prop = prop, .cell = cell, .to = to };
	g->r->n_link++;
	return 0;
}

static int add_prop_links(struct growing *g, uint32_t node, uint32_t index)
{
	const struct xlpt_tree *tree = g->tree;
	const struct tree_prop *prop = &tree->prop[index];
	struct link_walk walk;
	int rc;

	for (link_walk_init(&walk, tree, node, prop); link_walk_next(&walk);) {
		rc = add_link(g, node, index, walk.cell, walk.target);
		if (rc)
			return rc;
	}
	return 0;
}

/* Streams arrive by IOMMU where mmu-masters give them; put them into node order. */
static int stream_by_node(const void *a_, const void *b_)
{
	const struct stream *a = a_, *b = b_;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int build_streams(struct growing *g)
{
	struct stream_trouble trouble = { 0 };
	struct xlpt_tree *tree = g->tree;
	struct resources *r = g->r;
	uint32_t node, i = 0, n_generic;
	int rc = 0;

	for (node = 0; node < tree->n_nodes && !rc; node++)
		rc = iommu_streams(tree, node, add_stream, g, &trouble);
	n_generic = r->n_stream;
	for (node = 0; node < tree->n_nodes && !rc; node++)
		rc = iommu_legacy_streams(tree, node, add_stream, g, &trouble);
	if (rc)
		return rc;
	if (r->n_stream > n_generic)
		qsort(r->stream, r->n_stream, sizeof(*r->stream), stream_by_node);
	for (node = 0; node <= tree->n_nodes; node++) {
		while (i < r->n_stream && r->stream[i].node < node)
			i++;
		r->first_stream[node] = i;
	}
	return 0;
}

/*
 * Some buses describe the whole window of what lies below them as their own
 * registers. Buses nest at most TREE_MAX_DEPTH deep, so this stays linear.
 */
static void find_spanning(struct xlpt_tree *tree)
{
	struct resources *r = tree->resources;
	uint32_t node, i;

	for (node = 0; node < tree->n_nodes; node++) {
		uint32_t below = r->first_reg[node + 1], end = r->first_reg[tree->node[node].end];
		uint64_t lowest = UINT64_MAX, highest = 0;

		if (!(tree->node[node].flags & TREE_BUS) || below == end ||
		    r->first_reg[node] == below)
			continue;
		for (i = below; i < end; i++) {
			const struct res_reg *reg = &r->reg[i];
			uint64_t last = reg->size ? last_byte(reg->base, reg->size) : 0;

			if (reg->base < lowest)
				lowest = reg->base;
			if (last > highest)
				highest = last;
		}
		for (i = r->first_reg[node]; i < below; i++) {
			struct res_reg *reg = &r->reg[i];

			reg->spans_below = reg->base <= lowest &&
					   last_byte(reg->base, reg->size ? reg->size : 1) >= highest;
		}
	}
}

/* Root children whose properties are named like bindings but hold paths. */
static bool holds_paths(const struct xlpt_tree *tree, uint32_t node)
{
	return tree->node[node].parent == 0 &&
	       (tree_name_is(tree, node, "aliases") || tree_name_is(tree, node, "chosen") ||
		!strncmp(tree_name(tree, node), "__", 2));
}

int resources_build(struct xlpt_tree *tree)
{
	struct resources *r = calloc(1, sizeof(*r));
	struct growing g = { .tree = tree, .r = r };
	uint32_t node, i;
	int rc = -ENOMEM;

	if (!r)
		return -ENOMEM;
	tree->resources = r;
	tree->gic = interrupt_find_gic(tree);
	r->first_reg = calloc((size_t)tree->n_nodes + 1, sizeof(*r->first_reg));
	r->first_irq = calloc((size_t)tree->n_nodes + 1, sizeof(*r->first_irq));
	r->first_stream = calloc((size_t)tree->n_nodes + 1, sizeof(*r->first_stream));
	r->first_link = calloc((size_t)tree->n_nodes + 1, sizeof(*r->first_link));
	if (!r->first_reg || !r->first_irq || !r->first_stream || !r->first_link)
		return rc;

	for (node = 0; node < tree->n_nodes; node++) {
		r->first_reg[node] = r->n_reg;
		r->first_irq[node] = r->n_irq;
		r->first_link[node] = r->n_link;
		rc = add_regs(&g, node);
		if (!rc)
			rc = add_irqs(&g, node);
		if (!rc)
			rc = add_map_irqs(&g, node);
		if (!rc)
			rc = add_maps(&g, node);
		for (i = tree->node[node].prop; !rc && i < tree->node[node + 1].prop; i++)
			if (tree->prop[i].link && !holds_paths(tree, node))
				rc = add_prop_links(&g, node, i);
		if (rc)
			return rc;
		if (tree->node[node].flags & TREE_COMPATIBLE &&
		    !(tree->node[node].flags & TREE_SPECIAL) && r->n_reg > r->first_reg[node])
			tree->node[node].flags |= TREE_CANDIDATE;
	}
	r->first_reg[node] = r->n_reg;
	r->first_irq[node] = r->n_irq;
	r->first_link[node] = r->n_link;
	rc = build_streams(&g);
	if (rc)
		return rc;
	trim(&r->reg, r->n_reg, sizeof(*r->reg));
	trim(&r->irq, r->n_irq, sizeof(*r->irq));
	trim(&r->stream, r->n_stream, sizeof(*r->stream));
	trim(&r->link, r->n_link, sizeof(*r->link));
	find_spanning(tree);
	return resources_order(r, tree->n_nodes);
}

void resources_free(struct resources *r)
{
	if (!r)
		return;
	free(r->first_reg);
	free(r->first_irq);
	free(r->first_stream);
	free(r->first_link);
	free(r->reg);
	free(r->irq);
	free(r->stream);
	free(r->link);
	free(r->map);
	free(r->reg_by_base);
	free(r->reg_max_end);
	free(r->spi_by_intid);
	free(r->first_spi);
	free(r->other_trigger);
	free(r->stream_by_id);
	free(r->link_by_target);
	free(r);
}

size_t resources_size(const struct resources *r)
{
	return sizeof(*r) + r->n_reg * (sizeof(*r->reg) + 12) +
	       r->n_irq * sizeof(*r->irq) + r->n_spi * 4 + (2 * RES_SPIS + 1) * 4 +
	       r->n_stream * (sizeof(*r->stream) + 4) + r->n_link * (sizeof(*r->link) + 4) +
	       r->n_map * sizeof(*r->map);
}
