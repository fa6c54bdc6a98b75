/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "address.h"
#include "link-walk.h"
#include "resources.h"

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
			.flags = irq.flags, .entry = (uint16_t)cursor.index, .kind = (uint8_t)irq.kind,
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
			.flags = entry.irq.flags, .entry = (uint16_t)i, .kind = IRQ_SPI,
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

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* qsort has no closure; the arrays being ordered are set around each call. */
static __thread const struct resources *sorting;

static int by_base(const void *a_, const void *b_)
{
	uint32_t a = *(const uint32_t *)a_, b = *(const uint32_t *)b_;
	int rc = compare_u64(sorting->reg[a].base, sorting->reg[b].base);

	return rc ? rc : compare_u64(a, b);
}

static int by_stream(const void *a_, const void *b_)
{
	uint32_t a = *(const uint32_t *)a_, b = *(const uint32_t *)b_;
	const struct stream *x = &sorting->stream[a], *y = &sorting->stream[b];
	int rc = compare_u64(x->iommu, y->iommu);

	/* Masked ones first: each may match any identity of its IOMMU. */
	if (!rc)
		rc = (y->mask != 0) - (x->mask != 0);
	if (!rc)
		rc = compare_u64(x->id, y->id);
	return rc ? rc : compare_u64(a, b);
}

static int by_map(const void *a_, const void *b_)
{
	const struct res_map *a = a_, *b = b_;
	int rc = compare_u64(a->iommu, b->iommu);

	if (!rc)
		rc = compare_u64(a->first, b->first);
	return rc ? rc : compare_u64(a->node, b->node);
}

static uint32_t *order(uint32_t n, int (*compare)(const void *, const void *),
		       const struct resources *r)
{
	uint32_t *array = malloc((n ? n : 1) * sizeof(*array)), i;
	bool sorted = true;

	if (!array)
		return NULL;
	sorting = r;
	for (i = 0; i < n; i++) {
		array[i] = i;
		sorted = sorted && (!i || compare(&array[i - 1], &array[i]) < 0);
	}
	/* As most trees are written. */
	if (!sorted)
		qsort(array, n, sizeof(*array), compare);
	return array;
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
 * The greatest end below each position of a tree that is implicit in the
 * sorted array: the node of a slice is its middle, its children are the middles
 * of the halves.
 */
static uint64_t fill_max_end(struct resources *r, uint32_t low, uint32_t high)
{
	uint32_t middle = low + (high - low) / 2;
	const struct res_reg *reg;
	uint64_t end, below;

	if (low >= high)
		return 0;
	reg = &r->reg[r->reg_by_base[middle]];
	end = reg->size ? last_byte(reg->base, reg->size) : 0;
	below = fill_max_end(r, low, middle);
	if (below > end)
		end = below;
	below = fill_max_end(r, middle + 1, high);
	if (below > end)
		end = below;
	r->reg_max_end[middle] = end;
	return end;
}

/* By INTID, within one in node order; there are few numbers, so they are counted. */
static int order_spis(struct resources *r)
{
	uint32_t i, intid, total = 0;

	for (i = 0; i < r->n_irq; i++)
		if (r->irq[i].kind == IRQ_SPI)
			r->n_spi++;
	r->spi_by_intid = malloc((r->n_spi ? r->n_spi : 1) * sizeof(*r->spi_by_intid));
	r->first_spi = calloc(RES_SPIS + 1, sizeof(*r->first_spi));
	r->other_trigger = calloc(RES_SPIS, sizeof(*r->other_trigger));
	if (!r->spi_by_intid || !r->first_spi || !r->other_trigger)
		return -ENOMEM;
	for (i = 0; i < r->n_irq; i++)
		if (r->irq[i].kind == IRQ_SPI)
			r->first_spi[r->irq[i].intid - RES_FIRST_SPI]++;
	for (intid = 0; intid <= RES_SPIS; intid++) {
		uint32_t n = r->first_spi[intid];

		r->first_spi[intid] = total;
		total += n;
	}
	/* Filling moves each beginning to the next one's; it is moved back behind that. */
	for (i = 0; i < r->n_irq; i++)
		if (r->irq[i].kind == IRQ_SPI)
			r->spi_by_intid[r->first_spi[r->irq[i].intid - RES_FIRST_SPI]++] = i;
	for (intid = RES_SPIS; intid; intid--)
		r->first_spi[intid] = r->first_spi[intid - 1];
	r->first_spi[0] = 0;
	for (intid = 0; intid < RES_SPIS; intid++) {
		uint32_t first = r->first_spi[intid], end = r->first_spi[intid + 1];

		for (i = first; i < end; i++)
			if (r->irq[r->spi_by_intid[i]].flags != r->irq[r->spi_by_intid[first]].flags)
				break;
		r->other_trigger[intid] = i - first;
	}
	return 0;
}

/* References by the node they lead to, within one in the order of those that refer. */
static int order_links(struct resources *r, uint32_t n_nodes)
{
	uint32_t *first = calloc((size_t)n_nodes + 2, sizeof(*first)), i;

	r->link_by_target = malloc((r->n_link ? r->n_link : 1) * sizeof(*r->link_by_target));
	if (!first || !r->link_by_target) {
		free(first);
		return -ENOMEM;
	}
	/* Dangling ones are XLPT_NO_NODE, the greatest number: they come last. */
	for (i = 0; i < r->n_link; i++)
		first[(r->link[i].to < n_nodes ? r->link[i].to : n_nodes) + 1]++;
	for (i = 1; i <= n_nodes; i++)
		first[i] += first[i - 1];
	for (i = 0; i < r->n_link; i++)
		r->link_by_target[first[r->link[i].to < n_nodes ? r->link[i].to : n_nodes]++] = i;
	free(first);
	return 0;
}

/* Maps by IOMMU and identity; what stands for those up to each of them is kept beside it. */
static void order_maps(struct resources *r)
{
	uint32_t i;

	if (r->n_map)
		qsort(r->map, r->n_map, sizeof(*r->map), by_map);
	for (i = 0; i < r->n_map; i++) {
		struct res_map *map = &r->map[i];
		bool more = i && map[-1].iommu == map->iommu;

		map->last = map->count - 1 > UINT32_MAX - map->first ? UINT32_MAX :
			    map->first + map->count - 1;
		map->lowest = more && map[-1].lowest < map->node ? map[-1].lowest : map->node;
		map->widest = more && r->map[map[-1].widest].last >= map->last ? map[-1].widest : i;
	}
}

static int build_orders(struct resources *r, uint32_t n_nodes)
{
	int rc;

	r->reg_by_base = order(r->n_reg, by_base, r);
	r->reg_max_end = malloc((r->n_reg ? r->n_reg : 1) * sizeof(*r->reg_max_end));
	r->stream_by_id = order(r->n_stream, by_stream, r);
	if (!r->reg_by_base || !r->reg_max_end || !r->stream_by_id)
		return -ENOMEM;
	fill_max_end(r, 0, r->n_reg);
	order_maps(r);
	rc = order_spis(r);
	return rc ? rc : order_links(r, n_nodes);
}

/*
 * Some buses describe the whole window of what lies below them as their own
 * registers. Buses nest at most TREE_MAX_DEPTH deep, so this stays linear.
 */
static void find_spanning(struct xlpt_tree *tree)
{
	struct resources *r = tree->resources;
	uint32_t node, i, k;

	for (node = 0; node < tree->n_nodes; node++) {
		uint32_t below = r->first_reg[node + 1], end = r->first_reg[tree->node[node].end];

		if (!(tree->node[node].flags & TREE_BUS) || below == end)
			continue;
		for (i = r->first_reg[node]; i < r->first_reg[node + 1]; i++) {
			struct res_reg *reg = &r->reg[i];

			for (k = below; k < end; k++)
				if (r->reg[k].base < reg->base ||
				    (r->reg[k].size && last_byte(r->reg[k].base, r->reg[k].size) >
						       last_byte(reg->base, reg->size ? reg->size : 1)))
					break;
			reg->spans_below = k == end;
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
	return build_orders(r, tree->n_nodes);
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
