/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the emitters share. */
#ifndef XLPT_EMIT_H
#define XLPT_EMIT_H

#include "libxlpt.h"
#include "text.h"

struct json;
struct json_object;
struct xlpt_plan;

/* emit-json.c: the object of `plan` in xl-passthrough(1); borrows the plan until it is written. */
struct json_object *emit_plan_object(struct json *json, const struct xlpt_plan *plan,
				     bool with_speaker);

/* What planned for which Xen, and for what devices: comment lines behind `mark` ("# "). */
void emit_origin(struct text *out, const struct xlpt_plan *plan, const char *mark);

/* "any", "4.17" or "4.17-4.19". */
void emit_xen_name(struct text *out, const struct xlpt_settings *settings);

/* Hand the text over, or -ENOMEM. */
int emit_take(struct text *out, char **text_r);

#endif
