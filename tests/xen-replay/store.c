/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

const char *store_get(const struct store *store, const char *path)
{
	size_t i;

	for (i = 0; i < store->n; i++)
		if (!strcmp(store->pair[i].path, path))
			return store->pair[i].value;
	return NULL;
}

int store_set(struct store *store, const char *path, const char *value)
{
	char *copy = strdup(value), *name;
	struct pair *more;
	size_t i;

	if (!copy)
		return -ENOMEM;
	for (i = 0; i < store->n; i++)
		if (!strcmp(store->pair[i].path, path)) {
			free(store->pair[i].value);
			store->pair[i].value = copy;
			return 0;
		}
	name = strdup(path);
	more = name ? realloc(store->pair, (store->n + 1) * sizeof(*more)) : NULL;
	if (!more) {
		free(copy);
		free(name);
		return -ENOMEM;
	}
	store->pair = more;
	more[store->n++] = (struct pair){ name, copy };
	return 0;
}

static bool is_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	return !strncmp(path, top, len) && (!path[len] || path[len] == '/');
}

void store_remove(struct store *store, const char *path)
{
	size_t i, kept = 0;

	for (i = 0; i < store->n; i++) {
		if (is_below(store->pair[i].path, path)) {
			free(store->pair[i].path);
			free(store->pair[i].value);
		} else {
			store->pair[kept++] = store->pair[i];
		}
	}
	store->n = kept;
}

int store_list(const struct store *store, struct arena *arena, const char *path, char ***names_r,
	       size_t *n_r)
{
	char **names = arena_alloc(arena, store->n, sizeof(*names));
	size_t i, k, n = 0, len = strlen(path);

	if (!names)
		return -ENOMEM;
	for (i = 0; i < store->n; i++) {
		const char *at = store->pair[i].path;
		char *name;

		if (!is_below(at, path) || !at[len])
			continue;
		name = arena_strndup(arena, at + len + 1, strcspn(at + len + 1, "/"));
		if (!name)
			return -ENOMEM;
		for (k = 0; k < n && strcmp(names[k], name); k++)
			;
		if (k == n)
			names[n++] = name;
	}
	*names_r = names;
	*n_r = n;
	return 0;
}

int store_copy(struct store *to, const struct store *from)
{
	size_t i;
	int rc = 0;

	store_free(to);
	for (i = 0; i < from->n && !rc; i++)
		rc = store_set(to, from->pair[i].path, from->pair[i].value);
	return rc;
}

void store_move(struct store *to, struct store *from)
{
	store_free(to);
	*to = *from;
	*from = (struct store){ 0 };
}

void store_free(struct store *store)
{
	size_t i;

	for (i = 0; i < store->n; i++) {
		free(store->pair[i].path);
		free(store->pair[i].value);
	}
	free(store->pair);
	*store = (struct store){ 0 };
}

static void save_value(FILE *f, const char *value)
{
	for (; *value; value++)
		if (*value == '\n')
			fputs("\\n", f);
		else
			putc(*value, f);
}

void store_save(const struct store *store, const char *file)
{
	FILE *f = file ? fopen(file, "w") : NULL;
	size_t i;

	for (i = 0; f && i < store->n; i++) {
		fprintf(f, "store %s ", store->pair[i].path);
		save_value(f, store->pair[i].value);
		putc('\n', f);
	}
	if (f)
		fclose(f);
}
