# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# create killed, raced, without xenstored, with one that does not answer, without disk and with
# another host tree; and guests created, rebooted and destroyed without anything growing.  One round
# of each, or with XLPT_FULL=1 many.  XLPT_SEED=N repeats the points of a run that printed it.

DEVICE=/pl031@9010000
PARTS='kills races disk tree cycles frozen store'

if [ -n "${XLPT_FULL:-}" ]; then
	KILLS=20 RACES=5 HELD=6 CYCLES=50
	RUN_LIMIT=2400
else
	KILLS=2 RACES=1 HELD=1 CYCLES=2
fi
: "${XLPT_SEED:=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}"

host_tree() { tool_marks "$1" "$DEVICE"; }

# the host tree and what it is replaced by
board_tree() {
	local lab=$WORK/overlay/lab name
	for name in tree-reg tree-interrupts tree-absent agrees; do cp "$1" "$lab/$name.dtb"; done
	fdtput -t x "$lab/tree-reg.dtb" "$DEVICE" reg 0 9050000 0 1000
	fdtput -t x "$lab/tree-interrupts.dtb" "$DEVICE" interrupts 0 8 4
	dtc -q -I dtb -O dts "$1" | sed 's/pl031@9010000 {/pl031@9040000 {/' | dtc -q -I dts -O dtb -o "$lab/tree-absent.dtb" -
	fdtput -t x "$lab/agrees.dtb" /apb-pclk clock-frequency 16e3601
}

programs() {
	local cc lab=$WORK/overlay/lab bin=$WORK/overlay/usr/bin
	cc=$("$HERE/sysroot.sh" arm64 4.17)/bin/aarch64-linux-gnu-gcc
	mkdir -p "$bin" "$WORK/overlay/guest"
	"$cc" -O2 -Wall -Werror -o "$bin/stop-at" "$HERE/faults/stop-at.c"
	"$cc" -O2 -Wall -Werror -o "$bin/xen-state" "$HERE/faults/xen-state.c" -lxenctrl
	"$cc" -c -o "$WORK/reset.o" "$HERE/faults/guest-reset.S"
	aarch64-linux-gnu-objcopy -O binary "$WORK/reset.o" "$WORK/overlay/guest/reset"
	mkdir -p "$lab/faults" "$WORK/overlay/etc"
	cp "$HERE"/faults/*.sh "$lab/faults/"
	echo 'nobody:x:65534:65534::/:/bin/sh' >"$WORK/overlay/etc/passwd"
}

dom0_script() {
	# the bash of the host draws, so that the seed means the same everywhere
	RANDOM=$((XLPT_SEED % 32768))
	local part n
	printf 'DRAWN="'
	for ((n = 0; n < KILLS + 2 * HELD + 30; n++)); do printf '%d ' $(((RANDOM * 32768 + RANDOM) % 1000000)); done
	printf '"\n'
	echo "KILLS=$KILLS RACES=$RACES HELD=$HELD CYCLES=$CYCLES DEVICE=$DEVICE"
	for part in lib count; do echo ". /lab/faults/$part.sh"; done
	for part in $PARTS; do printf 'step "%s"\n. /lab/faults/%s.sh\n' "$part" "$part"; done
}

# device_config NAME KERNEL: a guest with the device and next to no memory
device_config() {
	cat <<-END
	name = "$1"
	kernel = "/guest/$2"
	memory = 16
	vcpus = 1
	on_reboot = "restart"
	device_tree = "xl-passthrough"
	dt_passthrough = [ "$DEVICE,gfn=0x9010" ]
	END
}

# sampled CYCLE KEY: what the sample after that cycle says
sampled() { tr -d '\r' <"$LOG" | sed -n "s/^@@ sample $1 .*\b$2=\([0-9]*\).*/\1/p"; }

# grows KEY SLACK: unproved if it grew by more from an early sample to the last one
grows() {
	local first last early=1
	growth=0
	[ "$CYCLES" -le 10 ] || early=5
	first=$(sampled $early "$1") last=$(sampled "$CYCLES" "$1")
	[ -n "$first" ] && [ -n "$last" ] || { unproved "no sample of $1"; return 0; }
	growth=$((last - first))
	case $1 in memory | pages) growth=$((-growth)) ;; esac	# what is free
	[ $growth -le "$2" ] || unproved "$1 grew by $growth in cycles $early to $CYCLES"
}

judge_cycles() {
	local key what='' growth
	for key in nodes files trees processes; do
		grows $key 0
		what+="$key $growth, "
	done
	# allocators keep a page or two: what each cycle would lose is far beyond this after 50
	grows pages 16
	what+="Xen $growth pages, "
	grows rss 64
	what+="xenstored $growth KiB, "
	grows memory 4096
	proof "$CYCLES cycles; grown by: ${what}dom0 $growth KiB"
}

# told WHAT: the figures that a part closed with
told() {
	dom0_says "^@@ $1 "
	tr -d '\r' <"$LOG" | sed -n "s/^@@ $1 //p" | tail -n 1
}

scenario() {
	say "  faults: XLPT_SEED=$XLPT_SEED"
	use_tool arm64 4.17
	programs
	local name
	for name in tiny a b; do device_config "$name" tiny | dom0_config "$name.cfg"; done
	device_config cycle reset | dom0_config cycle.cfg
	boot_virt 4.17 120
	proof "killed: $(told kills)"
	proof "races won once: $(told races)"
	proof "refused for disk $(told disks), tree $(told trees), xenstored $(told store)"
	judge_cycles
	proof "xenstored frozen: $(told frozen)"
	proof "XLPT_SEED=$XLPT_SEED"
}
