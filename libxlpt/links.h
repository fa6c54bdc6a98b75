/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bindings whose properties hold phandles, and the fate of each when its node
 * goes to a guest. One row of links.def a binding; a property that no row
 * matches is taken to hold no phandle unless plain.c's look at its value says
 * that it may (then it is refused, never copied).
 */
#ifndef XLPT_LINKS_H
#define XLPT_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What happens to the property when a target lies outside the plan. Where all
 * targets lie inside the planned subtrees the reference is kept, whatever the
 * fate, with renumbered phandles (except FATE_SILENT, FATE_INTERRUPT).
 */
enum link_fate {
	FATE_CLOCK,	/* fixed-clock stub with a known rate, else clock-rate-unknown */
	FATE_REGULATOR,	/* fixed-regulator stub */
	FATE_TAKE,	/* the target and its subtree go along (opp tables, fixed-partitions …): data, no hardware */
	FATE_DROP,	/* leave the property out, diagnostic `dropped-reference` (warning) with `advice` */
	FATE_SILENT,	/* leave it out always: the guest must not have it (iommus, msi-parent …); a note only in the report */
	FATE_REFUSE,	/* error `reference-refused` (allowable: then it is left out), with `advice` */
	FATE_GRAPH,	/* remote-endpoint: keep if the other end is inside, else the endpoint node is left out */
	FATE_INTERRUPT,	/* interrupt-parent, interrupts-extended, interrupt-map: guest.c rewrites them */
};

/*
 * How the property's cells are to be read. A cell 0 where a phandle is due is
 * an empty entry: that one cell, no arguments.
 */
enum link_form {
	FORM_CELLS,	/* phandle + as many cells as the target's `cells` property says, repeated */
	FORM_PHANDLES,	/* every cell is a phandle */
	FORM_FIXED,	/* `n_lead` cells + phandle + `n_args` cells, repeated */
	FORM_FIRST,	/* the first cell is a phandle, whatever follows is not */
	FORM_INTERRUPT_MAP,
};

struct link {
	const char *property;	/* exact name, or with one '*' that matches any run of characters */
	size_t len;		/* of it */
	enum link_form form;
	unsigned n_lead;	/* FORM_FIXED: cells before the phandle of each entry (iommu-map: 1) */
	const char *cells;	/* "#clock-cells" …; NULL unless FORM_CELLS */
	unsigned n_args;	/* FORM_FIXED; also what FORM_CELLS assumes when the target has no `cells` property, if optional */
	bool optional;		/* a target without the `cells` property is not an error */
	enum link_fate fate;
	const char *names;	/* parallel list of names dropped with it ("clock-names"), or NULL */
	const char *advice;	/* what the host must do, or what the guest will miss; NULL for none */
	const char *unless;	/* in a node that has this property the cells hold no phandle (gpios: "gpio-hog"), or NULL */
	bool args_below;	/* an argument that is the phandle of a node below the target is a reference too (mboxes of TI) */
};

extern const struct link links[];
extern const size_t n_links;

/*
 * The row that matches a property name, or NULL. Exact names win over
 * patterns, also those that plain.def has: nr-gpios is no *-gpios.
 *
 * *plain_r: the property is known to hold no phandle (a number, a string, a
 * flag), by the Devicetree Specification or a shipped binding. Used to tell a
 * number that happens to equal a phandle from a reference. Table plain.def.
 */
const struct link *link_classify(const char *property, bool *plain_r);

#endif
