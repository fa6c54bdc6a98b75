/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tree index: a flattened device tree as flat arrays in document order,
 * made in one pass. A subtree is the slice [i, node[i].end), so "is it below?"
 * is two comparisons; a parent always comes before its children.
 *
 * Nothing here interprets more than the structure; what properties mean is
 * read by address.c, interrupt.c, iommu.c and links.c, which fill the arrays
 * of struct xlpt_tree once (see resources.h).
 */
#ifndef XLPT_TREE_H
#define XLPT_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "libxlpt.h"

/* Linux's drivers/of/fdt.c reads no deeper either (FDT_MAX_DEPTH). */
#define TREE_MAX_DEPTH 64
#define TREE_NAME_MAX 255

/* Properties that code asks for by name; the order is that of prop-names.def. */
enum prop_name {
	P_OTHER,
#define PROP_NAME(symbol, string) symbol,
#include "prop-names.def"
#undef PROP_NAME
	N_PROP_NAMES,
	P_PLAIN = N_PROP_NAMES,	/* any other name of plain.def */
};

_Static_assert(N_PROP_NAMES < 64, "tree_node.has is too small");

struct tree_prop {
	uint32_t name;		/* offset of the name in the blob */
	uint32_t value;		/* offset of the value in the blob */
	uint32_t len;
	uint16_t known;		/* enum prop_name, or P_PLAIN */
	uint16_t link;		/* row of links.def + 1, or 0: holds no phandle that we know */
};

enum tree_flag {
	TREE_OWN_ADDRESS_CELLS	= 1 << 0,	/* has #address-cells of its own */
	TREE_DISABLED		= 1 << 1,	/* its own status is neither absent nor okay */
	TREE_COMPATIBLE		= 1 << 2,
	TREE_CANDIDATE		= 1 << 3,	/* `devices` lists it */
	TREE_SPECIAL		= 1 << 4,	/* at or below a root child that is no device (contract: cpus, memory, chosen …) */
	TREE_BUS		= 1 << 5,	/* has `ranges` */
	TREE_INTERRUPT_CONTROLLER = 1 << 6,
	TREE_WIDE		= 1 << 7,	/* has so many properties that wide.c finds them */
	TREE_TAKES_LINES	= 1 << 8,	/* interrupt controller at which lines end, whatever map it has */
	TREE_STACKED		= 1 << 9,	/* controller of irq-cascade.h that is stacked on the GIC */
	TREE_FIXED_CLOCK	= 1 << 10,	/* provider of clocks by its compatible, as Linux registers it */
	TREE_FIXED_FACTOR	= 1 << 11,
};

struct tree_node {
	uint64_t has;		/* 1 << enum prop_name for each property that code asks for by name */
	uint32_t name;		/* offset of the name, unit address included, in the blob */
	uint32_t parent;	/* XLPT_NO_NODE for the root */
	uint32_t end;		/* one past the last descendant */
	uint32_t prop;		/* first property; the next node's is the end */
	/* Cells that the node's children's reg is counted in, looked up through
	 * the parents as Linux does; 255: absurd. */
	uint8_t address_cells, size_cells;
	uint8_t bus;		/* enum bus_kind of address.h */
	uint16_t flags;		/* enum tree_flag */
};

struct tree_phandle {
	uint32_t phandle, node;
};

/* The text of a known name. */
extern const char *const tree_prop_names[N_PROP_NAMES];

struct resources;
struct wide_node;
struct wide_prop;
struct windows;
struct irq_map;
struct irq_map_row;
struct find;

/* Above this many entries `ranges` are indexed too. */
#define TREE_LONG_LIST 16

struct xlpt_tree {
	struct arena arena;
	const uint8_t *blob;
	uint32_t size;			/* totalsize */
	uint32_t n_nodes, n_props, n_phandles;
	struct tree_node *node;		/* n_nodes + 1: the last one only has .prop */
	struct tree_prop *prop;
	struct tree_phandle *phandle;	/* by phandle, then by node */
	struct wide_node *wide;		/* see wide.h */
	struct wide_prop *wide_prop;
	uint32_t n_wide;
	uint32_t gic;			/* the primary GIC, or XLPT_NO_NODE */
	struct resources *resources;	/* see resources.h */
	struct windows *windows;	/* of long `ranges`, by node, for address.c */
	uint32_t *irq_parent;		/* by node: see interrupt_parent() */
	uint32_t *irq_stop;		/* by node with #interrupt-cells: where its lines end or are mapped */
	struct irq_map *irq_maps;	/* of interrupt-maps, by node, for interrupt.c */
	struct irq_map_row *irq_rows;
	uint32_t n_windows, n_irq_maps, n_irq_rows;
	size_t long_size;		/* bytes that windows, maps and rows occupy */
	struct find *find;		/* what many look-ups by name need, see find.h */
};

static inline uint32_t be32_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Name with its unit address; "" for the root. */
static inline const char *tree_name(const struct xlpt_tree *tree, uint32_t node)
{
	return (const char *)tree->blob + tree->node[node].name;
}

static inline const char *prop_name(const struct xlpt_tree *tree, const struct tree_prop *prop)
{
	return (const char *)tree->blob + prop->name;
}

static inline const uint8_t *prop_value(const struct xlpt_tree *tree, const struct tree_prop *prop)
{
	return tree->blob + prop->value;
}

/* At or below. */
static inline bool tree_within(const struct xlpt_tree *tree, uint32_t node, uint32_t top)
{
	return node >= top && node < tree->node[top].end;
}

/* The children of a node: for (c = tree_child(); c != XLPT_NO_NODE; c = tree_sibling()). */
static inline uint32_t tree_child(const struct xlpt_tree *tree, uint32_t node)
{
	return node + 1 < tree->node[node].end ? node + 1 : XLPT_NO_NODE;
}

static inline uint32_t tree_sibling(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t parent = tree->node[node].parent;
	uint32_t next = tree->node[node].end;

	return parent != XLPT_NO_NODE && next < tree->node[parent].end ? next : XLPT_NO_NODE;
}

/* The first property with this name, or NULL. */
const struct tree_prop *tree_prop(const struct xlpt_tree *tree, uint32_t node, enum prop_name name);
const struct tree_prop *tree_prop_named(const struct xlpt_tree *tree, uint32_t node, const char *name);

/* The first cell of a property as Linux's of_property_read_u32 reads it; false if absent or short. */
bool tree_u32(const struct xlpt_tree *tree, uint32_t node, enum prop_name name, uint32_t *value_r);

/* The property as a string, NULL when absent or not NUL-terminated. */
const char *tree_string(const struct xlpt_tree *tree, uint32_t node, enum prop_name name);

/* The i-th string of a string list, NULL past the end; a tail without NUL is not a string. */
const char *prop_string(const struct xlpt_tree *tree, const struct tree_prop *prop, size_t i);

/* Is a value strings and nothing else: none empty, each printable, the last one ended? */
bool value_is_strings(const uint8_t *value, uint32_t len);

/* Is `string` among the node's compatible strings? */
bool tree_compatible(const struct xlpt_tree *tree, uint32_t node, const char *string);
/* The first of several that is; n if none. */
size_t tree_compatible_among(const struct xlpt_tree *tree, uint32_t node,
			     const char *const *string, size_t n);

/* Is the name without its unit address equal to this? */
bool tree_name_is(const struct xlpt_tree *tree, uint32_t node, const char *name);

/* The node with this phandle (the first one, as in Linux), or XLPT_NO_NODE. */
uint32_t tree_by_phandle(const struct xlpt_tree *tree, uint32_t phandle);
/* The phandle of a node, 0 if it has none. */
uint32_t tree_phandle_of(const struct xlpt_tree *tree, uint32_t node);

/* The exact full path, or XLPT_NO_NODE. Names must match with their unit addresses. */
uint32_t tree_by_path(const struct xlpt_tree *tree, const char *path, size_t len);
/* The path in an arena. */
char *tree_path(const struct xlpt_tree *tree, uint32_t node, struct arena *arena);

static inline bool tree_enabled(const struct xlpt_tree *tree, uint32_t node)
{
	return !(tree->node[node].flags & TREE_DISABLED);
}

#endif
