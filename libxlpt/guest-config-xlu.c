/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a configuration with libxlutil, as xl does: the last assignment of a
 * key wins, += extends a list. Values are taken the way xl's parse_config_data
 * takes them; what xl refuses is refused here.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest-config.h"
#include "xlu-load.h"

struct reader {
	struct guest_config *config;
	const struct xlu_lib *lib;
	XLU_Config *xlu;
	int rc;		/* the first failure, with config->error */
};

static void refuse(struct reader *reader, int rc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void refuse(struct reader *reader, int rc, const char *fmt, ...)
{
	va_list ap;

	if (reader->rc)
		return;
	reader->rc = rc;
	va_start(ap, fmt);
	reader->config->error = arena_vprintf(&reader->config->arena, fmt, ap);
	va_end(ap);
}

static const char *get_string(struct reader *reader, const char *key)
{
	const char *value;
	int error = reader->lib->xlu_cfg_get_string(reader->xlu, key, &value, 1);

	if (error == EINVAL)
		refuse(reader, -EINVAL, "%s takes a string", key);
	return error ? NULL : arena_strdup(&reader->config->arena, value);
}

/* 0 when it is absent. */
static uint64_t get_number(struct reader *reader, const char *key, bool *has_r)
{
	long value;
	int error = reader->lib->xlu_cfg_get_long(reader->xlu, key, &value, 1);

	if (has_r)
		*has_r = error != ESRCH;
	if (error == ESRCH)
		return 0;
	if (error || value < 0) {
		refuse(reader, -EINVAL, "%s takes a number", key);
		return 0;
	}
	return (uint64_t)value;
}

/* The entries of a list, each a string or a number; NULL when it is absent or refused. */
static const char **get_list(struct reader *reader, const char *key, size_t *n_r, bool *has_r)
{
	struct arena *arena = &reader->config->arena;
	XLU_ConfigList *list;
	const char **items;
	int n, i, error;

	*n_r = 0;
	error = reader->lib->xlu_cfg_get_list(reader->xlu, key, &list, &n, 1);
	if (has_r)
		*has_r = error != ESRCH;
	if (error == ESRCH)
		return NULL;
	if (error) {
		refuse(reader, -EINVAL, "%s takes a list", key);
		return NULL;
	}
	if (n > GUEST_CONFIG_MAX_ENTRIES) {
		refuse(reader, -E2BIG, "%s has more than %d entries", key, GUEST_CONFIG_MAX_ENTRIES);
		return NULL;
	}
	items = arena_alloc(arena, (size_t)n + 1, sizeof(*items));
	for (i = 0; items && i < n; i++) {
		const char *item = reader->lib->xlu_cfg_get_listitem(list, i);

		if (!item) {
			refuse(reader, -EINVAL, "entry %d of %s is a list itself", i + 1, key);
			return NULL;
		}
		items[i] = arena_strdup(arena, item);
		if (!items[i])
			return NULL;
	}
	if (items)
		*n_r = (size_t)n;
	return items;
}

static void read_irqs(struct reader *reader)
{
	struct guest_config *config = reader->config;
	const char **items;
	uint32_t *irqs;
	size_t n, i;

	items = get_list(reader, "irqs", &n, NULL);
	irqs = arena_alloc(&config->arena, n, sizeof(*irqs));
	if (!irqs)
		return;
	for (i = 0; i < n; i++)
		if (!guest_config_irq(items[i], &irqs[i]))
			refuse(reader, -EINVAL, "entry %zu of irqs is no decimal INTID: %s", i + 1,
			       items[i]);
	config->irqs = irqs;
	config->n_irqs = n;
}

static void read_iomem(struct reader *reader)
{
	struct guest_config *config = reader->config;
	struct xlpt_iomem *iomem;
	const char **items;
	size_t n, i;

	items = get_list(reader, "iomem", &n, NULL);
	iomem = arena_alloc(&config->arena, n, sizeof(*iomem));
	if (!iomem)
		return;
	for (i = 0; i < n; i++)
		if (!guest_config_iomem(items[i], &iomem[i]))
			refuse(reader, -EINVAL,
			       "entry %zu of iomem is not \"START,COUNT[@GFN]\" in hexadecimal frames: %s",
			       i + 1, items[i]);
	config->iomem = iomem;
	config->n_iomem = n;
}

/* libxl gives a virtio-mmio device to each such disk (4.17) and each such virtio entry (4.18). */
static void count_virtio(struct reader *reader, const char *key)
{
	struct guest_config *config = reader->config;
	const char **items, **all;
	size_t n, i;

	items = get_list(reader, key, &n, NULL);
	all = arena_alloc(&config->arena, config->n_virtio + n, sizeof(*all));
	if (!all)
		return;
	for (i = 0; i < config->n_virtio; i++)
		all[i] = config->virtio[i];
	config->virtio = all;
	for (i = 0; i < n; i++)
		if (guest_config_is_virtio(items[i]))
			all[config->n_virtio++] = items[i];
}

static unsigned read_gic(struct reader *reader)
{
	const char *gic = get_string(reader, "gic_version");

	if (!gic || !strcasecmp(gic, "default"))
		return 0;
	if (!strcasecmp(gic, "v2"))
		return 2;
	if (!strcasecmp(gic, "v3"))
		return 3;
	refuse(reader, -EINVAL, "gic_version takes \"default\", \"v2\" or \"v3\", not \"%s\"", gic);
	return 0;
}

/* cmdline=, else root= and extra= (xl_parse.c, parse_cmdline). */
static const char *read_cmdline(struct reader *reader)
{
	const char *cmdline = get_string(reader, "cmdline");
	const char *root = get_string(reader, "root"), *extra = get_string(reader, "extra");

	if (cmdline || !root)
		return cmdline ? cmdline : extra;
	return arena_printf(&reader->config->arena, "root=%s%s%s", root, extra ? " " : "",
			    extra ? extra : "");
}

static void read_values(struct reader *reader)
{
	struct guest_config *config = reader->config;
	const char *vuart, *tee;
	size_t n_pci;

	config->name = get_string(reader, "name");
	config->uuid = get_string(reader, "uuid");
	config->memory_mib = get_number(reader, "memory", NULL);
	config->maxmem_mib = get_number(reader, "maxmem", NULL);
	config->vcpus = get_number(reader, "vcpus", NULL);
	config->maxvcpus = get_number(reader, "maxvcpus", NULL);
	/* Both are sizes for arithmetic to come; Xen has no such guests either. */
	if (config->memory_mib > 1 << 24 || config->maxmem_mib > 1 << 24)
		refuse(reader, -EINVAL, "memory or maxmem is more than 16 TiB");
	if (config->vcpus > 4096 || config->maxvcpus > 4096)
		refuse(reader, -EINVAL, "vcpus or maxvcpus is more than 4096");
	config->gic = read_gic(reader);
	vuart = get_string(reader, "vuart");
	config->vuart = vuart && !strcasecmp(vuart, "sbsa_uart");
	config->acpi = get_number(reader, "acpi", NULL) != 0;
	get_list(reader, "pci", &n_pci, NULL);
	config->pci = n_pci > 0;
	config->passthrough = get_string(reader, "passthrough");
	get_number(reader, "shadow_memory", &config->has_shadow_memory);
	config->cmdline = read_cmdline(reader);
	config->ramdisk = get_string(reader, "ramdisk");
	tee = get_string(reader, "tee");
	config->optee = tee && !strcmp(tee, "optee");
	count_virtio(reader, "disk");
	count_virtio(reader, "virtio");

	config->dt_host = get_string(reader, "dt_host");
	config->dt_passthrough = get_list(reader, "dt_passthrough", &config->n_dt_passthrough,
					  &config->has_dt_passthrough);
	config->device_tree = get_string(reader, "device_tree");
	if (config->device_tree && !strcmp(config->device_tree, GUEST_CONFIG_TRIP_WIRE)) {
		config->trip_wire = true;
		config->device_tree = NULL;
	}
	read_irqs(reader);
	read_iomem(reader);
	config->dtdev = get_list(reader, "dtdev", &config->n_dtdev, NULL);
}

/* What libxlutil wrote about the text, without the last newline. */
static void keep_report(struct reader *reader, char *report, size_t size)
{
	while (size && report[size - 1] == '\n')
		report[--size] = '\0';
	refuse(reader, -EINVAL, "%s", size ? report : "not a domain configuration");
}

int guest_config_read(struct guest_config *config, const char *source, const char *text,
		      size_t size)
{
	struct reader reader = { .config = config };
	char *report = NULL, error_text[256] = "";
	const struct xlu_lib *lib;
	size_t report_size = 0;
	FILE *to;
	int error;

	*config = (struct guest_config){ 0 };
	arena_init(&config->arena);
	if (size > GUEST_CONFIG_MAX_BYTES) {
		refuse(&reader, -E2BIG, "larger than %u KiB", GUEST_CONFIG_MAX_BYTES >> 10);
		return reader.rc;
	}
	/* Of a string with one libxlutil's lexer and its unquoting see different ends; that is an assertion. */
	if (memchr(text, '\0', size)) {
		refuse(&reader, -EINVAL, "not a configuration: it holds a NUL byte");
		return reader.rc;
	}
	lib = reader.lib = xlu_load(error_text, sizeof(error_text));
	if (!lib) {
		refuse(&reader, -ENODEV, "%s", error_text);
		return reader.rc;
	}
	/* libxlutil prints; what it says becomes the error. */
	to = open_memstream(&report, &report_size);
	if (!to)
		return -ENOMEM;
	reader.xlu = lib->xlu_cfg_init(to, source);
	if (!reader.xlu) {
		fclose(to);
		free(report);
		return -ENOMEM;
	}
	error = lib->xlu_cfg_readdata(reader.xlu, text, (int)size);
	if (!error)
		read_values(&reader);
	lib->xlu_cfg_destroy(reader.xlu);
	fclose(to);
	if (error == ENOMEM)
		refuse(&reader, -ENOMEM, "out of memory");
	else if (error)
		keep_report(&reader, report ? report : (char[]){ "" }, report_size);
	free(report);
	if (config->arena.failed)
		return -ENOMEM;
	return reader.rc;
}
