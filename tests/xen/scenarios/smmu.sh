# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# SMMUv3.  What Xen says of devices in different states; and the PCIe host bridge as one
# device-tree device, whose disk a guest reads by DMA: with dtdev it does, without it cannot.

# The board's tree: stream ids, also an impossible one.  256 of them share a table, which makes
# all of them known to the SMMU; so the host bridge has its table alone.
board_tree() {
	local smmu; smmu=$(fdtget -t x "$1" /smmuv3@9050000 phandle)
	fdtput -t x "$1" /pcie@10000000 iommus "$smmu" 8
	fdtput -t x "$1" /pl031@9010000 iommus "$smmu" 110
	fdtput -t x "$1" /pl061@9030000 iommus "$smmu" 111
	fdtput -t x "$1" /virtio_mmio@a000200 iommus "$smmu" 20000
	fdtput -t x "$1" /virtio_mmio@a000400 iommus "$smmu" 110
}

host_tree() {
	dtb_mark "$1" /pcie@10000000 /pl031@9010000 /virtio_mmio@a000200 /virtio_mmio@a000400
}

plan_by_hand() { # NAME DTDEV
	local dir=$WORK/overlay/etc/xen name=$1
	mkdir -p "$dir"
	guest_config "$name" >"$dir/$name.cfg"
	cat >>"$dir/$name.cfg" <<-END
	iomem = [ "0x4010000,0x100@0x4100", "0x10000,0x100" ]
	irqs = [ 36 ]
	dtdev = [ $2 ]
	device_tree = "/etc/xen/pcie.dtb"
	END
	partial_tree "$dir/pcie.dtb" <<-'END'
	pcie@4100000 {
		compatible = "pci-host-ecam-generic";
		device_type = "pci";
		reg = <0 0x4100000 0 0x100000>;
		bus-range = <0 0>;
		#address-cells = <3>;
		#size-cells = <2>;
		ranges = <0x02000000 0 0x10000000 0 0x10000000 0 0x100000>;
		#interrupt-cells = <1>;
		interrupt-map-mask = <0x1800 0 0 7>;
		interrupt-map = <0x800 0 0 1 &gic 0 4 4>;
		dma-coherent;
	};
	END
}

dom0_script() {
	cat <<-'END'
	step "asking Xen"
	test-assign 32756 /pl031@9010000 /pl061@9030000 /virtio_mmio@a000000 /virtio_mmio@a000200 /nosuch
	guest_ramdisk nodma /lab/guest.sh
	cp /guest/nodma.cpio /guest/dma.cpio
	step "without dtdev"
	# first: once assigned and given back, a stream is silently aborted instead of reported
	created nodma
	await nodma "reading the disk" 60
	n=0
	until xl dmesg | grep -q 'event 0x02 received'; do
		n=$((n + 1))
		[ $n -lt 40 ] || fail "no SMMU fault"
		sleep 0.5
	done
	destroyed nodma
	step "with dtdev"
	created dma
	await dma "guest is done" 60
	test-assign 32756 /pcie@10000000
	END
}

guest_script() {
	cat <<-'END'
	echo "reading the disk"
	modprobe virtio_pci
	modprobe virtio_blk
	n=0
	while [ ! -b /dev/vda ] && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.1; done
	dmesg | grep -E 'pci-host|virtio_blk'
	echo "read=$(md5sum </dev/vda | cut -c1-32) "
	grep virtio /proc/interrupts
	END
}

scenario() {
	local image=$WORK/disk.img sum
	plan_by_hand dma '"/pcie@10000000"'
	plan_by_hand nodma ''
	dd if=/dev/urandom of="$image" bs=1M count=4 status=none
	sum=$(md5sum <"$image" | cut -c1-32)
	qemu_smmu
	HYPERVISOR=$(xen_smmu)
	cross_program test-assign 4.17 arm64
	MACHINE=,iommu=smmuv3
	# faults are told at this level
	XEN_ARGS="loglvl=info"
	boot_virt 4.17 120 -global arm-smmuv3.stage=2 -drive "if=none,id=d,format=raw,file=$image" \
		-device virtio-blk-pci,drive=d,iommu_platform=on,disable-legacy=on,addr=1
	dom0_says 'I/O virtualisation enabled'
	dom0_says '^/pl031@9010000: 0$'
	dom0_says '^/pl061@9030000: Invalid argument$'
	dom0_says '^/nosuch: No such process$'
	dom0_says '^/pcie@10000000: Invalid argument$'
	guest_says dma "^read=$sum"
	! guest_lines nodma | grep -q '^read=' || unproved "the guest read the disk without dtdev"
	dom0_says 'SMMUv3: .*event 0x02 received'
	proof "guest read the disk through the SMMU, md5 $sum; without dtdev: SMMU event 0x02, nothing read"
	proof "Xen's answers for free, owned, assigned and missing devices as documented"
}
