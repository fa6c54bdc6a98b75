/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "libxlpt.h"

const char *xlpt_version(void)
{
	return XLPT_VERSION;
}
