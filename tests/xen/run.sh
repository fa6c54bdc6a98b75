#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Boots a real Xen under QEMU, passes devices to guests, and judges by what the guests
# themselves see.  Usage: tests/xen/run.sh [-j JOBS] [-l] [SCENARIO...]   (none: all)
#
# What it needs comes from Debian's packages: tools are installed when missing (as root),
# everything else is unpacked into ${XLPT_CACHE:-${XDG_CACHE_HOME:-~/.cache}/xlpt}, where
# the serial log of each run stays too.  XLPT_REFRESH=1 looks for newer packages.
set -eu -o pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in ../lib/packages fetch image smmu qemu machines midway judge; do
	case $part in ../*) file=$HERE/$part.sh ;; *) file=$HERE/lib/$part.sh ;; esac
	# shellcheck source=/dev/null
	. "$file"
done

# the long ones first, so that none of them runs alone at the end
ALL=(mistakes faults rtc xen420 driverdomain midway remap smmu sdcard uboot gpio)
JOBS=2
while getopts j:lh option; do
	case $option in
	j) JOBS=$OPTARG ;;
	l) printf '%s\n' "${ALL[@]}"; exit 0 ;;
	*) sed -n '3,10s/^# \?//p' "$0"; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- "${ALL[@]}"

# one SCENARIO: a process of its own, so that scenarios cannot disturb each other
one() {
	SCENARIO=$1
	trap 'exit 143' TERM
	mkdir -p "$CACHE/lock" "$CACHE/logs"
	exec 7>"$CACHE/lock/run-$SCENARIO"
	flock -w 900 7 || die "another run of $SCENARIO does not end"
	# shellcheck disable=SC2034 # the libraries' and scenarios' variables
	WORK=$CACHE/runs/$SCENARIO LOG=$CACHE/logs/$SCENARIO.log UNPROVED='' STARTED=$(date +%s)
	rm -rf "$WORK"
	mkdir -p "$WORK/overlay/lab"
	# shellcheck source=/dev/null
	. "$HERE/scenarios/$SCENARIO.sh"
	scenario
	[ -z "$UNPROVED" ] || exit 1
	printf '%s; ' "${PROOF[@]}" | sed 's/; $//' >"$WORK/proof"
	# big, and made again by the next run
	rm -rf "$WORK/dom0.cpio" "$WORK/disk"
}

for name; do
	[ -e "$HERE/scenarios/$name.sh" ] || die "no such scenario: $name (-l lists them)"
done
need_packages qemu-system-arm device-tree-compiler u-boot-tools u-boot-qemu binutils cpio kmod \
	dpkg-dev xz-utils

declare -A began pid_of
declare -a running=() failed=()
passed=0

finish() { # NAME STATUS
	local seconds=$(($(date +%s) - began[$1]))
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
		printf 'ok   %-12s %3ds  %s\n' "$1" "$seconds" "$(cat "$CACHE/runs/$1/proof")"
	else
		failed+=("$1")
		printf 'FAIL %-12s %3ds  see %s\n' "$1" "$seconds" "$CACHE/logs/$1.log"
	fi
}

reap() { # waits for one of the running
	local name status
	while :; do
		for name in "${running[@]}"; do
			kill -0 "${pid_of[$name]}" 2>/dev/null && continue
			status=0
			wait "${pid_of[$name]}" || status=$?
			finish "$name" "$status"
			local -a rest=()
			local other
			for other in "${running[@]}"; do [ "$other" = "$name" ] || rest+=("$other"); done
			running=(${rest[@]+"${rest[@]}"})
			return 0
		done
		sleep 0.2
	done
}

trap 'kill "${pid_of[@]}" 2>/dev/null; exit 130' INT TERM
for name; do
	while [ ${#running[@]} -ge "$JOBS" ]; do reap; done
	began[$name]=$(date +%s)
	(one "$name") &
	pid_of[$name]=$!
	running+=("$name")
done
while [ ${#running[@]} -gt 0 ]; do reap; done
echo "$passed passed, ${#failed[@]} failed"
[ ${#failed[@]} -eq 0 ]
