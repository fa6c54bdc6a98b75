# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One function per kind of machine: makes the overlay and the host tree, boots, and leaves the
# serial log in $LOG.  Sourced after qemu.sh.  A scenario gives it these functions:
#
#     dom0_script     prints what dom0 runs
#     guest_script    prints what the guest runs (optional)
#     host_tree DTB   changes the host tree, e.g. marks devices
#
# and files below $WORK/overlay, which appear in dom0.

GIC=3
MEMORY=2G

overlay_scripts() {
	{ echo '. /lab/dom0-lib.sh'; dom0_script; } >"$WORK/overlay/lab/scenario.sh"
	if declare -F guest_script >/dev/null; then guest_script >"$WORK/overlay/lab/guest.sh"; fi
}

# boot_virt XEN SECONDS [QEMU ARGS...]: QEMU's virt machine
boot_virt() {
	local xen=$1 limit=$2 base dtb=$WORK/host.dtb; shift 2
	base=$(image_base "$xen" arm64)
	local machine=virt,virtualization=on,gic-version=$GIC
	local -a args=(-cpu cortex-a57 -smp 1 -m "$MEMORY" -accel tcg -display none -net none -no-reboot "$@")
	dump_dtb "$dtb" qemu-system-aarch64 "$machine" "${args[@]}"
	# the tree a user hands to the tool is the one firmware hands to Xen
	mkdir -p "$WORK/overlay/etc/xen"
	cp "$dtb" "$WORK/overlay/etc/xen/host.dtb"
	overlay_scripts
	image_ramdisk "$base" "$WORK/overlay" "$WORK/dom0.cpio"
	host_tree "$dtb"
	dtb_boot "$dtb" "console=dtuart dtuart=/pl011@9000000 dom0_mem=768M dom0_max_vcpus=1 bootscrub=0" \
		"console=hvc0 quiet" "$base/Image" "$WORK/dom0.cpio"
	run_qemu "$LOG" "$limit" qemu-system-aarch64 -machine "$machine" "${args[@]}" \
		-monitor none -serial stdio -kernel "$base/xen" -dtb "$dtb" \
		-device "$(loader "$KERNEL_ADDR" "$base/Image")" -device "$(loader "$RAMDISK_ADDR" "$WORK/dom0.cpio")"
}
