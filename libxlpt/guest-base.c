/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest-base.h"
#include "guest-extended.h"
#include "layout.h"

/* Flags of libxl's interrupt specifiers; the mask of CPUs is GICv2's. */
#define ALL_CPUS 0xf00u
#define EDGE_RISING (ALL_CPUS | 1u)
#define LEVEL_HIGH (ALL_CPUS | 4u)
#define LEVEL_LOW (ALL_CPUS | 8u)
#define SPI(intid) 0u, (intid) - 32u
#define PPI(intid) 1u, (intid) - 16u

#define TIMER_VIRT 27u
#define TIMER_PHYS_S 29u
#define TIMER_PHYS_NS 30u
#define EVENT_CHANNEL 31u
#define VUART_SPI 32u
#define VIRTIO_SPI_FIRST 33u

#define VIRTIO_BASE 0x2000000u
#define VIRTIO_SIZE 0x200u
#define ACPI_BASE 0x20000000u
#define MODULES_AT ((uint64_t)128 << 20)
#define PAGES(bytes) (((uint64_t)(bytes) + 0xfff) & ~(uint64_t)0xfff)

/* Bytes of /chosen/rng-seed, 4.16 and later. libxl draws them at random. */
#define SEED_SIZE 128

bool guest_base_proven(unsigned minor)
{
	return minor == 17 || minor == 20;
}

static void root(struct fdt_writer *w, unsigned minor)
{
	char text[64];
	int len;

	snprintf(text, sizeof(text), "XENVM-4.%u", minor);
	fdtw_string(w, "model", text);
	len = snprintf(text, sizeof(text), "xen,xenvm-4.%u%cxen,xenvm", minor, '\0');
	fdtw_bytes(w, "compatible", text, (size_t)len + 1);
	fdtw_list(w, "interrupt-parent", GUEST_PHANDLE_GIC);
	fdtw_list(w, "#address-cells", 2);
	fdtw_list(w, "#size-cells", 2);
}

static void chosen(struct fdt_writer *w, const struct merge_settings *s)
{
	static const uint8_t seed[SEED_SIZE];

	fdtw_begin(w, "chosen");
	if (s->cmdline)
		fdtw_string(w, "bootargs", s->cmdline);
	if (s->ramdisk) {
		fdtw_list(w, "linux,initrd-start", 0, 0);
		fdtw_list(w, "linux,initrd-end", 0, 0);
	}
	if (s->guest.acpi) {
		fdtw_begin(w, "module@20000000");
		fdtw_bytes(w, "compatible", FDTW_STRINGS("xen,guest-acpi\0multiboot,module"));
		fdtw_list(w, "reg", 0, 0, 0, 0);
		fdtw_end(w);
	}
	/* Behind the subnode, where the specification wants no property: libxl does it so. */
	if (s->guest.xen_last >= 16)
		fdtw_bytes(w, "rng-seed", seed, sizeof(seed));
	fdtw_end(w);
}

/* The affinity bits of a vcpu's MPIDR: 16 a cluster, so that software interrupts reach all. */
static uint32_t mpidr(unsigned vcpu)
{
	return (vcpu & 0x0f) | ((vcpu >> 4) & 0xff) << 8;
}

static void cpus(struct fdt_writer *w, const struct merge_settings *s)
{
	unsigned n = s->guest.vcpus ? s->guest.vcpus : 1, i;
	char name[32];

	fdtw_begin(w, "cpus");
	fdtw_list(w, "#address-cells", 1);
	fdtw_list(w, "#size-cells", 0);
	for (i = 0; i < n && !w->error; i++) {
		snprintf(name, sizeof(name), "cpu@%x", mpidr(i));
		fdtw_begin(w, name);
		fdtw_string(w, "device_type", "cpu");
		fdtw_string(w, "compatible", s->arm32 ? "arm,cortex-a15" : "arm,armv8");
		fdtw_string(w, "enable-method", "psci");
		fdtw_list(w, "reg", mpidr(i));
		fdtw_end(w);
	}
	fdtw_end(w);

	fdtw_begin(w, "psci");
	fdtw_bytes(w, "compatible", FDTW_STRINGS("arm,psci-1.0\0arm,psci-0.2\0arm,psci"));
	fdtw_string(w, "method", "hvc");
	fdtw_list(w, "cpu_off", 1);
	fdtw_list(w, "cpu_on", 2);
	fdtw_end(w);
}

static void memory(struct fdt_writer *w)
{
	static const char *const names[] = { "memory@40000000", "memory@200000000" };
	size_t i;

	for (i = 0; i < 2; i++) {
		fdtw_begin(w, names[i]);
		fdtw_string(w, "device_type", "memory");
		fdtw_list(w, "reg", 0, 0, 0, 0);
		fdtw_end(w);
	}
}

static void gic(struct fdt_writer *w, bool v3)
{
	fdtw_begin(w, "interrupt-controller@3001000");
	if (v3)
		fdtw_string(w, "compatible", "arm,gic-v3");
	else
		fdtw_bytes(w, "compatible", FDTW_STRINGS("arm,cortex-a15-gic\0arm,cortex-a9-gic"));
	fdtw_list(w, "#interrupt-cells", 3);
	fdtw_list(w, "#address-cells", 0);
	fdtw_flag(w, "interrupt-controller");
	if (v3)
		fdtw_list(w, "reg", 0, 0x3001000, 0, 0x10000, 0, 0x3020000, 0, 0x1000000);
	else
		fdtw_list(w, "reg", 0, 0x3001000, 0, 0x1000, 0, 0x3002000, 0, 0x2000);
	fdtw_list(w, "linux,phandle", GUEST_PHANDLE_GIC);
	fdtw_list(w, "phandle", GUEST_PHANDLE_GIC);
	fdtw_end(w);
}

static void timer(struct fdt_writer *w, const struct merge_settings *s)
{
	fdtw_begin(w, "timer");
	fdtw_string(w, "compatible", s->arm32 ? "arm,armv7-timer" : "arm,armv8-timer");
	fdtw_list(w, "interrupts", PPI(TIMER_PHYS_S), LEVEL_LOW, PPI(TIMER_PHYS_NS), LEVEL_LOW,
		  PPI(TIMER_VIRT), LEVEL_LOW);
	fdtw_list(w, "interrupt-parent", GUEST_PHANDLE_GIC);
	if (s->clock_frequency)
		fdtw_list(w, "clock-frequency", s->clock_frequency);
	fdtw_end(w);
}

static void hypervisor(struct fdt_writer *w, unsigned minor)
{
	static const uint32_t placeholder[(1 + EXTENDED_MAX) * 4];
	char compatible[32];
	int len;

	fdtw_begin(w, "hypervisor");
	len = snprintf(compatible, sizeof(compatible), "xen,xen-4.%u%cxen,xen", minor, '\0');
	fdtw_bytes(w, "compatible", compatible, (size_t)len + 1);
	fdtw_cells(w, "reg", placeholder, 4 * (1 + extended_room(minor)));
	fdtw_list(w, "interrupts", PPI(EVENT_CHANNEL), LEVEL_LOW);
	fdtw_list(w, "interrupt-parent", GUEST_PHANDLE_GIC);
	fdtw_end(w);
}

static void vuart(struct fdt_writer *w)
{
	fdtw_begin(w, "sbsa-pl011");
	fdtw_string(w, "compatible", "arm,sbsa-uart");
	fdtw_list(w, "reg", 0, 0x22000000, 0, 0x1000);
	fdtw_list(w, "interrupts", SPI(VUART_SPI), LEVEL_HIGH);
	fdtw_list(w, "interrupt-parent", GUEST_PHANDLE_GIC);
	fdtw_list(w, "current-speed", 115200);
	fdtw_end(w);
}

static void optee(struct fdt_writer *w)
{
	fdtw_begin(w, "firmware");
	fdtw_begin(w, "optee");
	fdtw_string(w, "compatible", "linaro,optee-tz");
	fdtw_string(w, "method", "hvc");
	fdtw_end(w);
	fdtw_end(w);
}

static void vpci(struct fdt_writer *w, unsigned minor)
{
	/* Prefetchable 64-bit memory; only since 4.19 does its flag say 64-bit as well. */
	uint32_t prefetch = minor >= 19 ? 0x43000000 : 0x42000000;

	fdtw_begin(w, "pcie@10000000");
	fdtw_string(w, "compatible", "pci-host-ecam-generic");
	fdtw_string(w, "device_type", "pci");
	fdtw_list(w, "reg", 0, 0x10000000, 0, 0x10000000);
	fdtw_list(w, "bus-range", 0, 255);
	fdtw_list(w, "#address-cells", 3);
	fdtw_list(w, "#size-cells", 2);
	fdtw_string(w, "status", "okay");
	fdtw_list(w, "ranges",
		  0x02000000, FDTW_64(0x23000000), FDTW_64(0x23000000), FDTW_64(0x10000000),
		  prefetch, FDTW_64(0x100000000), FDTW_64(0x100000000), FDTW_64(0x100000000));
	fdtw_end(w);
}

static void grant_iommu(struct fdt_writer *w)
{
	fdtw_begin(w, "xen_iommu");
	fdtw_string(w, "compatible", "xen,grant-dma");
	fdtw_list(w, "#iommu-cells", 1);
	fdtw_list(w, "phandle", GUEST_PHANDLE_IOMMU);
	fdtw_end(w);
}

/* What a virtio= device of a known kind has below it. */
static void virtio_child(struct fdt_writer *w, const char *type)
{
	bool gpio = !strcmp(type, "virtio,device29");

	if (!gpio && strcmp(type, "virtio,device22"))
		return;
	fdtw_begin(w, gpio ? "gpio" : "i2c");
	fdtw_string(w, "compatible", type);
	if (gpio) {
		fdtw_flag(w, "gpio-controller");
		fdtw_list(w, "#gpio-cells", 2);
		fdtw_flag(w, "interrupt-controller");
		fdtw_list(w, "#interrupt-cells", 2);
	}
	fdtw_end(w);
}

static void virtio_device(struct fdt_writer *w, unsigned i, const struct merge_virtio *device)
{
	uint32_t base = VIRTIO_BASE + i * VIRTIO_SIZE;
	char name[32];

	snprintf(name, sizeof(name), "virtio@%x", base);
	fdtw_begin(w, name);
	fdtw_string(w, "compatible", "virtio,mmio");
	fdtw_list(w, "reg", 0, base, 0, VIRTIO_SIZE);
	fdtw_list(w, "interrupts", SPI(VIRTIO_SPI_FIRST + i), EDGE_RISING);
	fdtw_list(w, "interrupt-parent", GUEST_PHANDLE_GIC);
	fdtw_flag(w, "dma-coherent");
	if (device->grants)
		fdtw_list(w, "iommus", GUEST_PHANDLE_IOMMU, device->backend);
	if (device->type)
		virtio_child(w, device->type);
	fdtw_end(w);
}

static void virtio(struct fdt_writer *w, const struct merge_settings *s)
{
	/* 4.17 has the IOMMU before its first user, later ones behind the last. */
	bool old = s->guest.xen_last < 18, any = false;
	static const struct merge_virtio disk;
	const struct merge_virtio *device;
	unsigned i;

	if (s->guest.xen_last < 17)
		return;
	for (i = 0; i < s->guest.virtio && !w->error; i++) {
		device = s->virtio ? &s->virtio[i] : &disk;
		if (old && device->grants && !any)
			grant_iommu(w);
		any |= device->grants;
		virtio_device(w, i, device);
	}
	if (!old && any)
		grant_iommu(w);
}

void guest_base_write(struct fdt_writer *w, const struct merge_settings *s)
{
	unsigned minor = s->guest.xen_last;

	fdtw_begin(w, "");
	root(w, minor);
	chosen(w, s);
	cpus(w, s);
	memory(w);
	gic(w, s->guest.gic != 2);
	timer(w, s);
	hypervisor(w, minor);
	if (s->guest.vuart)
		vuart(w);
	if (s->optee)
		optee(w);
	if (s->guest.pci)
		vpci(w, minor);
	virtio(w, s);
}

static int set_cells(void *fdt, const char *path, const char *name, const uint32_t *cells, size_t n)
{
	fdt32_t value[4 * (1 + EXTENDED_MAX)];
	int node = fdt_path_offset(fdt, path);
	size_t i;

	if (node < 0)
		return node;
	for (i = 0; i < n; i++)
		value[i] = cpu_to_fdt32(cells[i]);
	return fdt_setprop(fdt, node, name, value, (int)(n * sizeof(*value)));
}

static int finalise_memory(void *fdt, const struct merge_settings *s)
{
	static const char *const paths[] = { "/memory@40000000", "/memory@200000000" };
	struct region banks[2];
	size_t n, i;
	int rc = 0;

	n = layout_ram(s->guest.xen_last, s->guest.memory_mib, banks);
	for (i = 0; i < 2 && !rc; i++) {
		if (i < n) {
			uint32_t reg[] = { FDTW_64(banks[i].base), FDTW_64(banks[i].size) };

			rc = set_cells(fdt, paths[i], "reg", reg, 4);
		} else {
			rc = fdt_path_offset(fdt, paths[i]);
			/* No RAM in the bank: the node is overwritten, the blob stays as long. */
			rc = rc < 0 ? rc : fdt_nop_node(fdt, rc);
		}
	}
	return rc;
}

static int finalise_hypervisor(void *fdt, const struct merge_settings *s)
{
	struct extended extended[EXTENDED_MAX];
	uint32_t cells[4 * (1 + EXTENDED_MAX)] = { FDTW_64(0x38000000), FDTW_64(0x1000000) };
	size_t n, i;

	n = extended_regions(s, extended);
	for (i = 0; i < n; i++) {
		const uint32_t reg[] = { FDTW_64(extended[i].base), FDTW_64(extended[i].size) };

		memcpy(cells + 4 * (1 + i), reg, sizeof(reg));
	}
	return set_cells(fdt, "/hypervisor", "reg", cells, 4 * (1 + n));
}

/*
 * Ramdisk and tree go to 128 MiB into the first bank, or to its end where it is
 * too small for that (xg_dom_arm.c, meminit). A kernel that reaches so far
 * would move them; its size is not known here.
 */
static uint64_t ramdisk_start(const void *fdt, const struct merge_settings *s)
{
	uint64_t size = PAGES(s->ramdisk_size) + PAGES(fdt_totalsize(fdt));
	struct region banks[2];
	uint64_t end;

	layout_ram(s->guest.xen_last, s->guest.memory_mib, banks);
	end = banks[0].base + banks[0].size;
	if (banks[0].size >= MODULES_AT + size)
		return banks[0].base + MODULES_AT;
	return banks[0].size > size ? end - size : 0;
}

int guest_base_finalise(void *fdt, const struct merge_settings *s)
{
	uint64_t from = s->ramdisk && s->ramdisk_size ? ramdisk_start(fdt, s) : 0;
	const uint32_t start[] = { FDTW_64(from) };
	const uint32_t end[] = { FDTW_64(from ? from + PAGES(s->ramdisk_size) : 0) };
	const uint32_t acpi[] = { FDTW_64(ACPI_BASE), FDTW_64(s->acpi_size) };
	int rc = 0;

	if (s->ramdisk)
		rc = set_cells(fdt, "/chosen", "linux,initrd-start", start, 2);
	if (s->ramdisk && !rc)
		rc = set_cells(fdt, "/chosen", "linux,initrd-end", end, 2);
	if (!rc)
		rc = finalise_hypervisor(fdt, s);
	if (!rc)
		rc = finalise_memory(fdt, s);
	if (!rc && s->guest.acpi && s->acpi_size)
		rc = set_cells(fdt, "/chosen/module@20000000", "reg", acpi, 4);
	return rc;
}
