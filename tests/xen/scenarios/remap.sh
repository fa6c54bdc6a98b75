# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The RTC at a forced guest frame outside every reserved window, and at 0x10000, which is
# reserved for vPCI since Xen 4.16 and fits nevertheless when the guest has no PCI.

# shellcheck source=tests/xen/scenarios/rtc.sh
. "$HERE/scenarios/rtc.sh"

dom0_script() {
	cat <<-'END'
	run xl passthrough check /pl031@9010000,gfn=0x10000
	[ $rc = 1 ] || fail "check of a reserved frame"
	for name in high low; do
		guest_ramdisk $name /lab/guest.sh
		created $name
		await $name "guest is done" 60
		destroyed $name
	done
	END
}

scenario() {
	use_tool arm64 4.17
	extended_config high /pl031@9010000,gfn=0x4100 | dom0_config high.cfg
	extended_config low /pl031@9010000,gfn=0x10000,allow=gfn-reserved | dom0_config low.cfg
	boot_virt 4.17 120
	dom0_says 'error: gfn-reserved'
	judge_rtc high 1 4100000
	judge_rtc low 1 10000000
}
