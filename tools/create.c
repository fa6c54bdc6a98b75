/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create.h"
#include "next-xl.h"
#include "owners.h"
#include "partial-store.h"
#include "print.h"
#include "running.h"
#include "xl-line.h"

void create_tell_findings(const struct create *create)
{
	if (!create->args.quiet || xlpt_diags_count(create->planning.diags, XLPT_ERROR))
		print_diags(create->planning.host.file, create->planning.diags);
}

/* The guests that may still boot: every domain, and every claim. */
struct guests {
	struct xlpt_xen *xen;
	struct arena arena;
	struct owners owners;
};

static int read_guests(void *opaque)
{
	struct guests *guests = opaque;

	return owners_read(guests->xen, &guests->arena, &guests->owners);
}

static bool may_boot(void *opaque, const char *uuid)
{
	const struct guests *guests = opaque;
	size_t i;

	for (i = 0; i < guests->owners.n; i++)
		if (!strcmp(guests->owners.list[i].uuid, uuid))
			return true;
	return false;
}

static int write_tree(struct create *create)
{
	struct guests guests = { .xen = create->live.xen };
	struct partial_sweep sweep = { read_guests, may_boot, &guests };
	int rc;

	arena_init(&guests.arena);
	rc = partial_store_write(create->uuid, create->tree.blob, create->tree.size, &sweep);
	arena_free(&guests.arena);
	return rc;
}

/* What the claim and the file were for will not be. */
static void take_back(struct create *create)
{
	partial_store_remove(create->uuid);
	/* it was closed so that xl inherits nothing */
	if (!create->live.xen && xlpt_xen_open(create->planning.diags, &create->live.xen))
		return;
	xlpt_xen_release(create->live.xen, create->uuid);
}

static int become_xl(struct create *create, char **line)
{
	/* the claim holds as long as a process has this */
	if (setenv(XLPT_CREATOR_VARIABLE, create->uuid, 1)) {
		print_error("%s", strerror(errno));
		return EXIT_NO_ANSWER;
	}
	live_close(&create->live);
	next_xl_exec(PROGRAM, line, true);	/* which tells why it comes back */
	return EXIT_NO_ANSWER;
}

static int claim(struct create *create)
{
	struct planning *planning = &create->planning;
	struct xlpt_own_lists own;
	int rc;

	live_own_lists(planning, &own);
	rc = xlpt_xen_claim(create->live.xen, create->uuid, planning->args.config.name,
			    planning->plan, &own, planning->diags);
	create_tell_findings(create);
	if (rc && !xlpt_diags_count(planning->diags, XLPT_ERROR))
		print_error("cannot claim the devices: %s", strerror(-rc));
	return rc;
}

int create_carry_out(struct create *create)
{
	int status = EXIT_NO_ANSWER;
	struct next_xl next;
	char **line, *xl;

	/* Nothing that can be known before is found out behind a claim. */
	next_xl_begin(&next);
	xl = next_xl_candidate(&next);
	line = xl_line(&create->args, &create->arguments);
	if (!line) {
		print_error("%s", strerror(ENOMEM));
	} else if (!xl && next.error) {
		print_error("cannot look for xl on PATH: %s", strerror(next.error));
	} else if (!xl) {
		print_error("there is no xl on PATH");
	} else if (claim(create)) {
		/* Somebody has a device, or Xen refuses; else nothing is known of either. */
		if (xlpt_diags_count(create->planning.diags, XLPT_ERROR))
			status = EXIT_FINDINGS;
	} else {
		if (!write_tree(create))
			status = become_xl(create, line);
		take_back(create);
	}
	free(xl);
	free(line);
	return status;
}
