/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SETTINGS of xl-passthrough(1): what the user says of Xen and of the guest. */
#ifndef XLPT_TOOL_SETTINGS_H
#define XLPT_TOOL_SETTINGS_H

#include "command.h"
#include "guest-config.h"
#include "libxlpt.h"

#define SETTINGS_MAX_ALLOW 64

struct settings_args {
	struct xlpt_settings settings;
	const char *allow[SETTINGS_MAX_ALLOW];
	size_t n_allow;
	bool strict;
	bool xen_given;		/* --xen */
	char *clk_text;		/* owned; settings.clk_summary */
	const char *config_file;	/* -c; NULL: none */
	struct guest_config config;	/* of that file */
};

/* Of the host and its Xen; of the guest; what else is known, and what may pass. */
extern const struct option_row settings_host_options[];
extern const struct option_row settings_guest_options[];
extern const struct option_row settings_decision_options[];

void settings_begin(struct settings_args *args);
void settings_done(struct settings_args *args);

/* One option: 0, -ENOENT when it is none of the tables above, or -EINVAL and so on, printed. */
int settings_option(struct settings_args *args, const struct command *command, int id,
		    const char *arg);

/*
 * Read a domain configuration as -c does: what no option says of the guest, it
 * does. -errno, printed.
 */
int settings_read_config(struct settings_args *args, const char *file);

/* The running Xen's release and width, where no option says another. */
void settings_live(struct settings_args *args, const struct xlpt_xen *xen);

/*
 * The configuration into the settings, --allow and --strict into a fresh set
 * of findings. -errno, printed.
 */
int settings_apply(struct settings_args *args, const struct command *command,
		   struct xlpt_diags *diags);

#endif
