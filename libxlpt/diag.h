/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collecting findings, and overriding their severity as the user allowed. */
#ifndef XLPT_DIAG_H
#define XLPT_DIAG_H

#include "arena.h"
#include "libxlpt.h"

enum diag_id {
#define DIAG(symbol, id, severity, class, title, remedy) DIAG_##symbol,
#include "diag.def"
#undef DIAG
	N_DIAGS
};

enum diag_class {
	DIAG_CLASS_ALLOW,
	DIAG_CLASS_INPUT,
	DIAG_CLASS_FATAL,
	DIAG_CLASS_INFO,
};

/* A set of ids. */
struct diag_set {
	uint64_t bits[2];
};

static inline void diag_set_add(struct diag_set *set, enum diag_id id)
{
	set->bits[id / 64] |= 1ull << (id % 64);
}

static inline bool diag_set_has(const struct diag_set *set, enum diag_id id)
{
	return set->bits[id / 64] >> (id % 64) & 1;
}

/* The id of a name; N_DIAGS if there is none. */
enum diag_id diag_find(const char *name, size_t len);
enum diag_class diag_class(enum diag_id id);
const char *diag_name(enum diag_id id);
/* The hint of findings that have none of their own: this very pointer is theirs. */
const char *diag_remedy(enum diag_id id);

struct xlpt_diags {
	struct arena arena;
	struct xlpt_diag *list;
	size_t n, room;
	size_t count[XLPT_ERROR + 1];
	struct diag_set allowed;	/* for every device */
	struct diag_set allowed_here;	/* for the device in work: its own ,allow= */
	bool strict;
	enum xlpt_speaker speaker;	/* of the findings to come */
	bool impossible;		/* an error was added that no decision resolves */
	bool decision;			/* an error was added that a decision or an input resolves */
};

void diags_init(struct xlpt_diags *diags);
void diags_clear(struct xlpt_diags *diags);	/* forget the findings, keep what is allowed */
void diags_fini(struct xlpt_diags *diags);

/* Is this id allowed, for all or for the device in work? */
bool diag_allowed(const struct xlpt_diags *diags, enum diag_id id);

/* The finding cannot be resolved this time, whatever its class says. */
#define DIAG_IMPOSSIBLE 1u
/* An error this time, whatever the catalogue or the user says. */
#define DIAG_AS_ERROR 2u

/*
 * Add a finding. node, property and hint may be NULL and are copied; without
 * a hint the catalogue's remedy stands in for errors and warnings.
 */
void diag_add(struct xlpt_diags *diags, enum diag_id id, unsigned flags, const char *node,
	      const char *property, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));

#endif
