# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The PL031 RTC of QEMU's virt machine in a guest: real time, alarm interrupt; still there
# after the guest reboots itself, and after it is destroyed and created again.
# Sourced by the other scenarios around the same device.

# plan_by_hand NAME [GFN]: /etc/xen/NAME.cfg and NAME.dtb for a guest NAME
plan_by_hand() {
	local dir=$WORK/overlay/etc/xen name=$1 gfn=${2:-} address=9010000
	[ -z "$gfn" ] || address=$(printf '%x' $((gfn << 12)))
	mkdir -p "$dir"
	guest_config "$name" >"$dir/$name.cfg"
	cat >>"$dir/$name.cfg" <<-END
	iomem = [ "0x9010,1${gfn:+@$gfn}" ]
	irqs = [ 34 ]
	device_tree = "/etc/xen/$name.dtb"
	END
	partial_tree "$dir/$name.dtb" <<-END
	clk: clock { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; };
	pl031@$address {
		compatible = "arm,pl031", "arm,primecell";
		reg = <0 0x$address 0 0x1000>;
		interrupts = <0 2 4>;
		clocks = <&clk>;
		clock-names = "apb_pclk";
	};
	END
}

host_tree() { dtb_mark "$1" /pl031@9010000; }

dom0_script() {
	cat <<-'END'
	guest_ramdisk rtc /lab/guest.sh
	created rtc
	await rtc "guest is done" 60 1
	step "the guest reboots itself"
	tell rtc "reboot -f"
	await rtc "guest is done" 60 2
	step "destroyed and created again"
	destroyed rtc
	created rtc
	await rtc "guest is done" 60 3
	END
}

# The kernel's clock is not used: a paravirtual guest's follows Xen's, whatever the RTC does.
guest_script() {
	cat <<-'END'
	dmesg | grep -i pl031
	count() { awk '/pl031/ { n += $2 } END { print n + 0 }' /proc/interrupts; }
	before=$(count)
	echo "epoch=$(cat /sys/class/rtc/rtc0/since_epoch) "
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo +1 >/sys/class/rtc/rtc0/wakealarm
	n=0
	while [ "$(count)" = "$before" ] && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
	echo "alarm interrupts: $before then $(count)"
	END
}

# judge_rtc GUEST BOOTS [ADDRESS]: each of the guest's boots has a working RTC
judge_rtc() {
	local epoch n now
	now=$(date +%s)
	n=$(guest_count "$1" "${3:-9010000}.pl031: registered as rtc0")
	[ "$n" -ge "$2" ] || unproved "the RTC registered in $n of $2 boots of guest $1"
	n=$(guest_count "$1" 'alarm interrupts: 0 then 1')
	[ "$n" -ge "$2" ] || unproved "the alarm came in $n of $2 boots of guest $1"
	epoch=$(guest_value "$1" epoch)
	[ "${epoch:-0}" -ge "$STARTED" ] && [ "${epoch:-0}" -le "$now" ] ||
		unproved "guest $1 read $epoch, real time was $STARTED to $now"
	proof "${3:-9010000}.pl031 shows ${epoch:-nothing}, alarm interrupts 0 then 1"
}

scenario() {
	plan_by_hand rtc
	boot_virt 4.17 120
	judge_rtc rtc 3
	proof "after create, a reboot from inside, and destroy and create"
}
