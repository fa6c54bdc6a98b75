# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A real U-Boot runs the script that `xl-passthrough uboot` wrote, on the tree the machine came
# with, and boots Xen; a guest then uses the RTC.

# shellcheck source=tests/xen/scenarios/rtc.sh
. "$HERE/scenarios/rtc.sh"

dom0_script() {
	cat <<-'END'
	guest_ramdisk rtc /lab/guest.sh
	created rtc
	await rtc "guest is done" 60
	END
}

scenario() {
	use_tool arm64 4.17
	extended_config rtc /pl031@9010000 | dom0_config rtc.cfg
	uboot_tree "$WORK/host.dtb"
	dom0_config host.dtb <"$WORK/host.dtb"
	host_tool uboot -t "$WORK/host.dtb" /pl031@9010000 >"$WORK/marks.cmd"
	boot_uboot 4.17 120 "$WORK/marks.cmd"
	dom0_says '^U-Boot 20'
	nobody_says 'FDT_ERR'
	judge_rtc rtc 1 "$(guest_address rtc pl031)"
	proof "$(tr -d '\r' <"$LOG" | grep -am1 '^U-Boot 20' | cut -d' ' -f1,2) ran the tool's script"
}
