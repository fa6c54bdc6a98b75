# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The RTC at a forced guest frame outside every reserved window, and at 0x10000, which is
# reserved for vPCI since Xen 4.16 and fits nevertheless when the guest has no PCI.

# shellcheck source=tests/xen/scenarios/rtc.sh
. "$HERE/scenarios/rtc.sh"

dom0_script() {
	cat <<-'END'
	for name in high low; do
		guest_ramdisk $name /lab/guest.sh
		created $name
		await $name "guest is done" 60
		destroyed $name
	done
	END
}

scenario() {
	plan_by_hand high 0x4100
	plan_by_hand low 0x10000
	boot_virt 4.17 120
	judge_rtc high 1 4100000
	judge_rtc low 1 10000000
}
