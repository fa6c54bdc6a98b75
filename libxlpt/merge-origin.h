/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a node of the guest's tree comes from. */
#ifndef XLPT_MERGE_ORIGIN_H
#define XLPT_MERGE_ORIGIN_H

#include "judge-parts.h"

enum origin {
	ORIGIN_LIBXL,
	ORIGIN_PARTIAL,
};

enum origin merge_origin(const struct judge *j, uint32_t node);

/* The host's node and address behind a guest's device; false: unknown or none. *path_r may be NULL. */
bool merge_host(struct judge *j, uint32_t node, uint64_t *host_r, const char **path_r);

/* What libxl makes the node for; NULL below the root's children. Static. */
const char *merge_purpose(const struct xlpt_tree *tree, uint32_t node);

/* iomem= entries' names in the guest, as labels of a map; in the judge's arena. */
const char **merge_labels(struct judge *j);

#endif
