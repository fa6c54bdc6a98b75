# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A guest on the emulated ZCU102 reads and writes the board's SD card (examples/zcu102-sd); text it
# writes to the board's second UART arrives.  Host tree: the kernel package's own.

# Two more devices than the example has, by one line more.  The rates are firmware's: its clock
# summary has them, the tree has not.
more_devices() {
	cat <<-'END'
	dt_passthrough += [
		"/axi/serial@ff010000,clock=uart_clk:100000000,clock=pclk:100000000",
		"/axi/rtc@ffa60000",
	]
	END
}

host_tree() { tool_marks "$1" --console=/axi/serial@ff000000 -c "$WORK/overlay/etc/xen/sdcard.cfg"; }

dom0_script() {
	cat <<-'END'
	guest_ramdisk sdcard /lab/guest.sh
	step "what is not said is not guessed"
	run xl passthrough check /axi/mmc@ff170000
	[ $rc = 1 ] || fail "check without rates and leave"
	created sdcard
	await sdcard "guest is done" 90
	END
}

# The board's SMMU is disabled in its tree, so the card is used without DMA (quirks 0x60).
guest_script() {
	cat <<-'END'
	modprobe sdhci debug_quirks=0x60
	modprobe sdhci-of-arasan
	n=0
	while [ ! -b /dev/mmcblk0 ] && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done
	dmesg | grep -E 'mmc|ttyPS'
	echo "read=$(md5sum </dev/mmcblk0 | cut -c1-32) "
	echo "written by the guest" | dd of=/dev/mmcblk0 bs=512 seek=7 conv=sync,fsync 2>/dev/null
	# numbered as the aliases of the host say
	for tty in /dev/ttyPS*; do echo "text from the guest" >"$tty"; done
	grep -E 'mmc|xuartps' /proc/interrupts
	END
}

scenario() {
	local image=$WORK/sd.img sum
	use_tool arm64 4.17
	{ example_config zcu102-sd/guest.cfg sdcard; more_devices; } | dom0_config sdcard.cfg
	dd if=/dev/urandom of="$image" bs=1M count=16 status=none
	sum=$(md5sum <"$image" | cut -c1-32)
	boot_zcu102 4.17 120 -drive "if=sd,index=1,file=$image,format=raw"
	dom0_says 'error: clock-rate-unknown'
	dom0_says 'error: dma-unprotected'
	guest_says sdcard "^read=$sum"
	[ "$(dd if="$image" bs=512 skip=7 count=1 status=none | tr -d '\0')" = "written by the guest" ] ||
		unproved "the guest's write is not in the card's image"
	grep -q "text from the guest" "$WORK/uart1.log" || unproved "no text came out of the second UART"
	proof "16 MB read with md5 $sum, a sector written, text came out of the UART"
}
