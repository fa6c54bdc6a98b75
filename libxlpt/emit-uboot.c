/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The boot script for U-Boot's hush shell. All paths are looked up before the
 * first one is marked: a tree that is not the planned one stays as it is.
 *
 * `exit` alone does not stop a script in U-Boot 2023.01 (it only leaves the
 * compound command it stands in, and the next line runs), so a loop stands
 * behind it, and nothing depends on its status.
 */
#include <errno.h>
#include <string.h>

#include "emit.h"
#include "plan.h"

/*
 * What the script adds to the tree: a property costs its header of 12 bytes and
 * its value, a new name its characters once. Twice that, and a page for the
 * /chosen nodes that a boot script for Xen writes afterwards.
 */
static uint64_t room_needed(const struct xlpt_plan *plan)
{
	uint64_t bytes = sizeof("xen,passthrough") + sizeof("status") + 12 * (uint64_t)plan->n_mark +
			 (12 + 8) * (uint64_t)plan->n_enable;

	return (2 * bytes + 4096 + 4095) / 4096 * 4096;
}

/* hush takes these as they are; the tree's parser has refused what would end a quote. */
static bool is_plain(const char *path)
{
	return !path[strspn(path, "/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,._+-@")];
}

static void put_path(struct text *out, const char *path)
{
	const char *quote = is_plain(path) ? "" : "'";

	text_printf(out, "%s%s%s", quote, path, quote);
}

/* The tree: the one in work, or where U-Boot keeps it. The control tree cannot grow in place. */
static const char find_tree[] =
	"if fdt addr; then true\n"
	"elif test -n \"${fdt_addr}\" && fdt addr ${fdt_addr}; then true\n"
	"elif test -n \"${fdt_addr_r}\" && fdt addr ${fdt_addr_r}; then true\n"
	"elif test -n \"${fdt_addr_r}\" && fdt addr ${fdtcontroladdr} &&\n"
	"\tfdt move ${fdtcontroladdr} ${fdt_addr_r}; then true\n"
	"else\n"
	"\tsetenv xlpt_stop \"there is no device tree; load it and run fdt addr ADDRESS\"\n"
	"fi\n";

static const char stop_if_told[] =
	"if test -n \"${xlpt_stop}\"; then\n"
	"\techo \"xl-passthrough: ${xlpt_stop}\"\n"
	"\techo \"xl-passthrough: stopped, the devices are not marked for Xen\"\n"
	"\texit 1\n"
	"fi\n"
	"while test -n \"${xlpt_stop}\"; do sleep 1; done\n";

/* Asking for the number of subnodes is the quietest way to look a path up. */
static void put_look_up(struct text *out, const char *path)
{
	text_puts(out, "fdt get size xlpt_size ");
	put_path(out, path);
	text_printf(out, " || setenv xlpt_stop \"no %s in this tree\"\n", path);
}

static void put_marks(struct text *out, const struct xlpt_plan *plan, const char *const *enable)
{
	size_t i;

	for (i = 0; i < plan->n_mark; i++)
		put_look_up(out, plan->mark[i]);
	for (i = 0; i < plan->n_enable; i++)
		put_look_up(out, enable[i]);
	text_puts(out, stop_if_told);

	text_printf(out, "fdt resize 0x%llx\n", (unsigned long long)room_needed(plan));
	for (i = 0; i < plan->n_enable; i++) {
		text_puts(out, "fdt set ");
		put_path(out, enable[i]);
		text_puts(out, " status okay\n");
	}
	for (i = 0; i < plan->n_mark; i++) {
		text_puts(out, "fdt set ");
		put_path(out, plan->mark[i]);
		text_puts(out, " xen,passthrough\n");
	}
	/* Where room ran out on the way, the last one is missing too. */
	if (plan->n_mark) {
		text_puts(out, "fdt get size xlpt_size ");
		put_path(out, plan->mark[plan->n_mark - 1]);
		text_puts(out, " xen,passthrough || setenv xlpt_stop \"the tree has no room for the marks\"\n");
		text_puts(out, stop_if_told);
	}
}

int xlpt_emit_uboot(const struct xlpt_plan *plan, char **text_r)
{
	struct arena arena;
	const char **enable;
	struct text out;
	size_t i;

	*text_r = NULL;
	if (!plan->ok)
		return -EINVAL;
	arena_init(&arena);
	enable = arena_alloc(&arena, plan->n_enable, sizeof(*enable));
	for (i = 0; enable && i < plan->n_enable; i++)
		enable[i] = tree_path(plan->tree, plan->enable_node[i], &arena);
	if (arena.failed) {
		arena_free(&arena);
		return -ENOMEM;
	}

	text_init(&out);
	emit_origin(&out, plan, "# ");
	text_puts(&out,
		  "# For U-Boot, before Xen is booted: marks the devices in the tree that fdt addr has set,\n"
		  "# else in the one at fdt_addr, fdt_addr_r or fdtcontroladdr; it is then at fdtaddr.\n"
		  "# Make a script image of it: mkimage -A arm64 -T script -C none -d boot.cmd boot.scr\n"
		  "# The loops are there because exit does not end a script in U-Boot 2023.01.\n"
		  "setenv xlpt_stop\n");
	text_puts(&out, find_tree);
	text_puts(&out, stop_if_told);
	put_marks(&out, plan, enable);
	text_printf(&out, "echo \"xl-passthrough: marked %zu node%s for Xen in the tree at 0x${fdtaddr}\"\n",
		    plan->n_mark, plan->n_mark == 1 ? "" : "s");
	arena_free(&arena);
	return emit_take(&out, text_r);
}
