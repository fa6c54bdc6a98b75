/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a command line with -t, SETTINGS and DEVICEs to a plan; what plan and uboot share. */
#ifndef XLPT_PLANNING_H
#define XLPT_PLANNING_H

#include "host-tree.h"
#include "settings.h"

struct planning {
	struct settings_args args;
	const char *named_tree;		/* -t */
	const char *marked_tree;	/* --dtb: where the marked host tree goes, or NULL */
	char **selections;		/* owned, as are the strings */
	size_t n_selections;
	bool may_be_empty;		/* a configuration without dt_passthrough= is enough */
	struct host_tree host;
	const struct xlpt_xen *xen;	/* plan for this running one; NULL: offline */
	struct xlpt_diags *diags;
	struct xlpt_plan *plan;
};

/* -t and --dtb; the ways to select. The commands list them beside those of settings.h. */
extern const struct option_row planning_tree_options[];
extern const struct option_row planning_device_options[];

int planning_begin(struct planning *planning, int argc);
void planning_done(struct planning *planning);

/* One option or argument: 0 or -errno, printed. */
int planning_option(const struct command *command, void *planning, int id, const char *arg);

/* Read the tree and plan. -errno, printed: there is no plan. */
int planning_make(struct planning *planning, const struct command *command);

/* Write the marked host tree if it was asked for and the plan may be used. */
int planning_write_marked(const struct planning *planning);

/* EXIT_USABLE or EXIT_FINDINGS. */
int planning_status(const struct planning *planning);

#endif
