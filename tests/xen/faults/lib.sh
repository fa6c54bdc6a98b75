# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# What the parts of the scenario share; sourced in dom0 behind dom0-lib.sh.  All guests here want
# the same device, so at most one of them is to have it.

RECORDS=/tool/xl-passthrough
STORE=/var/lib/xen/passthrough

# draw FIRST LAST: a number of these or between, out of $DRAWN, in $drawn
draw() {
	set -- "$1" "$2" $DRAWN
	drawn=$(($1 + $3 * ($2 - $1 + 1) / 1000000))
	shift 3
	DRAWN=$*
	[ $# -gt 0 ] || fail "too few numbers were drawn"
}

domids() { xen-state | sed -n '2,$s/ .*//p'; }
listed() { xl-passthrough list | sed 1d | awk '{ print $1 }'; }
records() { xenstore-list $RECORDS 2>/dev/null; }
stored() { ls -A $STORE 2>/dev/null; }

create() { xl-passthrough create -q -p "$@"; }

# truthful: those that `list` shows with the device are the domains there are
truthful() {
	says=$(listed) || fail "list does not answer"
	have=$(domids)
	[ "$says" = "$have" ] || fail "list shows '$says', there are the domains '$have'"
}

# all_gone: destroys what there is, by number as a guest without a name wants it
all_gone() {
	for id in $(domids); do
		xl destroy "$id" || fail "domain $id cannot be destroyed"
	done
	left=100
	while [ -n "$(domids)" ]; do
		left=$((left - 1))
		[ $left -gt 0 ] || fail "domains stay: $(xen-state)"
		sleep 0.1
	done
}

# works: the next create gets the device, and nothing but its own record and tree is there
works() {
	rc=0
	create /etc/xen/tiny.cfg >/tmp/out 2>&1 || rc=$?
	[ $rc = 0 ] || { cat /tmp/out; fail "the next create ends with $rc"; }
	truthful
	[ "$(domids | wc -w)" = 1 ] || fail "after a create there are the domains $(domids)"
	[ "$(records).dtb" = "$(stored)" ] || fail "records $(records), trees $(stored)"
	[ ! -e /tmp/reference.dtb ] || cmp $STORE/*.dtb /tmp/reference.dtb || fail "another tree than before"
}

works_again() {
	works
	all_gone
}

# forget: nothing of the guests before, for what is to leave nothing
forget() {
	xenstore-rm $RECORDS 2>/dev/null
	rm -rf $STORE
}

nothing_left() {
	[ -z "$(domids)" ] || fail "domains were left: $(domids)"
	[ -z "$(records)" ] || fail "records were left: $(records)"
	[ -z "$(stored)" ] || fail "files were left: $(stored)"
}

# refuses STATUS PATTERN COMMAND...: it ends with STATUS and prints PATTERN
refuses() {
	status=$1 pattern=$2
	shift 2
	rc=0
	timeout 60 "$@" >/tmp/out 2>&1 || rc=$?
	cat /tmp/out
	[ $rc = "$status" ] || fail "exit status $rc, not $status: $*"
	grep -qE "$pattern" /tmp/out || fail "not said: $pattern"
	echo "@@ refused: $pattern"
}

# started NAME [STOP-AT...]: create of NAME.cfg, its output and exit status in /tmp/NAME and NAME.rc
started() {
	name=$1 status=0
	shift
	"$@" xl-passthrough create -q -p "/etc/xen/$name.cfg" >"/tmp/$name" 2>&1 || status=$?
	echo $status >"/tmp/$name.rc"
}

# hold NAME FIRST LAST: the same up to a point of the tool that is drawn of these, until release
hold() {
	draw "$2" "$3"
	: >/tmp/hold
	: >"/tmp/$1"
	started "$1" stop-at hold 1 $drawn /tmp/hold &
	holder=$!
	until grep -q '^held$' "/tmp/$1" || [ ! -e /proc/$holder ]; do sleep 0.1; done
}

release() {
	rm /tmp/hold
	left=600
	while [ -e /proc/$holder ]; do
		left=$((left - 1))
		[ $left -gt 0 ] || fail "a create hangs"
		sleep 0.1
	done
}
