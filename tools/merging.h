/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a command line with SETTINGS, a configuration and a partial tree to the guest's final tree. */
#ifndef XLPT_MERGING_H
#define XLPT_MERGING_H

#include "arena.h"
#include "judge.h"
#include "merge.h"
#include "planning.h"

struct merging {
	struct planning planning;	/* settings, host tree, findings; a plan with dt_passthrough= */
	struct merge_settings settings;	/* of one release */
	const char *base_name, *partial_name, *ramdisk;
	char *base, *partial;		/* malloc'd */
	size_t base_size, partial_size;
	bool has_lists;			/* a configuration says what the guest gets */
	struct judge_lists lists;
	struct arena arena;		/* of the lists */
	void *merged;			/* malloc'd; NULL: libxl would refuse */
	size_t merged_size;
};

int merging_begin(struct merging *merging, int argc);
void merging_done(struct merging *merging);

/* Merge and judge. 0 with findings in planning.diags; -errno, printed: no answer. */
int merging_make(struct merging *merging, const struct command *command);

/*
 * Judge the partial tree and the lists of a configuration that `planning` has
 * read, in its findings. The same return.
 */
int merging_judge(struct planning *planning, const struct command *command);

/* What findings are about, as it goes before them. */
const char *merging_file(const struct merging *merging);

#endif
