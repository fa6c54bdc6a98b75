/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "print.h"
#include "settings.h"

enum {
	OPTION_XEN = OPTION_LONG + 100,
	OPTION_CONSOLE,
	OPTION_ENABLE_IOMMU,
	OPTION_MEMORY,
	OPTION_VCPUS,
	OPTION_GIC,
	OPTION_IPA_BITS,
	OPTION_VUART,
	OPTION_VIRTIO,
	OPTION_CLK_SUMMARY,
	OPTION_ALLOW,
	OPTION_STRICT,
};

static const char *allowable_id(size_t i)
{
	size_t n, k;
	const struct xlpt_diag_info *list = xlpt_diag_catalogue(&n);

	for (k = 0; k < n; k++)
		if (list[k].allowable && !i--)
			return list[k].id;
	return NULL;
}

const struct option_row settings_host_options[] = {
	{ .id = OPTION_XEN, .name = "xen", .arg = "4.NN|any",
	  .help = "Xen release the plan is for (any: 4.17 to 4.22)",
	  .values = "any 4.17 4.18 4.19 4.20 4.21 4.22" },
	{ .id = OPTION_CONSOLE, .name = "console", .arg = "PATH|none",
	  .help = "Xen's console UART, where the tree does not tell", .values = "none" },
	{ .id = OPTION_ENABLE_IOMMU, .name = "enable-iommu",
	  .help = "plan with disabled SMMUs enabled by the boot script" },
	{ 0 },
};

const struct option_row settings_guest_options[] = {
	{ .id = 'c', .name = "config", .arg = "GUEST.cfg",
	  .help = "the guest's configuration, for what no option says" },
	{ .id = OPTION_MEMORY, .name = "memory", .arg = "MIB", .help = "guest RAM in MiB" },
	{ .id = OPTION_VCPUS, .name = "vcpus", .arg = "N", .help = "virtual CPUs of the guest" },
	{ .id = OPTION_GIC, .name = "gic", .arg = "v2|v3", .help = "the guest's interrupt controller",
	  .values = "v2 v3" },
	{ .id = OPTION_IPA_BITS, .name = "ipa-bits", .arg = "N",
	  .help = "width of guest addresses (40)" },
	{ .id = OPTION_VUART, .name = "vuart", .help = "the guest has vuart=\"sbsa_uart\"" },
	{ .id = OPTION_VIRTIO, .name = "virtio", .arg = "N",
	  .help = "number of virtio-mmio devices of the guest" },
	{ 0 },
};

const struct option_row settings_decision_options[] = {
	{ .id = OPTION_CLK_SUMMARY, .name = "clk-summary", .arg = "FILE",
	  .help = "saved /sys/kernel/debug/clk/clk_summary, for clock rates" },
	{ .id = OPTION_ALLOW, .name = "allow", .arg = "ID",
	  .help = "turn the error ID into a warning", .value = allowable_id },
	{ .id = OPTION_STRICT, .name = "strict", .help = "turn warnings into errors" },
	{ 0 },
};

void settings_begin(struct settings_args *args)
{
	*args = (struct settings_args){ 0 };
	xlpt_settings_init(&args->settings);
}

void settings_done(struct settings_args *args)
{
	free(args->clk_text);
	args->clk_text = NULL;
	guest_config_free(&args->config);
}

/* A plain decimal number from min to max. */
static int number(const struct command *command, const char *option, const char *arg,
		  uint64_t min, uint64_t max, uint64_t *value_r)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(arg, &end, 10);
	if (arg[0] < '0' || arg[0] > '9' || *end || errno || value < min || value > max) {
		usage_error(command, "--%s takes a number from %llu to %llu, not '%s'", option,
			    (unsigned long long)min, (unsigned long long)max, arg);
		return -EINVAL;
	}
	*value_r = value;
	return 0;
}

static int read_clk_summary(struct settings_args *args, const char *path)
{
	size_t size;
	int rc;

	free(args->clk_text);
	args->clk_text = NULL;
	rc = file_read(path, &args->clk_text, &size);
	if (!rc && strlen(args->clk_text) != size) {
		print_error("%s: not a clk_summary: it holds a NUL byte", path);
		rc = -EINVAL;
	}
	args->settings.clk_summary = rc ? NULL : args->clk_text;
	return rc;
}

int settings_read_config(struct settings_args *args, const char *file)
{
	char *text;
	size_t size;
	int rc;

	rc = file_read_trusted(file, &text, &size);
	if (rc)
		return rc;
	guest_config_free(&args->config);
	rc = guest_config_read(&args->config, file, text, size);
	free(text);
	if (rc) {
		print_error("%s: %s", file, args->config.error ? args->config.error : strerror(-rc));
		return rc;
	}
	args->config_file = file;
	return 0;
}

int settings_option(struct settings_args *args, const struct command *command, int id,
		    const char *arg)
{
	struct xlpt_settings *settings = &args->settings;
	uint64_t value = 0;
	int rc = 0;

	switch (id) {
	case OPTION_XEN:
		rc = xlpt_settings_xen(settings, arg);
		args->xen_given = true;
		if (rc)
			usage_error(command, "--xen takes 4.6 to 4.22 or any, not '%s'", arg);
		break;
	case OPTION_CONSOLE:
		settings->console = arg;
		break;
	case OPTION_ENABLE_IOMMU:
		settings->enable_iommu = true;
		break;
	case OPTION_MEMORY:
		rc = number(command, "memory", arg, 1, 1 << 24, &settings->memory_mib);
		break;
	case OPTION_VCPUS:
		rc = number(command, "vcpus", arg, 1, 4096, &value);
		settings->vcpus = (unsigned)value;
		break;
	case OPTION_GIC:
		settings->gic = !strcmp(arg, "v2") ? 2 : !strcmp(arg, "v3") ? 3 : 0;
		if (!settings->gic) {
			usage_error(command, "--gic takes v2 or v3, not '%s'", arg);
			rc = -EINVAL;
		}
		break;
	case OPTION_IPA_BITS:
		rc = number(command, "ipa-bits", arg, 32, 52, &value);
		settings->ipa_bits = (unsigned)value;
		break;
	case OPTION_VUART:
		settings->vuart = true;
		break;
	case OPTION_VIRTIO:
		rc = number(command, "virtio", arg, 0, 1024, &value);
		settings->virtio = (unsigned)value;
		break;
	case 'c':
		rc = settings_read_config(args, arg);
		break;
	case OPTION_CLK_SUMMARY:
		rc = read_clk_summary(args, arg);
		break;
	case OPTION_ALLOW:
		if (args->n_allow == SETTINGS_MAX_ALLOW) {
			usage_error(command, "--allow is given more than %d times", SETTINGS_MAX_ALLOW);
			rc = -EINVAL;
			break;
		}
		args->allow[args->n_allow++] = arg;
		break;
	case OPTION_STRICT:
		args->strict = true;
		break;
	default:
		rc = -ENOENT;
	}
	return rc;
}

int settings_apply(struct settings_args *args, const struct command *command,
		   struct xlpt_diags *diags)
{
	size_t i;
	int rc;

	if (args->config_file)
		guest_config_settings(&args->config, &args->settings);

	for (i = 0; i < args->n_allow; i++) {
		rc = xlpt_diags_allow(diags, args->allow[i]);
		if (rc == -ENOENT)
			usage_error(command, "--allow: there is no diagnostic '%s'", args->allow[i]);
		else if (rc == -EPERM)
			usage_error(command, "--allow: %s cannot be allowed", args->allow[i]);
		else if (rc)
			print_error("%s", strerror(-rc));
		if (rc)
			return rc;
	}
	if (args->strict)
		xlpt_diags_strict(diags);
	return 0;
}

void settings_live(struct settings_args *args, const struct xlpt_xen *xen)
{
	struct xlpt_settings live = args->settings;

	xlpt_xen_settings(xen, &live);
	if (!args->xen_given) {
		args->settings.xen_first = live.xen_first;
		args->settings.xen_last = live.xen_last;
	}
	if (!args->settings.ipa_bits)
		args->settings.ipa_bits = live.ipa_bits;
}
