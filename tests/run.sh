#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# All tests, on a Debian machine that needs nothing installed by hand.
#
#     tests/run.sh [STEP...]           the everyday suite, or some of its steps
#     tests/run.sh --full [STEP...]    adds what takes longer
#     tests/run.sh --list              what there is
#
# A step is a file tests/steps/NN-STEP.sh, or NN-STEP.full.sh for --full only; they run in the
# order of NN, each a bash of its own in the top folder of the source, with
#     XLPT_BUILD    the build folder (build/, or what the caller exports), made by the step `build`
#     XLPT_FULL     1 with --full, else empty
# A step passes if it exits with 0. If the last line like "N passed, M failed" that it prints gives
# numbers, they are summed; else it counts as one. Lines beginning with "skipped" are repeated.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
export XLPT_SOURCE=$PWD XLPT_BUILD=${XLPT_BUILD:-$PWD/build} XLPT_FULL=
exec </dev/null

list=
while [ $# -gt 0 ]; do
	case $1 in
	--full) XLPT_FULL=1 ;;
	--list) list=1 ;;
	-*) sed -n '4,8s/^# \{0,1\}//p' tests/run.sh >&2; exit 2 ;;
	*) break ;;
	esac
	shift
done

step_name() { # FILE
	local name=${1##*/}
	name=${name#*-}
	name=${name%.sh}
	printf '%s\n' "${name%.full}"
}

declare -a steps=()
for file in tests/steps/[0-9]*.sh; do
	[ -n "$list$XLPT_FULL" ] || [[ $file != *.full.sh ]] || [ $# -gt 0 ] || continue
	if [ $# = 0 ] || [[ " $* " = *" $(step_name "$file") "* ]]; then
		steps+=("$file")
	fi
done
if [ -n "$list" ]; then
	for file in "${steps[@]}"; do
		printf '%-14s %s\n' "$(step_name "$file")" "$(sed -n '3s/^# *//p' "$file")"
	done
	exit 0
fi
[ ${#steps[@]} -gt 0 ] || { echo "no such step; tests/run.sh --list" >&2; exit 2; }

logs=$XLPT_BUILD/logs
mkdir -p "$logs" || exit 2
passed=0 failed=0

for file in "${steps[@]}"; do
	name=$(step_name "$file")
	log=$logs/$name.log
	began=$SECONDS
	status=0
	bash "$file" >"$log" 2>&1 || status=$?
	counts=$(grep -aoE '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
	if [ -n "$counts" ]; then
		good=${counts%% *} bad=${counts#*, }
		bad=${bad%% *}
		# a step that fails without a failed test failed itself
		[ "$status" = 0 ] || [ "$bad" != 0 ] || bad=1
	else
		good=$((status == 0)) bad=$((status != 0))
	fi
	passed=$((passed + good)) failed=$((failed + bad))
	if [ "$bad" = 0 ]; then
		printf 'ok   %-14s %4ds  %d passed\n' "$name" $((SECONDS - began)) "$good"
	else
		printf 'FAIL %-14s %4ds  %d passed, %d failed; the end of %s:\n' "$name" \
			$((SECONDS - began)) "$good" "$bad" "$log"
		tail -n 20 "$log" | sed 's/^/    /'
		# nothing can be tested that does not build
		[ "$name" != build ] || break
	fi
	grep -a '^skipped' "$log" | sed 's/^/     /'
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
