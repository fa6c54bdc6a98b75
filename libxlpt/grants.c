/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grants.h"

static const char heading[] = "Rangesets belonging to domain 0:";

/* Where the last answer starts; earlier ones are of before. */
static const char *last_heading(const char *console)
{
	const char *found = NULL, *s = console;

	while ((s = strstr(s, heading))) {
		found = s;
		s += strlen(heading);
	}
	return found;
}

/* A number as the set's own base has it, and nothing glued to it. */
static bool number(const char **s, int base, uint64_t *value_r)
{
	char *end;

	if (!(base == 16 ? isxdigit((unsigned char)**s) : isdigit((unsigned char)**s)))
		return false;
	errno = 0;
	*value_r = strtoull(*s, &end, base);
	if (errno)
		return false;
	*s = end;
	return true;
}

/*
 * "{ 1-3, 7 }" up to its bracket. A message of another CPU may have come in
 * between, or the ring's end; then the set is not one, and false.
 */
static int read_set(struct arena *arena, const char *s, int base, struct grant **list, size_t *n,
		    size_t *room, bool *whole_r)
{
	*whole_r = false;
	s += strspn(s, " ");
	if (*s++ != '{')
		return 0;
	for (;;) {
		struct grant range, *slot;

		s += strspn(s, " ");
		if (*s == '}') {
			*whole_r = true;
			return 0;
		}
		if (!number(&s, base, &range.first))
			return 0;
		range.last = range.first;
		if (*s == '-' && (s++, !number(&s, base, &range.last)))
			return 0;
		if (range.last < range.first || (*s != ',' && *s != ' '))
			return 0;
		if (*s == ',')
			s++;
		slot = arena_push(arena, list, n, room, sizeof(*slot));
		if (!slot)
			return -ENOMEM;
		*slot = range;
	}
}

/* The set of this name in the lines below the heading, before the next domain's. */
static const char *find_set(const char *answer, const char *name)
{
	const char *end = strstr(answer + strlen(heading), "Rangesets belonging to domain ");
	const char *found = strstr(answer, name);

	return found && (!end || found < end) ? found + strlen(name) : NULL;
}

int grants_read(struct arena *arena, const char *console, struct grants *grants_r)
{
	const char *answer = last_heading(console), *set;
	int rc = 0;

	*grants_r = (struct grants){ 0 };
	if (!answer)
		return 0;
	set = find_set(answer, "Interrupts");
	if (set)
		rc = read_set(arena, set, 10, &grants_r->irqs, &grants_r->n_irqs, &grants_r->irqs_room,
			      &grants_r->has_irqs);
	set = find_set(answer, "I/O Memory");
	if (set && !rc)
		rc = read_set(arena, set, 16, &grants_r->frames, &grants_r->n_frames,
			      &grants_r->frames_room, &grants_r->has_frames);
	return rc;
}

bool grants_missing(const struct grant *list, size_t n, uint64_t first, uint64_t last,
		    uint64_t *missing_r)
{
	size_t i;

	/* Xen prints a set in order, its ranges apart. */
	for (i = 0; i < n; i++) {
		if (list[i].last < first)
			continue;
		if (list[i].first > first)
			break;
		if (list[i].last >= last)
			return false;
		first = list[i].last + 1;
	}
	*missing_r = first;
	return true;
}
