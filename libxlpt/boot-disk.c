/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The disk dom0 boots from, where the tree tells: root=/dev/mmcblkN of its command line, N being
 * the number in the controller's alias mmcN (Linux, drivers/mmc/core/host.c, mmc_alloc_host()).
 * Other disks are numbered as they are found, which no tree tells.
 */
#include <string.h>

#include "plan.h"

const char *boot_arg(const char *args, const char *key, size_t *len_r)
{
	size_t len = strlen(key);

	while (args && *args) {
		args += strspn(args, " \t");
		if (!strncmp(args, key, len)) {
			*len_r = strcspn(args + len, " \t");
			return args + len;
		}
		args += strcspn(args, " \t");
	}
	return NULL;
}

/* "mmc1" out of "/dev/mmcblk1p2". */
static bool alias_of(const char *root, size_t len, char *alias, size_t room)
{
	static const char prefix[] = "/dev/mmcblk";
	const size_t skip = sizeof(prefix) - 1;
	size_t digits;

	if (len <= skip || memcmp(root, prefix, skip))
		return false;
	digits = strspn(root + skip, "0123456789");
	if (!digits || digits > 3 || room < 3 + digits + 1)
		return false;
	memcpy(alias, "mmc", 3);
	memcpy(alias + 3, root + skip, digits);
	alias[3 + digits] = '\0';
	return true;
}

static uint32_t disk_of(const struct xlpt_tree *tree, const char *args)
{
	char alias[8];
	size_t len = 0;
	const char *root = boot_arg(args, "root=", &len);

	return root && alias_of(root, len, alias, sizeof(alias)) ? xlpt_tree_find(tree, alias) :
	       XLPT_NO_NODE;
}

/*
 * dom0's command line is that of its kernel's module, else xen,dom0-bootargs, else bootargs, which
 * without Xen's are those of the Linux that boots there (docs/misc/arm/device-tree/booting.txt).
 */
uint32_t boot_disk(const struct xlpt_tree *tree)
{
	uint32_t chosen = tree_by_path(tree, "/chosen", 7), module;
	const char *args = NULL;

	if (chosen == XLPT_NO_NODE)
		return XLPT_NO_NODE;
	for (module = tree_child(tree, chosen); module != XLPT_NO_NODE && !args;
	     module = tree_sibling(tree, module))
		if (tree_compatible(tree, module, "multiboot,kernel"))
			args = tree_string(tree, module, P_BOOTARGS);
	if (!args)
		args = tree_string(tree, chosen, P_XEN_DOM0_BOOTARGS);
	if (!args)
		args = tree_string(tree, chosen, P_BOOTARGS);
	return disk_of(tree, args);
}
