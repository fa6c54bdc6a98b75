#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load common

@test "one fdt set for each marked node" {
	answer 0 uboot -t "$BOARD" /soc/rtc@9010000
	[ "$(grep -c 'fdt set .*xen,passthrough' stdout)" = 1 ]
	grep -q 'fdt set /soc/rtc@9010000 xen,passthrough' stdout
	grep -q 'fdt resize' stdout
}

@test "a plan with errors prints no script" {
	answer 1 uboot -t "$BOARD" /soc/ethernet@9030000
	silent
	[[ $errors == *"[dma-unprotected]"* ]]
	answer 0 uboot -t "$BOARD" --allow=dma-unprotected /soc/ethernet@9030000
}

@test "--dtb beside the script" {
	answer 0 uboot -t "$BOARD" --dtb marked.dtb /soc/rtc@9010000
	fdtget -p marked.dtb /soc/rtc@9010000 | grep -qx xen,passthrough
}
