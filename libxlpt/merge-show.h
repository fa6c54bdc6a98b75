/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's final tree for people and programs: source with comments, a picture, JSON. */
#ifndef XLPT_MERGE_SHOW_H
#define XLPT_MERGE_SHOW_H

#include "guest-base.h"
#include "judge.h"

struct merge_view {
	const struct judge_input *in;
	const struct merge_settings *settings;	/* NULL: the base is a dump */
	const char *partial;	/* file name, or NULL: none */
	const struct xlpt_diags *diags;
};

/* malloc'd texts. -EINVAL: the tree cannot be read; -ENOMEM. */
int merge_show_dts(const struct merge_view *view, char **text_r);
int merge_show_svg(const struct merge_view *view, char **text_r);
int merge_show_json(const struct merge_view *view, char **text_r);

#endif
