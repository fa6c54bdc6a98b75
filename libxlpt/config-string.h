/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XLPT_CONFIG_STRING_H
#define XLPT_CONFIG_STRING_H

#include "text.h"

/*
 * A string as xl.cfg(5) and an argument of xl have it, quotes included (tools/libs/util/libxlu_cfg_l.l).
 * -EINVAL: control characters have no way into one; what was written so far stays.
 */
int config_string(struct text *out, const char *s);

#endif
