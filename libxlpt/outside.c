/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "outside.h"

/*
 * Looks at sharers in all. Boards need some hundred; a tree in which everything
 * shares with everything would have the square of its size.
 */
#define LOOKS 65536
#define LOOKS_EACH 8

struct outside {
	struct xlpt_tree tree;
	struct resources resources;
};

void outside_free(struct xlpt_plan *plan)
{
	struct outside *outside = plan->outside;

	if (!outside)
		return;
	free(outside->resources.reg_by_base);
	free(outside->resources.reg_max_end);
	free(outside->resources.spi_by_intid);
	free(outside->resources.first_spi);
	free(outside->resources.stream_by_id);
	free(outside);
	plan->outside = NULL;
	plan->others = plan->tree;
}

static void *new_array(size_t n, size_t size)
{
	return malloc((n ? n : 1) * size);
}

static void keep_regs(const struct xlpt_plan *plan, const struct resources *all, struct resources *r)
{
	uint32_t i;

	r->n_reg = 0;
	for (i = 0; i < all->n_reg; i++)
		if (!plan_item_of(plan, all->reg[all->reg_by_base[i]].node))
			r->reg_by_base[r->n_reg++] = all->reg_by_base[i];
	resources_fill_ends(r);
}

static void keep_spis(const struct xlpt_plan *plan, const struct resources *all, struct resources *r)
{
	uint32_t intid, i;

	r->n_spi = 0;
	for (intid = 0; intid < RES_SPIS; intid++) {
		r->first_spi[intid] = r->n_spi;
		for (i = all->first_spi[intid]; i < all->first_spi[intid + 1]; i++)
			if (!plan_item_of(plan, all->irq[all->spi_by_intid[i]].node))
				r->spi_by_intid[r->n_spi++] = all->spi_by_intid[i];
	}
	r->first_spi[RES_SPIS] = r->n_spi;
}

static void keep_streams(const struct xlpt_plan *plan, const struct resources *all, struct resources *r)
{
	uint32_t i;

	r->n_stream = 0;
	for (i = 0; i < all->n_stream; i++)
		if (!plan_item_of(plan, all->stream[all->stream_by_id[i]].node))
			r->stream_by_id[r->n_stream++] = all->stream_by_id[i];
}

int outside_make(struct xlpt_plan *plan)
{
	const struct resources *all = plan->tree->resources;
	struct outside *outside;
	struct resources *r;

	outside_free(plan);
	plan->sharers_left = LOOKS + LOOKS_EACH * ((uint64_t)all->n_reg + all->n_spi + all->n_stream);
	plan->outside = outside = calloc(1, sizeof(*outside));
	if (!outside)
		return -ENOMEM;
	r = &outside->resources;
	*r = *all;
	r->reg_by_base = new_array(all->n_reg, sizeof(*r->reg_by_base));
	r->reg_max_end = new_array(all->n_reg, sizeof(*r->reg_max_end));
	r->spi_by_intid = new_array(all->n_spi, sizeof(*r->spi_by_intid));
	r->first_spi = new_array(RES_SPIS + 1, sizeof(*r->first_spi));
	r->stream_by_id = new_array(all->n_stream, sizeof(*r->stream_by_id));
	if (!r->reg_by_base || !r->reg_max_end || !r->spi_by_intid || !r->first_spi || !r->stream_by_id) {
		outside_free(plan);
		return -ENOMEM;
	}
	keep_regs(plan, all, r);
	keep_spis(plan, all, r);
	keep_streams(plan, all, r);
	outside->tree = *plan->tree;
	outside->tree.resources = r;
	plan->others = &outside->tree;
	return 0;
}
