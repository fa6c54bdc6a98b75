/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "fdt-names.h"

#define FIRST_ENDS 1024		/* a power of two, as all that follow */

/* Room for one more in an array that doubles. */
static bool grow(void *array_p, uint32_t n, uint32_t *room, size_t size)
{
	uint32_t more = *room ? *room * 2 : 256;
	void *array, *larger;

	if (n < *room)
		return true;
	if (more <= *room)
		return false;
	memcpy(&array, array_p, sizeof(array));
	larger = realloc(array, more * size);
	if (!larger)
		return false;
	memcpy(array_p, &larger, sizeof(larger));
	*room = more;
	return true;
}

static uint32_t *bucket_of(const struct fdt_names *names, uint32_t after, char c)
{
	uint32_t hash = (after << 8 | (unsigned char)c) * 2654435761u;

	return &names->bucket[(hash ^ hash >> 15) & (names->ends_room - 1)];
}

static uint32_t find(const struct fdt_names *names, uint32_t after, char c)
{
	uint32_t i;

	for (i = *bucket_of(names, after, c); i; i = names->end[i].next)
		if (names->end[i].after == after && names->end[i].c == c)
			break;
	return i;
}

static void link_end(struct fdt_names *names, uint32_t i)
{
	uint32_t *bucket = bucket_of(names, names->end[i].after, names->end[i].c);

	names->end[i].next = *bucket;
	*bucket = i;
}

static bool grow_ends(struct fdt_names *names)
{
	uint32_t room = names->ends_room ? names->ends_room * 2 : FIRST_ENDS, i;
	struct fdt_name_end *end;
	uint32_t *bucket;

	if (room <= names->ends_room)
		return false;
	end = realloc(names->end, room * sizeof(*end));
	if (!end)
		return false;
	names->end = end;
	bucket = calloc(room, sizeof(*bucket));
	if (!bucket)
		return false;
	free(names->bucket);
	names->bucket = bucket;
	names->ends_room = room;
	if (!names->n_ends)
		end[names->n_ends++] = (struct fdt_name_end){ 0 };
	for (i = 1; i < names->n_ends; i++)
		link_end(names, i);
	return true;
}

static uint32_t add_end(struct fdt_names *names, uint32_t after, char c)
{
	uint32_t i = names->n_ends;

	if (i == names->ends_room && !grow_ends(names))
		return 0;
	names->end[i] = (struct fdt_name_end){ .after = after, .c = c };
	link_end(names, i);
	names->n_ends++;
	return i;
}

static bool put_char(struct fdt_names *names, char c)
{
	if (!grow(&names->block, names->size, &names->block_room, 1))
		return false;
	names->block[names->size++] = c;
	return true;
}

/* A string of its own, before all others; what it ends in is now found in it. */
static bool store(struct fdt_names *names, const char *name, size_t len)
{
	uint32_t before = names->size, end = 0, i;

	names->end[0].before = before;
	if (!put_char(names, '\0'))
		return false;
	while (len--) {
		i = find(names, end, name[len]);
		if (!i)
			i = add_end(names, end, name[len]);
		if (!i || !put_char(names, name[len]))
			return false;
		names->end[i].before = before;
		end = i;
	}
	return true;
}

static bool add(struct fdt_names *names, const char *name)
{
	size_t len = strlen(name), left = len;
	uint32_t end = 0, i;

	if (len >= UINT32_MAX - names->size || (!names->n_ends && !grow_ends(names)) ||
	    !grow(&names->offset, names->n, &names->offset_room, sizeof(*names->offset)))
		return false;
	while (left && (i = find(names, end, name[left - 1]))) {
		end = i;
		left--;
	}
	if ((left || !names->size) && !store(names, name, len))
		return false;
	if (left)
		names->offset[names->n++] = names->size;
	else
		names->offset[names->n++] = names->end[end].before + (uint32_t)len + 1;
	return true;
}

bool fdt_names_add(struct fdt_names *names, const char *name)
{
	if (!names->failed && !add(names, name))
		names->failed = true;
	return !names->failed;
}

int fdt_names_put(const struct fdt_names *names, void *fdt, size_t room)
{
	uint32_t strings = fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt), i = 0;
	char *block = (char *)fdt + strings;
	struct fdt_property *prop;
	int offset = 0, next;
	uint32_t tag;

	for (; (tag = fdt_next_tag(fdt, offset, &next)) != FDT_END; offset = next) {
		if (tag != FDT_PROP)
			continue;
		if (i == names->n)
			return -FDT_ERR_BADSTRUCTURE;
		prop = (struct fdt_property *)((char *)fdt + fdt_off_dt_struct(fdt) + offset);
		prop->nameoff = cpu_to_fdt32(names->size - names->offset[i++]);
	}
	if (next < 0 || i != names->n)
		return -FDT_ERR_BADSTRUCTURE;
	if (strings > room || names->size > room - strings)
		return -FDT_ERR_NOSPACE;
	for (i = names->size; i; i--)
		*block++ = names->block[i - 1];
	fdt_set_off_dt_strings(fdt, strings);
	fdt_set_size_dt_strings(fdt, names->size);
	fdt_set_totalsize(fdt, strings + names->size);
	return 0;
}

void fdt_names_free(struct fdt_names *names)
{
	free(names->block);
	free(names->end);
	free(names->bucket);
	free(names->offset);
	*names = (struct fdt_names){ 0 };
}
