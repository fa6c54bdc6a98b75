/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Xen itself says, without xenstored and without libxl.
 *
 *	xen-state		its free memory in pages, then a line "DOMID STATE"
 *				for every domain but dom0
 *	xen-state await DOMID	until a domain with a higher number waits for
 *				events; exit status 1 after a minute
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xenctrl.h>

#define MAX_DOMAINS 64

static const char *state(const xc_domaininfo_t *info)
{
	if (info->flags & XEN_DOMINF_dying)
		return "dying";
	if (info->flags & XEN_DOMINF_shutdown)
		return "shutdown";
	if (info->flags & XEN_DOMINF_paused)
		return "paused";
	return info->flags & XEN_DOMINF_blocked ? "blocked" : "running";
}

static int show(xc_interface *xch)
{
	xc_domaininfo_t info[MAX_DOMAINS];
	xc_physinfo_t physinfo = { 0 };
	int i, n;

	if (xc_physinfo(xch, &physinfo))
		return 1;
	n = xc_domain_getinfolist(xch, 1, MAX_DOMAINS, info);
	if (n < 0)
		return 1;
	printf("%llu\n", (unsigned long long)physinfo.free_pages);
	for (i = 0; i < n; i++)
		printf("%u %s\n", (unsigned)info[i].domain, state(&info[i]));
	return 0;
}

static int await_blocked(xc_interface *xch, unsigned after)
{
	xc_domaininfo_t info;
	int tries;

	for (tries = 0; tries < 1200; tries++, usleep(50000))
		if (xc_domain_getinfolist(xch, after + 1, 1, &info) == 1 && !strcmp(state(&info), "blocked"))
			return 0;
	return 1;
}

int main(int argc, char **argv)
{
	xc_interface *xch = xc_interface_open(NULL, NULL, 0);

	if (!xch)
		return 1;
	if (argc == 3 && !strcmp(argv[1], "await"))
		return await_blocked(xch, (unsigned)atoi(argv[2]));
	return show(xch);
}
