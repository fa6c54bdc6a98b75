/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the libxl backend share. */
#ifndef XLPT_XEN_LIBXL_H
#define XLPT_XEN_LIBXL_H

#include "xen.h"
#include "xen-load.h"

/* libxl's messages, as text of the caller's. */
struct xen_logger {
	xentoollog_logger vtable;	/* first: libxl hands this back */
	struct text *log;
};

struct xen {
	const struct xen_libs *libs;
	struct xen_logger logger;
	xc_interface *xch;
	libxl_ctx *ctx;			/* NULL: not needed yet */
	struct xs_handle *xsh;
	xs_transaction_t transaction;	/* XBT_NULL: none open */
};

/* xen->ctx is there from now on. -ELIBACC, -EIO. */
int xen_need_libxl(struct xen *xen);

#endif
