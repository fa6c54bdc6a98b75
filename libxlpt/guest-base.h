/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The device tree that libxl itself makes for a guest, before anything of a
 * partial tree is in it: the same nodes, properties and values in the same
 * order (tools/libs/light/libxl_arm.c, libxl__prepare_dtb, and what its
 * finalise step fills in once the guest's memory is populated).
 */
#ifndef XLPT_GUEST_BASE_H
#define XLPT_GUEST_BASE_H

#include "fdt-writer.h"
#include "libxlpt.h"

/* libxl's own phandles; those of a partial tree must be others. */
#define GUEST_PHANDLE_GIC 65000u
#define GUEST_PHANDLE_IOMMU 65001u

/* libxl's buffer for the whole tree (FDT_MAX_SIZE). */
#define GUEST_TREE_MAX (1u << 20)

/* One virtio-mmio device, in the order libxl numbers them: disks, then virtio=. */
struct merge_virtio {
	const char *type;	/* of virtio=: "virtio,device22" …; NULL for a disk */
	uint32_t backend;	/* domain id of the backend; 0: dom0 */
	bool grants;		/* the backend gets at the guest's memory by grants */
};

/*
 * What decides the tree. `guest` must name one release; of it, memory, vcpus
 * (maxvcpus=), gic, ipa_bits, vuart, virtio, pci and acpi count. Unset ones
 * take libxl's default where it has one: 1 vcpu; the caller says which
 * interrupt controller the host has.
 */
struct merge_settings {
	struct xlpt_settings guest;
	bool arm32;			/* the kernel is a 32-bit one */
	const char *cmdline;		/* NULL: no cmdline=, root= or extra= */
	bool ramdisk;
	uint64_t ramdisk_size;		/* bytes of the file; 0: libxl's placeholder stays */
	bool optee;			/* tee="optee" */
	uint32_t clock_frequency;	/* of Xen, which tells where the firmware does not set CNTFRQ; 0 */
	uint64_t acpi_size;		/* bytes of the ACPI tables with acpi=1; 0: left as placeholder */
	const struct merge_virtio *virtio;	/* guest.virtio of them, or NULL: disks of dom0 */
	const struct xlpt_iomem *iomem;	/* 4.21 and later take it out of the extended regions */
	size_t n_iomem;
};

/* Is this release's tree compared with that of its own libxl in the project's tests? */
bool guest_base_proven(unsigned minor);

/* Write everything up to the last of libxl's nodes; the root stays open. */
void guest_base_write(struct fdt_writer *w, const struct merge_settings *settings);

/*
 * In the finished tree: memory, extended regions, ramdisk and ACPI tables
 * where libxl had placeholders. 0 or a negative FDT_ERR_*.
 */
int guest_base_finalise(void *fdt, const struct merge_settings *settings);

#endif
