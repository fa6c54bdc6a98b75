/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an offset into the strings block turned out to be: a property's name is looked at once. */
#ifndef XLPT_PROP_NAMES_H
#define XLPT_PROP_NAMES_H

#include "diag.h"
#include "tree.h"

struct prop_class {
	uint32_t offset_plus_1;		/* 0: slot is free */
	uint16_t known, link;		/* as in struct tree_prop */
};

struct prop_names {
	const uint8_t *blob;		/* its header was checked */
	struct prop_class *slot;	/* open addressing, a power of two of slots; free() it at last */
	uint32_t n, n_slots;
};

/* Classify the name at an offset of the strings block. -EINVAL, with a finding, or -ENOMEM. */
int prop_names_classify(struct prop_names *names, uint32_t offset, struct xlpt_diags *diags,
			const struct prop_class **class_r);

/* May a node or a property have this name? */
bool name_is_clean(const char *name, size_t len);

#endif
