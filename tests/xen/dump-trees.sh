#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lets real libxls build guests' device trees, for many configs, and brings them out.
# Usage: tests/xen/dump-trees.sh [-o FOLDER] [XEN-GIC...]     (4.17-v2 4.17-v3 4.20-v2 4.20-v3)
# FOLDER (default: in the cache) gets XEN-GIC/NAME.{cfg,dtb,out} for each config: what xl was
# given, the tree it made, and what it said.  given.dtb is the partial tree of some of them.
set -eu -o pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in ../lib/packages lib/fetch lib/image lib/qemu lib/machines lib/judge; do
	# shellcheck source=/dev/null
	. "$HERE/$part.sh"
done
OUT=$CACHE/trees
while getopts o:h option; do
	case $option in
	o) OUT=$OPTARG ;;
	*) sed -n '4,7s/^# \?//p' "$0"; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- 4.17-v2 4.17-v3 4.20-v2 4.20-v3

# a row: name, lines of the config separated by "|"
rows() {
	local disk='format=raw,access=rw,backendtype=standalone,specification=virtio'
	cat <<-END
	plain            memory=128|vcpus=1
	extra            memory=128|vcpus=1|extra="console=hvc0 quiet"
	ramdisk          memory=128|vcpus=1|extra="console=hvc0"|ramdisk="/guest/base.cpio"
	vcpus4           memory=128|vcpus=4
	vcpus2of4        memory=128|vcpus=2|maxvcpus=4
	one-bank-full    memory=3072|vcpus=1
	two-banks        memory=4096|vcpus=1
	two-banks-4      memory=3080|vcpus=4
	vuart            memory=128|vcpus=1|vuart="sbsa_uart"
	acpi             memory=128|vcpus=1|acpi=1
	virtio1          memory=128|vcpus=1|disk=["$disk,vdev=xvda,target=/a"]
	virtio2          memory=128|vcpus=1|disk=["$disk,vdev=xvda,target=/a","$disk,vdev=xvdb,target=/b"]
	virtio-domu      memory=128|vcpus=1|disk=["$disk,vdev=xvda,backend=back,target=/a"]
	virtio-device    memory=128|vcpus=1|virtio=["type=virtio,device22,transport=mmio"]
	virtio-grants    memory=128|vcpus=1|virtio=["type=virtio,device22,transport=mmio,grant_usage=1"]
	partial          memory=128|vcpus=1|PARTIAL
	partial-remapped memory=128|vcpus=1|REMAPPED
	partial-vcpus4   memory=3080|vcpus=4|PARTIAL
	partial-vuart    memory=128|vcpus=1|vuart="sbsa_uart"|PARTIAL
	partial-virtio   memory=128|vcpus=1|disk=["$disk,vdev=xvda,target=/a"]|REMAPPED
	partial-all      memory=3080|vcpus=4|vuart="sbsa_uart"|disk=["$disk,vdev=xvda,target=/a","$disk,vdev=xvdb,target=/b"]|extra="console=hvc0"|ramdisk="/guest/base.cpio"|HIGHSPI
	END
}

# shellcheck disable=SC2317 # called by boot_virt
host_tree() { dtb_mark "$1" /pl031@9010000 /pl061@9030000; }

# shellcheck disable=SC2317
dom0_script() {
	cat <<-'END'
	touch /a /b
	xl create -p -q /lab/back.cfg || fail "the backend domain"
	for cfg in /lab/rows/*.cfg; do
		name=${cfg##*/}
		name=${name%.cfg}
		step "$name"
		rm -f "/tmp/$name.dtb"
		# a virtual disk nobody serves fails long after the tree was written
		LIBXL_DEBUG_DUMP_DTB=/tmp/$name.dtb timeout 40 xl create -p -q "$cfg" >"/tmp/$name.out" 2>&1
		echo "exit $?" >>"/tmp/$name.out"
		! xl domid "$name" >/dev/null 2>&1 || destroyed "$name"
		[ ! -e "/tmp/$name.dtb" ] || send "/tmp/$name.dtb"
		send "/tmp/$name.out"
	done
	END
}

one() { # XEN-GIC
	local name settings xen=${1%-*} rows dir=$OUT/$1 got
	SCENARIO=trees-$1
	WORK=$CACHE/runs/$SCENARIO
	LOG=$CACHE/logs/$SCENARIO.log
	# shellcheck disable=SC2034 # the libraries' variables
	UNPROVED='' GIC=${1#*-v} MEMORY=8G
	rm -rf "$WORK"
	rows=$WORK/overlay/lab/rows
	mkdir -p "$rows" "$CACHE/logs"
	{ tiny_config back; } >"$WORK/overlay/lab/back.cfg"
	partial_tree "$WORK/overlay/lab/given.dtb" <<-'END'
	clk: clock { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; };
	pl031@4100000 {
		compatible = "arm,pl031", "arm,primecell";
		reg = <0 0x4100000 0 0x1000>;
		interrupts = <0 2 4>;
		clocks = <&clk>;
		clock-names = "apb_pclk";
	};
	END
	rows | while read -r name settings; do
		{
			tiny_config "$name" | grep -v -e ^memory -e ^vcpus
			printf '%s\n' "$settings" | tr '|' '\n' | sed \
				-e 's|^PARTIAL$|device_tree="/lab/given.dtb"|' \
				-e 's|^REMAPPED$|iomem=["0x9010,1@0x4100"]\nirqs=[34]\ndevice_tree="/lab/given.dtb"|' \
				-e 's|^HIGHSPI$|iomem=["0x9010,1@0x4100"]\nirqs=[39]\ndevice_tree="/lab/given.dtb"|'
		} >"$rows/$name.cfg"
	done
	boot_virt "$xen" 120
	rm -rf "$dir"
	mkdir -p "$dir"
	cp "$rows"/*.cfg "$WORK/overlay/lab/given.dtb" "$dir/"
	unpack_sent "$LOG" "$dir"
	got=$(find "$dir" -name '*.dtb' -not -name given.dtb | wc -l)
	say "$1: $got trees of $(rows | wc -l) configs are in $dir"
	[ -z "$UNPROVED" ]
}

need_packages qemu-system-arm device-tree-compiler binutils cpio kmod
failed=0
for kind; do
	(one "$kind") &
	wait $! || failed=1
done
exit $failed
