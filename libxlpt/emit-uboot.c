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
#include "emit-uboot.h"
#include "plan.h"

/* What the script does to the tree. */
struct script {
	const char **mark, **enable;
	size_t n_mark, n_enable;
};

/*
 * What the script adds to the tree: a property costs its header of 12 bytes and
 * its value, a new name its characters once. Twice that, and a page for the
 * /chosen nodes that a boot script for Xen writes afterwards.
 */
static uint64_t room_needed(const struct script *script)
{
	uint64_t bytes = sizeof("xen,passthrough") + sizeof("status") + 12 * (uint64_t)script->n_mark +
			 (12 + 8) * (uint64_t)script->n_enable;

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

static void put_marks(struct text *out, const struct script *script)
{
	size_t i;

	for (i = 0; i < script->n_mark; i++)
		put_look_up(out, script->mark[i]);
	for (i = 0; i < script->n_enable; i++)
		put_look_up(out, script->enable[i]);
	text_puts(out, stop_if_told);

	text_printf(out, "fdt resize 0x%llx\n", (unsigned long long)room_needed(script));
	for (i = 0; i < script->n_enable; i++) {
		text_puts(out, "fdt set ");
		put_path(out, script->enable[i]);
		text_puts(out, " status okay\n");
	}
	for (i = 0; i < script->n_mark; i++) {
		text_puts(out, "fdt set ");
		put_path(out, script->mark[i]);
		text_puts(out, " xen,passthrough\n");
	}
	/* Where room ran out on the way, the last one is missing too. */
	if (script->n_mark) {
		text_puts(out, "fdt get size xlpt_size ");
		put_path(out, script->mark[script->n_mark - 1]);
		text_puts(out, " xen,passthrough || setenv xlpt_stop \"the tree has no room for the marks\"\n");
		text_puts(out, stop_if_told);
	}
}

static const char **paths_of(const struct xlpt_tree *tree, struct arena *arena, const uint32_t *node,
			    size_t n)
{
	const char **path = arena_alloc(arena, n, sizeof(*path));
	size_t i;

	for (i = 0; path && i < n; i++)
		path[i] = tree_path(tree, node[i], arena);
	return path;
}

int emit_uboot_script(struct text *out, const struct xlpt_tree *tree, const uint32_t *mark,
		      size_t n_mark, const uint32_t *enable, size_t n_enable)
{
	struct script script = { .n_mark = n_mark, .n_enable = n_enable };
	struct arena arena;
	bool failed;

	arena_init(&arena);
	script.mark = paths_of(tree, &arena, mark, n_mark);
	script.enable = paths_of(tree, &arena, enable, n_enable);
	failed = arena.failed;
	if (!failed) {
		text_puts(out,
			  "# For U-Boot, before Xen is booted: marks the devices in the tree that fdt addr has set,\n"
			  "# else in the one at fdt_addr, fdt_addr_r or fdtcontroladdr; it is then at fdtaddr.\n"
			  "# Make a script image of it: mkimage -A arm64 -T script -C none -d boot.cmd boot.scr\n"
			  "# The loops are there because exit does not end a script in U-Boot 2023.01.\n"
			  "setenv xlpt_stop\n");
		text_puts(out, find_tree);
		text_puts(out, stop_if_told);
		put_marks(out, &script);
		text_printf(out, "echo \"xl-passthrough: marked %zu node%s for Xen in the tree at 0x${fdtaddr}\"\n",
			    n_mark, n_mark == 1 ? "" : "s");
	}
	arena_free(&arena);
	return failed ? -ENOMEM : 0;
}

int xlpt_emit_uboot(const struct xlpt_plan *plan, char **text_r)
{
	struct text out;
	int rc;

	*text_r = NULL;
	if (!plan->ok)
		return -EINVAL;
	text_init(&out);
	emit_origin(&out, plan, "# ");
	rc = emit_uboot_script(&out, plan->tree, plan->mark_node, plan->n_mark, plan->enable_node,
			       plan->n_enable);
	if (!rc)
		rc = emit_take(&out, text_r);
	text_free(&out);
	return rc;
}
