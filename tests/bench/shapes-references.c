/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trees of many nodes that refer to each other. */
#include <stdio.h>

#include "make-tree.h"

#define FIRST_PHANDLE 100

/* Devices joined in pairs by the ends of a graph. */
void graph(void)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		begin("port", 0);
		begin("endpoint", 0);
		cell("phandle", FIRST_PHANDLE + i);
		cell("remote-endpoint", FIRST_PHANDLE + (i ^ 1));
		end();
		end();
		end();
	}
}

/* One device with as many children as there are others, each of which refers to one. */
void inside(void)
{
	unsigned i;

	begin_device(0, DEVICE_BASE, 4096);
	for (i = 1; i < n; i++) {
		char name[32];

		snprintf(name, sizeof(name), "pin%u", i);
		begin(name, 0);
		cell("phandle", FIRST_PHANDLE + i);
		end();
	}
	end();
	for (i = 1; i < n; i++) {
		begin_device(i, DEVICE_BASE + i * 4096, 4096);
		cell("pinctrl-0", FIRST_PHANDLE + i);
		end();
	}
}

/* One host bridge with as many memory windows, in few enough pages for a guest. */
void pci_windows(void)
{
	unsigned i;
	void *value;

	begin("pcie", DEVICE_BASE);
	string("compatible", "bench,pcie");
	string("device_type", "pci");
	cell("#address-cells", 3);
	cell("#size-cells", 2);
	cells("reg", 2, DEVICE_BASE, 4096, 0);
	value = room("ranges", n * 24);
	for (i = 0; i < n; i++) {
		put_cell(value, i * 6, 0x2000000);
		put_cell(value, i * 6 + 1, 0);
		put_cell(value, i * 6 + 2, 0x40000000 + i * 8192);
		put_cell(value, i * 6 + 3, 0x40000000 + i % 4096 * 8192);
		put_cell(value, i * 6 + 4, 0);
		put_cell(value, i * 6 + 5, 4096);
	}
	end();
}
