/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What does not depend on libxlutil: values, and the settings that follow from them. */
#include <string.h>

#include "guest-config.h"

void guest_config_free(struct guest_config *config)
{
	arena_free(&config->arena);
	*config = (struct guest_config){ 0 };
}

static bool blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* %SCNx64 without the sign: blanks, an optional 0x, digits. NULL: no number, or too large. */
static const char *hex(const char *s, uint64_t *value_r)
{
	uint64_t value = 0;
	unsigned digits = 0;

	while (blank(*s))
		s++;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		s += 2;
	for (;; s++, digits++) {
		char c = *s;
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (unsigned)((c | 0x20) - 'a' + 10);
		else
			break;
		if (value >> 60)
			return NULL;
		value = value << 4 | digit;
	}
	*value_r = value;
	return digits ? s : NULL;
}

/* Frames of a 64-bit address space; what lies beyond would wrap in bytes. */
#define FRAMES_END (UINT64_C(1) << (64 - XLPT_FRAME_SHIFT))

static bool fits(uint64_t start, uint64_t count)
{
	return start < FRAMES_END && count <= FRAMES_END - start;
}

bool guest_config_iomem(const char *s, struct xlpt_iomem *iomem_r)
{
	struct xlpt_iomem iomem = { 0 };

	s = hex(s, &iomem.start);
	if (!s || *s++ != ',')
		return false;
	s = hex(s, &iomem.count);
	if (!s)
		return false;
	iomem.gfn = iomem.start;
	if (*s == '@') {
		s = hex(s + 1, &iomem.gfn);
		if (!s)
			return false;
	}
	/* Xen answers EINVAL to no frames at all. */
	if (*s || !iomem.count || !fits(iomem.start, iomem.count) || !fits(iomem.gfn, iomem.count))
		return false;
	*iomem_r = iomem;
	return true;
}

bool guest_config_irq(const char *s, uint32_t *irq_r)
{
	uint64_t value = 0;

	if (!*s)
		return false;
	for (; *s >= '0' && *s <= '9' && value <= UINT32_MAX; s++)
		value = value * 10 + (unsigned)(*s - '0');
	if (*s || value >= UINT32_MAX)
		return false;
	*irq_r = (uint32_t)value;
	return true;
}

/* A comma-separated field, blanks around it aside. */
static bool has_field(const char *s, const char *field)
{
	size_t len = strlen(field), end;

	for (; s; s = strchr(s, ','), s = s ? s + 1 : NULL) {
		s += strspn(s, " \t");
		end = strcspn(s, ",");
		while (end && blank(s[end - 1]))
			end--;
		if (end == len && !strncmp(s, field, len))
			return true;
	}
	return false;
}

bool guest_config_is_virtio(const char *entry)
{
	return has_field(entry, "specification=virtio") || has_field(entry, "transport=mmio");
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void guest_config_settings(const struct guest_config *config, struct xlpt_settings *settings)
{
	/* The banks are laid out for what the guest may grow to. */
	if (!settings->memory_mib)
		settings->memory_mib = larger(config->memory_mib, config->maxmem_mib);
	/* xl starts one if it says nothing. */
	if (!settings->vcpus)
		settings->vcpus = (unsigned)larger(larger(config->vcpus, config->maxvcpus), 1);
	if (!settings->gic)
		settings->gic = config->gic;
	if (!settings->virtio)
		settings->virtio = config->n_virtio;
	settings->vuart |= config->vuart;
	settings->acpi |= config->acpi;
	settings->pci |= config->pci;
}
