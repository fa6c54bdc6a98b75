# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The RTC on Xen 4.20, with the tools of that release.

# shellcheck source=tests/xen/scenarios/rtc.sh
. "$HERE/scenarios/rtc.sh"

scenario() {
	plan_by_hand rtc
	boot_virt 4.20 120
	dom0_says '^@@ xen 4.20 is ready'
	judge_rtc rtc 3
	proof "on Xen 4.20"
}
