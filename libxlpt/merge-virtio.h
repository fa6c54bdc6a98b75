/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XLPT_MERGE_VIRTIO_H
#define XLPT_MERGE_VIRTIO_H

#include "arena.h"
#include "guest-base.h"

/*
 * The devices that libxl of Xen 4.minor makes of these disk= and virtio=
 * entries (those with guest_config_is_virtio()), in its order. NULL on exhaustion.
 */
const struct merge_virtio *merge_virtio_make(const char *const *entries, size_t n, unsigned minor,
					     struct arena *arena, unsigned *n_r);

#endif
