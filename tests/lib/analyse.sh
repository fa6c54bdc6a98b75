#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Static analysis of the whole tree, by all tools or those named; each counts as one. What is
# suppressed, and why, stands beside the option that does it.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
XLPT_SOURCE=$PWD XLPT_BUILD=${XLPT_BUILD:-$PWD/build}
# shellcheck source=tests/lib/build.sh
. tests/lib/build.sh
need_packages clang-tidy cppcheck codespell shellcheck git || exit 2

mapfile -t sources < <(git ls-files 'libxlpt/*.c' 'tools/*.c' 'examples/*.c')
mapfile -t scripts < <(git ls-files '*.sh' '*.bash' '.ci/run' | grep -v '^tests/golden/')
includes=(-I"$XLPT_BUILD" -Ilibxlpt -Itools -DPROGRAM_FILE=\"xl-passthrough\")

run_analyzer() {
	# libxlpt.h's own functions return malloc'd strings through pointers, which gcc 12 follows
	build_in "$XLPT_BUILD/analyzer" --disable-shared --with-xen=yes --enable-xl-frontend \
		CFLAGS='-g -O1 -fanalyzer' >"$XLPT_BUILD/analyzer.log" 2>&1 || return
	if grep -A8 -e '-Wanalyzer' "$XLPT_BUILD/analyzer.log"; then
		return 1
	fi
}

run_clang_tidy() {
	# the checks stand in .clang-tidy, with reasons
	printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 4 sh -c 'exec clang-tidy --quiet "$@" -- \
		-std=gnu11 -include config.h '"$(printf "'%s' " "${includes[@]}")" sh
}

run_cppcheck() {
	# two files copy the pointer they reallocate by memcpy(), which cppcheck does not follow
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability,performance \
		--inline-suppr -j "$(nproc)" --suppress=missingIncludeSystem \
		--suppress=memleak:libxlpt/resources.c --suppress=memleakOnRealloc:libxlpt/resources.c \
		--suppress=memleak:libxlpt/fdt-names.c \
		--suppress=normalCheckLevelMaxBranches "${includes[@]}" -include "$XLPT_BUILD/config.h" \
		"${sources[@]}"
}

run_codespell() {
	# words of the trade: hda (a disk), als, ans, sart, pres, bu and skeep (bindings), nd and ba (hexadecimal), \\nown (a line)
	git ls-files | grep -vE '^(COPYING|tests/golden/|tests/rules/|dts/)' |
		xargs codespell --ignore-words-list=hda,als,ans,nd,ba,te,sie,fo,hist,parm,sart,pres,bu,alle,skeep,nown
}

run_shellcheck() {
	# files that are sourced are checked themselves (SC1091) and use what others set (SC2034);
	# the scripts run under set -e or check their cd (SC2164)
	shellcheck -x -S warning -e SC1091,SC2034,SC2164 "${scripts[@]}"
}

passed=0 failed=0
[ $# -gt 0 ] || set -- analyzer clang_tidy cppcheck codespell shellcheck
for tool; do
	if "run_$tool"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$tool has findings"
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
