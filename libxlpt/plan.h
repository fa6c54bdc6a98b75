/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The plan under construction. Stages fill it in this order, each in a file of
 * its own, and none changes what an earlier one wrote:
 *
 *   select.c            selection strings -> items
 *   plan-skip.c         without those that a pattern caught and cannot be passed
 *   boot-disk.c         what dom0 boots from, if the tree tells
 *   rules-device.c      may the nodes be passed at all: reserved, console, resources
 *   rules-iomem.c       registers, shared frames
 *   rules-irq.c         interrupts
 *   rules-dma.c         DMA without protection
 *   rules-stream.c      the streams that go along
 *   dtdev.c             of these the list that Xen assigns
 *   pci.c               what a host bridge needs beyond reg and interrupts
 *   place.c             frames into the guest's address map
 *   guest.c             the guest's nodes
 *   plan-finish.c       the arrays of the public API
 *
 * `devices` runs the same rules over one candidate after the other.
 */
#ifndef XLPT_PLAN_H
#define XLPT_PLAN_H

#include "arena.h"
#include "diag.h"
#include "holes.h"
#include "layout.h"
#include "libxlpt.h"
#include "resources.h"
#include "tree.h"

struct clk_summary;
struct outside;
struct plan_host;

/* rules-device.c: why Xen or every guest needs this very node itself; NULL if not so. Static text. */
const char *device_reserved(const struct plan_host *host, uint32_t node);

/*
 * boot-disk.c: the controller of the disk that dom0's command line boots from, or XLPT_NO_NODE
 * where the tree does not tell.
 */
uint32_t boot_disk(const struct xlpt_tree *tree);

/* boot-disk.c: the value of a word "key=..." in a command line, up to a blank; NULL if there is none. */
const char *boot_arg(const char *args, const char *key, size_t *len_r);

/* What holds for every plan over a tree with some settings; made once. */
struct plan_host {
	const struct xlpt_tree *tree;
	const struct xlpt_settings *settings;
	uint32_t console;		/* Xen's console UART, or XLPT_NO_NODE */
	uint32_t console_option;	/* a second one, where --console and dtuart= differ */
	uint32_t boot_disk;		/* boot-disk.c, or XLPT_NO_NODE */
	bool console_known;		/* the tree or the user told, be it "none" */
	bool gic_driven;
	unsigned gic_version;
	struct region regions[LAYOUT_MAX_REGIONS];
	size_t n_regions;
	const struct clk_summary *clk_summary;	/* or NULL */
};

/* A clk_summary of the settings is read into the arena; NULL: it is not wanted. */
int plan_host_init(struct plan_host *host, const struct xlpt_tree *tree,
		   const struct xlpt_settings *settings, struct arena *arena);

/* A clock rate given with ,clock=NAME:HZ */
struct clock_option {
	const char *name;	/* of clock-names, or a decimal index */
	uint64_t hz;
};

/* Options behind a DEVICE. */
struct item_options {
	bool has_gfn;
	uint64_t gfn;
	struct clock_option *clocks;
	size_t n_clocks;
	struct diag_set allowed;
	bool has_buses;
	unsigned first_bus, last_bus;
};

/* A host frame run of an item, see place.c. */
struct item_run {
	uint64_t start, count;
};

/* A node selected for the guest, with its whole subtree. */
struct plan_item {
	uint32_t node;
	uint32_t end;			/* one past the last node to look at: that of the subtree, see devices.c */
	bool literal;			/* named itself, not by a pattern */
	const struct item_options *options;	/* never NULL */
	const char *path;
	const char *guest_path;		/* set by guest.c */
};

struct guest_tree;

struct xlpt_plan {
	struct arena arena;
	struct plan_host own_host;
	const struct plan_host *host;
	const struct xlpt_tree *tree;
	const struct xlpt_settings *settings;
	struct xlpt_diags *diags;

	/* ascending by node; none lies inside another */
	struct plan_item *item;
	size_t n_items, item_room;

	/* runs of host frames, ascending, disjoint, with their guest frames; see place.c */
	struct hole_run *run;
	size_t n_runs;
	bool placed;			/* every run has its gfn */
	const struct slots *slots;	/* of the host, once a plan of several devices is placed; see place-slots.c */

	/* nodes, ascending and unique once finished */
	uint32_t *mark_node;
	size_t n_mark, mark_room;
	uint32_t *dtdev_node;
	size_t n_dtdev, dtdev_room;
	/* SMMUs that --enable-iommu enables for this plan */
	uint32_t *enable_node;
	size_t n_enable, enable_room;

	uint8_t *is_taken;		/* by node, for guest_check(): all 0 between two of them */
	struct guest_tree *guest;	/* guest.c */

	/* what the public API hands out */
	struct xlpt_plan_device *devices;
	struct xlpt_iomem *iomem;
	size_t n_iomem;
	uint32_t *irqs;
	size_t n_irqs;
	const char **dtdev, **mark;
	bool ok;
	bool checked;			/* a running Xen was asked */
	bool limited;			/* `devices`: name the first few sharers, not all */

	/* The tree, with the orders of its resources without what is an item's: see outside.h. */
	const struct xlpt_tree *others;
	struct outside *outside;
	/* What may still be looked at, so that time stays in proportion to the tree. */
	uint64_t sharers_left;
	uint64_t nodes_left;		/* with `limited`: below devices and taken along by them */
	bool unexamined;		/* nodes_left did not suffice for the item */
};

/* Above what boards need: the subtrees of all devices have together at most 2.4 times the tree's nodes. */
#define NODES_LEFT(n_nodes) (64 + 3 * (uint64_t)(n_nodes))

/* One more sharer to look at? Once this says no, what is shared is not known. */
static inline bool plan_may_look(struct xlpt_plan *plan)
{
	return plan->sharers_left && plan->sharers_left--;
}

/* Does the node lie in a subtree that goes to the guest? NULL if not. */
struct plan_item *plan_item_of(const struct xlpt_plan *plan, uint32_t node);

/* Host byte address to guest address through the placed runs; false if not mapped. */
bool plan_guest_address(const struct xlpt_plan *plan, uint64_t host, uint64_t *guest_r);

/* Add to mark_node etc.; duplicates are sorted out at the end. */
void plan_mark(struct xlpt_plan *plan, uint32_t node);

/* The path of a node in the plan's arena ("" on exhaustion). */
const char *plan_path(struct xlpt_plan *plan, uint32_t node);

/* Stages. They fail with -ENOMEM only; everything else is a diagnostic. */
int select_items(struct xlpt_plan *plan, const char *const *selections, size_t n);	/* also -EINVAL */
void rules_device(struct xlpt_plan *plan, struct plan_item *item);
void rules_iomem(struct xlpt_plan *plan, struct plan_item *item);
void rules_irq(struct xlpt_plan *plan, struct plan_item *item);
void rules_pci(struct xlpt_plan *plan, struct plan_item *item);
void rules_dma(struct xlpt_plan *plan, struct plan_item *item);
void rules_dma_finish(struct xlpt_plan *plan);	/* dtdev.c */
void rules_providers(struct xlpt_plan *plan);
int place_items(struct xlpt_plan *plan);
void place_forget(struct xlpt_plan *plan);	/* undo, after a trial */
uint64_t place_frames(const struct xlpt_plan *plan, const struct plan_item *item);
/* plan.c: the rules of one item, with what is allowed for it. */
void plan_run_rules(struct xlpt_plan *plan, struct plan_item *item);
/* plan-skip.c: leave out what a pattern caught and cannot be passed. */
void plan_skip(struct xlpt_plan *plan);
/* plan-finish.c: devices, iomem, irqs, dtdev and mark of the public API. -ENOMEM. */
int plan_finish(struct xlpt_plan *plan);
/* Only the findings about references and clocks of an item, nothing built: for `devices`. */
void guest_check(struct xlpt_plan *plan, struct plan_item *item);
/* The same findings for all items, and the tree. */
int guest_build(struct xlpt_plan *plan);

/*
 * rules-provider.c: enabled nodes that work with a node of the item; one that
 * takes several things may come several times. A non-zero return stops.
 */
typedef int (*provider_user_fn)(void *opaque, uint32_t provider, uint32_t user);
int provider_users(const struct xlpt_tree *tree, const struct plan_item *item, provider_user_fn fn,
		   void *opaque);

/* pci.c: memory windows of the host bridges in an item, and its ECAM cut by ,buses= */
struct pci_window {
	uint32_t node;		/* the host bridge */
	uint64_t bus;		/* PCI address */
	uint64_t host;		/* CPU address */
	uint64_t size;
	uint32_t flags;		/* first cell */
};
bool pci_is_host_bridge(const struct xlpt_tree *tree, uint32_t node);
/*
 * The next memory window that translates, *next being 0 before the first call
 * and this function's own; false past the last.
 */
bool pci_memory_window(const struct xlpt_tree *tree, uint32_t node, unsigned *next,
		       struct pci_window *window_r);
/*
 * Bytes of reg entry 0 of an ECAM bridge that the options leave, and the buses
 * it then serves. False if the bridge's configuration space is no ECAM that
 * can be cut: then everything is mapped.
 */
bool pci_ecam(const struct xlpt_tree *tree, uint32_t node, const struct item_options *options,
	      uint64_t *offset_r, uint64_t *size_r, unsigned *first_bus_r, unsigned *last_bus_r);

/* The register range of an item's node as it is mapped: pci_ecam() applied. */
void item_reg(const struct xlpt_tree *tree, const struct plan_item *item,
	      const struct res_reg *reg, uint64_t *base_r, uint64_t *size_r);

#endif
