/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks Xen whether device-tree devices could be assigned, as libxenctrl does it.
 * Usage: test-assign DOMID PATH...    Prints "PATH: 0" or "PATH: ERRNO-TEXT" for each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenctrl.h>

int main(int argc, char **argv)
{
	xc_interface *xch = xc_interface_open(NULL, NULL, 0);
	int i;

	if (!xch || argc < 3)
		return 2;
	for (i = 2; i < argc; i++) {
		int rc = xc_test_assign_dt_device(xch, strtoul(argv[1], NULL, 0), argv[i]);

		printf("%s: %s\n", argv[i], rc ? strerror(errno) : "0");
	}
	xc_interface_close(xch);
	return 0;
}
