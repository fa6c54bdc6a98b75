/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxlpt: from a host device tree and the name of a device to everything
 * Xen on Arm needs to pass that device to a guest.
 *
 * Stages over plain data, in this order; each borrows from the ones before
 * it, so free them in reverse:
 *
 *   bytes -> xlpt_tree -> xlpt_plan -> artefacts (text, blobs, JSON)
 *
 * Conventions, for every declaration below:
 * - Functions return 0 or a negative errno. They fail only when no result can
 *   be made (-EINVAL malformed input, -ENOMEM, -ENOENT ...); what is wrong
 *   with a device is a diagnostic in a result, not a failure.
 * - `base`, `size`, `host`, `guest` are bytes. `start`, `count`, `gfn` are
 *   4 KiB frames, what xl.cfg(5)'s iomem= speaks, whatever the page size of
 *   Xen, dom0 or the guest.
 * - An irq is a GIC INTID as xl.cfg(5)'s irqs= takes it: SPI n is n + 32.
 * - No function prints, exits, or reads a file, the environment or the clock.
 *   The same input gives the same output, byte for byte.
 * - Objects may be used from several threads as long as each is used from one
 *   at a time.
 */
#ifndef LIBXLPT_H
#define LIBXLPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The library is built with everything else hidden. */
#pragma GCC visibility push(default)

#define XLPT_VERSION "0.1.0"

/* 4 KiB, the unit of iomem= (xen/include/public/arch-arm.h, XEN_PAGE_SHIFT). */
#define XLPT_FRAME_SHIFT 12

/* "no such node" where a node index is returned. */
#define XLPT_NO_NODE UINT32_MAX

/* The version of the library that is linked, as opposed to XLPT_VERSION. */
const char *xlpt_version(void);

/* ---- diagnostics -------------------------------------------------------- */

enum xlpt_severity {
	XLPT_NOTE,
	XLPT_WARNING,
	XLPT_ERROR,
};

/* "note", "warning" or "error"; static. */
const char *xlpt_severity_name(enum xlpt_severity severity);

/* Who found it: the device tree and the settings, or the running system. */
enum xlpt_speaker {
	XLPT_SPEAKER_TREE,
	XLPT_SPEAKER_HYPERVISOR,
};

/*
 * One finding. Strings live as long as the xlpt_diags that holds it; node,
 * property and hint may be NULL. `id` is one of the catalogue and never
 * changes meaning; `message` and `hint` are for people and may.
 */
struct xlpt_diag {
	const char *id;
	enum xlpt_severity severity;
	enum xlpt_speaker speaker;
	const char *node;
	const char *property;
	const char *message;
	const char *hint;
};

/* What the catalogue knows of an id; see xl-passthrough-diagnostics(7). */
struct xlpt_diag_info {
	const char *id;
	enum xlpt_severity severity;	/* unless allowed or strict */
	bool allowable;			/* --allow=ID turns the error into a warning */
	const char *title;
	const char *remedy;
};

/* The catalogue, ordered as in diag.def; static. */
const struct xlpt_diag_info *xlpt_diag_catalogue(size_t *n_r);

/* A set of findings, in the order they were made. Free with xlpt_diags_free(NULL is fine). */
struct xlpt_diags;

int xlpt_diags_new(struct xlpt_diags **diags_r);
void xlpt_diags_free(struct xlpt_diags *diags);

/*
 * Findings with this id that would be errors become warnings from now on.
 * -ENOENT: no such id. -EPERM: the id exists but may not be allowed.
 */
int xlpt_diags_allow(struct xlpt_diags *diags, const char *id);

/* Findings that would be warnings, and were not allowed by name, become errors. */
void xlpt_diags_strict(struct xlpt_diags *diags);

/* All findings; the array lives until the next one is added. */
const struct xlpt_diag *xlpt_diags_list(const struct xlpt_diags *diags, size_t *n_r);
size_t xlpt_diags_count(const struct xlpt_diags *diags, enum xlpt_severity severity);

/* ---- the host tree ------------------------------------------------------ */

struct xlpt_tree;

/*
 * Index a flattened device tree (Devicetree Specification 0.4, chapter 5) of
 * at most `size` bytes. The tree borrows the blob: keep it unchanged until
 * xlpt_tree_free(). -EINVAL: not a usable host tree, with one diagnostic
 * (host-tree-invalid) that says what is wrong and where. -ENOMEM.
 */
int xlpt_tree_parse(const void *blob, size_t size, struct xlpt_diags *diags,
		    struct xlpt_tree **tree_r);
void xlpt_tree_free(struct xlpt_tree *tree);

/* Bytes the index occupies beside the blob. */
size_t xlpt_tree_index_size(const struct xlpt_tree *tree);
uint32_t xlpt_tree_node_count(const struct xlpt_tree *tree);

/*
 * The node a user means by a full path, an alias ("serial1"), a label
 * ("&gem3", where the tree has __symbols__) or a platform name
 * ("fff51000.ethernet"); XLPT_NO_NODE if none, or more than one, has it.
 */
uint32_t xlpt_tree_find(const struct xlpt_tree *tree, const char *name);

/* The full path of a node, malloc'd; NULL on exhaustion. */
char *xlpt_tree_path(const struct xlpt_tree *tree, uint32_t node);

/* ---- the guest's settings ----------------------------------------------- */

/*
 * What is known of the guest and of Xen. xlpt_settings_init() gives the
 * cautious values; a plan must then hold for every release xen_first..xen_last.
 */
struct xlpt_settings {
	unsigned xen_first, xen_last;	/* minor numbers of Xen 4.x, 6..22; init: 17, 22 ("any") */
	uint64_t memory_mib;		/* guest RAM; 0: unknown, both RAM banks count as full */
	unsigned vcpus;			/* 0: unknown (1 is assumed for sizes) */
	unsigned gic;			/* 2 or 3; 0: unknown, both are kept free */
	unsigned ipa_bits;		/* 0: unknown, 40 */
	bool vuart;			/* vuart="sbsa_uart" */
	unsigned virtio;		/* number of virtio-mmio devices */
	bool pci;			/* the guest has pci= of its own */
	bool acpi;			/* the guest has acpi=1 */
	const char *console;		/* path of Xen's console UART, "none", or NULL: from the tree */
	bool enable_iommu;		/* plan as if disabled SMMUs were enabled by the boot script */
	const char *clk_summary;	/* text of /sys/kernel/debug/clk/clk_summary, or NULL */
	bool dom0_view;			/* the tree is the one Xen made for dom0: host-tree-missing */
};

void xlpt_settings_init(struct xlpt_settings *settings);

/* "4.17" or "any" into xen_first and xen_last. -EINVAL: not a release known here. */
int xlpt_settings_xen(struct xlpt_settings *settings, const char *version);

/* ---- devices and their verdicts ----------------------------------------- */

enum xlpt_verdict {
	XLPT_READY,		/* passable as it is */
	XLPT_ATTENTION,		/* needs a decision or an input */
	XLPT_IMPOSSIBLE,
};

const char *xlpt_verdict_name(enum xlpt_verdict verdict);

/*
 * One line of JSON (without the newline) as documented in xl-passthrough(1),
 * for every candidate device of the tree. malloc'd. -ENOMEM.
 */
int xlpt_devices_json(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		      const char *file, char **json_r);

/* The same as a table for a person; malloc'd. */
int xlpt_devices_table(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		       const char *file, char **table_r);

/* ---- the plan ------------------------------------------------------------ */

struct xlpt_plan_reg {
	uint64_t host, guest, size;
};

struct xlpt_iomem {
	uint64_t start, count, gfn;
};

/* Arrays and strings live as long as the plan. */
struct xlpt_plan_device {
	const char *path;		/* in the host tree */
	const char *guest_path;		/* in the guest's tree */
	const struct xlpt_plan_reg *regs;	/* of the whole subtree, in tree order */
	size_t n_regs;
	const uint32_t *irqs;		/* of the whole subtree, in tree order */
	size_t n_irqs;
};

struct xlpt_plan;

/*
 * Plan the selected devices for one guest. `selections` are DEVICE strings as
 * in xl-passthrough(1), options included. Findings go to `diags`, which also
 * says what is allowed; the plan borrows tree, settings and diags.
 * No selection at all gives an empty plan, for what a configuration has of its own.
 * A plan with errors is still a plan: ask xlpt_plan_ok(). -EINVAL: a selection
 * that cannot be understood (usage), with a diagnostic.
 */
int xlpt_plan_make(const struct xlpt_tree *tree, const struct xlpt_settings *settings,
		   const char *const *selections, size_t n_selections,
		   struct xlpt_diags *diags, struct xlpt_plan **plan_r);
void xlpt_plan_free(struct xlpt_plan *plan);

/* No error among the findings: the artefacts may be used. */
bool xlpt_plan_ok(const struct xlpt_plan *plan);
const struct xlpt_plan_device *xlpt_plan_devices(const struct xlpt_plan *plan, size_t *n_r);
const struct xlpt_iomem *xlpt_plan_iomem(const struct xlpt_plan *plan, size_t *n_r);
const uint32_t *xlpt_plan_irqs(const struct xlpt_plan *plan, size_t *n_r);
const char *const *xlpt_plan_dtdev(const struct xlpt_plan *plan, size_t *n_r);
const char *const *xlpt_plan_mark(const struct xlpt_plan *plan, size_t *n_r);

/* ---- artefacts: malloc'd, the caller's to free --------------------------- */

/* xl.cfg(5) lines; `device_tree` is the path to write into them, or NULL to leave it out. */
int xlpt_emit_config(const struct xlpt_plan *plan, const char *device_tree, char **text_r);
/* The partial device tree, as a blob and as source with comments. */
int xlpt_emit_partial(const struct xlpt_plan *plan, void **blob_r, size_t *size_r);
int xlpt_emit_partial_dts(const struct xlpt_plan *plan, char **text_r);
/* The U-Boot script (to be wrapped by mkimage -T script) that marks the host tree. */
int xlpt_emit_uboot(const struct xlpt_plan *plan, char **text_r);
/* The marked host tree itself. */
int xlpt_emit_marked(const struct xlpt_plan *plan, void **blob_r, size_t *size_r);
/* plan.json; with_speaker adds the field that `check` has. */
int xlpt_emit_json(const struct xlpt_plan *plan, bool with_speaker, char **text_r);
/* The report for a person. */
int xlpt_emit_report(const struct xlpt_plan *plan, char **text_r);

/* ---- several guests on one host ------------------------------------------ */

/* What the guest's configuration gives it besides a plan: its own iomem=, irqs=, dtdev=. */
struct xlpt_own_lists {
	const struct xlpt_iomem *iomem;
	size_t n_iomem;
	const uint32_t *irqs;
	size_t n_irqs;
	const char *const *dtdev;
	size_t n_dtdev;
	bool iommu;		/* passthrough= asks for one */
};

struct xlpt_partition_guest {
	const char *name;		/* unlike the others' */
	const char *config;		/* the file it comes from, for people; or NULL */
	struct xlpt_plan *plan;		/* all over the same xlpt_tree, each with findings of its own */
	const struct xlpt_own_lists *own;	/* NULL: none */
};

/*
 * Prove that no device, frame, SPI or StreamID is given twice. Each clash is a
 * device-busy, which cannot be allowed, among the findings of both plans, and
 * neither is usable then. To be called once. -EINVAL: plans over different trees; -ENOMEM.
 */
int xlpt_partition_check(const struct xlpt_partition_guest *guests, size_t n);

/* All plans are usable: with xlpt_partition_check() behind it, all of them at once. */
bool xlpt_partition_ok(const struct xlpt_partition_guest *guests, size_t n);

/* One boot script for all, as xlpt_emit_uboot(); -EINVAL unless xlpt_partition_ok(). */
int xlpt_partition_uboot(const struct xlpt_partition_guest *guests, size_t n, char **text_r);
/* As documented in xl-passthrough(1), and the report for a person. */
int xlpt_partition_json(const struct xlpt_partition_guest *guests, size_t n, char **text_r);
int xlpt_partition_report(const struct xlpt_partition_guest *guests, size_t n, char **text_r);

/* ---- the running system --------------------------------------------------- */

/*
 * These functions ask Xen, xenstore and /proc, so unlike the ones above they
 * answer by the state of the machine. None of them assigns, maps or routes
 * anything; only xlpt_xen_claim() and xlpt_xen_release() change something, and
 * that is a record in xenstore.
 */
struct xlpt_xen;

/*
 * Connect to the Xen this runs on, as root in dom0. Fails with one diagnostic:
 * no-xen (-ENODEV no Xen or a build without libxl, -ENOTCONN no xenstored),
 * xen-version (-ELIBACC, -EPROTO: not the release this was built for; also
 * -ENOTSUP: not one known here), xen-denied (-EACCES, -EPERM), xen-failed.
 */
int xlpt_xen_open(struct xlpt_diags *diags, struct xlpt_xen **xen_r);
void xlpt_xen_close(struct xlpt_xen *xen);	/* NULL is fine */

/* The release and the width of guest addresses of the running Xen into settings. */
void xlpt_xen_settings(const struct xlpt_xen *xen, struct xlpt_settings *settings);

/* Where the system shows the tree Xen made for dom0: what xlpt_xen_question.dom0_tree is made of. */
const char *xlpt_xen_dom0_tree_file(const struct xlpt_xen *xen);

struct xlpt_xen_question {
	const struct xlpt_own_lists *own;	/* NULL: none */
	/*
	 * The tree Xen made for dom0 (/sys/firmware/fdt), which shows that a
	 * node was not marked; NULL: it cannot be had. May be the plan's tree.
	 */
	const struct xlpt_tree *dom0_tree;
	/*
	 * Ask which frames and SPIs dom0 may hand out. Xen tells on its console
	 * only, so this writes some pages there.
	 */
	bool grants;
};

/*
 * Ask the running system whether the plan can be carried out. Findings go to
 * the plan's diags with XLPT_SPEAKER_HYPERVISOR, and xlpt_plan_ok() counts
 * them. -ENOMEM; everything else that fails is a diagnostic (xen-failed).
 */
int xlpt_xen_check(struct xlpt_xen *xen, struct xlpt_plan *plan,
		   const struct xlpt_xen_question *question);

/*
 * The variable that xlpt_xen_claim()'s caller gives to what it execs, with the
 * guest's uuid in lower case as its value: while a process has it, the claim holds.
 */
#define XLPT_CREATOR_VARIABLE "XL_PASSTHROUGH_GUEST"

/*
 * Claim what the plan and `own` (NULL: nothing) give, for a guest about to be
 * created with this uuid, in one transaction. The claim lives as long as this
 * process (and what it execs) or the guest, and across the guest's reboots.
 * Claims of guests that are gone are swept away.
 * -EBUSY, with device-busy or guest-exists: another live claim overlaps; a
 * guest that is just going or coming is waited for, up to five seconds.
 * -EINVAL: not a uuid, or a name that cannot be stored. Other failures
 * have a diagnostic xen-failed. In all of them nothing is claimed.
 */
int xlpt_xen_claim(struct xlpt_xen *xen, const char *uuid, const char *name,
		   const struct xlpt_plan *plan, const struct xlpt_own_lists *own,
		   struct xlpt_diags *diags);
/* Take a claim back: the guest was not created after all. 0 also if there was none. */
int xlpt_xen_release(struct xlpt_xen *xen, const char *uuid);

/*
 * Which guest has which devices, as JSON or as a table; malloc'd. `domain` is a
 * name, domid or uuid, or NULL for all that have any. -ENOENT: no such domain.
 * Failures other than that and -ENOMEM have a diagnostic.
 */
int xlpt_xen_list(struct xlpt_xen *xen, const char *domain, bool json, struct xlpt_diags *diags,
		  char **text_r);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
