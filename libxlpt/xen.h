/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seam between the library and a running Xen: plain data, nothing of
 * libxl. One backend is linked: xen-libxl.c, xen-none.c where there is no
 * libxl, or the recorded one of the tests.
 *
 * Functions return 0 or a negative errno, print nothing and change nothing,
 * except for what lies below a path written by xen_store_write(). None of them
 * assigns, maps or routes: that is left to xl.
 */
#ifndef XLPT_XEN_H
#define XLPT_XEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "libxlpt.h"
#include "text.h"

#define XEN_UUID_LEN 36

struct xen;

/*
 * Connect. What the libraries below say on the way, and later, goes to `log`,
 * which stays the caller's. -ENODEV: no Xen, or a build without it.
 * -ELIBACC: not the libraries this was built for. -EPROTO: they are there, but
 * another release of Xen is running. -ENOTCONN: no xenstored. -EACCES, -EPERM.
 */
int xen_open(struct text *log, struct xen **xen_r);
void xen_close(struct xen *xen);

struct xen_info {
	unsigned major, minor;	/* of the running hypervisor */
	bool iommu;		/* cap_hvm_directio: an IOMMU is there and enabled */
	unsigned ipa_bits;	/* gpaddr_bits of dom0, which is that of every domain; 0: unknown */
};

/* XENVER_version, XEN_SYSCTL_physinfo, XEN_DOMCTL_getdomaininfo. */
int xen_info(struct xen *xen, struct xen_info *info_r);

/*
 * XEN_DOMCTL_test_assign_device for DOMID_INVALID. 0: Xen's tree has the node
 * and no domain has it. -ESRCH: no such node. -EINVAL: a domain has it, be it
 * dom0. -EOPNOTSUPP: no IOMMU. It does not look at `iommus`.
 */
int xen_test_device(struct xen *xen, const char *path);

/* A domain, and what libxl stored of its configuration. */
struct xen_domain {
	uint32_t domid;
	char uuid[XEN_UUID_LEN + 1];	/* lower case */
	const char *name;		/* "" if it has none: half made, or half gone */
	bool dying;
	bool stored;			/* the fields below are known */
	const struct xlpt_iomem *iomem;
	size_t n_iomem;
	const uint32_t *irqs;
	size_t n_irqs;
	const char *const *dtdev;
	size_t n_dtdev;
	const char *device_tree;	/* NULL: none */
};

/* Every domain but dom0, ascending by domid. */
int xen_domains(struct xen *xen, struct arena *arena, const struct xen_domain **list_r,
		size_t *n_r);

/*
 * XEN_SYSCTL_debug_keys, then XEN_SYSCTL_readconsole: everything on Xen's
 * console, what the key made it say last. malloc'd.
 */
int xen_console_after(struct xen *xen, char key, char **text_r);

/* Let some time pass, for a guest that is just coming or going. */
void xen_wait(struct xen *xen, unsigned ms);

/* The file that holds the tree Xen made for dom0. */
const char *xen_dom0_tree_file(const struct xen *xen);

/*
 * Xenstore, all inside one transaction: begin, any of the others, end.
 * xen_store_end(): -EAGAIN when somebody else changed what was read; then
 * nothing was done, and everything from begin on is to be done again.
 */
int xen_store_begin(struct xen *xen);
int xen_store_end(struct xen *xen, bool commit);
/* The value, NUL-terminated in the arena. -ENOENT. */
int xen_store_read(struct xen *xen, struct arena *arena, const char *path, char **value_r);
/* Names below a path; none if it does not exist. */
int xen_store_list(struct xen *xen, struct arena *arena, const char *path, char ***names_r,
		   size_t *n_r);
int xen_store_write(struct xen *xen, const char *path, const char *value);
/* With everything below; 0 also if it is not there. */
int xen_store_remove(struct xen *xen, const char *path);
/* A node that only dom0 can read, and what will be made below it. */
int xen_store_make_private(struct xen *xen, const char *path);

#endif
