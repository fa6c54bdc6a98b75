/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "artefacts.h"
#include "file.h"
#include "print.h"

static const char *const artefact_names[N_ARTEFACTS] = {
	[PLAN_JSON] = "plan.json",
	[PASSTHROUGH_CFG] = "passthrough.cfg",
	[GUEST_DTS] = "guest.dts",
	[GUEST_DTB] = "guest.dtb",
	[BOOT_CMD] = "boot.cmd",
};

/* plan.json ends in a newline as a text file should; the library's line does not. */
static int end_line(struct bytes *bytes)
{
	char *more;

	if (bytes->size && bytes->data[bytes->size - 1] == '\n')
		return 0;
	more = realloc(bytes->data, bytes->size + 2);
	if (!more)
		return -ENOMEM;
	more[bytes->size++] = '\n';
	more[bytes->size] = '\0';
	bytes->data = more;
	return 0;
}

int artefact_make(const struct xlpt_plan *plan, enum artefact which, const char *folder,
		  struct bytes *bytes)
{
	char *guest_dtb = NULL;
	void *blob = NULL;
	int rc = 0;

	*bytes = (struct bytes){ 0 };
	switch (which) {
	case PLAN_JSON:
		rc = xlpt_emit_json(plan, false, &bytes->data);
		break;
	case PASSTHROUGH_CFG:
		if (folder && asprintf(&guest_dtb, "%s/%s", folder, artefact_names[GUEST_DTB]) < 0) {
			rc = -ENOMEM;
			break;
		}
		rc = xlpt_emit_config(plan, guest_dtb, &bytes->data);
		free(guest_dtb);
		break;
	case GUEST_DTS:
		rc = xlpt_emit_partial_dts(plan, &bytes->data);
		break;
	case GUEST_DTB:
		rc = xlpt_emit_partial(plan, &blob, &bytes->size);
		bytes->data = blob;
		break;
	case BOOT_CMD:
	default:
		rc = xlpt_emit_uboot(plan, &bytes->data);
		break;
	}
	if (!rc && which != GUEST_DTB)
		bytes->size = strlen(bytes->data);
	if (!rc && which == PLAN_JSON)
		rc = end_line(bytes);
	if (rc) {
		print_error("cannot make %s: %s", artefact_names[which], strerror(-rc));
		free(bytes->data);
		*bytes = (struct bytes){ 0 };
	}
	return rc;
}

int artefacts_write(const struct xlpt_plan *plan, const char *path, bool usable, bool boot)
{
	struct output output;
	char *folder = NULL;
	int which, rc;

	rc = output_open(&output, path);
	if (rc)
		return rc;
	folder = realpath(path, NULL);
	if (!folder) {
		rc = -errno;
		print_error("cannot use %s: %s", path, strerror(-rc));
	}
	for (which = 0; which < N_ARTEFACTS && !rc; which++) {
		struct bytes bytes;

		if (which == BOOT_CMD ? !usable || !boot : !usable && which != PLAN_JSON) {
			rc = output_remove(&output, artefact_names[which]);
			continue;
		}
		rc = artefact_make(plan, which, folder, &bytes);
		if (!rc)
			rc = output_add(&output, artefact_names[which], bytes.data, bytes.size);
		free(bytes.data);
	}
	if (!rc)
		rc = output_commit(&output);
	output_close(&output);
	free(folder);
	return rc;
}
