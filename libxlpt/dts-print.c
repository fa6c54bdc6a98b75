/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>

#include "dts-print.h"

#define COLUMNS 100

static void indent(struct text *out, unsigned depth)
{
	while (depth--)
		text_add(out, "\t", 1);
}

void dts_comment_text(struct text *out, const char *s)
{
	for (; *s; s++) {
		bool end = s[0] == '*' && s[1] == '/';

		text_add(out, end ? "+" : *s >= ' ' && *s <= '~' ? s : "?", 1);
	}
}

/* Characters dtc takes in a name; others the parser has refused, but for a few of its own. */
static void put_name(struct text *out, const char *name)
{
	for (; *name; name++)
		text_add(out, isalnum((unsigned char)*name) || strchr(",._+-@#?*", *name) ? name : "_", 1);
}

static void put_strings(struct text *out, const uint8_t *value, uint32_t len)
{
	uint32_t i;

	text_puts(out, "\"");
	for (i = 0; i + 1 < len; i++) {
		if (!value[i])
			text_puts(out, "\", \"");
		else if (value[i] == '"' || value[i] == '\\')
			text_printf(out, "\\%c", value[i]);
		else
			text_add(out, (const char *)value + i, 1);
	}
	text_puts(out, "\"");
}

/* Cells, a new line where one is full. */
static void put_cells(struct text *out, const uint8_t *value, uint32_t len, unsigned depth)
{
	size_t column = 24 + 8 * (size_t)depth, before;
	uint32_t i;

	text_puts(out, "<");
	for (i = 0; i < len; i += 4) {
		before = out->len;
		text_printf(out, be32_at(value + i) < 10 ? "%s%u" : "%s0x%x", i ? " " : "",
			    be32_at(value + i));
		column += out->len - before;
		if (column > COLUMNS && i + 4 < len) {
			text_puts(out, "\n");
			indent(out, depth + 1);
			column = 8 * (size_t)depth;
		}
	}
	text_puts(out, ">");
}

static void put_bytes(struct text *out, const uint8_t *value, uint32_t len)
{
	uint32_t i;

	text_puts(out, "[");
	for (i = 0; i < len; i++)
		text_printf(out, "%s%02x", i ? " " : "", value[i]);
	text_puts(out, "]");
}

static void put_prop(struct text *out, const struct xlpt_tree *tree, const struct tree_prop *prop,
		     unsigned depth)
{
	const uint8_t *value = prop_value(tree, prop);

	indent(out, depth);
	put_name(out, prop_name(tree, prop));
	if (prop->len) {
		text_puts(out, " = ");
		if (value_is_strings(value, prop->len))
			put_strings(out, value, prop->len);
		else if (prop->len % 4)
			put_bytes(out, value, prop->len);
		else
			put_cells(out, value, prop->len, depth);
	}
	text_puts(out, ";\n");
}

void dts_print(struct text *out, const struct xlpt_tree *tree, dts_comment_fn comment, void *opaque)
{
	uint32_t node, prop, up;
	unsigned depth = 0;
	const char *text;

	for (node = 0; node < tree->n_nodes && !out->failed; node++) {
		/* One blank line between nodes, none at the beginning of a parent without properties. */
		if (node && (tree->node[tree->node[node].parent + 1].prop !=
			     tree->node[tree->node[node].parent].prop ||
			     node != tree->node[node].parent + 1))
			text_puts(out, "\n");
		text = comment(opaque, node);
		if (text) {
			indent(out, depth);
			text_puts(out, "/* ");
			dts_comment_text(out, text);
			text_puts(out, " */\n");
		}
		indent(out, depth++);
		put_name(out, node ? tree_name(tree, node) : "");
		text_puts(out, node ? " {\n" : "/ {\n");
		for (prop = tree->node[node].prop; prop < tree->node[node + 1].prop; prop++)
			put_prop(out, tree, &tree->prop[prop], depth);
		for (up = node; up != XLPT_NO_NODE && tree->node[up].end == node + 1;
		     up = tree->node[up].parent) {
			indent(out, --depth);
			text_puts(out, "};\n");
		}
	}
}
