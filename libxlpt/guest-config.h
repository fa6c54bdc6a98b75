/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domain configuration as xl.cfg(5) and our own keys have it, read into
 * plain data. The grammar is libxlutil's (guest-config-xlu.c); a build without
 * it answers -ENODEV (guest-config-none.c). Looking for a key needs neither.
 */
#ifndef XLPT_GUEST_CONFIG_H
#define XLPT_GUEST_CONFIG_H

#include "arena.h"
#include "libxlpt.h"

/* Of the text, arguments included; real ones are a few KiB, and libxlutil is quadratic in +=. */
#define GUEST_CONFIG_MAX_BYTES (256u << 10)
/* Entries of one list, after which the file is not taken for a configuration. */
#define GUEST_CONFIG_MAX_ENTRIES 65536

/* device_tree with this value is the trip-wire for an xl that does not know our keys: none. */
#define GUEST_CONFIG_TRIP_WIRE "xl-passthrough"

/* Absent strings are NULL, absent lists empty; what xl's default is stays 0. */
struct guest_config {
	struct arena arena;	/* owns all of it */
	const char *error;	/* why there is nothing else: for people, one line or several */

	const char *name, *uuid;
	uint64_t memory_mib, maxmem_mib;
	uint64_t vcpus, maxvcpus;
	unsigned gic;		/* 2, 3; 0: the host's */
	bool vuart, acpi, pci;
	unsigned n_virtio;	/* virtio-mmio devices, as libxl counts them */
	const char **virtio;	/* the disk= and virtio= entries they come from */
	const char *passthrough;	/* xl's own key */
	bool has_shadow_memory;
	const char *cmdline;	/* of the kernel, as xl puts it together; NULL: none */
	const char *ramdisk;
	bool optee;

	bool trip_wire;
	const char *device_tree;	/* never the trip-wire */
	const char *dt_host;
	const char **dt_passthrough;
	size_t n_dt_passthrough;
	bool has_dt_passthrough;	/* the key is there, be it empty */

	const uint32_t *irqs;
	size_t n_irqs;
	const struct xlpt_iomem *iomem;	/* gfn = start where none is given, as libxl does */
	size_t n_iomem;
	const char **dtdev;
	size_t n_dtdev;
};

/*
 * Read a configuration. `source` is how its errors call it. 0; -EINVAL with
 * config->error: it is none, or a value is not what xl takes; -ENODEV with
 * config->error: this build cannot read any; -E2BIG; -ENOMEM.
 * guest_config_free() in any case.
 */
int guest_config_read(struct guest_config *config, const char *source, const char *text,
		      size_t size);
void guest_config_free(struct guest_config *config);

/* What it says of the guest, into what the settings leave open. */
void guest_config_settings(const struct guest_config *config, struct xlpt_settings *settings);

/*
 * Is `key` assigned anywhere in the text? By the grammar's tokens, without
 * reading values: cheap, and never wrong about a text that libxlutil takes.
 */
bool guest_config_has_key(const char *text, size_t size, const char *key);

/* ---- for the readers ------------------------------------------------------- */

/* "START,NUM[@GFN]" as xl's sscanf takes it, without a sign and without wrapping. */
bool guest_config_iomem(const char *s, struct xlpt_iomem *iomem_r);
/* An INTID in decimal, nothing around it. */
bool guest_config_irq(const char *s, uint32_t *irq_r);
/* Does a disk= or virtio= entry make libxl add a virtio-mmio device? */
bool guest_config_is_virtio(const char *entry);

#endif
