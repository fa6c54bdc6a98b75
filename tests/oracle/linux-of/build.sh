#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build.sh: builds linux-of (see main.c) from Linux's own drivers/of, outside the source tree, and
# prints the program's path.  The kernel's files are taken from the cache and never copied here.

set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}
linux=$("$here/../../lib/corpus.sh" linux)
mkdir -p "$cache"
program=$cache/linux-of

newest=$(find "$here" -newer "$program" -print -quit 2>/dev/null || echo missing)
if [ -n "$newest" ] || [ ! -x "$program" ]; then
	work=$(mktemp -d "$cache/.linux-of.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	mkdir "$work/include"
	cp "$linux"/drivers/of/{address,irq,base,property,fdt}.c "$linux/drivers/of/of_private.h" "$work"
	# From there on it is about graphs of ports and the driver core.
	sed -i "/^int of_graph_parse_endpoint(/,\$d" "$work/property.c"
	for header in of of_address of_irq of_fdt ioport; do
		install -D -m 644 "$linux/include/linux/$header.h" "$work/include/linux/$header.h"
	done
	grep -h '^IRQCHIP_DECLARE' "$linux"/drivers/irqchip/irq-gic*.c | tr -d ';' > "$work/gics.h"
	# Whatever else they include is the shim.
	cp "$here/shim.h" "$work/include"
	sed -n 's/^#include <\(.*\)>.*/\1/p' "$work"/*.[ch] "$work"/include/linux/*.h "$here/main.c" | sort -u |
		while read -r header; do
			# The C library's errno.h needs the real ones.
			[[ $header == */errno.h || -e $work/include/$header ]] && continue
			mkdir -p "$work/include/$(dirname "$header")"
			echo '#include "shim.h"' > "$work/include/$header"
		done
	# Unused parts may call what the shim lacks: sections that nobody refers to are left out.
	${CC:-gcc} -std=gnu11 -O1 -g -w -fno-strict-aliasing -ffunction-sections -fdata-sections -Wl,--gc-sections \
		-include "$work/include/shim.h" -I "$work/include" -I "$work" \
		"$here/main.c" "$work"/{address,irq,base,property,fdt}.c -o "$work/linux-of" -lfdt
	mv "$work/linux-of" "$program"
fi
echo "$program"
