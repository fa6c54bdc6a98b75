/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "guest-index.h"
#include "partial.h"
#include "tree.h"

/* Fields of the header, in bytes (Devicetree Specification 0.4, 5.2). */
#define HEADER_MAGIC 0
#define HEADER_SIZE 4
#define HEADER_VERSION 20
#define HEADER_MIN_BYTES 40
#define MAGIC 0xd00dfeedu

/* libxl walks properties by offset, which libfdt does from this version on. */
#define OLDEST_VERSION 16

static int invalid(struct xlpt_diags *diags, const char *message)
{
	diag_add(diags, DIAG_PARTIAL_TREE_INVALID, 0, NULL, NULL,
		 "Compile it with dtc -I dts -O dtb, and give the .dtb.", "%s", message);
	return -EINVAL;
}

static int check_header(const uint8_t *blob, size_t size, struct xlpt_diags *diags)
{
	if (!size) {
		diag_add(diags, DIAG_PARTIAL_TREE_EMPTY, 0, NULL, NULL, NULL,
			 "the partial tree is a file of 0 bytes: xl crashes on it");
		return -EINVAL;
	}
	if (size < 4 || be32_at(blob + HEADER_MAGIC) != MAGIC)
		return invalid(diags, "the partial tree is no flattened device tree");
	if (size < HEADER_MIN_BYTES)
		return invalid(diags, "the partial tree is cut short: not even its header is whole");
	if (be32_at(blob + HEADER_SIZE) > size)
		return invalid(diags, "the partial tree is cut short: its header says it is longer");
	if (be32_at(blob + HEADER_VERSION) < OLDEST_VERSION)
		return invalid(diags, "the partial tree is of a version older than 16, which libxl cannot copy");
	return 0;
}

/* As libfdt finds "/NAME": the first root child of that name with whatever unit address. */
static uint32_t root_child(const struct xlpt_tree *tree, const char *name)
{
	uint32_t child;

	for (child = tree_child(tree, 0); child != XLPT_NO_NODE; child = tree_sibling(tree, child))
		if (tree_name_is(tree, child, name))
			return child;
	return XLPT_NO_NODE;
}

/* A stub for <&gic> to resolve to: libxl has the real one, nobody misses the copy. */
static bool is_gic_stub(const struct xlpt_tree *tree, uint32_t node)
{
	return tree_phandle_of(tree, node) == 65000;
}

static void note_ignored(const struct xlpt_tree *tree, uint32_t passthrough, uint32_t aliases,
			 struct xlpt_diags *diags)
{
	struct arena arena;
	uint32_t child;

	arena_init(&arena);
	for (child = tree_child(tree, 0); child != XLPT_NO_NODE; child = tree_sibling(tree, child)) {
		/* dtc -@ and overlays leave these behind; nobody wrote them. */
		if (child == passthrough || child == aliases || is_gic_stub(tree, child) ||
		    !strncmp(tree_name(tree, child), "__", 2))
			continue;
		diag_add(diags, DIAG_PARTIAL_NODE_IGNORED, 0, tree_path(tree, child, &arena), NULL,
			 "Put it below /passthrough.",
			 "libxl copies only /passthrough and /aliases: the guest will not have this node");
	}
	arena_free(&arena);
}

static int find_nodes(const struct xlpt_tree *tree, struct xlpt_diags *diags,
		      uint32_t *passthrough_r, uint32_t *aliases_r)
{
	uint32_t passthrough = root_child(tree, "passthrough");
	uint32_t aliases = root_child(tree, "aliases");

	if (passthrough == XLPT_NO_NODE || strcmp(tree_name(tree, passthrough), "passthrough")) {
		diag_add(diags, DIAG_PARTIAL_TREE_INVALID, 0, "/passthrough", NULL,
			 "Put the guest's nodes below a root child named passthrough.",
			 "%s: libxl refuses the partial tree",
			 passthrough == XLPT_NO_NODE ? "there is no node /passthrough" :
			 "the first root child called passthrough has a unit address");
		return -EINVAL;
	}
	if (aliases != XLPT_NO_NODE && strcmp(tree_name(tree, aliases), "aliases"))
		aliases = XLPT_NO_NODE;
	note_ignored(tree, passthrough, aliases, diags);
	*passthrough_r = passthrough;
	*aliases_r = aliases;
	return 0;
}

int partial_open(const void *blob, size_t size, struct xlpt_diags *diags, void **copy_r,
		 struct xlpt_tree **tree_r, uint32_t *passthrough_r, uint32_t *aliases_r)
{
	int rc;

	rc = check_header(blob, size, diags);
	if (!rc)
		rc = guest_index(blob, size, diags, "the partial tree", copy_r, tree_r);
	if (rc)
		return rc;
	rc = find_nodes(*tree_r, diags, passthrough_r, aliases_r);
	if (rc) {
		xlpt_tree_free(*tree_r);
		free(*copy_r);
		*tree_r = NULL;
		*copy_r = NULL;
	}
	return rc;
}
