/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan comes to, as bytes and as a folder of files. */
#ifndef XLPT_ARTEFACTS_H
#define XLPT_ARTEFACTS_H

#include "libxlpt.h"

enum artefact {
	PLAN_JSON,	/* the only one that a plan with errors has */
	PASSTHROUGH_CFG,
	GUEST_DTS,
	GUEST_DTB,
	BOOT_CMD,
	N_ARTEFACTS,
};

struct bytes {
	char *data;
	size_t size;
};

/*
 * The artefact as bytes, free() them; plan.json with its newline. `folder`:
 * where guest.dtb will be, or NULL. 0 or -errno, printed.
 */
int artefact_make(const struct xlpt_plan *plan, enum artefact which, const char *folder,
		  struct bytes *bytes);

/*
 * All of them into a folder, or none. Unless `usable`, plan.json alone, and
 * the others of an earlier run are removed; so is boot.cmd without `boot`.
 */
int artefacts_write(const struct xlpt_plan *plan, const char *path, bool usable, bool boot);

#endif
