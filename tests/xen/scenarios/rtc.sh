# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The PL031 RTC of QEMU's virt machine in a guest: real time, alarm interrupt; still there
# after the guest reboots itself, and after it is destroyed and created again.

plan_by_hand() {
	mkdir -p "$WORK/overlay/etc/xen"
	cat >"$WORK/overlay/etc/xen/guest.cfg" <<-'END'
	name = "rtc"
	kernel = "/guest/Image"
	ramdisk = "/guest/rtc.cpio"
	memory = 128
	vcpus = 1
	extra = "console=hvc0 quiet"
	on_reboot = "restart"
	iomem = [ "0x9010,1" ]
	irqs = [ 34 ]
	device_tree = "/etc/xen/guest.dtb"
	END
	dtc -q -I dts -O dtb -o "$WORK/overlay/etc/xen/guest.dtb" - <<-'END'
	/dts-v1/;
	/ {
		#address-cells = <2>;
		#size-cells = <2>;
		gic: gic { phandle = <65000>; };
		passthrough {
			compatible = "simple-bus";
			ranges;
			#address-cells = <2>;
			#size-cells = <2>;
			interrupt-parent = <65000>;
			clk: clock { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; };
			pl031@9010000 {
				compatible = "arm,pl031", "arm,primecell";
				reg = <0 0x9010000 0 0x1000>;
				interrupts = <0 2 4>;
				clocks = <&clk>;
				clock-names = "apb_pclk";
			};
		};
	};
	END
}

host_tree() { dtb_mark "$1" /pl031@9010000; }

dom0_script() {
	cat <<-'END'
	guest_ramdisk rtc /lab/guest.sh
	follow rtc
	run xl create -q /etc/xen/guest.cfg
	[ $rc = 0 ] || fail "xl create"
	await rtc "guest is done" 60 1 || fail "first boot"
	step "the guest reboots itself"
	tell rtc "reboot -f"
	await rtc "guest is done" 60 2 || fail "after reboot"
	step "destroyed and created again"
	destroyed rtc
	run xl create -q /etc/xen/guest.cfg
	[ $rc = 0 ] || fail "second xl create"
	await rtc "guest is done" 60 3 || fail "third boot"
	END
}

# The kernel's clock is not used: a paravirtual guest's follows Xen's, whatever the RTC does.
guest_script() {
	cat <<-'END'
	dmesg | grep -i pl031
	count() { awk '/rtc-pl031|pl031/ { n += $2 } END { print n + 0 }' /proc/interrupts; }
	before=$(count)
	echo "epoch=$(cat /sys/class/rtc/rtc0/since_epoch) "
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo +1 >/sys/class/rtc/rtc0/wakealarm
	n=0
	while [ "$(count)" = "$before" ] && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
	echo "alarm interrupts: $before then $(count)"
	END
}

scenario() {
	plan_by_hand
	boot_virt 4.17 120 || unproved "dom0's script did not end well"
	judge
}

judge() {
	local epoch n now
	now=$(date +%s)
	n=$(guest_count rtc 'pl031: registered as rtc0')
	[ "$n" -ge 3 ] || unproved "the RTC registered in $n of 3 boots"
	n=$(guest_count rtc 'alarm interrupts: 0 then 1')
	[ "$n" -ge 3 ] || unproved "the alarm came in $n of 3 boots"
	epoch=$(guest_value rtc epoch)
	[ "${epoch:-0}" -ge "$STARTED" ] && [ "${epoch:-0}" -le "$now" ] ||
		unproved "the guest read $epoch, real time was $STARTED to $now"
	proof "RTC shows $epoch, alarm 0 then 1, in 3 boots: created, rebooted from inside, created again"
}
