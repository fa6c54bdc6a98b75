/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's settings before the user said anything, and Xen's release by name. */
#include <errno.h>
#include <string.h>

#include "libxlpt.h"

/*
 * 4.6 is the first release that passes device tree devices at all, 4.22 the
 * newest whose layout is known. "any" starts at 4.17: what Debian 12 ships and
 * the oldest one with security support for most of its users.
 */
#define XEN_OLDEST 6
#define XEN_ANY_FIRST 17
#define XEN_NEWEST 22

void xlpt_settings_init(struct xlpt_settings *settings)
{
	*settings = (struct xlpt_settings){
		.xen_first = XEN_ANY_FIRST,
		.xen_last = XEN_NEWEST,
	};
}

int xlpt_settings_xen(struct xlpt_settings *settings, const char *version)
{
	unsigned minor = 0;
	const char *s;

	if (!version)
		return -EINVAL;
	if (!strcmp(version, "any")) {
		settings->xen_first = XEN_ANY_FIRST;
		settings->xen_last = XEN_NEWEST;
		return 0;
	}
	if (strncmp(version, "4.", 2))
		return -EINVAL;
	s = version + 2;
	/* No strtoul: it would take " 17", "+17" and "017". */
	if (*s == '0')
		return -EINVAL;
	for (; *s >= '0' && *s <= '9' && minor <= XEN_NEWEST; s++)
		minor = minor * 10 + (unsigned)(*s - '0');
	if (*s || minor < XEN_OLDEST || minor > XEN_NEWEST)
		return -EINVAL;
	settings->xen_first = minor;
	settings->xen_last = minor;
	return 0;
}
