/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's tree as source, with a word on where each node comes from and
 * what it lost. dtc makes the same tree of it: phandles are written out, and
 * references are labels so that dtc sees them as such.
 */
#include <errno.h>

#include "guest.h"
#include "text.h"

#define MAX_INDENT 64

static void indent(struct text *text, unsigned depth)
{
	static const char tabs[MAX_INDENT + 1] =
		"\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t"
		"\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";

	text_add(text, tabs, depth < MAX_INDENT ? depth : MAX_INDENT);
}

/* Names may have a star before a slash, and a comment must not end there. */
static void put_comment_text(struct text *text, const char *s)
{
	for (; *s; s++)
		text_add(text, *s == '*' ? "?" : s, 1);
}

static void put_label(struct text *text, const struct guest_node *node)
{
	const char *s;

	if (node->phandle == GUEST_PHANDLE_GIC) {
		text_puts(text, "gic");
		return;
	}
	text_puts(text, "n_");
	for (s = node->name; *s && *s != '@'; s++) {
		bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
			      (*s >= '0' && *s <= '9');

		text_add(text, letter ? s : "_", 1);
	}
	text_printf(text, "_%u", node->phandle);
}

static void put_strings(struct text *text, const uint8_t *value, uint32_t len)
{
	const char *s = (const char *)value, *end = s + len;
	bool first = true;

	while (s < end) {
		text_puts(text, first ? "\"" : ", \"");
		for (; *s; s++) {
			if (*s == '"' || *s == '\\')
				text_puts(text, "\\");
			text_add(text, s, 1);
		}
		text_puts(text, "\"");
		first = false;
		s++;
	}
}

static void put_cells(struct text *text, const struct guest_prop *prop)
{
	const struct guest_ref *ref = prop->ref;
	uint32_t i;

	text_puts(text, "<");
	for (i = 0; i + 4 <= prop->len; i += 4) {
		text_puts(text, i ? " " : "");
		if (ref && ref->offset == i) {
			text_puts(text, "&");
			put_label(text, ref->to);
			ref = ref->next;
		} else {
			text_printf(text, "0x%x", be32_at(prop->value + i));
		}
	}
	text_puts(text, ">");
}

static void put_bytes(struct text *text, const struct guest_prop *prop)
{
	uint32_t i;

	text_puts(text, "[");
	for (i = 0; i < prop->len; i++)
		text_printf(text, "%s%02x", i ? " " : "", prop->value[i]);
	text_puts(text, "]");
}

static void put_prop(struct text *text, const struct guest_prop *prop, unsigned depth)
{
	indent(text, depth);
	text_puts(text, prop->name);
	if (prop->len) {
		text_puts(text, " = ");
		if (prop->form == GUEST_GUESS && value_is_strings(prop->value, prop->len))
			put_strings(text, prop->value, prop->len);
		else if (prop->len % 4 == 0)
			put_cells(text, prop);
		else
			put_bytes(text, prop);
	}
	text_puts(text, ";\n");
}

static void put_left(struct text *text, const struct guest_node *node, unsigned depth)
{
	const struct guest_left *left;

	if (!node->left)
		return;
	indent(text, depth);
	text_puts(text, "/* left out: ");
	for (left = node->left; left; left = left->next) {
		put_comment_text(text, left->name);
		text_puts(text, left->next ? ", " : " */\n");
	}
}

static void put_node(struct text *text, const struct guest_node *node, unsigned depth)
{
	const struct guest_prop *prop;

	if (node->comment) {
		indent(text, depth);
		text_puts(text, "/* ");
		put_comment_text(text, node->comment);
		text_puts(text, " */\n");
	}
	indent(text, depth);
	if (node->phandle) {
		put_label(text, node);
		text_puts(text, ": ");
	}
	text_printf(text, "%s {\n", node->parent ? node->name : "/");
	put_left(text, node, depth + 1);
	for (prop = node->prop; prop; prop = prop->next)
		put_prop(text, prop, depth + 1);
	if (node->phandle) {
		indent(text, depth + 1);
		text_printf(text, "phandle = <0x%x>;\n", node->phandle);
	}
	if (node->child)
		text_puts(text, "\n");
}

static void put_end(struct text *text, const struct guest_node *node, unsigned depth)
{
	indent(text, depth);
	text_puts(text, node->next ? "};\n\n" : "};\n");
}

static void put_tree(struct text *text, const struct guest_node *node)
{
	unsigned depth = 0;

	while (node) {
		put_node(text, node, depth);
		if (node->child) {
			node = node->child;
			depth++;
			continue;
		}
		put_end(text, node, depth);
		while (node && !node->next) {
			node = node->parent;
			if (node)
				put_end(text, node, --depth);
		}
		node = node ? node->next : NULL;
	}
}

int xlpt_emit_partial_dts(const struct xlpt_plan *plan, char **text_r)
{
	struct text text;

	*text_r = NULL;
	if (!plan->guest)
		return -EINVAL;
	text_init(&text);
	text_puts(&text, "/dts-v1/;\n\n"
			 "/* Partial device tree for device_tree= of xl.cfg(5); see xl-passthrough(1). */\n");
	put_tree(&text, plan->guest->root);
	*text_r = text_take(&text, NULL);
	return *text_r ? 0 : -ENOMEM;
}
