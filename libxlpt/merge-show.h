/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's final tree for people and programs: source with comments, a picture, JSON. */
#ifndef XLPT_MERGE_SHOW_H
#define XLPT_MERGE_SHOW_H

#include "guest-base.h"
#include "judge-parts.h"
#include "text.h"

struct merge_view {
	const struct judge_input *in;
	const struct merge_settings *settings;	/* NULL: the base is a dump */
	const char *partial;	/* file name, or NULL: none */
	const struct xlpt_diags *diags;
};

/* Writes the judged tree in one of the forms; what fails sticks to the text. */
typedef void (*merge_put_fn)(const struct merge_view *view, struct judge *j, struct text *out);
/* Open the tree, let `put` write it, and hand out the text. */
int merge_show(const struct merge_view *view, merge_put_fn put, char **text_r);

/* malloc'd texts. -EINVAL: the tree cannot be read; -ENOMEM. */
int merge_show_dts(const struct merge_view *view, char **text_r);
int merge_show_svg(const struct merge_view *view, char **text_r);
int merge_show_json(const struct merge_view *view, char **text_r);

#endif
