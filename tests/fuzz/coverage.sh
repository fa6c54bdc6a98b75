#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/fuzz/coverage.sh [fuzzers|tests]...
#
# Lines of libxlpt that the fuzzers' inputs reach (those that tests/fuzz/run.sh keeps), and lines
# that the everyday tests outside the lab reach: unit tests, commands, rules, trees and the recorded
# Xen. gcov's figures, in a build of its own. FILES=1 adds a line for each file.
# XLPT_FUZZ_MAX=N takes at most about N inputs of each target (all).
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
export XLPT_SOURCE=$PWD XLPT_FULL=
top=${XLPT_BUILD:-$PWD/build}
# the steps of the suite test this one
export XLPT_BUILD=$top/coverage
corpora=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}/fuzz
. tests/lib/build.sh

[ $# -gt 0 ] || set -- fuzzers tests
need_packages gcc libfdt-dev libjson-c-dev || exit 2
build_packages || exit 2
mkdir -p "$XLPT_BUILD/logs" || exit 2
if ! build_in "$XLPT_BUILD" --enable-coverage --disable-shared --with-xen=yes --enable-xl-frontend \
		CFLAGS='-g -O1' >"$XLPT_BUILD/logs/build.log" 2>&1; then
	tail -n 20 "$XLPT_BUILD/logs/build.log"
	exit 2
fi

run_fuzzers() {
	local source target program folder
	for source in tests/fuzz/fuzz-*.c; do
		target=${source##*/fuzz-}
		target=${target%.c}
		program=$XLPT_BUILD/fuzz-$target
		folder=$corpora/$target
		[ -d "$folder" ] || { echo "skipped $target: no inputs yet, run tests/fuzz/run.sh"; continue; }
		gcc -std=gnu11 -D_GNU_SOURCE -O1 -include "$XLPT_BUILD/config.h" -Ilibxlpt -o "$program" "$source" \
			tests/fuzz/main.c "$XLPT_BUILD/libxlpt/.libs/libxlpt-core.a" \
			"$XLPT_BUILD/libxlpt/.libs/libxlpt-xen.a" -ljson-c -lfdt --coverage || return
		find "$folder" -type f ! -name '.*' | sort |
			awk -v max="${XLPT_FUZZ_MAX:-0}" '{ f[NR] = $0 }
				END { step = max && NR > max ? int((NR + max - 1) / max) : 1
				      for (i = 1; i <= NR; i += step) print f[i] }' |
			xargs -r -d '\n' -n 500 "$program" >/dev/null || return
	done
}

run_tests() {
	local step status=0
	for step in check rules replay judge plans boards merge faults; do
		bash tests/steps/[0-9][0-9]-"$step".sh >"$XLPT_BUILD/logs/$step.log" 2>&1 && continue
		# gcov's own part of the program does not survive that its calls fail
		if [ "$step" = faults ] && grep -q '^[1-9][0-9]* passed' "$XLPT_BUILD/logs/$step.log"; then
			continue
		fi
		echo "failed: $step, see $XLPT_BUILD/logs/$step.log"
		status=1
	done
	return $status
}

# All lines of the library's own files, also of those that nothing ran.
report() {
	gcov -n -r -s "$PWD" -o "$XLPT_BUILD/libxlpt" "$XLPT_BUILD"/libxlpt/*.gcno 2>/dev/null |
		awk -v name="$1" -v files="${FILES:-}" '
			# ccache makes names relative to the build
			/^File / { file = $2; gsub("\047", "", file); sub(/^(\.\.\/)+/, "", file) }
			/^Lines executed:/ && file ~ /^libxlpt\// {
				split($2, part, /[:%]/)
				if (files) printf "%7.1f %% of %5d  %s\n", part[2], $4, file
				hit[file] = part[2] * $4 / 100
				all[file] = $4
			}
			/^Lines executed:/ { file = "" }
			END {
				for (f in all) { h += hit[f]; n += all[f] }
				if (!n) exit 1
				printf "%s: %.1f %% of %d lines of libxlpt\n", name, 100 * h / n, n
			}'
}

status=0
for what; do
	case $what in fuzzers|tests) ;; *) sed -n '4,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;; esac
	find "$XLPT_BUILD" -name '*.gcda' -delete
	"run_$what" || status=1
	report "$what" || status=2
done
exit $status
