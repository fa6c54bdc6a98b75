/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A record as text, one value a line, so that xenstore-read shows it and a
 * later release can add keys that this one skips:
 *
 *	name NAME
 *	creator PID STARTED
 *	dtdev PATH			any number
 *	device PATH, or own		what follows is this device's
 *	iommu PATH
 *	iomem START COUNT GFN		hexadecimal
 *	irq N
 */
#ifndef XLPT_RECORD_TEXT_H
#define XLPT_RECORD_TEXT_H

#include "creator.h"
#include "holding.h"
#include "text.h"

struct record_text {
	const char *name;
	struct creator creator;
	struct holding holding;
};

/* -EINVAL: a name or path that does not fit in a line. */
int record_text_write(const struct record_text *record, struct text *text);
/* Changes `text`, in which the strings stay. -EINVAL: not such a text; -ENOMEM. */
int record_text_read(struct arena *arena, char *text, struct record_text *record_r);

#endif
