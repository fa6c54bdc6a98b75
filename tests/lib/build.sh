# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Building, for the steps of tests/run.sh. Sourced, with XLPT_SOURCE set.
#
#     build_packages              installs what a build and its tests need
#     build_in FOLDER [ARG...]    configures (once for the same ARGs) and makes in FOLDER
#     check_in FOLDER             make check there; closes with "N passed, M failed"

# shellcheck source=tests/lib/packages.sh
. "$XLPT_SOURCE/tests/lib/packages.sh"

build_packages() {
	need_packages gcc libc6-dev make autoconf automake libtool pkg-config libfdt-dev libjson-c-dev \
		libcmocka-dev libxen-dev bats device-tree-compiler perl python3
}

build_in() {
	local folder=$1 compiler=gcc word; shift
	local -a words=()
	for word; do
		case $word in CC=*) compiler=${word#CC=} ;; *) words+=("$word") ;; esac
	done
	use_ccache "$XLPT_SOURCE" || return
	set -- "${words[@]}" CC="ccache $compiler"
	[ -x "$XLPT_SOURCE/configure" ] || (cd "$XLPT_SOURCE" && autoreconf -fi) || return
	mkdir -p "$folder" || return
	if [ ! -e "$folder/Makefile" ] || [ "$(cat "$folder/configured" 2>/dev/null)" != "$*" ]; then
		(cd "$folder" && "$XLPT_SOURCE/configure" "$@") || return
		printf '%s\n' "$*" >"$folder/configured"
	fi
	make -C "$folder" -j"$(nproc)"
}

check_in() {
	local folder=$1 status=0 counts
	rm -f "$folder/test-suite.log"
	make -C "$folder" -j"$(nproc)" check || status=$?
	if [ ! -e "$folder/test-suite.log" ]; then
		[ "$status" != 0 ] || echo "make check ran no test"
		return 1
	fi
	grep -aE -A5 '^(not ok|ERROR: |XPASS: )' "$folder/test-suite.log" | grep -avE '^(ok|PASS|FAIL)' || true
	sed -n 's/^SKIP: \(.*\)/skipped \1/p' "$folder/test-suite.log"
	counts=$(awk '/^# PASS:/ { p = $3 } /^# (FAIL|XPASS|ERROR):/ { f += $3 } END { print p + 0, f + 0 }' \
		"$folder/test-suite.log")
	echo "${counts% *} passed, ${counts#* } failed"
	return "$status"
}
