# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A Calxeda Midway's second network controller in a guest of a 32-bit Xen, from the shipped
# ecx-2000.dtb (examples/midway).  There is no SMMU: the guest's RAM is one piece at a known address here, which
# dma-ranges tells the guest, so that it can fetch a file by TFTP all the same.

# what the user adds to the tool's tree, in the partial tree of the config
fragment() {
	dtc -q -I dts -O dtb -o "$WORK/overlay/etc/xen/dma.dtb" - <<-'END'
	/dts-v1/;
	/ {
		passthrough {
			dma-ranges = <0 0x80000000 0 0x40000000 0 0x40000000>;
		};
	};
	END
}

host_tree() { tool_marks "$1" -c "$EXAMPLES/midway/guest.cfg"; }

dom0_script() {
	cat <<-'END'
	guest_ramdisk midway /lab/guest.sh
	step "there is no SMMU"
	run xl passthrough check /soc/ethernet@fff51000
	[ $rc = 1 ] || fail "check without leave for DMA"
	created midway
	run xl passthrough list
	await midway "guest is done" 90
	END
}

guest_script() {
	cat <<-'END'
	modprobe xgmac
	dmesg | grep -i xgmac
	echo "mac $(cat /sys/class/net/eth0/address)"
	ip link set eth0 up
	ip addr add 10.0.2.15/24 dev eth0
	n=0
	while [ "$(cat /sys/class/net/eth0/carrier 2>/dev/null)" != 1 ] && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
	tftp -g -r file -l /tmp/file 10.0.2.2
	echo "fetched=$(md5sum </tmp/file | cut -c1-32) "
	grep -E 'GIC-0 +11[234]' /proc/interrupts
	END
}

scenario() {
	local sum mac=52:54:00:12:34:57
	use_tool armhf 4.17
	{
		example_config midway/guest.cfg midway
		printf '%s\n' 'memory = 1024' 'device_tree = "/etc/xen/dma.dtb"'
	} | dom0_config midway.cfg
	fragment
	mkdir "$WORK/tftp"
	dd if=/dev/urandom of="$WORK/tftp/file" bs=1k count=200 status=none
	sum=$(md5sum <"$WORK/tftp/file" | cut -c1-32)
	boot_midway 4.17 120 -nic user,model=xgmac -nic "user,model=xgmac,mac=$mac,tftp=$WORK/tftp"
	dom0_says 'error: dma-unprotected'
	guest_says midway 'calxedaxgmac [0-9a-f]+.ethernet.*: h/w version is 0x1012'
	guest_says midway "^mac $mac"
	guest_says midway ': +[1-9][0-9]* +GIC-0 +112 '
	guest_says midway "^fetched=$sum"
	proof "calxedaxgmac h/w version 0x1012, MAC $mac, interrupt 112, 200 kB by TFTP with md5 $sum"
}
