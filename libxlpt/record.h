/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Our own record of who has which device, in xenstore below a path that only
 * dom0 can read, by the guest's uuid: it is written before the guest exists,
 * and holds across its reboots. A record is live as long as its guest is, or
 * somebody is making it.
 *
 * A record is cut to pieces RECORDS/UUID/0, 1 ..., since xenstore takes no
 * more than 4 KiB at once.
 */
#ifndef XLPT_RECORD_H
#define XLPT_RECORD_H

#include "record-text.h"
#include "running.h"
#include "xen.h"

#define RECORDS_PATH "/tool/xl-passthrough"

struct record {
	const char *uuid;	/* of the path */
	bool readable;		/* text is a record, not something else */
	struct record_text text;

	/* records_judge() */
	bool has_process;	/* its creator is at work, or a monitor waits */
	const struct xen_domain *domain;	/* NULL: none has the uuid */
};

/* In a transaction. */
int records_read(struct xen *xen, struct arena *arena, struct record **list_r, size_t *n_r);
int record_write(struct xen *xen, const char *uuid, const struct record_text *record);
int record_remove(struct xen *xen, const char *uuid);

/*
 * Which of them are live. Reads processes first and domains then: a creator
 * that has gone by now has made its domain, or never will. Nor will anybody
 * whom it left behind come back once there was none, so that is remembered.
 */
int records_judge(struct xlpt_xen *xen, struct arena *arena, struct record *list, size_t n,
		  const struct xen_domain **domains_r, size_t *n_domains_r);

static inline bool record_live(const struct record *record)
{
	return record->domain || record->has_process;
}

/* A uuid as the records spell it: 36 characters, lower case. False: it is none. */
bool record_uuid(const char *s, char uuid[XEN_UUID_LEN + 1]);

#endif
