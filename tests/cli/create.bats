#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# create, on a recorded Xen and with an xl that writes down what it is asked to do.

load common

UUID=11111111-2222-3333-4444-555555555555

setup_file() {
	dtc -q -I dts -O dtb -o "$BATS_FILE_TMPDIR/board.dtb" "$XLPT_SOURCE/tests/replay/board.dts"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	XLPT=$XLPT_BUILD/tests/xen-replay/xl-passthrough-replay
	STATE=$XLPT_BUILD/tests/xen-replay/state
	STORE=$STATE/passthrough
	rm -rf "$STATE"
	umask 022
	mkdir dist
	cat >dist/xl <<-'END'
	#!/bin/sh
	printf '%s\n' "$@" >argv
	echo "${XL_PASSTHROUGH_GUEST:-}" >guest
	exit ${XL_STATUS:-0}
	END
	chmod +x dist/xl
	export PATH=$PWD/dist:/usr/bin:/bin
	export XLPT_REPLAY=$PWD/xen.replay
	printf '%s\n' 'test * 0' "tree $BATS_FILE_TMPDIR/dom0.dtb" >xen.replay
	# what Xen makes of a marked node for dom0
	sed '/rtc@9010000 {/a status = "disabled";' "$XLPT_SOURCE/tests/replay/board.dts" |
		sed '/dma@a004000 {/a status = "disabled";' |
		dtc -q -I dts -O dtb -o "$BATS_FILE_TMPDIR/dom0.dtb" -
	config guest.cfg
}

teardown() {
	rm -rf "$STATE"
}

# config FILE LINE...: a configuration with the RTC, and more lines
config() {
	local file=$1; shift
	printf '%s\n' 'name = "guest"' 'memory = 256' "dt_host = \"$BATS_FILE_TMPDIR/board.dtb\"" \
		'dt_passthrough = [ "/rtc@9010000" ]' 'device_tree = "xl-passthrough"' "$@" >"$file"
}

# not_created: xl was not asked, and nothing is left
not_created() {
	[ ! -e argv ]
	[ -z "$(ls -A "$STORE" 2>/dev/null)" ]
}

got() { # ARG...
	[ "$(cat argv)" = "$(printf '%s\n' "$@")" ] || { cat argv; return 1; }
}

# partial PATH PROPERTY: of the tree that was written for the guest
partial() { fdtget "$STORE/$UUID.dtb" "$1" "$2"; }

@test "xl is run with the plan behind what was typed, and its status is the answer" {
	XL_STATUS=5 answer 5 create guest.cfg -qp "uuid=\"$UUID\"" 'vcpus=2'
	silent
	got create guest.cfg -qp "uuid=\"$UUID\"" vcpus=2 'irqs+=[34]' 'iomem+=["0x9010,0x1"]' \
		"device_tree=\"$STORE/$UUID.dtb\""
	[ "$(cat guest)" = "$UUID" ]
	[ "$(stat -c %a "$STORE")" = 700 ]
	[ "$(stat -c %a "$STORE/$UUID.dtb")" = 600 ]
	[ "$(partial /passthrough/rtc@9010000 compatible)" = "arm,pl031 arm,primecell" ]
	[ "$(ls -A "$STORE")" = "$UUID.dtb" ]
}

@test "a guest without a uuid gets one" {
	answer 0 create guest.cfg
	drawn=$(sed -n 's/^uuid="\(.*\)"$/\1/p' argv)
	[[ $drawn =~ ^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$ ]]
	[ "$(cat guest)" = "$drawn" ]
	[ -e "$STORE/$drawn.dtb" ]
	answer 0 create guest.cfg
	[ "$(sed -n 's/^uuid="\(.*\)"$/\1/p' argv)" != "$drawn" ]
	config guest.cfg 'uuid = "ABCDEFAB-2222-3333-4444-555555555555"'
	answer 0 create guest.cfg
	[ -e "$STORE/abcdefab-2222-3333-4444-555555555555.dtb" ]
	config guest.cfg 'uuid = "../../etc/passwd"'
	answer 2 create guest.cfg
}

@test "-n shows the plan and the command, and changes nothing" {
	answer 0 create -n guest.cfg "uuid=\"$UUID\""
	[[ $output == *"/rtc@9010000"* ]]
	[ "$(tail -n 1 stdout)" = "$PWD/dist/xl create guest.cfg 'uuid=\"$UUID\"' 'irqs+=[34]' 'iomem+=[\"0x9010,0x1\"]' 'device_tree=\"$STORE/$UUID.dtb\"'" ]
	not_created
	[ ! -e "$STATE" ]
	answer 0 create --xl=-N guest.cfg
	not_created
}

@test "-n off Xen shows a plan for any release" {
	echo "open ENODEV" >xen.replay
	answer 0 create -n guest.cfg
	[[ $errors == *no-xen* ]]
	[[ $output == *"irqs+=[34]"* ]]
	answer 2 create guest.cfg
	not_created
}

@test "what the user's own lists give is not given twice" {
	config guest.cfg "uuid = \"$UUID\"" 'irqs = [ 34 ]' 'iomem = [ "0x9010,1@0x9010" ]'
	answer 0 create guest.cfg
	got create guest.cfg "device_tree=\"$STORE/$UUID.dtb\""
	config guest.cfg "uuid = \"$UUID\"" 'dt_passthrough = [ "/dma@a004000" ]' 'dtdev = [ "/dma@a004000" ]'
	answer 0 create guest.cfg
	absent -q dtdev argv
}

@test "dtdev goes along where an SMMU protects the device" {
	config guest.cfg 'dt_passthrough = [ "/dma@a004000" ]'
	answer 0 create guest.cfg
	grep -qxF 'dtdev+=["/dma@a004000"]' argv
}

@test "an own list that clashes with the plan is refused" {
	config guest.cfg 'iomem = [ "0x9031,1@0x9010" ]'
	answer 1 create guest.cfg
	[[ $errors == *'[gfn-overlap]'* ]]
	not_created
	config guest.cfg 'irqs = [ 34, 34 ]'
	answer 1 create guest.cfg
	[[ $errors == *'[irq-listed-twice]'* ]]
	not_created
}

@test "xl before 4.13 has no +=: the lists are given whole" {
	echo 'version 4 12' >>xen.replay
	config guest.cfg "uuid = \"$UUID\"" 'irqs = [ 39 ]' 'iomem = [ "0x9030,1" ]' 'dt_passthrough = [ "/rtc@9010000" ]'
	status=0
	"$XLPT" create -n guest.cfg >stdout 2>stderr || status=$?
	if [ $status = 0 ]; then
		grep -qF "'irqs=[39,34]'" stdout
		absent -qF '+=' stdout
	else
		grep -q 'xen-version\|guest-list-unused\|not-marked' stderr
	fi
}

@test "a device_tree of the user's own is laid over the plan's" {
	cat >own.dts <<-'END'
	/dts-v1/;
	/ {
		passthrough {
			rtc@9010000 { label-of-mine = "mine"; };
		};
		aliases { rtc9 = "/passthrough/rtc@9010000"; };
	};
	END
	dtc -q -I dts -O dtb -o own.dtb own.dts
	config guest.cfg "uuid = \"$UUID\"" 'device_tree = "own.dtb"'
	answer 0 create guest.cfg
	[ "$(partial /passthrough/rtc@9010000 label-of-mine)" = mine ]
	[ "$(partial /passthrough/rtc@9010000 compatible)" = "arm,pl031 arm,primecell" ]
	[ "$(partial /aliases rtc9)" = /passthrough/rtc@9010000 ]
	grep -qxF "device_tree=\"$STORE/$UUID.dtb\"" argv
}

@test "one that would not work in the guest is refused" {
	: >own.dtb
	config guest.cfg 'device_tree = "own.dtb"'
	answer 1 create guest.cfg
	[[ $errors == *'[partial-tree-empty]'* ]]
	head -c 300 /dev/urandom >own.dtb
	answer 1 create guest.cfg
	[[ $errors == *'[partial-tree-invalid]'* ]]
	printf '/dts-v1/; / { other { }; };' | dtc -q -I dts -O dtb -o own.dtb -
	answer 1 create guest.cfg
	[[ $errors == *'[partial-tree-invalid]'* ]]
	printf '/dts-v1/; / { passthrough { rtc@9010000 { interrupts = <0 3 4>; }; }; };' | dtc -q -I dts -O dtb -o own.dtb -
	answer 1 create guest.cfg
	[[ $errors == *'[guest-irq-unlisted]'* ]]
	rm own.dtb
	answer 2 create guest.cfg
	[[ $errors == *own.dtb* ]]
	not_created
}

@test "a device that cannot be had creates nothing" {
	echo "store /tool/xl-passthrough/$UUID/0 name web\\n\\self\\ndevice /rtc@9010000\\niomem 9010 1 9010\\nirq 34\\n" >>xen.replay
	answer 1 create guest.cfg
	[[ $errors == *'[device-busy]'* ]]
	not_created
	config guest.cfg 'dt_passthrough = [ "/nosuch@1" ]'
	answer 1 create guest.cfg
	[[ $errors == *'[device-unknown]'* ]]
	not_created
}

@test "without our keys xl gets the line as it was typed" {
	echo 'name = "a"' >plain.cfg
	XL_STATUS=9 answer 9 create plain.cfg -c 'a=1' -- b=2
	got create plain.cfg -c a=1 -- b=2
	answer 0 create --xl=-vv -e plain.cfg
	got -vv create -e plain.cfg
	answer 0 create nosuch.cfg
	got create nosuch.cfg
	# xl takes no option behind a word that is none, unless that is the first one
	answer 0 create -q guest.cfg -n
	got create -q guest.cfg -n
	answer 0 create --nonsense guest.cfg
	got create --nonsense guest.cfg
	config guest.cfg 'device_tree = "x"' 'dt_passthrough = []'
	answer 0 create guest.cfg
	got create guest.cfg
	[ ! -e "$STATE" ]
}

@test "the trip-wire without a device is told" {
	config guest.cfg 'dt_passthrough = []'
	answer 1 create guest.cfg
	[[ $errors == *device_tree* ]]
	not_created
}

@test "a configuration that is none, or has no name" {
	config guest.cfg 'irqs = ['
	answer 2 create guest.cfg
	[[ $errors == *guest.cfg* ]]
	not_created
	config guest.cfg 'extra = "x"'
	sed -i 's/"x"/"\x00"/' guest.cfg
	answer 2 create guest.cfg
	one_line
	[[ $errors == *guest.cfg* ]]
	not_created
	sed -i '/^name/d; /^extra/d' guest.cfg
	answer 2 create guest.cfg
	[[ $errors == *name* ]]
	not_created
}

@test "files that others may change do not tell root what to pass" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	chmod 666 guest.cfg
	answer 2 create guest.cfg
	[[ $errors == *guest.cfg*"written by anybody"* ]]
	chmod 644 guest.cfg
	chown nobody guest.cfg
	answer 2 create guest.cfg
	[[ $errors == *"somebody else"* ]]
	not_created
	printf '/dts-v1/; / { passthrough { }; };' | dtc -q -I dts -O dtb -o own.dtb -
	config own.cfg 'device_tree = "own.dtb"'
	chown nobody own.dtb
	answer 2 create own.cfg
	[[ $errors == *own.dtb* ]]
	not_created
	cp "$BATS_FILE_TMPDIR/board.dtb" board.dtb
	chmod o+w board.dtb
	config host.cfg 'dt_host = "board.dtb"'
	answer 2 create host.cfg
	not_created
}

@test "nor do files that others may replace: folders and links on the way count" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	refused() { # WORD CONFIG
		answer 2 create "$2"
		[[ $errors == *"$1"* ]]
		not_created
	}
	mkdir theirs open sticky
	chown nobody theirs
	chmod 777 open
	chmod 1777 sticky
	cp guest.cfg theirs
	cp guest.cfg open
	cp guest.cfg sticky
	refused theirs theirs/guest.cfg
	refused theirs "$PWD/theirs/../theirs/guest.cfg"
	refused open ./open/guest.cfg
	ln -s ../guest.cfg theirs/link.cfg
	refused theirs theirs/link.cfg
	ln -s guest.cfg link.cfg
	ln -s link.cfg chain.cfg
	chown -h nobody link.cfg
	refused link.cfg chain.cfg
	ln -s chain.cfg sticky/loop
	ln -sfn loop sticky/loop
	refused loop sticky/loop
	# the same for what the configuration names
	printf '/dts-v1/; / { passthrough { }; };' | dtc -q -I dts -O dtb -o theirs/own.dtb -
	config own.cfg 'device_tree = "theirs/own.dtb"'
	refused theirs own.cfg
	cp "$BATS_FILE_TMPDIR/board.dtb" open
	config host.cfg "dt_host = \"$PWD/open/board.dtb\""
	refused open host.cfg
	# what is root's all the way is taken, by links too, and in a folder like /tmp
	mkdir ours
	mv guest.cfg ours
	ln -s ../ours sticky/ours
	answer 0 create sticky/ours/guest.cfg
	answer 0 create sticky/guest.cfg
}

@test "nor does an installed host tree that anybody may write to" {
	unshare -m true 2>/dev/null || skip "needs root, and mount namespaces"
	config installed.cfg "uuid = \"$UUID\""
	sed -i /dt_host/d installed.cfg
	create_with() { # MODE STATUS
		status=0
		unshare -m sh -c 'mount -t tmpfs none /etc && mkdir /etc/xen && cp "$1" /etc/xen/host.dtb &&
			chmod "$2" /etc/xen/host.dtb && exec "$3" create installed.cfg' - \
			"$BATS_FILE_TMPDIR/board.dtb" "$1" "$XLPT" >stdout 2>stderr || status=$?
		[ "$status" = "$2" ] || { cat stderr; return 1; }
	}
	create_with 666 2
	grep -q '/etc/xen/host.dtb.*written by anybody' stderr
	not_created
	create_with 644 0
	[ -e argv ]
}

@test "trees of guests that are gone are swept, and no others" {
	gone=aaaaaaaa-2222-3333-4444-555555555555
	lives=bbbbbbbb-2222-3333-4444-555555555555
	claimed=cccccccc-2222-3333-4444-555555555555
	printf '%s\n' "domain 3 $lives web" \
		"store /tool/xl-passthrough/$claimed/0 name other\\n\\self\\n" >>xen.replay
	mkdir -p "$STORE"
	chmod 755 "$STORE"
	touch "$STORE/$gone.dtb" "$STORE/$lives.dtb" "$STORE/$claimed.dtb" "$STORE/README" "$STORE/x.dtb.new"
	answer 0 create guest.cfg "uuid=\"$UUID\""
	[ "$(ls -A "$STORE" | sort | tr '\n' ' ')" = "$(printf '%s\n' "$UUID.dtb" README "$claimed.dtb" "$lives.dtb" | sort | tr '\n' ' ')" ]
	[ "$(stat -c %a "$STORE")" = 700 ]
}

@test "symbolic links in the way lead nowhere" {
	mkdir -p "$STATE" elsewhere
	ln -s "$PWD/elsewhere" "$STORE"
	answer 2 create guest.cfg
	[ ! -e argv ]
	[ -z "$(ls -A elsewhere)" ]
	rm "$STORE"
	mkdir -m 700 "$STORE"
	echo precious >target
	ln -s "$PWD/target" "$STORE/$UUID.dtb"
	ln -s "$PWD/target" "$STORE/$UUID.dtb.new"
	answer 0 create guest.cfg "uuid=\"$UUID\""
	[ "$(cat target)" = precious ]
	[ ! -L "$STORE/$UUID.dtb" ]
}

@test "no place for the tree: nothing is created, and the claim is taken back" {
	mkdir -p "$STATE"
	echo text >"$STORE"
	XLPT_REPLAY_CALLS=$PWD/calls answer 2 create guest.cfg
	[ ! -e argv ]
	[ "$(tail -n 3 calls | grep -c xen_store_remove)" -ge 1 ]
}

@test "no xl to run: found out before anything is claimed" {
	status=0
	PATH=/nonexistent XLPT_REPLAY_CALLS=$PWD/calls "$XLPT" create guest.cfg >stdout 2>stderr || status=$?
	[ "$status" = 2 ]
	absent -q xen_store_write calls
	not_created
}

@test "whatever call fails, xl is run with the whole plan or not at all" {
	n=1
	while :; do
		rm -rf argv "$STORE"
		status=0
		XLPT_REPLAY_FAIL=$n XLPT_REPLAY_CALLS=$PWD/calls "$XLPT" create guest.cfg "uuid=\"$UUID\"" >stdout 2>stderr || status=$?
		[ "$status" -le 2 ]
		if [ "$status" = 0 ]; then
			grep -qxF 'irqs+=[34]' argv
			[ -s "$STORE/$UUID.dtb" ]
		else
			[ -s stderr ]
			not_created
		fi
		[ "$(wc -l <calls)" -ge $n ] || break
		rm calls
		n=$((n + 1))
		[ $n -lt 200 ]
	done
	[ $n -gt 5 ]
	[ "$status" = 0 ]
}

@test "help names xl's options and ours" {
	answer 0 create --help
	[[ $output == *"--defconfig=FILE"* ]]
	[[ $output == *"dt_passthrough"* ]]
}
