# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The Calxeda Midway under 32-bit Xen.  Sourced after machines.sh, whose conventions it follows.

# boot_midway XEN SECONDS [QEMU ARGS...]: from the kernel package's ecx-2000.dtb
boot_midway() {
	local xen=$1 limit=$2 base dtb=$WORK/host.dtb cpu KERNEL_ADDR=0x20000000 RAMDISK_ADDR=0x21000000; shift 2
	base=$(image_base "$xen" armhf)
	cp "$(kernel_set armhf)"/usr/lib/linux-image-*-armmp/ecx-2000.dtb "$dtb"
	mkdir -p "$WORK/overlay/etc/xen"
	cp "$dtb" "$WORK/overlay/etc/xen/host.dtb"
	overlay_scripts
	image_ramdisk "$base" "$WORK/overlay" "$WORK/dom0.cpio"
	grow_dtb "$dtb"
	host_tree "$dtb"
	# QEMU describes its own PSCI, and there is one CPU
	fdtput -r "$dtb" /psci
	for cpu in $(fdtget -l "$dtb" /cpus | grep '^cpu@' | grep -vx 'cpu@0'); do fdtput -r "$dtb" "/cpus/$cpu"; done
	dtb_boot "$dtb" "console=dtuart dtuart=/soc/serial@fff36000 dom0_mem=512M dom0_max_vcpus=1 bootscrub=0 $XEN_ARGS" \
		"console=hvc0 quiet" "$base/Image" "$WORK/dom0.cpio"
	# Xen may not be at the address QEMU loads kernels to: ldr pc, =0x10000000
	printf '\x04\xf0\x1f\xe5\x00\x00\x00\x10' >"$WORK/trampoline"
	run_qemu "$LOG" "$limit" qemu-system-arm -machine midway -smp 1 -m 4089M -accel tcg -display none -no-reboot "$@" \
		-monitor none -serial stdio -kernel "$WORK/trampoline" -dtb "$dtb" -device "$(loader 0x10000000 "$base/xen")" \
		-device "$(loader "$KERNEL_ADDR" "$base/Image")" -device "$(loader "$RAMDISK_ADDR" "$WORK/dom0.cpio")"
}
