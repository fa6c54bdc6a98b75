# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A benchmark, not one of all scenarios: what `xl create` through the front end costs beside plain
# `xl create` of the same plan written by hand. The guest is built and stays paused, so that its
# own start disturbs nothing. PAIRS of them by turns, the first not counted.
#
# dom0 runs without address space randomisation: QEMU translates code anew for each address it is
# at, which no processor does, and what a program runs once would count many times. ASLR=1 leaves
# it on; ICOUNT=1 counts instructions.

: "${PAIRS:=16}"

host_tree() { tool_marks "$1" /pl031@9010000; }

dom0_script() {
	echo "pairs=$PAIRS"
	[ "${ASLR:-}" = 1 ] || echo 'echo 0 >/proc/sys/kernel/randomize_va_space'
	cat <<-'END'
	guest_ramdisk rtc /lab/guest.sh
	xl-passthrough plan -c /etc/xen/rtc.cfg -o /root/plan >/root/plan.txt || fail "no plan"
	grep -v '^device_tree' /etc/xen/rtc.cfg | sed '/^dt_passthrough/,/^]/d' | cat - /root/plan/passthrough.cfg >/etc/xen/plain.cfg
	timed() {
		began=$(now)
		"$@" >/tmp/out 2>&1 || { cat /tmp/out; fail "$*"; }
		ended=$(now)
		destroyed rtc
		# in hundredths, as /proc/uptime has them
		took=$(( $(echo "$ended" | tr -d .) - $(echo "$began" | tr -d .) ))
	}
	plain() { timed /usr/sbin/xl create -p -q /etc/xen/plain.cfg; plain=$took; }
	front() { timed xl create -p -q /etc/xen/rtc.cfg; front=$took; }
	n=0
	while [ $n -le $pairs ]; do
		if [ $((n % 2)) = 0 ]; then plain; front; else front; plain; fi
		[ $n = 0 ] || echo "@@ pair $n plain $plain front $front"
		n=$((n + 1))
	done
	END
}

guest_script() { echo 'true'; }

scenario() {
	local ratios
	use_tool arm64 4.17
	extended_config rtc /pl031@9010000 | dom0_config rtc.cfg
	# time is instructions, two to the nanosecond, whatever else the host does
	boot_virt 4.17 240 ${ICOUNT:+-icount shift=1,sleep=off}
	ratios=$(tr -d '\r' <"$LOG" | sed -n 's/^@@ pair [0-9]* plain \([0-9]*\) front \([0-9]*\)$/\1 \2/p')
	[ "$(printf '%s\n' "$ratios" | wc -l)" = "$PAIRS" ] || unproved "not $PAIRS pairs"
	proof "$(printf '%s\n' "$ratios" | python3 -c '
import statistics, sys
pairs = [tuple(map(int, line.split())) for line in sys.stdin]
print("xl create through the front end / plain: median %.3f of %d pairs (%.3f to %.3f)" % (
    statistics.median(b / a for a, b in pairs), len(pairs),
    min(b / a for a, b in pairs), max(b / a for a, b in pairs)))')"
}
