/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's final tree as its Linux will read it, and the lists of the
 * domain config it has to agree with. Plain data in, findings out: the same
 * judge serves planned trees and hand-written ones.
 */
#ifndef XLPT_JUDGE_H
#define XLPT_JUDGE_H

#include "libxlpt.h"

struct judge_lists {
	/* gfn set to start where the config gives none; frames there are, within 64 bits of bytes */
	const struct xlpt_iomem *iomem;
	size_t n_iomem;
	const uint32_t *irqs;
	size_t n_irqs;
	const char *const *dtdev;
	size_t n_dtdev;
};

struct judge_input {
	const void *merged;		/* of xlpt_merge() */
	size_t size;
	const struct xlpt_settings *settings;
	const struct judge_lists *lists;	/* NULL: no config, what it would list is not asked for */
	const struct xlpt_tree *host;	/* NULL: triggers, owners and dtdev paths are not compared */
};

/*
 * Findings go to `diags`. Where one of them is an error about the partial tree,
 * partial-tree-invalid sums up behind them. 0, whatever was found; -ENOMEM.
 */
int xlpt_judge(const struct judge_input *input, struct xlpt_diags *diags);

/*
 * The lists alone against the guest's settings and the host, as without a
 * partial tree. xlpt_judge() includes it.
 */
int xlpt_judge_lists(const struct judge_input *input, struct xlpt_diags *diags);

/*
 * libxl takes a partial tree as it is, with the rights of dom0's root: warn
 * about a file that others than root may change. Plain numbers of stat(2).
 */
void xlpt_judge_file(const char *path, unsigned mode, unsigned uid, struct xlpt_diags *diags);

#endif
