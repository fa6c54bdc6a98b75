# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the tests of the commands share. XLPT_BUILD and XLPT_SOURCE come from `make check`;
# `bats tests/cli` takes build/ of the source.

XLPT_SOURCE=${XLPT_SOURCE:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
XLPT_BUILD=${XLPT_BUILD:-$XLPT_SOURCE/build}
XLPT=$XLPT_BUILD/tools/xl-passthrough

setup_file() {
	dtc -q -I dts -O dtb -o "$BATS_FILE_TMPDIR/board.dtb" "$XLPT_SOURCE/tests/cli/board.dts"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	BOARD=$BATS_FILE_TMPDIR/board.dtb
	export BOARD
	umask 022
}

# answer STATUS ARG...: runs the command; $output, $errors and $status as of `run`
answer() {
	local want=$1; shift
	status=0
	"$XLPT" "$@" >stdout 2>stderr </dev/null || status=$?
	output=$(tr -d '\0' <stdout)
	errors=$(<stderr)
	if [ "$status" != "$want" ]; then
		echo "exit status $status instead of $want: xl-passthrough $*"
		echo "$output"
		echo "$errors"
		return 1
	fi
}

one_line() {
	[ "$(wc -l <stderr)" = 1 ] || { echo "not one line:"; cat stderr; return 1; }
}

silent() {
	[ ! -s stdout ] || { echo "stdout holds:"; cat stdout; return 1; }
}

# absent GREP-ARGUMENTS: nothing matches (a plain ! does not fail a test)
absent() {
	if grep "$@"; then
		return 1
	fi
}

# json EXPRESSION: a Python expression over the document `d` on stdin is true
json() {
	python3 -c 'import json, sys; d = json.load(sys.stdin); sys.exit(0 if eval(sys.argv[1]) else 1)' "$1"
}
