/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The seam on libxenstore. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "xen-libxl.h"

/* Bools with errno, whose 0 would read as success. */
static int result(bool ok)
{
	return ok ? 0 : errno ? -errno : -EIO;
}

int xen_store_begin(struct xen *xen)
{
	xen->transaction = xen->libs->xs_transaction_start(xen->xsh);
	return result(xen->transaction != XBT_NULL);
}

int xen_store_end(struct xen *xen, bool commit)
{
	xs_transaction_t transaction = xen->transaction;

	xen->transaction = XBT_NULL;
	return result(xen->libs->xs_transaction_end(xen->xsh, transaction, !commit));
}

int xen_store_read(struct xen *xen, struct arena *arena, const char *path, char **value_r)
{
	unsigned len = 0;
	char *value = xen->libs->xs_read(xen->xsh, xen->transaction, path, &len);
	int rc = result(value != NULL);

	*value_r = NULL;
	if (rc)
		return rc;
	*value_r = arena_strndup(arena, value, len);
	free(value);
	return *value_r ? 0 : -ENOMEM;
}

int xen_store_list(struct xen *xen, struct arena *arena, const char *path, char ***names_r,
		   size_t *n_r)
{
	unsigned n = 0, i;
	char **found = xen->libs->xs_directory(xen->xsh, xen->transaction, path, &n), **names;
	int rc = 0;

	*names_r = NULL;
	*n_r = 0;
	if (!found) {
		rc = result(false);
		return rc == -ENOENT ? 0 : rc;
	}
	names = arena_alloc(arena, n, sizeof(*names));
	for (i = 0; names && i < n && !rc; i++) {
		names[i] = arena_strdup(arena, found[i]);
		if (!names[i])
			rc = -ENOMEM;
	}
	free(found);
	*names_r = names;
	*n_r = n;
	return names ? rc : -ENOMEM;
}

int xen_store_write(struct xen *xen, const char *path, const char *value)
{
	return result(xen->libs->xs_write(xen->xsh, xen->transaction, path, value,
					  (unsigned)strlen(value)));
}

int xen_store_remove(struct xen *xen, const char *path)
{
	int rc = result(xen->libs->xs_rm(xen->xsh, xen->transaction, path));

	return rc == -ENOENT ? 0 : rc;
}

int xen_store_make_private(struct xen *xen, const char *path)
{
	/* Owner dom0, nothing for the others; what is made below inherits it. */
	struct xs_permissions permissions = { .id = 0, .perms = XS_PERM_NONE };
	int rc = result(xen->libs->xs_mkdir(xen->xsh, xen->transaction, path));

	if (rc)
		return rc;
	return result(xen->libs->xs_set_permissions(xen->xsh, xen->transaction, path,
						    &permissions, 1));
}
