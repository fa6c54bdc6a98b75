/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The seam of xen.h, answering from a script instead of a running Xen. A
 * program linked with it reads the file named by XLPT_REPLAY:
 *
 *	version MAJOR MINOR		of the running Xen (4 17)
 *	iommu yes|no			(yes)
 *	ipa BITS			(40)
 *	open ERRNO			xen_open() fails
 *	test PATH ERRNO|0		PATH may be *; without a line, ESRCH
 *	domain DOMID UUID NAME [dying] [unstored]
 *	iomem START COUNT GFN		of the last domain, hexadecimal
 *	irq N
 *	dtdev PATH
 *	console LINE			a line of Xen's console
 *	tree FILE			dom0's own tree
 *	store PATH VALUE		\n is a newline, \self the creator line of this process
 *	fail FUNCTION ERRNO [N]		its N-th call fails (every one)
 *	conflicts N			that many commits fail with EAGAIN
 *
 * XLPT_REPLAY_FAIL=N makes the N-th call of all fail, N- that one and all
 * behind it, FUNCTION each of that function: with EIO, or :ERRNO (a number).
 * XLPT_REPLAY_CALLS=FILE takes a line for each call, with the ERRNO if it was
 * made to fail. XLPT_REPLAY_STORE=FILE keeps xenstore, as `store` lines, beyond
 * xen_close(): the script's first, and then what was committed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"
#include "xen.h"

/* tests/faults/shim.c, if it is preloaded: what the test itself does is not to fail. */
void faults_hold(bool hold) __attribute__((weak));

static void hold(bool on)
{
	if (faults_hold)
		faults_hold(on);
}

struct xen {
	struct script script;
	struct store store, before;	/* before: of the transaction */
	bool in_transaction;
	unsigned calls;
	struct text *log;
};

static void note_call(const char *function, int error)
{
	const char *file = getenv("XLPT_REPLAY_CALLS");
	FILE *f;

	hold(true);
	f = file ? fopen(file, "a") : NULL;
	if (f) {
		if (error)
			fprintf(f, "%s %d\n", function, error);
		else
			fprintf(f, "%s\n", function);
		fclose(f);
	}
	hold(false);
}

/* XLPT_REPLAY_FAIL: what this call is to fail with, or 0. */
static int made_to_fail(const struct xen *xen, const char *function)
{
	const char *what = getenv("XLPT_REPLAY_FAIL");
	size_t len = what ? strcspn(what, ":") : 0;
	unsigned long nth;
	char *end;
	bool hit;

	if (!what)
		return 0;
	nth = strtoul(what, &end, 10);
	if (end == what)
		hit = strlen(function) == len && !memcmp(what, function, len);
	else
		hit = nth && (*end == '-' ? xen->calls >= nth : xen->calls == nth);
	if (!hit)
		return 0;
	return what[len] ? (int)strtol(what + len + 1, NULL, 10) : EIO;
}

/* Count a call; the script or the environment may make it fail. */
static int enter(struct xen *xen, const char *function)
{
	int error;

	xen->calls++;
	error = made_to_fail(xen, function);
	note_call(function, error);
	if (error) {
		text_printf(xen->log, "replay: call %u fails\n", xen->calls);
		return -error;
	}
	return script_failure(&xen->script, function);
}

int xen_open(struct text *log, struct xen **xen_r)
{
	const char *file = getenv("XLPT_REPLAY");
	struct xen *xen = calloc(1, sizeof(*xen));
	int rc;

	*xen_r = NULL;
	if (!xen)
		return -ENOMEM;
	xen->log = log;
	if (!file) {
		text_puts(log, "XLPT_REPLAY names no script\n");
		free(xen);
		return -ENODEV;
	}
	hold(true);
	script_read(&xen->script, &xen->store, file, getenv("XLPT_REPLAY_STORE"));
	hold(false);
	rc = enter(xen, "xen_open");
	if (!rc)
		rc = -xen->script.open_errno;
	if (rc) {
		xen_close(xen);
		return rc;
	}
	*xen_r = xen;
	return 0;
}

void xen_close(struct xen *xen)
{
	if (!xen)
		return;
	script_free(&xen->script);
	store_free(&xen->store);
	store_free(&xen->before);
	free(xen);
}

int xen_info(struct xen *xen, struct xen_info *info_r)
{
	*info_r = xen->script.info;
	return enter(xen, "xen_info");
}

int xen_test_device(struct xen *xen, const char *path)
{
	int rc = enter(xen, "xen_test_device");
	size_t i;

	if (rc)
		return rc;
	if (!xen->script.info.iommu)
		return -EOPNOTSUPP;
	for (i = 0; i < xen->script.n_tests; i++)
		if (!strcmp(xen->script.test[i].path, path) || !strcmp(xen->script.test[i].path, "*"))
			return -xen->script.test[i].error;
	return -ESRCH;
}

int xen_domains(struct xen *xen, struct arena *arena, const struct xen_domain **list_r, size_t *n_r)
{
	struct xen_domain *copy = arena_alloc(arena, xen->script.n_domains, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	if (xen->script.n_domains)
		memcpy(copy, xen->script.domain, xen->script.n_domains * sizeof(*copy));
	*list_r = copy;
	*n_r = xen->script.n_domains;
	return enter(xen, "xen_domains");
}

int xen_console_after(struct xen *xen, char key, char **text_r)
{
	int rc;

	*text_r = strdup(xen->script.console.s ? xen->script.console.s : "");
	if (!*text_r)
		return -ENOMEM;
	rc = enter(xen, "xen_console_after");
	if (!rc)
		return 0;
	free(*text_r);
	*text_r = NULL;
	return rc;
}

const char *xen_dom0_tree_file(const struct xen *xen)
{
	return xen->script.tree ? xen->script.tree : "/nonexistent";
}

/* Time does not pass in a script. */
void xen_wait(struct xen *xen, unsigned ms)
{
}

int xen_store_begin(struct xen *xen)
{
	int rc = enter(xen, "xen_store_begin");

	if (!rc)
		rc = store_copy(&xen->before, &xen->store);
	xen->in_transaction = !rc;
	return rc;
}

int xen_store_end(struct xen *xen, bool commit)
{
	int rc = enter(xen, "xen_store_end");

	xen->in_transaction = false;
	if (!rc && commit && xen->script.conflicts) {
		xen->script.conflicts--;
		rc = -EAGAIN;
	}
	if (rc || !commit) {
		store_move(&xen->store, &xen->before);
	} else {
		store_free(&xen->before);
		hold(true);
		store_save(&xen->store, getenv("XLPT_REPLAY_STORE"));
		hold(false);
	}
	return rc;
}

int xen_store_read(struct xen *xen, struct arena *arena, const char *path, char **value_r)
{
	int rc = xen->in_transaction ? enter(xen, "xen_store_read") : -EINVAL;
	const char *value = store_get(&xen->store, path);

	*value_r = NULL;
	if (rc)
		return rc;
	if (!value)
		return -ENOENT;
	*value_r = arena_strdup(arena, value);
	return *value_r ? 0 : -ENOMEM;
}

int xen_store_list(struct xen *xen, struct arena *arena, const char *path, char ***names_r,
		   size_t *n_r)
{
	int rc = xen->in_transaction ? enter(xen, "xen_store_list") : -EINVAL;

	return rc ? rc : store_list(&xen->store, arena, path, names_r, n_r);
}

int xen_store_write(struct xen *xen, const char *path, const char *value)
{
	int rc = xen->in_transaction ? enter(xen, "xen_store_write") : -EINVAL;

	/* As xenstored: the message holds the path and the value. */
	if (!rc && strlen(path) + strlen(value) >= 4096)
		rc = -E2BIG;
	return rc ? rc : store_set(&xen->store, path, value);
}

int xen_store_remove(struct xen *xen, const char *path)
{
	int rc = xen->in_transaction ? enter(xen, "xen_store_remove") : -EINVAL;

	if (!rc)
		store_remove(&xen->store, path);
	return rc;
}

int xen_store_make_private(struct xen *xen, const char *path)
{
	return xen->in_transaction ? enter(xen, "xen_store_make_private") : -EINVAL;
}
