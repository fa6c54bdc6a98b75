/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "file.h"
#include "host-tree.h"
#include "print.h"
#include "tree.h"

#define DOM0_TREE "/sys/firmware/fdt"

static int read_somewhere(struct host_tree *host, const char *named, size_t *size_r)
{
	int rc;

	host->file = named;
	if (named)
		return file_read(named, &host->blob, size_r);

	host->file = HOST_TREE_INSTALLED;
	rc = file_read_optional(host->file, &host->blob, size_r);
	if (rc != -ENOENT)
		return rc;

	host->file = DOM0_TREE;
	rc = file_read_optional(host->file, &host->blob, size_r);
	if (rc == -ENOENT)
		print_error("no host tree: name one with -t FILE or install it as " HOST_TREE_INSTALLED);
	host->dom0_view = true;
	return rc;
}

int host_tree_open(struct host_tree *host, const char *named, struct xlpt_diags *diags)
{
	uint32_t node;
	size_t size;
	int rc;

	*host = (struct host_tree){ 0 };
	rc = read_somewhere(host, named, &size);
	if (rc)
		return rc;
	rc = xlpt_tree_parse(host->blob, size, diags, &host->tree);
	if (rc) {
		print_failure(host->file, diags, rc);
		host_tree_close(host);
		return rc;
	}
	/* Under whatever name: no boot loader's tree has the node that Xen adds. */
	node = xlpt_tree_find(host->tree, "/hypervisor");
	if (node != XLPT_NO_NODE && tree_compatible(host->tree, node, "xen,xen"))
		host->dom0_view = true;
	return 0;
}

void host_tree_close(struct host_tree *host)
{
	xlpt_tree_free(host->tree);
	free(host->blob);
	host->tree = NULL;
	host->blob = NULL;
}
