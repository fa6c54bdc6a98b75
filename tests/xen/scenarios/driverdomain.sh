# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A driver domain: one guest owns the RTC, the GPIO block with the button on it, and the PCIe host
# bridge with its disk, out of one selection that says "all but".  A second guest has the second
# UART, dom0 a disk of its own; all of them work at the same time.

# shellcheck source=tests/xen/scenarios/rtc.sh
. "$HERE/scenarios/rtc.sh"
# shellcheck source=tests/xen/scenarios/gpio.sh
. "$HERE/scenarios/gpio.sh"
# shellcheck source=tests/xen/scenarios/smmu.sh
. "$HERE/scenarios/smmu.sh"

board_tree() { bridge_tree "$1"; }

# the one boot script for all guests, as the tool writes it
host_tree() {
	local etc=$WORK/overlay/etc/xen path
	host_tool partition -t "$1" --xen=4.17 --console=/pl011@9000000 --format=uboot "$etc/driver.cfg" \
		"$etc/second.cfg" >"$WORK/boot.cmd" 2>"$WORK/partition.txt" || {
		cat "$WORK/partition.txt" >&2
		die "no partition for the marks"
	}
	sed -n 's/^fdt set \([^ ]*\) xen,passthrough$/\1/p' "$WORK/boot.cmd" >"$WORK/marks"
	while read -r path; do dtb_mark "$1" "$path"; done <"$WORK/marks"
}

dom0_script() {
	cat <<-'END'
	own_disk() { echo 3 >/proc/sys/vm/drop_caches; echo "dom0 read=$(md5sum </dev/vda | cut -c1-32) "; }
	modprobe virtio_mmio
	modprobe virtio_blk
	own_disk
	cd /etc/xen
	step "the guests share nothing"
	run xl passthrough partition -t host.dtb driver.cfg second.cfg
	[ $rc = 0 ] || fail "partition"
	refused device-busy xl passthrough partition -t host.dtb driver.cfg greedy.cfg
	guest_ramdisk driver /lab/guest.sh
	guest_ramdisk second /lab/second.sh
	step "the driver domain"
	created driver
	await driver "awaiting the button" 90
	step "press the button"
	await driver "guest is done" 30
	step "its devices are its own"
	refused device-busy xl create -q greedy.cfg
	refused device-busy xl passthrough check /pcie@10000000,buses=0-0
	untouched driver
	step "a second guest"
	created second
	await second "awaiting text" 60
	step "type at the second UART"
	await second "guest is done" 20
	run xl passthrough list
	step "all of them at once"
	tell driver again
	tell second again
	own_disk
	echo "written by dom0" | dd of=/dev/vda bs=512 seek=7 conv=sync,fsync 2>/dev/null
	await driver "^again is done" 60
	await second "^again is done" 60
	own_disk
	untouched driver second
	END
}

guest_script() {
	rtc_in_guest
	disk_in_guest
	gpio_in_guest
	cat <<-'END'
	led=/sys/class/gpio/gpio$line/value
	# the disk, past the kernel's caches; the clock; the line
	again() {
		echo 3 >/proc/sys/vm/drop_caches
		echo "again=$(md5sum </dev/vda | cut -c1-32) "
		echo "epoch=$(cat /sys/class/rtc/rtc0/since_epoch) "
		for value in 0 1 0; do echo $value >$led; done
		echo "again is done"
	}
	END
}

second_script() {
	cat <<-'END'
	dmesg | grep ttyAMA
	exec 3<>/dev/ttyAMA1
	stty raw -echo <&3
	echo "awaiting text"
	read -r text <&3
	echo "came in: $text"
	grep uart-pl011 /proc/interrupts
	again() {
		seq 1 200 >&3
		echo "again is done"
	}
	END
}

# shellcheck disable=SC2317 # run_qemu's
on_step() {
	case $1 in
	*"press the button"*) echo system_powerdown >"$WORK/monitor.in" ;;
	*"type at the second UART"*) echo "typed outside" >"$WORK/uart.in" ;;
	esac
}

# what list says of GUEST, as SORTED lines of device, irqs and iommu
listed() { # GUEST
	tr -d '\r' <"$LOG" | awk -v guest="$1" '$1 ~ /^[0-9]+$/ && $2 == guest && $3 ~ "^/" {
		print $3, $(NF - 1), $NF }' | sort
}

judge_driver() {
	judge_rtc driver 1 "$(guest_address driver pl031)"
	judge_gpio driver 101010
	guest_says driver "^read=$SUM"
	guest_says driver "^again=$SUM"
	proof "disk read through the SMMU, md5 $SUM"
	[ "$(listed driver)" = "$(sort <<-'END'
	/gpio-keys - -
	/pcie@10000000 35,36,37,38 /smmuv3@9050000
	/pl031@9010000 34 -
	/pl061@9030000 39 -
	END
	)" ] || unproved "list of the driver domain: $(listed driver)"
	[ "$(sort "$WORK/marks")" = "$(printf '%s\n' /gpio-keys /pcie@10000000 /pl011@9040000 /pl031@9010000 /pl061@9030000)" ] ||
		unproved "the boot script marks $(cat "$WORK/marks")"
}

judge_second() {
	guest_says second '^came in: typed outside'
	guest_says second ' [1-9][0-9]* .*uart-pl011'
	seq 1 200 | cmp -s - "$WORK/uart.log" || unproved "what came out of the second UART is not what the guest wrote"
	[ "$(listed second)" = "/pl011@9040000 40 -" ] || unproved "list of the second guest: $(listed second)"
	proof "at the same time a second guest's UART took a line, by interrupt, and sent 200"
}

judge_dom0() { # DISK SUM-BEFORE
	local sum; sum=$(md5sum <"$1" | cut -c1-32)
	[ "$(dom0_count "^dom0 read=$2")" = 2 ] || unproved "dom0 did not read its disk"
	dom0_says "^dom0 read=$sum"
	[ "$(dd if="$1" bs=512 skip=7 count=1 status=none | tr -d '\0')" = "written by dom0" ] ||
		unproved "dom0's write is not in its disk's image"
	proof "dom0 read and wrote its own disk; $(dom0_count '^@@ refused device-busy') tries to take the first guest's devices refused"
}

scenario() {
	local own=$WORK/own.img before
	use_tool arm64 4.17
	smmu_machine
	gpio_machine
	extended_config driver all /pcie@10000000,buses=0-0 /gpio-keys -/pl011@9040000 '-/virtio_mmio@*' |
		dom0_config driver.cfg
	extended_config second /pl011@9040000 | dom0_config second.cfg
	extended_config greedy /pl011@9040000 /pl031@9010000 | dom0_config greedy.cfg
	second_script >"$WORK/overlay/lab/second.sh"
	dd if=/dev/urandom of="$own" bs=1M count=4 status=none
	before=$(md5sum <"$own" | cut -c1-32)
	mkfifo "$WORK/uart.in" "$WORK/uart.out"
	boot_smmu "${GPIO_ARGS[@]}" -chardev "pipe,id=uart,path=$WORK/uart,logfile=$WORK/uart.log" \
		-serial chardev:uart -drive "if=none,id=own,format=raw,file=$own" \
		-device virtio-blk-device,drive=own
	judge_driver
	judge_second
	judge_dom0 "$own" "$before"
}
