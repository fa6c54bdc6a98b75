/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XLPT_LIST_TABLE_H
#define XLPT_LIST_TABLE_H

#include "owners.h"
#include "text.h"

/* Every device of an owner, those known by dtdev alone included. */
typedef void (*list_device_fn)(void *opaque, const struct held *held);
void list_each_device(const struct holding *holding, list_device_fn fn, void *opaque);

/* For a person, in columns. The owners have domains; `arena` is for what lives until it is written. */
void list_write_table(const struct owner *const *owner, size_t n, struct arena *arena,
		      struct text *text);

#endif
