/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connecting to the running system, and telling why that, or a question to it, failed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "running.h"

/* The releases that layout.c knows. */
#define FIRST_MINOR 6
#define LAST_MINOR 22

/* The first line of what libxl said is where it went wrong; the rest is consequence. */
static int log_len(struct text *log)
{
	return log->s ? (int)strcspn(log->s, "\n") : 0;
}

static enum diag_id failure_id(int rc)
{
	switch (rc) {
	case -ENODEV:
	case -ENOTCONN:
		return DIAG_NO_XEN;
	case -ELIBACC:
	case -EPROTO:
	case -ENOTSUP:
		return DIAG_XEN_VERSION;
	case -EACCES:
	case -EPERM:
		return DIAG_XEN_DENIED;
	case -ENOBUFS:
		return DIAG_PATH_TOO_LONG;
	default:
		return DIAG_XEN_FAILED;
	}
}

/* strerror() of what is no errno of a call, but a case of the seam's. */
static const char *failure_text(int rc)
{
	switch (rc) {
	case -ENODEV:
		return "no Xen here";
	case -ENOTCONN:
		return "xenstored is not there";
	case -ELIBACC:
		return "the libraries of the Xen release this was built for are not installed";
	case -EPROTO:
		return "another release of Xen is running";
	case -ENOTSUP:
		return "this release of Xen is not known here";
	case -ECHILD:
		return "Permission denied in /proc";
	case -EAGAIN:
		return "xenstore was changed by others every time";
	default:
		return strerror(-rc);
	}
}

int running_failed(struct xlpt_xen *xen, struct xlpt_diags *diags, int rc, const char *node,
		   const char *what)
{
	enum xlpt_speaker speaker = diags->speaker;
	int len = log_len(&xen->log);

	diags->speaker = XLPT_SPEAKER_HYPERVISOR;
	diag_add(diags, failure_id(rc), 0, node, NULL, NULL, "%s: %s%s%.*s%s", what, failure_text(rc),
		 len ? " (" : "", len, len ? xen->log.s : "", len ? ")" : "");
	diags->speaker = speaker;
	text_free(&xen->log);
	return rc;
}

int xlpt_xen_open(struct xlpt_diags *diags, struct xlpt_xen **xen_r)
{
	struct xlpt_xen *xen;
	int rc;

	*xen_r = NULL;
	xen = calloc(1, sizeof(*xen));
	if (!xen)
		return -ENOMEM;
	text_init(&xen->log);
	rc = xen_open(&xen->log, &xen->seam);
	if (!rc)
		rc = xen_info(xen->seam, &xen->info);
	if (!rc && (xen->info.major != 4 || xen->info.minor < FIRST_MINOR ||
		    xen->info.minor > LAST_MINOR))
		rc = -ENOTSUP;
	if (!rc) {
		*xen_r = xen;
		return 0;
	}
	running_failed(xen, diags, rc, NULL, "cannot ask the running Xen");
	xlpt_xen_close(xen);
	return rc;
}

void xlpt_xen_close(struct xlpt_xen *xen)
{
	if (!xen)
		return;
	xen_close(xen->seam);
	text_free(&xen->log);
	free(xen);
}

const char *xlpt_xen_dom0_tree_file(const struct xlpt_xen *xen)
{
	return xen_dom0_tree_file(xen->seam);
}

void xlpt_xen_settings(const struct xlpt_xen *xen, struct xlpt_settings *settings)
{
	settings->xen_first = settings->xen_last = xen->info.minor;
	settings->ipa_bits = xen->info.ipa_bits;
}
