/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The guest's nodes: a small tree in the plan's arena, from which the partial
 * device tree is printed as a blob and as source.
 *
 * It is made in two passes. The first one asks guest_fate() about every
 * property of every node that goes along and reports what is lost; that is
 * all guest_check() does. The second one, of guest_build() only, asks again in
 * silence and makes the nodes. A property's fate is decided in one place.
 *
 * Nothing refers to anything but nodes of the guest's tree: references are
 * noted while the nodes are made and filled in when all of them are there.
 */
#ifndef XLPT_GUEST_H
#define XLPT_GUEST_H

#include "link-walk.h"
#include "plan.h"

/* libxl's own phandles (GUEST_PHANDLE_GIC, GUEST_PHANDLE_IOMMU); ours stay below. */
#define GUEST_PHANDLE_GIC 65000u

/* libxl builds the guest's tree in at most 1 MiB (FDT_MAX_SIZE) and needs some of it itself. */
#define GUEST_MAX_BYTES ((1u << 20) - (32u << 10))

struct guest_node;

/* A cell that holds the phandle of another node. */
struct guest_ref {
	struct guest_ref *next;		/* by ascending offset */
	uint32_t offset;		/* in the value */
	uint32_t host;			/* the node of the host tree it means; until resolved */
	struct guest_node *to;		/* NULL until resolved */
};

enum guest_form {
	GUEST_GUESS,	/* strings, cells or bytes, by its looks */
	GUEST_CELLS,
};

struct guest_prop {
	struct guest_prop *next;
	const char *name;
	const uint8_t *value;
	uint32_t len;
	enum guest_form form;
	struct guest_ref *ref, *last_ref;
};

/* A property or child that stayed behind, for the comment in the source. */
struct guest_left {
	struct guest_left *next;
	const char *name;
};

struct guest_node {
	struct guest_node *parent, *next, *child, *last_child;
	struct guest_prop *prop, *last_prop;
	struct guest_left *left, *last_left;
	const char *name;
	const char *comment;	/* where it comes from, or NULL */
	uint32_t phandle;	/* 0: nothing refers to it */
};

/* Names in use among the children of one node. */
struct guest_names {
	const char **slot;
	size_t n_slots, n;
};

struct guest_tree {
	struct arena *arena;
	struct guest_node *root, *gic, *aliases, *passthrough, *no_mmio;
	struct guest_node **twins;	/* of guest_with_mmio() */
	size_t n_twins, twins_room;
	struct guest_names names;	/* below /passthrough and below no_mmio */
	uint32_t next_phandle;
	size_t bytes;			/* of the blob, roughly */
	bool too_big;
};

/* ---- guest-tree.c: making nodes; NULL on exhaustion or when the tree is too big ------- */

/* A node without parent; guest_attach() puts it last below one. */
struct guest_node *guest_node_new(struct guest_tree *out, const char *name);
void guest_attach(struct guest_node *parent, struct guest_node *node);
struct guest_node *guest_node_add(struct guest_tree *out, struct guest_node *parent,
				  const char *name);
/* The value is borrowed. */
struct guest_prop *guest_prop_add(struct guest_tree *out, struct guest_node *node,
				  const char *name, const void *value, size_t len);
void guest_prop_string(struct guest_tree *out, struct guest_node *node, const char *name,
		       const char *string);
void guest_prop_cell(struct guest_tree *out, struct guest_node *node, const char *name,
		     uint32_t cell);
/*
 * The cell at `offset` means this node of the host tree, or `to` where that is
 * not NULL. Call in ascending order.
 */
void guest_ref_add(struct guest_tree *out, struct guest_prop *prop, uint32_t offset,
		   uint32_t host, struct guest_node *to);
void guest_left_add(struct guest_tree *out, struct guest_node *node, const char *name);
/* The number of a node that is referred to. */
uint32_t guest_phandle(struct guest_tree *out, struct guest_node *node);
/* The next node in document order, or NULL. */
struct guest_node *guest_next(const struct guest_node *node);

/* ---- guest-frame.c: what is there whatever is passed ------------------------------------ */

struct guest_tree *guest_tree_new(struct arena *arena);
/* The node for what has no registers; see there why it exists. */
struct guest_node *guest_no_mmio(struct guest_tree *out);
/*
 * Where a node with that unit address goes: /passthrough, or a node beside the others for one whose
 * unit address is another's there; the third one has it once more elsewhere.
 */
struct guest_node *guest_with_mmio(struct guest_tree *out, const char *unit);

/* ---- guest-names.c ------------------------------------------------------------------------ */

/* `base` (cut and cleaned) and `unit` as a name that no other node has; "" for no unit. */
const char *guest_unique_name(struct guest_tree *out, const char *base, const char *unit,
			      size_t ordinal);
/* How often this unit address was asked for before; UINT_MAX: no memory. */
unsigned guest_unit_taken(struct guest_tree *out, const char *unit);
/* A name that a device tree source may have. */
bool guest_name_is_legal(const char *name);

/* ---- guest-cells.c: values ---------------------------------------------------------------- */

/* Growing cells of a value, stored big-endian; too many of them make the tree too big. */
struct guest_cells {
	struct guest_tree *out;
	uint8_t *value;
	size_t len, room;
};

void guest_cell(struct guest_cells *cells, uint32_t value);
/* A number in n cells. */
void guest_number(struct guest_cells *cells, unsigned n, uint64_t value);
void guest_bytes(struct guest_cells *cells, const void *bytes, size_t len);

/* ---- the walk over the host's nodes ---------------------------------------------------- */

/* What makes a node go along. */
enum guest_role {
	ROLE_ITEM,	/* the selected node itself */
	ROLE_BELOW,	/* in its subtree */
	ROLE_TAKEN,	/* top of a subtree taken along by a reference */
	ROLE_TAKEN_BELOW,
};

enum guest_taken {
	TAKEN_NOT,
	TAKEN_QUEUED,
	TAKEN_REPORTED,
};

struct guest_walk {
	struct xlpt_plan *plan;
	const struct xlpt_tree *tree;
	const struct plan_item *item;	/* in work; its options count */
	bool silent;			/* second pass: everything was reported */
	const char *path;		/* of path_node, for findings */
	uint32_t path_node;
	uint8_t *option_state;		/* by clock option of the item */

	/* tops of the subtrees that references take along; by node: enum guest_taken */
	uint32_t *taken;
	size_t n_taken, taken_room;
	uint8_t *is_taken;

	/* second pass */
	struct guest_tree *out;
	struct guest_node **guest_of;	/* by node of the host tree */
	uint32_t lone;			/* the endpoint that loses its number, see guest-build.c */
	struct guest_node **stub_of;	/* what stands for a node that stays; made when needed */
};

const char *guest_path_of(struct guest_walk *w, uint32_t node);

/* ---- guest-scope.c: which nodes go along ------------------------------------------------ */

enum guest_left_out {
	LEFT_NOT,
	LEFT_DISABLED,
	LEFT_GRAPH,	/* an endpoint whose other end stays behind */
};

/* For a node at or below an item: does it stay behind, and why? */
enum guest_left_out guest_left_out(const struct guest_walk *w, const struct plan_item *item,
				   uint32_t node);
/* Does the node go to the guest as part of an item? */
bool guest_inside(const struct guest_walk *w, uint32_t node);
/* May it go along by reference: data, no hardware? */
bool guest_takeable(const struct guest_walk *w, uint32_t node);
/* Note that it does; false on exhaustion. */
bool guest_take(struct guest_walk *w, uint32_t node);

/* ---- guest-fate.c: what becomes of a property ---------------------------------------------- */

enum guest_action {
	ACT_COPY,
	ACT_RENUMBER,	/* copy, with the phandles of the guest */
	ACT_LEAVE,
	ACT_FORGET,	/* leave out, not worth a word */
	ACT_CLOCKS,	/* guest-clocks.c */
	ACT_REGULATORS,	/* guest-stubs.c */
	ACT_OWN,	/* made by the node's own rules: reg, ranges, interrupts, status … */
};

/* Reports, unless w->silent, what is lost. */
enum guest_action guest_fate(struct guest_walk *w, uint32_t node, enum guest_role role,
			     const struct tree_prop *prop);
/* Lists of names go with what they name; actions are those of the node's properties. */
void guest_fate_names(struct guest_walk *w, uint32_t node, enum guest_action *action);
/* Copy a property with its references. */
void guest_renumber(struct guest_walk *w, uint32_t node, struct guest_node *out,
		    const struct tree_prop *prop);

/* ---- guest-clocks.c, guest-rates.c --------------------------------------------------------------------- */

/* For a well-formed `clocks`: can all of them be told? Reports what is not. */
enum guest_action guest_clocks_fate(struct guest_walk *w, uint32_t node,
				    const struct tree_prop *prop);
void guest_clocks_build(struct guest_walk *w, uint32_t node, struct guest_node *out,
			const struct tree_prop *prop);
/* Before the first node of an item, and after its last one: every clock option must name a clock. */
void guest_clocks_begin(struct guest_walk *w);
void guest_clocks_end(struct guest_walk *w);

/* ---- guest-regulator.c ------------------------------------------------------------------ */

void guest_regulators_report(struct guest_walk *w, uint32_t node, const struct tree_prop *prop);
/* Has a supply of the node a voltage that the host sets, and the guest cannot? */
bool guest_regulators_vary(struct guest_walk *w, uint32_t node);
void guest_regulators_build(struct guest_walk *w, uint32_t node, struct guest_node *out,
			    const struct tree_prop *prop);

/* ---- guest-counts.c, once the nodes of a subtree are there --------------------------------- */

/* Cell counts that children inherit in the host would be /passthrough's in the guest: say them. */
void guest_add_counts(struct guest_walk *w, uint32_t node, struct guest_node *out);
/* Are the cell counts of a node still good for something? dtc asks (avoid_unnecessary_addr_size). */
bool guest_counts_serve(struct guest_walk *w, uint32_t node);
/*
 * The only endpoint that is left of several in a port, when its number is 0:
 * dtc wants it without a number then (graph_child_address), and it means the same.
 */
uint32_t guest_lone_endpoint(struct guest_walk *w, uint32_t port);

/* ---- guest-build.c: nodes -------------------------------------------------------------- */

void guest_build_item(struct guest_walk *w, const struct plan_item *item);
void guest_build_taken(struct guest_walk *w, uint32_t top);

/* ---- guest.c ----------------------------------------------------------------------------- */

/* Is DMA coherent by a word of a bus above only? */
bool guest_inherits_coherency(struct guest_walk *w, const struct plan_item *item);

/* ---- guest-reg.c: addresses ---------------------------------------------------------------- */

/* What an item's node says about addresses, and where its name's unit comes from. */
struct guest_addresses {
	struct guest_cells reg, ranges;
	bool has_unit;
	uint64_t unit;
};

void guest_addresses(struct guest_walk *w, const struct plan_item *item,
		     struct guest_addresses *a);
/* reg and ranges of a node below an item, where they are not the host's. */
void guest_reg_below(struct guest_walk *w, uint32_t node, struct guest_node *out,
		     const struct tree_prop *prop);
void guest_ranges_below(struct guest_walk *w, uint32_t node, struct guest_node *out,
			const struct tree_prop *prop);
/* prop is NULL where the host's node has none. */
void guest_bus_range(struct guest_walk *w, uint32_t node, struct guest_node *out,
		     const struct tree_prop *prop);

/* ---- guest-irq.c ---------------------------------------------------------------------------- */

/* interrupts, interrupts-extended, interrupt-parent and interrupt-names. */
void guest_interrupts(struct guest_walk *w, uint32_t node, struct guest_node *out);
/* interrupt-map and its mask; false if nothing is left of it. */
bool guest_interrupt_map(struct guest_walk *w, uint32_t node, struct guest_node *out);

#endif
