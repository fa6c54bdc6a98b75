#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# compare-devices.sh XL_PASSTHROUGH [--sample] [FILE...]
#
# Compares `XL_PASSTHROUGH devices --format=json` with devices.py: which nodes are devices, their
# addresses, frames and INTIDs.  Without FILEs: every DTB of Debian 12's arm64 and armhf kernels and of
# the boards that only its kernel source has; with --sample every 20th of these.
# Ends with 0 only when nothing at all differs.

set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 1 ] || { sed -n '4,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
program=$1
shift
every=1
if [ "${1:-}" = --sample ]; then
	every=20
	shift
fi
if [ $# -eq 0 ]; then
	corpus=$("$here/../lib/corpus.sh")
	mapfile -t files < <(find "$corpus" -name '*.dtb' | sort | awk -v every="$every" 'NR % every == 1 || every == 1')
	[ ${#files[@]} -gt 50 ] || { echo "compare-devices.sh: only ${#files[@]} device trees in $corpus" >&2; exit 2; }
	set -- "${files[@]}"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
"$program" devices --format=json "$@" > "$work/answers" || status=$?
# Unreadable files are part of the comparison; anything else is a failure of the program.
[ "$status" -eq 0 ] || [ "$status" -eq 2 ] || { echo "compare-devices.sh: $program ended with $status" >&2; exit 1; }
python3 "$here/compare_devices.py" "$work/answers" "$@"
