/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The partial trees of the guests made here, one file each by the guest's
 * uuid, in a folder of root's. xl reads them again at every reboot, so one
 * stays until no guest can need it.
 */
#ifndef XLPT_PARTIAL_STORE_H
#define XLPT_PARTIAL_STORE_H

#include <stdbool.h>
#include <stddef.h>

#ifndef PARTIAL_STORE
#define PARTIAL_STORE "/var/lib/xen/passthrough"
#endif

/* The path that will be given to xl; static. */
const char *partial_store_path(const char *uuid);

/* Is the file of this uuid still needed? Called without order, once a file. */
typedef bool (*partial_needed_fn)(void *opaque, const char *uuid);

/*
 * Write the tree of `uuid`, which must be claimed already, and drop files
 * that are not needed (`begin` is called once before the first question,
 * behind the look into the folder; if it fails nothing is dropped). Complete
 * under its name, or not there: a former file of that name then stays.
 * 0 or -errno, printed.
 */
struct partial_sweep {
	int (*begin)(void *opaque);
	partial_needed_fn needed;
	void *opaque;
};

int partial_store_write(const char *uuid, const void *blob, size_t size,
			const struct partial_sweep *sweep);

/* The guest was not created after all. */
void partial_store_remove(const char *uuid);

#endif
