/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The script of xen-replay.c, and a xenstore of path and value pairs. */
#ifndef XLPT_REPLAY_SCRIPT_H
#define XLPT_REPLAY_SCRIPT_H

#include "xen.h"

struct pair {
	char *path, *value;
};

struct store {
	struct pair *pair;
	size_t n;
};

const char *store_get(const struct store *store, const char *path);
int store_set(struct store *store, const char *path, const char *value);
void store_remove(struct store *store, const char *path);
int store_list(const struct store *store, struct arena *arena, const char *path, char ***names_r,
	       size_t *n_r);
int store_copy(struct store *to, const struct store *from);
void store_move(struct store *to, struct store *from);
void store_free(struct store *store);
/* A `store` line for each; quiet without a file. */
void store_save(const struct store *store, const char *file);

struct script {
	struct arena arena;
	struct xen_info info;
	int open_errno;
	struct {
		const char *path;
		int error;
	} *test;
	size_t n_tests, tests_room;
	struct xen_domain *domain;
	size_t n_domains, domains_room;
	struct {
		const char *function;
		int error;
		unsigned nth, seen;	/* 0: every one */
	} *failure;
	size_t n_failures, failures_room;
	unsigned conflicts;		/* commits that fail with EAGAIN */
	struct text console;
	const char *tree;
};

/* Ends the program where the script is wrong. What `saved` has, if it is there, replaces the store. */
void script_read(struct script *script, struct store *store, const char *file, const char *saved);
void script_free(struct script *script);
int script_failure(struct script *script, const char *function);

#endif
