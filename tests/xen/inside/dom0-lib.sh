# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# Sourced by the scenarios' dom0 scripts (busybox sh).  Lines for the host begin with "@@".

LOGS=/var/log/xen/console

now() { read -r up _ </proc/uptime; echo "$up"; }
step() { echo "@@ [$(now)] $*"; }
fail() { echo "@@ FAIL $*"; exit 1; }

# run COMMAND...: shows the command, its output and its exit status, which is kept in $rc
run() {
	echo "\$ $*"
	rc=0
	"$@" || rc=$?
	echo "@@ rc $rc [$(now)]: $*"
}

# guest_ramdisk NAME SCRIPT: /guest/NAME.cpio, whose init runs SCRIPT
guest_ramdisk() {
	rm -rf /tmp/overlay
	mkdir -p /tmp/overlay
	cp "$2" /tmp/overlay/scenario
	[ ! -d /lab/guest-files ] || cp -a /lab/guest-files/. /tmp/overlay/
	{ cat /guest/base.cpio; (cd /tmp/overlay && find . | cpio -o -H newc 2>/dev/null); } >"/guest/$1.cpio"
}

# follow NAME: copies the guest's console to ours, each line after "NAME| "
follow() {
	[ ! -e "$LOGS/guest-$1.log" ] || return 0
	: >>"$LOGS/guest-$1.log"
	tail -n +1 -f "$LOGS/guest-$1.log" | while IFS= read -r line; do printf '%s| %s\n' "$1" "$line"; done &
}

# created NAME: the guest of /etc/xen/NAME.cfg
created() {
	follow "$1"
	run xl create -q "/etc/xen/$1.cfg"
	[ $rc = 0 ] || fail "xl create $1"
}

# await NAME PATTERN SECONDS [TIMES]: until the guest's console has PATTERN; ends the script if not
await() {
	local left=$(($3 * 5)) want=${4:-1}
	while [ "$(grep -cE -- "$2" "$LOGS/guest-$1.log" 2>/dev/null)" -lt "$want" ] 2>/dev/null; do
		left=$((left - 1))
		[ $left -gt 0 ] || fail "timeout: guest $1 did not print: $2"
		sleep 0.2
	done
	return 0
}

# tell NAME COMMAND: types a line at the guest's console, which its init runs
tell() {
	echo "$2" >"$(xenstore-read "/local/domain/$(xl domid "$1")/console/tty")"
}

# destroyed NAME: destroys the guest and waits until it is gone
destroyed() {
	xl destroy "$1" || return 1
	while xl domid "$1" >/dev/null 2>&1; do sleep 0.1; done
}

# send FILE: the file to the host, through the serial line
send() {
	echo "@@ file $(basename "$1")"
	gzip -c "$1" | base64
	echo "@@ endfile"
}

# refused ID COMMAND...: the command must answer with an error of that id and exit with 1
refused() {
	id=$1
	shift
	rc=0
	"$@" >/tmp/refused 2>&1 || rc=$?
	echo "\$ $*"
	grep -A 4 'error:' /tmp/refused
	[ $rc = 1 ] || { cat /tmp/refused; fail "exit status $rc, not 1: $*"; }
	grep -qE "error: ($id$|.*\[$id\])" /tmp/refused || { cat /tmp/refused; fail "not refused as $id: $*"; }
	echo "@@ refused $id: $*"
}

trees() { ls /var/lib/xen/passthrough 2>/dev/null; }

# untouched NAME...: these guests are all there are, nothing is claimed for others, and no tree came
# to those in $trees_before (a destroyed guest's stays until the next create)
untouched() {
	want=$(printf '%s\n' Domain-0 "$@" | sort)
	have=$(xl list | sed 1d | cut -d' ' -f1 | sort)
	[ "$have" = "$want" ] || fail "guests: $have"
	[ $# -gt 0 ] || [ "$(trees)" = "${trees_before:-}" ] || fail "trees were left"
	have=$(xenstore-ls /libxl 2>/dev/null | grep -c '^[0-9]')
	[ "$have" -le "$#" ] || fail "libxl keeps $have guests"
	echo "@@ untouched: ${*:-no guest}"
}
