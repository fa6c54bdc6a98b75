# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A real U-Boot runs a script that marks the RTC in the tree the machine came with and boots Xen;
# a guest then uses the RTC.

# shellcheck source=tests/xen/scenarios/rtc.sh
. "$HERE/scenarios/rtc.sh"

# the script to run on the machine's tree, which is the current one
marks_by_hand() { echo 'fdt set /pl031@9010000 xen,passthrough'; }

dom0_script() {
	cat <<-'END'
	guest_ramdisk rtc /lab/guest.sh
	created rtc
	await rtc "guest is done" 60
	END
}

scenario() {
	plan_by_hand rtc
	marks_by_hand >"$WORK/marks.cmd"
	boot_uboot 4.17 120 "$WORK/marks.cmd"
	dom0_says '^U-Boot 20'
	nobody_says 'FDT_ERR'
	judge_rtc rtc 1
	proof "$(tr -d '\r' <"$LOG" | grep -am1 '^U-Boot 20' | cut -d' ' -f1,2) ran the script"
}
