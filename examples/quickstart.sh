#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# From nothing to a plan for a device of a real board: installs what is missing from Debian's
# packages, builds in build/, fetches the device trees that Debian's kernels ship, and at the end
# boots a real Xen under QEMU whose guest reads the RTC that was passed to it.
#
#     examples/quickstart.sh [--offline-only]     without the guest
set -eu -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export XLPT_SOURCE=$PWD XLPT_BUILD=${XLPT_BUILD:-$PWD/build}
exec </dev/null
# shellcheck source=tests/lib/build.sh
. tests/lib/build.sh

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() { printf '$ %s\n' "$*"; "$@"; }

mkdir -p "$XLPT_BUILD"
log=$XLPT_BUILD/quickstart.log
say "1. Build (log: $log)"
{ build_packages && build_in "$XLPT_BUILD"; } >"$log" 2>&1 || { tail -n 30 "$log"; exit 1; }
PATH=$XLPT_BUILD/tools:$PATH
show xl-passthrough --version

say "2. Device trees of real boards, from Debian's kernel package"
board=$(find "$(tests/lib/corpus.sh armmp)" -name ecx-2000.dtb)
echo "$board"

say "3. What can be passed on a Calxeda Midway?"
show xl-passthrough devices "$board" || true

say "4. A plan for one of its network ports"
out=$XLPT_BUILD/quickstart
rm -rf "$out"
status=0
show xl-passthrough plan -t "$board" --xen=4.17 --format=cfg /soc/ethernet@fff51000 || status=$?
echo "exit status $status: no SMMU of this board holds the port's DMA back. That is a decision:"
show xl-passthrough plan -t "$board" --xen=4.17 --allow=dma-unprotected -o "$out" \
	/soc/ethernet@fff51000
echo
show ls "$out"
show cat "$out/passthrough.cfg" "$out/boot.cmd"

[ "${1:-}" != --offline-only ] || exit 0
say "5. A guest of a real Xen reads the RTC that was passed to it"
[ -x tests/xen/run.sh ] || { echo "tests/xen/run.sh is not there"; exit 1; }
show tests/xen/run.sh rtc
logs=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}/logs
grep -aE 'registered as rtc|epoch=|alarm interrupts' "$logs/rtc.log" | head -n 6
