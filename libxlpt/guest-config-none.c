/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A build without Xen: its grammar is libxlutil's, and not ours to guess. */
#include <errno.h>

#include "guest-config.h"

int guest_config_read(struct guest_config *config, const char *source, const char *text,
		      size_t size)
{
	(void)source;
	(void)text;
	(void)size;
	*config = (struct guest_config){ .error = "this build has no libxlutil" };
	arena_init(&config->arena);
	return -ENODEV;
}
