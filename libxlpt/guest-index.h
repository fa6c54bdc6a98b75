/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Indexing trees that libxl reads or writes, which are looser than a host's. */
#ifndef XLPT_GUEST_INDEX_H
#define XLPT_GUEST_INDEX_H

#include "libxlpt.h"

/*
 * libxl puts a property behind a subnode (rng-seed with acpi=1). Neither Linux
 * nor libfdt, and so libxl itself, sees such a property; the index does not
 * either. It borrows *copy_r (aligned, malloc'd), to be freed after the tree.
 *
 * -EINVAL: malformed; partial-tree-invalid says why behind `prefix`. -ENOMEM.
 */
int guest_index(const void *blob, size_t size, struct xlpt_diags *diags, const char *prefix,
		void **copy_r, struct xlpt_tree **tree_r);

#endif
