# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The RTC and the usual mistakes on Xen 4.20, with the tools of that release and a build for it.

# shellcheck source=tests/xen/scenarios/mistakes.sh
. "$HERE/scenarios/mistakes.sh"
# shellcheck source=tests/xen/scenarios/rtc.sh
. "$HERE/scenarios/rtc.sh"

# one boot for both
dom0_script() {
	rtc_script
	echo 'destroyed rtc'
	mistakes_script
}

scenario() {
	XEN_RELEASE=4.20
	use_tool arm64 4.20
	extended_config rtc /pl031@9010000 | dom0_config rtc.cfg
	tiny_config tiny | dom0_config tiny.cfg
	mistaken_trees
	boot_virt 4.20 120
	dom0_says '^@@ xen 4.20 is ready'
	judge_rtc rtc 3 "$(guest_address rtc pl031)"
	judge_rtc_lists
	judge_mistakes
	proof "on Xen 4.20"
}
