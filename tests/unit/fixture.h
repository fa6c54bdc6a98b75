/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small host trees from source, and plans over them. */
#ifndef XLPT_FIXTURE_H
#define XLPT_FIXTURE_H

/* cmocka.h wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan.h"

struct fixture {
	void *blob;
	size_t size;
	struct xlpt_diags *diags;
	struct xlpt_tree *tree;
	struct xlpt_settings settings;	/* the cautious ones for Xen 4.17 */
	struct xlpt_plan *plan;		/* of fixture_plan() */
};

/* A board with a bit of everything; see fixture.c. */
extern const char fixture_board[];

/* Compile with dtc -@ and parse; a failure fails the test. Warnings of dtc are not shown. */
void fixture_open(struct fixture *f, const char *dts);
void fixture_close(struct fixture *f);

/* Plan the selections, NULL at the end; the plan must be made, though it may have errors. */
void fixture_plan(struct fixture *f, const char *selection, ...) __attribute__((sentinel));

/* The findings with this id, and the first of them (fails if there is none). */
size_t fixture_count(const struct fixture *f, const char *id);
const struct xlpt_diag *fixture_diag(const struct fixture *f, const char *id);

#endif
