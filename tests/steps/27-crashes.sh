#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# every input that the fuzzers ever brought something down with: tests/fuzz/crashes/TARGET-WHY
set -eu
. tests/lib/build.sh
need_packages gcc libc6-dev libfdt-dev libjson-c-dev
folder=$XLPT_BUILD
flags=(-O1 -g)
if [ -n "$XLPT_FULL" ]; then
	folder=$XLPT_BUILD/sanitizers
	flags+=("-fsanitize=address,undefined" -fno-sanitize-recover=undefined)
	build_in "$folder" --enable-sanitizers --disable-shared --enable-werror CFLAGS='-g -O1'
fi
mkdir -p "$XLPT_BUILD/crashes"
passed=0 failed=0
for source in tests/fuzz/fuzz-*.c; do
	target=${source##*/fuzz-}
	target=${target%.c}
	program=$XLPT_BUILD/crashes/$target
	gcc -std=gnu11 -Wall -Wextra -Werror -Wno-unused-parameter -D_GNU_SOURCE "${flags[@]}" -include "$folder/config.h" -Ilibxlpt \
		-o "$program" "$source" tests/fuzz/main.c "$folder/libxlpt/.libs/libxlpt-core.a" \
		"$folder/libxlpt/.libs/libxlpt-xen.a" -ljson-c -lfdt
	for input in tests/fuzz/crashes/"$target"-*; do
		[ -e "$input" ] || continue
		if "$program" "$input" >/dev/null; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "not ok ${input##*/}"
		fi
	done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
