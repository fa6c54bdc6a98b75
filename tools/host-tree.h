/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's device tree: where it is looked for, read, and indexed. */
#ifndef XLPT_HOST_TREE_H
#define XLPT_HOST_TREE_H

#include "libxlpt.h"

#define HOST_TREE_INSTALLED "/etc/xen/host.dtb"

struct host_tree {
	const char *file;	/* as it goes before findings */
	char *blob;
	struct xlpt_tree *tree;
	bool dom0_view;		/* what Xen made for dom0; see host-tree-missing */
};

/*
 * `named` (-t FILE), else /etc/xen/host.dtb, else dom0's own /sys/firmware/fdt.
 * 0 or -errno, printed. Findings go to diags.
 */
int host_tree_open(struct host_tree *host, const char *named, struct xlpt_diags *diags);
void host_tree_close(struct host_tree *host);

#endif
