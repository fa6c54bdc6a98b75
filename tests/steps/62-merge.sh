#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# merge against the trees that real libxls made, 4.17 and 4.20, either GIC
set -eu
. tests/lib/packages.sh
need_packages python3
trees=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}/trees
missing=()
for kind in 4.17-v2 4.17-v3 4.20-v2 4.20-v3; do
	[ -e "$trees/$kind/plain.dtb" ] || missing+=("$kind")
done
[ ${#missing[@]} -eq 0 ] || tests/xen/dump-trees.sh "${missing[@]}"
exec tests/merge/compare.py "$XLPT_BUILD/tools/xl-passthrough" "$trees"
