/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "guest-index.h"
#include "judge-parts.h"

void judge_add(struct judge *j, enum diag_id id, uint32_t node, const char *property,
	       const char *fmt, ...)
{
	size_t before = xlpt_diags_count(j->diags, XLPT_ERROR);
	const char *path = NULL;
	char *message;
	va_list ap;

	if (++j->count[id] > JUDGE_MOST)
		return;
	if (node != XLPT_NO_NODE)
		path = tree_path(j->tree, node, &j->arena);
	va_start(ap, fmt);
	message = arena_vprintf(&j->arena, fmt, ap);
	va_end(ap);
	diag_add(j->diags, id, 0, path, property, NULL, "%s%s", message ? message : "",
		 j->count[id] == JUDGE_MOST ? " (further ones are not listed)" : "");
	if (node != XLPT_NO_NODE)
		j->tree_errors += xlpt_diags_count(j->diags, XLPT_ERROR) - before;
}

const char *judge_path(struct judge *j, enum diag_id id, const struct xlpt_tree *tree,
		       uint32_t node)
{
	const char *path = NULL;

	/* Hostile trees have many long paths. */
	if (j->count[id] < JUDGE_MOST)
		path = tree_path(tree, node, &j->arena);
	return path ? path : "a node";
}

bool judge_is_live(const struct judge *j, uint32_t node)
{
	for (; node != XLPT_NO_NODE; node = j->tree->node[node].parent) {
		if (!tree_enabled(j->tree, node))
			return false;
		if (node == j->passthrough)
			return true;
	}
	return false;
}

bool judge_to_host(const struct judge *j, uint64_t guest, uint64_t *host_r)
{
	uint64_t gfn = guest >> XLPT_FRAME_SHIFT;
	size_t low = 0, high = j->n_by_gfn, middle;
	const struct xlpt_iomem *entry;

	/* The last entry that begins at or before it; overlapping ones are a finding elsewhere. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (j->by_gfn[middle].gfn <= gfn)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	entry = &j->by_gfn[low - 1];
	if (gfn - entry->gfn >= entry->count)
		return false;
	*host_r = guest - (entry->gfn << XLPT_FRAME_SHIFT) + (entry->start << XLPT_FRAME_SHIFT);
	return true;
}

struct same_base {
	uint64_t base;
	uint32_t node;
};

static int is_same_base(void *opaque, const struct res_reg *reg)
{
	struct same_base *same = opaque;

	if (reg->base != same->base)
		return 0;
	same->node = reg->node;
	return 1;
}

uint32_t judge_host_node(const struct judge *j, uint32_t node)
{
	const struct resources *r = j->tree->resources;
	struct same_base same = { .node = XLPT_NO_NODE };

	if (j->in->host && r->first_reg[node] < r->first_reg[node + 1] &&
	    judge_to_host(j, r->reg[r->first_reg[node]].base, &same.base))
		regs_overlapping(j->in->host, same.base, same.base, is_same_base, &same);
	return same.node;
}

static int by_gfn(const void *a_p, const void *b_p)
{
	const struct xlpt_iomem *a = a_p, *b = b_p;

	return a->gfn < b->gfn ? -1 : a->gfn > b->gfn;
}

static int gather_iomem(struct judge *j, const struct judge_lists *lists)
{
	struct judge_run *run = NULL;
	size_t i;

	j->by_gfn = arena_alloc(&j->arena, lists->n_iomem, sizeof(*j->by_gfn));
	j->run = arena_alloc(&j->arena, lists->n_iomem, sizeof(*j->run));
	if (!j->by_gfn || !j->run)
		return -ENOMEM;
	memcpy(j->by_gfn, lists->iomem, lists->n_iomem * sizeof(*j->by_gfn));
	j->n_by_gfn = lists->n_iomem;
	qsort(j->by_gfn, j->n_by_gfn, sizeof(*j->by_gfn), by_gfn);
	for (i = 0; i < j->n_by_gfn; i++) {
		uint64_t first = j->by_gfn[i].gfn, end = first + j->by_gfn[i].count;

		if (!run || first > run->end)
			*(run = &j->run[j->n_runs++]) = (struct judge_run){ first, end };
		else if (end > run->end)
			run->end = end;
	}
	return 0;
}

static int judge_begin(struct judge *j, const struct judge_input *in, struct xlpt_diags *diags)
{
	const struct judge_lists *lists = in->lists;
	size_t i;

	*j = (struct judge){ .in = in, .diags = diags, .passthrough = XLPT_NO_NODE };
	arena_init(&j->arena);
	for (i = 0; lists && i < lists->n_irqs; i++)
		if (lists->irqs[i] <= INTID_SPI_LAST && j->listed[lists->irqs[i]] < 2)
			j->listed[lists->irqs[i]]++;
	return lists && lists->n_iomem ? gather_iomem(j, lists) : 0;
}

int judge_close(struct judge *j, int rc)
{
	if (!rc && j->arena.failed)
		rc = -ENOMEM;
	arena_free(&j->arena);
	xlpt_tree_free(j->own);
	free(j->copy);
	return rc;
}

int xlpt_judge_lists(const struct judge_input *in, struct xlpt_diags *diags)
{
	struct judge j;
	int rc;

	rc = judge_begin(&j, in, diags);
	if (!rc)
		judge_lists(&j);
	return judge_close(&j, rc);
}

static void judge_tree(struct judge *j)
{
	judge_buses(j);
	judge_names(j);
	judge_links(j);
	judge_clocks(j);
	judge_regs(j);
	judge_irqs(j);
	if (j->tree_errors)
		diag_add(j->diags, DIAG_PARTIAL_TREE_INVALID, 0, "/passthrough", NULL,
			 "Correct what the findings before this one name.",
			 "the partial tree would not work in the guest: %zu %s above",
			 j->tree_errors, j->tree_errors == 1 ? "error" : "errors");
}

int judge_open(struct judge *j, const struct judge_input *in, struct xlpt_diags *diags)
{
	int rc;

	rc = judge_begin(j, in, diags);
	if (!rc)
		rc = guest_index(in->merged, in->size, diags, "the guest's tree", &j->copy, &j->own);
	if (rc)
		return rc;
	j->tree = j->own;
	j->passthrough = tree_by_path(j->tree, "/passthrough", strlen("/passthrough"));
	return 0;
}

int xlpt_judge(const struct judge_input *in, struct xlpt_diags *diags)
{
	struct judge j;
	int rc;

	rc = judge_open(&j, in, diags);
	if (!rc) {
		judge_lists(&j);
		if (j.passthrough != XLPT_NO_NODE)
			judge_tree(&j);
	}
	/* A tree that cannot be read is a finding as well. */
	return judge_close(&j, rc == -EINVAL ? 0 : rc);
}

#define OTHERS_WRITE 022u	/* group and others */

void xlpt_judge_file(const char *path, unsigned mode, unsigned uid, struct xlpt_diags *diags)
{
	if (uid)
		diag_add(diags, DIAG_PARTIAL_TREE_UNTRUSTED, 0, NULL, NULL, NULL,
			 "%s belongs to user %u, who could give this guest any device", path, uid);
	else if (mode & OTHERS_WRITE)
		diag_add(diags, DIAG_PARTIAL_TREE_UNTRUSTED, 0, NULL, NULL, NULL,
			 "%s may be written by others than root (mode %03o)", path, mode & 0777);
}
