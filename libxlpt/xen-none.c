/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The seam in a build without libxl: nothing can be asked, everything else works. */
#include <errno.h>

#include "xen.h"

int xen_open(struct text *log, struct xen **xen_r)
{
	text_puts(log, "this program was built without libxl\n");
	*xen_r = NULL;
	return -ENODEV;
}

void xen_close(struct xen *xen)
{
}

int xen_info(struct xen *xen, struct xen_info *info_r)
{
	return -ENODEV;
}

int xen_test_device(struct xen *xen, const char *path)
{
	return -ENODEV;
}

int xen_domains(struct xen *xen, struct arena *arena, const struct xen_domain **list_r, size_t *n_r)
{
	return -ENODEV;
}

int xen_console_after(struct xen *xen, char key, char **text_r)
{
	return -ENODEV;
}

int xen_store_begin(struct xen *xen)
{
	return -ENODEV;
}

int xen_store_end(struct xen *xen, bool commit)
{
	return -ENODEV;
}

int xen_store_read(struct xen *xen, struct arena *arena, const char *path, char **value_r)
{
	return -ENODEV;
}

int xen_store_list(struct xen *xen, struct arena *arena, const char *path, char ***names_r,
		   size_t *n_r)
{
	return -ENODEV;
}

int xen_store_write(struct xen *xen, const char *path, const char *value)
{
	return -ENODEV;
}

int xen_store_remove(struct xen *xen, const char *path)
{
	return -ENODEV;
}

int xen_store_make_private(struct xen *xen, const char *path)
{
	return -ENODEV;
}

const char *xen_dom0_tree_file(const struct xen *xen)
{
	return "/sys/firmware/fdt";
}

void xen_wait(struct xen *xen, unsigned ms)
{
}
