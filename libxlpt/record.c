/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

/* XENSTORE_PAYLOAD_MAX is 4096, the path included. */
#define PIECE 3072
#define PATH_ROOM 128
/* 3 MiB: more than any guest has. */
#define MAX_PIECES 1024

bool record_uuid(const char *s, char uuid[XEN_UUID_LEN + 1])
{
	size_t i;

	for (i = 0; i < XEN_UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
		uuid[i] = (char)tolower((unsigned char)s[i]);
	}
	uuid[i] = '\0';
	return !s[i];
}

static int read_pieces(struct xen *xen, struct arena *arena, const char *uuid, struct text *text)
{
	char path[PATH_ROOM], *piece;
	unsigned i;
	int rc = 0;

	for (i = 0; i < MAX_PIECES && !rc; i++) {
		snprintf(path, sizeof(path), "%s/%s/%u", RECORDS_PATH, uuid, i);
		rc = xen_store_read(xen, arena, path, &piece);
		if (!rc)
			text_puts(text, piece);
	}
	return rc == -ENOENT ? 0 : rc;
}

static int read_one(struct xen *xen, struct arena *arena, struct record *record)
{
	struct text text;
	char *copy;
	int rc;

	text_init(&text);
	rc = read_pieces(xen, arena, record->uuid, &text);
	if (!rc) {
		copy = arena_strndup(arena, text.s ? text.s : "", text.len);
		rc = copy && !text.failed ? record_text_read(arena, copy, &record->text) : -ENOMEM;
		record->readable = !rc;
		/* Somebody else's scribble must not stop everybody for ever. */
		if (rc == -EINVAL)
			rc = 0;
	}
	text_free(&text);
	return rc;
}

int records_read(struct xen *xen, struct arena *arena, struct record **list_r, size_t *n_r)
{
	char uuid[XEN_UUID_LEN + 1], **names;
	struct record *list;
	size_t n, i;
	int rc;

	*list_r = NULL;
	*n_r = 0;
	rc = xen_store_list(xen, arena, RECORDS_PATH, &names, &n);
	if (rc)
		return rc;
	list = arena_alloc(arena, n, sizeof(*list));
	if (!list)
		return -ENOMEM;
	for (i = 0; i < n && !rc; i++) {
		struct record *record = &list[*n_r];

		if (!record_uuid(names[i], uuid) || strcmp(uuid, names[i]))
			continue;
		record->uuid = names[i];
		rc = read_one(xen, arena, record);
		(*n_r)++;
	}
	*list_r = list;
	return rc;
}

int record_remove(struct xen *xen, const char *uuid)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof(path), "%s/%s", RECORDS_PATH, uuid);
	return xen_store_remove(xen, path);
}

int record_write(struct xen *xen, const char *uuid, const struct record_text *record)
{
	char path[PATH_ROOM], piece[PIECE + 1];
	struct text text;
	size_t at, len;
	unsigned i = 0;
	int rc;

	text_init(&text);
	rc = record_text_write(record, &text);
	if (!rc && text.len > (size_t)MAX_PIECES * PIECE)
		rc = -E2BIG;
	if (!rc)
		rc = record_remove(xen, uuid);
	if (!rc)
		rc = xen_store_make_private(xen, RECORDS_PATH);
	for (at = 0; at < text.len && !rc; at += len) {
		len = text.len - at < PIECE ? text.len - at : PIECE;
		memcpy(piece, text.s + at, len);
		piece[len] = '\0';
		snprintf(path, sizeof(path), "%s/%s/%u", RECORDS_PATH, uuid, i++);
		rc = xen_store_write(xen, path, piece);
	}
	text_free(&text);
	return rc;
}

/* That /proc is closed is another thing than that Xen refuses the caller. */
static int of_processes(int rc)
{
	return rc == -EACCES || rc == -EPERM ? -ECHILD : rc;
}

static bool is_gone(const struct gone *gone, const struct record *record)
{
	const struct creator *creator = &record->text.creator;
	unsigned i;

	for (i = 0; i < gone->n && i < GONE_ROOM; i++)
		if (gone->of[i].creator.pid == creator->pid &&
		    gone->of[i].creator.started == creator->started &&
		    !strcmp(gone->of[i].uuid, record->uuid))
			return true;
	return false;
}

static void remember_gone(struct gone *gone, const struct record *record)
{
	unsigned at = gone->n++ % GONE_ROOM;

	/* records_read() lets no other length pass */
	snprintf(gone->of[at].uuid, sizeof(gone->of[at].uuid), "%s", record->uuid);
	gone->of[at].creator = record->text.creator;
}

/* Without a domain, between two boots, there still is a guest's monitor. */
static int find_monitor(struct gone *gone, struct record *record)
{
	int rc;

	if (record->readable && is_gone(gone, record))
		return 0;
	rc = creator_left_monitor(record->uuid);
	if (rc < 0)
		return of_processes(rc);
	record->has_process = rc;
	if (!rc && record->readable)
		remember_gone(gone, record);
	return 0;
}

int records_judge(struct xlpt_xen *xen, struct arena *arena, struct record *list, size_t n,
		  const struct xen_domain **domains_r, size_t *n_domains_r)
{
	size_t i, k;
	int rc;

	for (i = 0; i < n; i++) {
		rc = creator_alive(&list[i].text.creator);
		if (rc < 0)
			return of_processes(rc);
		list[i].has_process = rc;
	}
	rc = xen_domains(xen->seam, arena, domains_r, n_domains_r);
	if (rc)
		return rc;
	for (i = 0; i < n; i++) {
		for (k = 0; k < *n_domains_r; k++)
			if (!strcmp((*domains_r)[k].uuid, list[i].uuid))
				list[i].domain = &(*domains_r)[k];
		if (!list[i].domain && !list[i].has_process)
			rc = find_monitor(&xen->gone, &list[i]);
		if (rc)
			return rc;
	}
	return 0;
}
