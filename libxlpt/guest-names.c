/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of the guest's nodes: legal in a source, and each there once. */
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

/* Base names longer than this are cut: with a unit and a number they must stay readable as names. */
#define MAX_BASE 200

/* dtc's PROPNODECHAR; the flattened form would take more, no source would. */
static bool is_name_char(char c)
{
	static const bool legal[256] = {
		['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true,
		[','] = true, ['.'] = true, ['_'] = true, ['+'] = true, ['*'] = true, ['#'] = true,
		['?'] = true, ['@'] = true, ['-'] = true,
	};

	return legal[(unsigned char)c];
}

bool guest_name_is_legal(const char *name)
{
	for (; *name; name++)
		if (!is_name_char(*name))
			return false;
	return true;
}

static const char **name_slot(struct guest_names *names, const char *name)
{
	uint32_t hash = 2166136261u;
	const char *s;
	size_t i;

	for (s = name; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 16777619u;
	for (i = hash & (names->n_slots - 1); names->slot[i]; i = (i + 1) & (names->n_slots - 1))
		if (!strcmp(names->slot[i], name))
			break;
	return &names->slot[i];
}

static bool names_grow(struct guest_tree *out)
{
	struct guest_names old = out->names, *names = &out->names;
	size_t i;

	names->n_slots = old.n_slots ? old.n_slots * 2 : 64;
	names->slot = arena_alloc(out->arena, names->n_slots, sizeof(*names->slot));
	if (!names->slot) {
		*names = old;
		return false;
	}
	for (i = 0; i < old.n_slots; i++)
		if (old.slot[i])
			*name_slot(names, old.slot[i]) = old.slot[i];
	return true;
}

/* Take the name if it is free. */
static const char *name_claim(struct guest_tree *out, const char *name)
{
	const char **slot;

	if (!name || (out->names.n * 2 >= out->names.n_slots && !names_grow(out)))
		return NULL;
	slot = name_slot(&out->names, name);
	if (*slot)
		return NULL;
	out->names.n++;
	return *slot = name;
}

/* Among the names, for which it cannot be taken: none begins like that. */
struct unit {
	unsigned taken;
	char key[];	/* '@' and the unit address */
};

unsigned guest_unit_taken(struct guest_tree *out, const char *unit)
{
	struct unit *new = arena_alloc(out->arena, 1, sizeof(*new) + strlen(unit) + 2);
	const char **slot;

	if (!new || (out->names.n * 2 >= out->names.n_slots && !names_grow(out)))
		return UINT_MAX;
	sprintf(new->key, "@%s", unit);
	slot = name_slot(&out->names, new->key);
	if (*slot)
		return ++((struct unit *)(*slot - offsetof(struct unit, key)))->taken;
	out->names.n++;
	*slot = new->key;
	return 0;
}

const char *guest_unique_name(struct guest_tree *out, const char *base, const char *unit,
			      size_t ordinal)
{
	const char *at = *unit ? "@" : "", *name;
	char clean[MAX_BASE + 1];
	size_t i;

	for (i = 0; i < MAX_BASE && base[i]; i++)
		clean[i] = is_name_char(base[i]) && base[i] != '@' ? base[i] : '_';
	clean[i] = '\0';
	if (!i)
		strcpy(clean, "_");
	name = name_claim(out, arena_printf(out->arena, "%s%s%s", clean, at, unit));
	/* A number that only this one has; what already looks like that gets one more. */
	for (i = 0; !name && i < 4 && !out->arena->failed; i++)
		name = name_claim(out, arena_printf(out->arena, "%s-%zu%s%s", clean,
						    ordinal + i * 1000003, at, unit));
	if (!name)
		out->too_big = true;
	return name;
}
