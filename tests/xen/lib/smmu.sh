# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the SMMU scenario needs beyond Debian's binaries: its Xen rebuilt with the SMMUv3
# driver, and a QEMU whose SMMUv3 knows stage 2.  Sourced after image.sh.
#
#     xen_smmu     builds Xen once; prints the file
#     qemu_smmu    unpacks QEMU from backports once; sets QEMU, and its libraries' path if needed

build_xen_smmu() { # OUT
	local out=$1 tmp version
	[ ! -s "$out" ] || [ -n "${XLPT_REFRESH:-}" ] || return 0
	need_packages gcc-aarch64-linux-gnu flex bison make dpkg-dev python3 xz-utils
	tmp=$(mktemp -d "$CACHE/xen-smmu.XXXXXX")
	# shellcheck disable=SC2064
	trap "rm -rf '$tmp'" EXIT
	(
		apt_setup bookworm arm64
		cd "$tmp"
		# the newest source may be announced and not be there
		for version in $(apt-cache showsrc --only-source xen | sed -n 's/^Version: //p' | sort -rV); do
			say "fetching the source of Xen $version"
			timeout 600 apt-get source -qq --download-only "xen=$version" >&2 2>&1 && exit 0
			rm -f -- *
		done
		die "no source of Xen could be fetched"
	)
	say "building Xen with the SMMUv3 driver (about a minute)"
	(
		cd "$tmp"
		dpkg-source --no-check -x ./*.dsc source >dpkg.log 2>&1
		cd source
		export XEN_TARGET_ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
		make -C xen defconfig
		printf '%s\n' CONFIG_EXPERT=y CONFIG_UNSUPPORTED=y CONFIG_ARM_SMMU_V3=y >>xen/.config
		make -C xen olddefconfig
		grep -q '^CONFIG_ARM_SMMU_V3=y' xen/.config
		timeout 900 make -C xen -j"$(nproc)"
	) >"$CACHE/logs/xen-smmu-build.log" 2>&1
	mkdir -p "${out%/*}"
	cp "$tmp/source/xen/xen" "$out.new"
	mv "$out.new" "$out"
}

xen_smmu() {
	mkdir -p "$CACHE/logs"
	locked xen-smmu build_xen_smmu "$CACHE/images/xen-smmu/xen"
	printf '%s\n' "$CACHE/images/xen-smmu/xen"
}

qemu_smmu() {
	local arch set libs triplet name=qemu-backports
	arch=$(dpkg --print-architecture)
	set=$(fetch_set "$name" bookworm-backports "$arch" qemu-system-arm qemu-system-common qemu-system-data)
	QEMU=$set/usr/bin/qemu-system-aarch64
	ldd "$QEMU" | grep -q 'not found' || return 0
	# libraries this machine has not: from the same place, not installed either
	triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
	# shellcheck disable=SC2046 # one word a package
	libs=$(fetch_set "$name-libs" bookworm-backports "$arch" \
		$(fetch_libs bookworm-backports "$arch" qemu-system-arm | grep -vx libc6))
	export LD_LIBRARY_PATH=$libs/usr/lib/$triplet:$libs/lib/$triplet
}
