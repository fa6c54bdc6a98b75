/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the judge, each a file of its own, and what they share. */
#ifndef XLPT_JUDGE_PARTS_H
#define XLPT_JUDGE_PARTS_H

#include "arena.h"
#include "diag.h"
#include "judge.h"
#include "resources.h"
#include "tree.h"

/* Findings of one id: after so many more of the same tell nothing new. */
#define JUDGE_MOST 64

/* Guest frames [first, end). */
struct judge_run {
	uint64_t first, end;
};

struct judge {
	const struct judge_input *in;
	struct xlpt_diags *diags;
	struct arena arena;		/* paths */
	const struct xlpt_tree *tree;	/* the merged one; NULL: the lists alone */
	struct xlpt_tree *own;		/* the same */
	void *copy;			/* that it borrows */
	uint32_t passthrough;		/* its root in there, or XLPT_NO_NODE */
	struct xlpt_iomem *by_gfn;	/* the list, ascending */
	size_t n_by_gfn;
	struct judge_run *run;		/* guest frames it maps, ascending, apart from each other */
	size_t n_runs;
	uint8_t listed[INTID_SPI_LAST + 1];	/* by INTID: how often irqs= has it, 2 for more */
	unsigned count[N_DIAGS];
	size_t tree_errors;		/* errors about the guest's tree */
};

/* Index the merged tree; close it whatever came of that, which passes rc on. */
int judge_open(struct judge *j, const struct judge_input *in, struct xlpt_diags *diags);
int judge_close(struct judge *j, int rc);

/* A finding about a node of the guest's tree, or XLPT_NO_NODE for the config. */
void judge_add(struct judge *j, enum diag_id id, uint32_t node, const char *property,
	       const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* The path of a node of either tree for a message; "a node" where judge_add() would not say it. */
const char *judge_path(struct judge *j, enum diag_id id, const struct xlpt_tree *tree,
		       uint32_t node);

/* In the partial tree's part, and neither it nor a node above is disabled. */
bool judge_is_live(const struct judge *j, uint32_t node);

/* The host's address behind a guest's: true and *host_r if iomem= maps it. */
bool judge_to_host(const struct judge *j, uint64_t guest, uint64_t *host_r);

/* The node of the host whose registers begin where those of the guest's node do, or XLPT_NO_NODE. */
uint32_t judge_host_node(const struct judge *j, uint32_t node);

void judge_names(struct judge *j);	/* unique names, aliases, properties of the host */
void judge_buses(struct judge *j);	/* simple-bus, ranges, cells, reg */
void judge_regs(struct judge *j);	/* registers and iomem= */
void judge_irqs(struct judge *j);	/* interrupts and irqs= */
void judge_links(struct judge *j);	/* phandles, references */
void judge_clocks(struct judge *j);
void judge_lists(struct judge *j);	/* irqs=, iomem=, dtdev= by themselves and on the host */

#endif
