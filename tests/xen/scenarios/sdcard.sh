# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A guest on the emulated ZCU102 reads and writes the board's SD card; text it writes to the
# board's second UART arrives.  Host tree: the kernel package's own.

plan_by_hand() {
	local dir=$WORK/overlay/etc/xen
	mkdir -p "$dir"
	guest_config sdcard >"$dir/sdcard.cfg"
	cat >>"$dir/sdcard.cfg" <<-'END'
	iomem = [ "0xff170,1@0x4100", "0xff010,1@0x4101", "0xffa60,1@0x4102" ]
	irqs = [ 81, 54, 58, 59 ]
	device_tree = "/etc/xen/sdcard.dtb"
	END
	partial_tree "$dir/sdcard.dtb" <<-'END'
	fast: clock-sd { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <187500000>; };
	slow: clock-bus { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <100000000>; };
	mmc@4100000 {
		compatible = "arasan,sdhci-8.9a";
		reg = <0 0x4100000 0 0x1000>;
		interrupts = <0 49 4>;
		clocks = <&fast>, <&slow>;
		clock-names = "clk_xin", "clk_ahb";
	};
	serial@4101000 {
		compatible = "cdns,uart-r1p12", "xlnx,xuartps";
		reg = <0 0x4101000 0 0x1000>;
		interrupts = <0 22 4>;
		clocks = <&slow>, <&slow>;
		clock-names = "uart_clk", "pclk";
	};
	rtc@4102000 {
		compatible = "xlnx,zynqmp-rtc";
		reg = <0 0x4102000 0 0x100>;
		interrupts = <0 26 4>, <0 27 4>;
		interrupt-names = "alarm", "sec";
	};
	END
}

host_tree() { dtb_mark "$1" /axi/mmc@ff170000 /axi/serial@ff010000 /axi/rtc@ffa60000; }

dom0_script() {
	cat <<-'END'
	guest_ramdisk sdcard /lab/guest.sh
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
	echo "text from the guest" >/dev/ttyPS0
	grep -E 'mmc|xuartps' /proc/interrupts
	END
}

scenario() {
	local image=$WORK/sd.img sum
	plan_by_hand
	dd if=/dev/urandom of="$image" bs=1M count=16 status=none
	sum=$(md5sum <"$image" | cut -c1-32)
	boot_zcu102 4.17 120 -drive "if=sd,index=1,file=$image,format=raw"
	guest_says sdcard "^read=$sum"
	[ "$(dd if="$image" bs=512 skip=7 count=1 status=none | tr -d '\0')" = "written by the guest" ] ||
		unproved "the guest's write is not in the card's image"
	grep -q "text from the guest" "$WORK/uart1.log" || unproved "no text came out of the second UART"
	proof "16 MB read with md5 $sum, a sector written, text came out of the UART"
}
