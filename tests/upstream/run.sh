#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The patch for upstream's xl: it applies to Debian's source, xl builds with it, and runs an
# external subcommand.  Usage: tests/upstream/run.sh
set -eu -o pipefail
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for part in tests/lib/packages.sh tests/xen/lib/fetch.sh; do
	# shellcheck source=/dev/null
	. "$TOP/$part"
done
PATCHES=$TOP/tools/upstream
SOURCE=$CACHE/sources/xen

# The newest version whose files are there; a security update's may be announced only.
fetch_xen() {
	local tmp version
	[ ! -e "$SOURCE/tools/xl/xl.c" ] || [ -n "${XLPT_REFRESH:-}" ] || return 0
	mkdir -p "${SOURCE%/*}"
	tmp=$(mktemp -d "$SOURCE.XXXXXX")
	# shellcheck disable=SC2064
	trap "rm -rf '$tmp'" EXIT
	(
		apt_setup bookworm "$(dpkg --print-architecture)"
		cd "$tmp"
		for version in $(apt-cache showsrc --only-source xen | sed -n 's/^Version: //p' | sort -rV); do
			say "fetching the source of Xen $version"
			timeout 600 apt-get source -qq --download-only "xen=$version" >&2 2>&1 && exit 0
			rm -f -- *
		done
		die "no source of Xen could be fetched"
	)
	(cd "$tmp" && dpkg-source --no-check -x ./*.dsc unpacked >dpkg.log 2>&1) || { cat "$tmp/dpkg.log" >&2; return 1; }
	# what xl is built from, and what the patch touches
	mkdir -p "$tmp/keep/tools" "$tmp/keep/docs/man"
	cp -r "$tmp/unpacked/tools/xl" "$tmp/unpacked/tools/include" "$tmp/keep/tools/"
	cp "$tmp/unpacked/docs/man/xl.1.pod.in" "$tmp/keep/docs/man/"
	rm -rf "$SOURCE"
	mv "$tmp/keep" "$SOURCE"
}

# What configure would write
paths() {
	cat <<-END
	#define LIBEXEC_BIN "$1"
	#define XEN_CONFIG_DIR "/etc/xen"
	#define XEN_DUMP_DIR "/var/lib/xen/dump"
	#define XENFIRMWAREDIR "/usr/lib/xen/boot"
	#define XEN_LIB_DIR "/var/lib/xen"
	#define XEN_LOCK_DIR "/run/lock"
	#define XEN_LOG_DIR "/var/log/xen"
	#define XEN_RUN_DIR "/run/xen"
	#define XEN_SCRIPT_DIR "/etc/xen/scripts"
	#define HAVE_YAJL_YAJL_VERSION_H 1
	END
}

PASSED=0 FAILED=0
expect() { # WHAT COMMAND...
	local what=$1; shift
	if "$@"; then
		PASSED=$((PASSED + 1))
	else
		FAILED=$((FAILED + 1))
		echo "failed: $what"
	fi
}

apply() {
	local patch
	for patch in "$PATCHES"/*.patch; do
		(cd "$WORK" && patch -p1 --fuzz=0 --no-backup-if-mismatch <"$patch") || return
	done
}

build() {
	local file flags=(-O1 -Wall -Wmissing-declarations -Wshadow -D_GNU_SOURCE -include "$WORK/paths.h" -I"$WORK/tools/include")
	paths "$WORK/libexec" >"$WORK/paths.h"
	for file in "$WORK"/tools/xl/*.c; do
		case $file in
		# the files that the patch touches compile without a warning
		*/xl.c) gcc -c -Werror "${flags[@]}" -o "${file%.c}.o" "$file" || return ;;
		*) gcc -c "${flags[@]}" -w -o "${file%.c}.o" "$file" || return ;;
		esac
	done
	gcc -o "$WORK/xl" "$WORK"/tools/xl/*.o -lxlutil -lxenlight -lxentoollog -lyajl
}

says() { # STATUS TEXT ARG...: xl's answer
	local want=$1 text=$2 status=0 output; shift 2
	output=$("$WORK/xl" "$@" 2>&1) || status=$?
	[[ $status == "$want" && $output == *"$text"* ]] && return
	echo "xl $*: $status, $output"
	return 1
}

need_packages gcc libc6-dev libxen-dev libyajl-dev dpkg-dev patch xz-utils
locked xen-source fetch_xen
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cp -r "$SOURCE/." "$WORK/"
expect "the patch applies" apply
expect "xl builds" build
mkdir -p "$WORK/libexec/xl.d"
printf '#!/bin/sh\nprintf "<%%s>" "$@"\nexit 7\n' >"$WORK/libexec/xl.d/xl-passthrough"
chmod +x "$WORK/libexec/xl.d/xl-passthrough"
echo 'no program' >"$WORK/libexec/xl.d/xl-broken"
expect "an external command gets its arguments" says 7 '<a b><-c>' -v passthrough 'a b' -c
expect "one that cannot be run is told" says 1 'cannot run' broken
expect "an unknown one is none of them" says 1 '' nonesuch
expect "no path leads out of the directory" says 1 '' ../../xl
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" = 0 ]
