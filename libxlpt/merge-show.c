/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit.h"
#include "merge-show.h"

int merge_show(const struct merge_view *view, merge_put_fn put, char **text_r)
{
	struct xlpt_diags scratch;
	struct text out;
	struct judge j;
	int rc;

	diags_init(&scratch);
	text_init(&out);
	rc = judge_open(&j, view->in, &scratch);
	if (!rc)
		put(view, &j, &out);
	rc = judge_close(&j, rc);
	if (!rc)
		rc = emit_take(&out, text_r);
	text_free(&out);
	diags_fini(&scratch);
	return rc;
}
