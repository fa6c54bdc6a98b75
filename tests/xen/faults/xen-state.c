/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Xen itself says, without xenstored and without libxl: its free memory
 * in pages, then a line "DOMID STATE" for every domain but dom0.
 */
#include <stdio.h>
#include <xenctrl.h>

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

int main(void)
{
	xc_interface *xch = xc_interface_open(NULL, NULL, 0);
	xc_domaininfo_t info[64];
	xc_physinfo_t physinfo = { 0 };
	int i, n;

	if (!xch || xc_physinfo(xch, &physinfo))
		return 1;
	n = xc_domain_getinfolist(xch, 1, 64, info);
	if (n < 0)
		return 1;
	printf("%llu\n", (unsigned long long)physinfo.free_pages);
	for (i = 0; i < n; i++)
		printf("%u %s\n", (unsigned)info[i].domain, state(&info[i]));
	xc_interface_close(xch);
	return 0;
}
