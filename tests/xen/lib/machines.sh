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
# set by scenarios: more properties of the machine, another hypervisor, and what its tree gets
# before dom0 and the tool see it
MACHINE=
HYPERVISOR=
XEN_ARGS=
board_tree() { :; }
MEMORY=2G
MONITOR=none
QEMU=qemu-system-aarch64
# one CPU: a second one halves nothing, and lets another scenario run beside
VIRT_ARGS=(-cpu cortex-a57 -smp 1 -accel tcg -display none -net none -no-reboot)

# guest_config NAME: the part of a guest's config that knows of no device
guest_config() {
	cat <<-END
	name = "$1"
	kernel = "/guest/Image"
	ramdisk = "/guest/$1.cpio"
	memory = 128
	vcpus = 1
	extra = "console=hvc0 quiet"
	on_reboot = "restart"
	END
}

# extended_config NAME DEVICE...: what a user writes, trip-wire included
extended_config() {
	local name=$1 device; shift
	guest_config "$name"
	echo 'device_tree = "xl-passthrough"'
	echo 'dt_passthrough = ['
	for device; do printf '\t"%s",\n' "$device"; done
	echo ']'
}

EXAMPLES=$HERE/../../examples

# example_config FILE NAME: a config of examples/, and behind it what the lab has instead: xl takes
# the last setting of a key
example_config() {
	cat "$EXAMPLES/$1"
	guest_config "$2"
}

# dom0_config NAME: a file of dom0's /etc/xen, out of stdin
dom0_config() {
	mkdir -p "$WORK/overlay/etc/xen"
	cat >"$WORK/overlay/etc/xen/$1"
}

# tiny_config NAME: a guest that is built and never runs
tiny_config() {
	printf '%s\n' "name = \"$1\"" 'kernel = "/guest/tiny"' 'memory = 16' 'vcpus = 1'
}

# partial_tree OUT.dtb <NODES: a partial tree written by hand, NODES being below /passthrough
partial_tree() {
	{
		cat <<-'END'
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
		END
		cat
		echo '}; };'
	} | dtc -q -I dts -O dtb -o "$1" -
}

overlay_scripts() {
	{ echo '. /lab/dom0-lib.sh'; dom0_script; } >"$WORK/overlay/lab/scenario.sh"
	if declare -F guest_script >/dev/null; then guest_script >"$WORK/overlay/lab/guest.sh"; fi
}

# (SECONDS: how long the machine may be silent)
# boot_virt XEN SECONDS [QEMU ARGS...]: QEMU's virt machine
boot_virt() {
	local xen=$1 limit=$2 base dtb=$WORK/host.dtb; shift 2
	base=$(image_base "$xen" arm64)
	local machine=virt,virtualization=on,gic-version=$GIC$MACHINE
	# the first serial line is ours; a second one in "$@" gives the machine a second UART
	local -a args=("${VIRT_ARGS[@]}" -m "$MEMORY" -serial stdio "$@")
	dump_dtb "$dtb" "$QEMU" "$machine" "${args[@]}"
	board_tree "$dtb"
	# the tree a user hands to the tool is the one firmware hands to Xen
	mkdir -p "$WORK/overlay/etc/xen"
	cp "$dtb" "$WORK/overlay/etc/xen/host.dtb"
	overlay_scripts
	image_ramdisk "$base" "$WORK/overlay" "$WORK/dom0.cpio"
	host_tree "$dtb"
	dtb_boot "$dtb" "console=dtuart dtuart=/pl011@9000000 dom0_mem=768M dom0_max_vcpus=1 bootscrub=0 $XEN_ARGS" \
		"console=hvc0 quiet nokaslr" "$base/Image" "$WORK/dom0.cpio"
	run_qemu "$LOG" "$limit" "$QEMU" -machine "$machine" "${args[@]}" \
		-monitor "$MONITOR" -kernel "${HYPERVISOR:-$base/xen}" -dtb "$dtb" \
		-device "$(loader "$KERNEL_ADDR" "$base/Image")" -device "$(loader "$RAMDISK_ADDR" "$WORK/dom0.cpio")"
}

# shellcheck disable=SC2054 # QEMU's commas
UBOOT_ARGS=(-bios /usr/lib/u-boot/qemu_arm64/u-boot.bin -device virtio-blk-device,drive=d0)

# uboot_tree OUT.dtb: the tree that U-Boot finds on that machine
uboot_tree() {
	dump_dtb "$1" "$QEMU" "virt,virtualization=on,gic-version=$GIC" "${VIRT_ARGS[@]}" -m "$MEMORY" \
		-drive if=none,file=/dev/null,format=raw,readonly=on,id=d0 "${UBOOT_ARGS[@]}"
}

# boot_uboot XEN SECONDS MARKS: the same machine from U-Boot, which runs MARKS on the tree
boot_uboot() {
	local xen=$1 limit=$2 marks=$3 base dir=$WORK/disk
	base=$(image_base "$xen" arm64)
	overlay_scripts
	mkdir -p "$dir"
	image_ramdisk "$base" "$WORK/overlay" "$dir/dom0.cpio"
	cp "$base/xen" "$base/Image" "$dir/"
	{
		cat <<-'END'
		load virtio 0:1 0x48000000 xen
		load virtio 0:1 0x49000000 Image
		setenv kernel_size ${filesize}
		load virtio 0:1 0x50000000 dom0.cpio
		setenv ramdisk_size ${filesize}
		fdt addr ${fdt_addr}
		fdt move ${fdt_addr} 0x47000000 0x110000
		fdt addr 0x47000000
		fdt resize 0x1000
		END
		cat "$marks"
		cat <<-'END'
		fdt set /chosen \#address-cells <2>
		fdt set /chosen \#size-cells <2>
		fdt set /chosen xen,xen-bootargs "console=dtuart dtuart=/pl011@9000000 dom0_mem=768M dom0_max_vcpus=1 bootscrub=0"
		fdt set /chosen xen,dom0-bootargs "console=hvc0 quiet nokaslr"
		fdt mknod /chosen module@49000000
		fdt set /chosen/module@49000000 compatible "multiboot,kernel" "multiboot,module"
		fdt set /chosen/module@49000000 reg <0x0 0x49000000 0x0 0x${kernel_size}>
		fdt mknod /chosen module@50000000
		fdt set /chosen/module@50000000 compatible "multiboot,ramdisk" "multiboot,module"
		fdt set /chosen/module@50000000 reg <0x0 0x50000000 0x0 0x${ramdisk_size}>
		setenv fdt_high 0xffffffffffffffff
		booti 0x48000000 - 0x47000000
		END
	} >"$WORK/boot.cmd"
	mkimage -A arm64 -O linux -T script -C none -n boot -d "$WORK/boot.cmd" "$dir/boot.scr" >"$WORK/mkimage.log"
	run_qemu "$LOG" "$limit" qemu-system-aarch64 -machine "virt,virtualization=on,gic-version=$GIC" \
		"${VIRT_ARGS[@]}" -m "$MEMORY" -monitor none -serial stdio \
		-drive "if=none,file=fat:ro:$dir,format=raw,readonly=on,id=d0" "${UBOOT_ARGS[@]}"
}

# boot_zcu102 XEN SECONDS [QEMU ARGS...]: the ZCU102 from the kernel package's tree; its second
# serial line goes to $WORK/uart1.log
boot_zcu102() {
	local xen=$1 limit=$2 base dtb=$WORK/host.dtb cpu KERNEL_ADDR=0x10000000 RAMDISK_ADDR=0x18000000; shift 2
	base=$(image_base "$xen" arm64)
	cp "$(kernel_set arm64)"/usr/lib/linux-image-*/xilinx/zynqmp-zcu102-rev1.0.dtb "$dtb"
	mkdir -p "$WORK/overlay/etc/xen"
	cp "$dtb" "$WORK/overlay/etc/xen/host.dtb"
	overlay_scripts
	image_ramdisk "$base" "$WORK/overlay" "$WORK/dom0.cpio"
	grow_dtb "$dtb"
	host_tree "$dtb"
	# QEMU's GIC lacks the aliases the tree's 64K windows rely on, and there is one CPU
	fdtput -t x "$dtb" /axi/interrupt-controller@f9010000 reg \
		0 f9010000 0 10000 0 f902f000 0 2000 0 f9040000 0 20000 0 f906f000 0 2000
	for cpu in 1 2 3; do fdtput -r "$dtb" /cpus/cpu@$cpu; done
	dtb_boot "$dtb" "console=dtuart dtuart=serial0 dom0_mem=768M dom0_max_vcpus=1 bootscrub=0 $XEN_ARGS" \
		"console=hvc0 quiet nokaslr clk_ignore_unused" "$base/Image" "$WORK/dom0.cpio"
	QEMU_AUDIO_DRV=none run_qemu "$LOG" "$limit" "$QEMU" -machine xlnx-zcu102,virtualization=on -m 2G \
		-smp 1 -accel tcg -display none -net none -no-reboot "$@" -monitor none -serial stdio -serial "file:$WORK/uart1.log" \
		-kernel "$base/xen" -dtb "$dtb" \
		-device "$(loader "$KERNEL_ADDR" "$base/Image")" -device "$(loader "$RAMDISK_ADDR" "$WORK/dom0.cpio")"
}
