/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A partial device tree as libxl opens it. */
#ifndef XLPT_PARTIAL_H
#define XLPT_PARTIAL_H

#include "libxlpt.h"

/*
 * Index it (see guest_index()) and find what libxl copies: *aliases_r
 * may be XLPT_NO_NODE. Root nodes that libxl leaves out are noted. -EINVAL with
 * findings: libxl refuses or crashes; -ENOMEM.
 */
int partial_open(const void *blob, size_t size, struct xlpt_diags *diags, void **copy_r,
		 struct xlpt_tree **tree_r, uint32_t *passthrough_r, uint32_t *aliases_r);

#endif
