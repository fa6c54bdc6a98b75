/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The P2M pool: memory set aside per guest for its stage-2 tables (XSA-409;
 * Xen 4.17, and the last point releases of 4.13 to 4.16). Device mappings that
 * exhaust it fail with ENOENT while the guest is created; xl.cfg(5)'s
 * shadow_memory= makes it larger. Earlier releases ignore that key on Arm.
 */
#ifndef XLPT_P2M_POOL_H
#define XLPT_P2M_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "libxlpt.h"

/* KiB of tables that these mappings need. */
uint64_t p2m_pool_tables_kib(const struct xlpt_iomem *iomem, size_t n);

/* KiB of the pool libxl sets up unless told otherwise. vcpus 0 counts as 1. */
uint64_t p2m_pool_default_kib(unsigned vcpus, uint64_t memory_mib);

/*
 * The value for shadow_memory=, in MiB, with which a guest can have device
 * mappings of `tables_kib`; 0: the default is enough, write nothing. With
 * memory_mib 0 (unknown) the guest's RAM is not in it: add 1 MiB for every
 * 256 MiB of RAM.
 */
uint64_t p2m_pool_shadow_memory_mib(unsigned vcpus, uint64_t memory_mib, uint64_t tables_kib);

#endif
