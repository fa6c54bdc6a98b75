/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Several plans over one tree: nothing may be given twice. A rule of a single
 * plan takes everything outside it for dom0's, with which a page may be shared
 * if the user says so; here another guest has it, and nothing may.
 */
#include <errno.h>

#include "emit.h"
#include "emit-uboot.h"
#include "partition.h"
#include "u32-set.h"

/* Nodes whose streams Xen assigns to the guest: dtdev of the plan, and of its configuration. */
static int find_carriers(struct arena *arena, struct part *part)
{
	const struct xlpt_plan *plan = part->guest->plan;
	const struct xlpt_own_lists *own = part->guest->own;
	size_t n_own = own ? own->n_dtdev : 0, i;
	uint32_t node;

	part->carrier = arena_alloc(arena, plan->n_dtdev + n_own, sizeof(*part->carrier));
	if (!part->carrier)
		return -ENOMEM;
	for (i = 0; i < plan->n_dtdev; i++)
		part->carrier[part->n_carriers++] = plan->dtdev_node[i];
	for (i = 0; i < n_own; i++) {
		node = xlpt_tree_find(plan->tree, own->dtdev[i]);
		if (node != XLPT_NO_NODE)
			part->carrier[part->n_carriers++] = node;
	}
	part->n_carriers = u32_set_make(part->carrier, part->n_carriers);
	return 0;
}

int xlpt_partition_check(const struct xlpt_partition_guest *guests, size_t n)
{
	struct arena arena;
	struct part *part;
	size_t i, k;
	int rc = 0;

	arena_init(&arena);
	part = arena_alloc(&arena, n, sizeof(*part));
	if (!part)
		rc = -ENOMEM;
	for (i = 0; i < n && !rc; i++) {
		if (guests[i].plan->tree != guests[0].plan->tree) {
			rc = -EINVAL;
			break;
		}
		part[i].guest = &guests[i];
		rc = holding_of_plan(&arena, guests[i].plan, guests[i].own, &part[i].holding);
		if (!rc)
			rc = find_carriers(&arena, &part[i]);
	}
	for (i = 0; i < n && !rc; i++)
		for (k = 0; k < n && !rc; k++)
			if (i != k)
				rc = partition_clashes(&arena, &part[i], &part[k]);
	arena_free(&arena);
	return rc;
}

bool xlpt_partition_ok(const struct xlpt_partition_guest *guests, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!guests[i].plan->ok)
			return false;
	return n > 0;
}

int xlpt_partition_uboot(const struct xlpt_partition_guest *guests, size_t n, char **text_r)
{
	size_t n_mark = 0, n_enable = 0, i;
	uint32_t *mark, *enable;
	struct arena arena;
	struct text out;
	int rc = -ENOMEM;

	*text_r = NULL;
	if (!xlpt_partition_ok(guests, n))
		return -EINVAL;
	for (i = 0; i < n; i++) {
		n_mark += guests[i].plan->n_mark;
		n_enable += guests[i].plan->n_enable;
	}
	arena_init(&arena);
	text_init(&out);
	mark = arena_alloc(&arena, n_mark, sizeof(*mark));
	enable = arena_alloc(&arena, n_enable, sizeof(*enable));
	if (!mark || !enable)
		goto out;
	n_mark = n_enable = 0;
	for (i = 0; i < n; i++) {
		const struct xlpt_plan *plan = guests[i].plan;

		if (plan->n_mark)
			memcpy(mark + n_mark, plan->mark_node, plan->n_mark * sizeof(*mark));
		if (plan->n_enable)
			memcpy(enable + n_enable, plan->enable_node, plan->n_enable * sizeof(*enable));
		n_mark += plan->n_mark;
		n_enable += plan->n_enable;
		/* On one line, or the rest of it would be a command. */
		text_puts(&out, "# Guest '");
		text_escaped(&out, guests[i].name, strlen(guests[i].name));
		text_puts(&out, "'\n");
		emit_origin(&out, plan, "# ");
	}
	n_mark = u32_set_make(mark, n_mark);
	n_enable = u32_set_make(enable, n_enable);
	rc = emit_uboot_script(&out, guests[0].plan->tree, mark, n_mark, enable, n_enable);
	if (!rc)
		rc = emit_take(&out, text_r);
out:
	text_free(&out);
	arena_free(&arena);
	return rc;
}
