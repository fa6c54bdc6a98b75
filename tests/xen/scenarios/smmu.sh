# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# SMMUv3.  What check and create say of devices in different states, before anything is changed;
# and the PCIe host bridge as one device-tree device, whose disk a guest reads by DMA: with dtdev,
# as planned, it does, without it cannot.  Sourced by the scenario of a driver domain.

# The host bridge has a stream, and its windows are small ones: a guest's address map has no
# 512 GiB to spare.
bridge_tree() {
	local smmu; smmu=$(fdtget -t x "$1" /smmuv3@9050000 phandle)
	fdtput -t x "$1" /pcie@10000000 iommus "$smmu" 8
	fdtput -t x "$1" /pcie@10000000 iommu-map 0 "$smmu" 0 100
	fdtput -t x "$1" /pcie@10000000 ranges 2000000 0 10000000 0 10000000 0 100000
}

# The board's tree: stream ids, also an impossible and a shared one.  256 of them share a table,
# which makes all of them known to the SMMU; so the host bridge has its table alone.
board_tree() {
	local smmu; smmu=$(fdtget -t x "$1" /smmuv3@9050000 phandle)
	bridge_tree "$1"
	fdtput -t x "$1" /pl031@9010000 iommus "$smmu" 110
	fdtput -t x "$1" /pl061@9030000 iommus "$smmu" 111
	fdtput -t x "$1" /virtio_mmio@a000200 iommus "$smmu" 20000
	fdtput -t x "$1" /virtio_mmio@a000400 iommus "$smmu" 112
	fdtput -t x "$1" /virtio_mmio@a000600 iommus "$smmu" 112
	fdtput -t x "$1" /virtio_mmio@a000800 iommus "$smmu" 2000000
}

# by hand, as no plan takes some of them
host_tree() {
	dtb_mark "$1" /pcie@10000000 /pl031@9010000 /virtio_mmio@a000000 /virtio_mmio@a000200 \
		/virtio_mmio@a000400 /virtio_mmio@a000800
}

# a row: what is wrong, the id it is refused with, the device
refusals() {
	cat <<-'END'
	unprotected  dma-unprotected /virtio_mmio@a000000
	dom0-owned   not-marked      /pl061@9030000
	missing      device-unknown  /nosuch
	no-sid       stream-range    /virtio_mmio@a000800
	shared       stream-shared   /virtio_mmio@a000400
	END
}

dom0_script() {
	cat <<-'END'
	step "what check and create refuse"
	END
	refusals | while read -r name id device; do
		printf 'refused %s xl passthrough check %s\n' "$id" "$device"
		printf 'refused %s xl create -q /etc/xen/%s.cfg\n' "$id" "$name"
	done
	cat <<-'END'
	run xl create -q /etc/xen/allowed.cfg
	[ $rc = 2 ] || fail "a shared StreamID was allowed"
	untouched
	# beyond 25 bits no SMMUv3 takes a StreamID; how many of them this one takes no tree tells: Xen
	# refuses what is too much for it
	run xl create -q /etc/xen/out-of-range.cfg
	[ $rc = 3 ] || fail "a StreamID out of range"
	guest_ramdisk nodma /lab/guest.sh
	cp /guest/nodma.cpio /guest/dma.cpio
	run xl passthrough plan -c /etc/xen/nodma.cfg --xen=$XEN -o /etc/xen/nodma --format=cfg \
		/pcie@10000000,buses=0-0
	[ $rc = 0 ] || fail "no plan for the host bridge"
	step "without dtdev"
	# first: once assigned and given back, a stream is silently aborted instead of reported
	sed '/^dtdev/,/^]/d' /etc/xen/nodma/passthrough.cfg >>/etc/xen/nodma.cfg
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
	run xl passthrough list
	refused device-busy xl passthrough check /pcie@10000000,buses=0-0
	refused device-busy xl create -q /etc/xen/second.cfg
	step "without the host tree"
	mv /etc/xen/host.dtb /tmp/host.dtb
	refused host-tree-missing xl create -q /etc/xen/blind.cfg
	untouched dma
	END
}

disk_in_guest() {
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

guest_script() { disk_in_guest; }

# shellcheck disable=SC2034 # boot_virt's
smmu_machine() {
	qemu_smmu
	HYPERVISOR=$(xen_smmu)
	MACHINE=,iommu=smmuv3
	# faults are told at this level
	XEN_ARGS="loglvl=info"
	DISK=$WORK/disk.img
	dd if=/dev/urandom of="$DISK" bs=1M count=4 status=none
	SUM=$(md5sum <"$DISK" | cut -c1-32)
}

# shellcheck disable=SC2120 # arguments are for those who source this
boot_smmu() { # [QEMU ARGS...]
	boot_virt 4.17 120 -global arm-smmuv3.stage=2 -drive "if=none,id=d,format=raw,file=$DISK" \
		-device virtio-blk-pci,drive=d,iommu_platform=on,disable-legacy=on,addr=1 "$@"
}

scenario() {
	local name id device
	use_tool arm64 4.17
	smmu_machine
	refusals | while read -r name id device; do
		extended_config "$name" "$device" | dom0_config "$name.cfg"
	done
	extended_config allowed /virtio_mmio@a000400,allow=stream-shared,allow=iomem-shared-page |
		dom0_config allowed.cfg
	extended_config out-of-range /virtio_mmio@a000200,allow=iomem-shared-page | dom0_config out-of-range.cfg
	extended_config dma /pcie@10000000,buses=0-0 | dom0_config dma.cfg
	extended_config second /pcie@10000000,buses=0-0 | dom0_config second.cfg
	{ extended_config blind /pl031@9010000; echo 'dtdev = [ "/pl031@9010000" ]'; } | dom0_config blind.cfg
	guest_config nodma | dom0_config nodma.cfg
	boot_smmu
	dom0_says 'I/O virtualisation enabled'
	guest_says dma "^read=$SUM"
	dom0_says '^ *[0-9]+ +dma +/pcie@10000000 .*smmuv3@9050000$'
	! guest_lines nodma | grep -q '^read=' || unproved "the guest read the disk without dtdev"
	dom0_says 'SMMUv3: .*event 0x02 received'
	proof "guest read the disk through the SMMU, md5 $SUM; without dtdev: SMMU event 0x02, nothing read"
	proof "check and create refused $(dom0_count '^@@ refused ') times, each with its id, and changed nothing"
}
