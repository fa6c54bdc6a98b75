# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The PL031 RTC of QEMU's virt machine in a guest, from one line of its config (examples/rtc): real
# time, alarm interrupt; still there after the guest reboots itself, and after it is destroyed and created
# again.  Sourced by the other scenarios around the same device.

host_tree() { tool_marks "$1" /pl031@9010000; }

rtc_script() {
	cat <<-'END'
	guest_ramdisk rtc /lab/guest.sh
	run xl passthrough check /pl031@9010000
	[ $rc = 0 ] || fail "check of a free device"
	created rtc
	await rtc "guest is done" 60 1
	run xl passthrough list
	step "what somebody else would be told"
	run xl passthrough check /pl031@9010000
	[ $rc = 1 ] || fail "check of a device somebody has"
	step "the guest reboots itself"
	tell rtc "reboot -f"
	await rtc "guest is done" 60 2
	run xl passthrough list
	step "destroyed and created again"
	destroyed rtc
	run xl passthrough list
	created rtc
	await rtc "guest is done" 60 3
	END
}

dom0_script() { rtc_script; }

# The kernel's clock is not used: a paravirtual guest's follows Xen's, whatever the RTC does.
rtc_in_guest() {
	cat <<-'END'
	dmesg | grep -i pl031
	count() { awk '/pl031/ { n += $2 } END { print n + 0 }' /proc/interrupts; }
	before=$(count)
	echo "epoch=$(cat /sys/class/rtc/rtc0/since_epoch) "
	# on a busy host a second may have passed before the alarm is set
	for ahead in 1 4 15; do
		echo 0 >/sys/class/rtc/rtc0/wakealarm
		echo +$ahead >/sys/class/rtc/rtc0/wakealarm
		n=0
		while [ "$(count)" = "$before" ] && [ $n -lt $((ahead * 10 + 10)) ]; do n=$((n + 1)); sleep 0.1; done
		[ "$(count)" = "$before" ] || break
	done
	echo "alarm interrupts: $before then $(count)"
	END
}

guest_script() { rtc_in_guest; }

# judge_rtc GUEST BOOTS [ADDRESS]: each of the guest's boots has a working RTC
judge_rtc() {
	local epoch n now
	now=$(date +%s)
	n=$(guest_count "$1" "${3:-9010000}.pl031: registered as rtc0")
	[ "$n" -ge "$2" ] || unproved "the RTC registered in $n of $2 boots of guest $1"
	n=$(guest_count "$1" 'alarm interrupts: 0 then 1')
	[ "$n" -ge "$2" ] || unproved "the alarm came in $n of $2 boots of guest $1"
	epoch=$(guest_value "$1" epoch)
	if [ "${epoch:-0}" -lt "$STARTED" ] || [ "${epoch:-0}" -gt "$now" ]; then
		unproved "guest $1 read $epoch, real time was $STARTED to $now"
	fi
	proof "${3:-9010000}.pl031 shows ${epoch:-nothing}, alarm interrupts 0 then 1"
}

# what check and list say in the course of dom0_script
judge_rtc_lists() {
	local n
	n=$(dom0_count '^ *[0-9]+ +rtc +/pl031@9010000 +0x9010,0x1@0x[0-9a-f]+ +34 +-$')
	[ "$n" = 2 ] || unproved "list showed the device $n times, not before and after the reboot"
	dom0_says 'device-busy'
	dom0_says '^@@ rc 1 .*check /pl031@9010000$'
}

scenario() {
	use_tool arm64 4.17
	example_config rtc/guest.cfg rtc | dom0_config rtc.cfg
	boot_virt 4.17 120
	# the planner is free to choose the frame
	judge_rtc rtc 3 "$(guest_address rtc pl031)"
	judge_rtc_lists
	proof "after create, a reboot from inside, and destroy and create; check and list as it went"
}
