# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The pieces a machine boots: hypervisor, kernel and ramdisks.  Sourced after fetch.sh.
#
#     image_base XEN ARCH         build (once) everything for Xen XEN on ARCH; prints the folder, holding
#                                 xen, Image, dom0.cpio (whose /guest has the guests' kernel and ramdisk)
#     image_ramdisk BASE DIR OUT  OUT = BASE's dom0.cpio, and the files of DIR laid over it
#     elf_closure SET DEST FILE... copy programs of SET and the libraries they need to DEST

INSIDE=${BASH_SOURCE[0]%/*}/../inside

triplet() { case $1 in arm64) echo aarch64-linux-gnu ;; armhf) echo arm-linux-gnueabihf ;; esac }
suite_of() { case $1 in 4.17) echo bookworm ;; 4.20) echo trixie ;; *) die "no Debian suite is known for Xen $1" ;; esac }

xen_set() { # XEN ARCH
	local suite; suite=$(suite_of "$1")
	local name=xen-$1-$2
	if [ ! -e "$CACHE/sets/$name/.packages" ] || [ -n "${XLPT_REFRESH:-}" ]; then
		# shellcheck disable=SC2046 # one word a package
		fetch_set "$name" "$suite" "$2" "xen-hypervisor-$1-$2" "xen-utils-$1" xenstore-utils \
			xen-utils-common busybox-static libjson-c5 $(fetch_libs "$suite" "$2" "xen-utils-$1" libjson-c5)
	else
		printf '%s\n' "$CACHE/sets/$name"
	fi
}

kernel_set() { # ARCH
	local name=linux-$1 meta=linux-image-$1 pkg
	[ "$1" != armhf ] || meta=linux-image-armmp
	if [ ! -e "$CACHE/sets/$name/.packages" ] || [ -n "${XLPT_REFRESH:-}" ]; then
		pkg=$(apt_setup bookworm "$1"; apt-cache depends "$meta" | awk '/ Depends:/ { print $2; exit }')
		# the unsigned variant of a signed kernel is an uncompressed Image
		[ "$1" = armhf ] || pkg=$pkg-unsigned
		fetch_set "$name" bookworm "$1" "$pkg"
	else
		printf '%s\n' "$CACHE/sets/$name"
	fi
}

elf_needed() { readelf -d "$1" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'; }

elf_closure() { # SET DEST FILE...
	local set=$1 dest=$2 lib file found dir; shift 2
	local -a todo=("$@")
	while [ ${#todo[@]} -gt 0 ]; do
		file=${todo[0]}; todo=("${todo[@]:1}")
		while read -r lib; do
			dir=usr/lib/$TRIPLET
			[ ! -e "$dest/$dir/$lib" ] || continue
			found=
			for dir in usr/lib/"$TRIPLET" lib/"$TRIPLET" usr/lib lib; do
				[ ! -e "$set/$dir/$lib" ] || { found=$set/$dir/$lib; break; }
			done
			[ -n "$found" ] || { say "note: $lib, needed by ${file##*/}, is in no package"; continue; }
			mkdir -p "$dest/usr/lib/$TRIPLET"
			cp -L "$found" "$dest/usr/lib/$TRIPLET/$lib"
			todo+=("$found")
		done < <(elf_needed "$file")
	done
}

root_skeleton() { # DIR: merged /usr, busybox, mount points
	local dir=$1 link
	mkdir -p "$dir"/{usr/bin,usr/sbin,usr/lib,dev,proc,sys,tmp,root,run,etc,var/log/xen/console,var/lib/xen}
	for link in bin sbin lib; do ln -s "usr/$link" "$dir/$link"; done
	ln -s ../run "$dir/var/run"
	ln -s ../run/lock "$dir/var/lock"
	mknod -m 600 "$dir/dev/console" c 5 1 2>/dev/null || true
}

copy_modules() { # KERNELSET DEST MODULE...: with those they depend on
	local set=$1 dest=$2 mod line ver dep; shift 2
	ver=$(basename "$set"/lib/modules/*)
	[ -e "$set/lib/modules/$ver/modules.dep" ] || depmod -b "$set" "$ver" 2>/dev/null
	for mod; do
		line=$(grep -E "/${mod//[-_]/[-_]}\.ko:" "$set/lib/modules/$ver/modules.dep") || continue
		for dep in ${line/:/}; do
			mkdir -p "$dest/usr/lib/modules/$ver/${dep%/*}"
			cp "$set/lib/modules/$ver/$dep" "$dest/usr/lib/modules/$ver/$dep"
		done
	done
	cp "$set/lib/modules/$ver"/modules.{builtin,builtin.modinfo,order} "$dest/usr/lib/modules/$ver/"
	depmod -b "$dest" "$ver"
}

# tiny_kernel OUT: an arm64 Image that only loops, for guests that are never to run: a domain
# with it is built in a third of the time
tiny_kernel() {
	{
		printf '\x00\x00\x00\x14\0\0\0\0'	# b .
		printf '\0\0\0\0\0\0\0\0'		# text_offset
		printf '\x00\x10\0\0\0\0\0\0'		# image_size
		head -c 32 /dev/zero
		printf 'ARM\x64'
		head -c 4036 /dev/zero
	} >"$1"
}

pack() { # DIR >cpio
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z | cpio --null -o -H newc --quiet -R 0:0)
}

guest_root() { # DIR XENSET KERNELSET
	root_skeleton "$1"
	cp "$2"/bin/busybox "$1/usr/bin/busybox" 2>/dev/null || cp "$2"/usr/bin/busybox "$1/usr/bin/busybox"
	copy_modules "$3" "$1" evdev gpio_keys sdhci sdhci-pltfm sdhci-of-arasan virtio_blk virtio_pci \
		virtio_mmio xgmac xen-blkfront
	install -m 755 "$INSIDE/guest-init" "$1/init"
}

dom0_root() { # DIR XENSET KERNELSET XEN
	local dir=$1 set=$2 xen=$4 bin=usr/lib/xen-$4/bin prog file
	root_skeleton "$dir"
	cp "$set"/bin/busybox "$dir/usr/bin/busybox" 2>/dev/null || cp "$set"/usr/bin/busybox "$dir/usr/bin/busybox"
	mkdir -p "$dir/$bin" "$dir/etc/xen" "$dir/usr/lib/xen-common"
	for prog in xl libxl-save-helper xen-init-dom0 xenconsoled xenstored init-xenstore-domain; do
		file=$(find "$set/usr" -type f -path "*/bin/$prog" | head -n 1)
		[ -z "$file" ] || cp "$file" "$dir/$bin/$prog"
	done
	[ -x "$dir/$bin/xenstored" ] || cp "$set/$bin/oxenstored" "$dir/$bin/xenstored"
	for prog in "$set"/usr/bin/xenstore*; do [ -f "$prog" ] && cp -L "$prog" "$dir/usr/bin/"; done
	cp -a "$set/usr/lib/xen-common/." "$dir/usr/lib/xen-common/"
	cp -a "$set/etc/xen/." "$dir/etc/xen/"
	# as Debian has it: /usr/sbin/xl is the wrapper that picks the running version
	ln -s ../lib/xen-common/bin/xen-utils-wrapper "$dir/usr/sbin/xl"
	file=$(find "$set" -name 'ld-linux-a*.so.*' | head -n 1)
	cp -L "$file" "$dir/usr/lib/"
	elf_closure "$set" "$dir" "$dir/$bin"/* "$dir"/usr/bin/xenstore* \
		"$(find "$set" -name 'libfdt.so.1')" "$(find "$set" -name 'libjson-c.so.5')" \
		"$(find "$set" -name 'libxlutil.so.*' -type f)"
	# libgcc_s is opened at run time, by pthread_cancel
	for file in libfdt.so.1 libjson-c.so.5 libxlutil.so."$xen" libgcc_s.so.1; do
		cp -L "$(find "$set" -name "$file")" "$dir/usr/lib/$TRIPLET/"
	done
	copy_modules "$3" "$dir" xen-privcmd xenfs xen-evtchn xen-gntdev xen-gntalloc virtio_mmio virtio_blk \
		xen-blkback
	install -m 755 "$INSIDE/dom0-init" "$dir/init"
	mkdir -p "$dir/lab" "$dir/guest"
	install -m 644 "$INSIDE/dom0-lib.sh" "$dir/lab/dom0-lib.sh"
}

build_base() { # DIR XEN ARCH STAMP
	local dir=$1 xen=$2 arch=$3 stamp=$4 xenset kernelset tmp
	[ ! -e "$dir/.stamp" ] || [ "$(cat "$dir/.stamp")" != "$stamp" ] || return 0
	say "building the images for Xen $xen on $arch"
	xenset=$(xen_set "$xen" "$arch")
	kernelset=$(kernel_set "$arch")
	tmp=$(mktemp -d "$dir.XXXXXX")
	# shellcheck disable=SC2064
	trap "rm -rf '$tmp'" EXIT
	TRIPLET=$(triplet "$arch")
	mkdir "$tmp/out"
	cp "$xenset/boot/xen-$xen-$arch" "$tmp/out/xen"
	# Debian ships some hypervisors compressed
	case $(od -An -tx1 -N2 "$tmp/out/xen" | tr -d ' ') in
	1f8b) gunzip <"$tmp/out/xen" >"$tmp/out/xen.raw"; mv "$tmp/out/xen.raw" "$tmp/out/xen" ;;
	esac
	cp "$(find "$kernelset/boot" -name 'vmlinuz-*')" "$tmp/out/Image"
	guest_root "$tmp/guest" "$xenset" "$kernelset"
	dom0_root "$tmp/dom0" "$xenset" "$kernelset" "$xen"
	cp "$tmp/out/Image" "$tmp/dom0/guest/Image"
	tiny_kernel "$tmp/dom0/guest/tiny"
	pack "$tmp/guest" >"$tmp/dom0/guest/base.cpio"
	pack "$tmp/dom0" >"$tmp/out/dom0.cpio"
	printf '%s\n' "$stamp" >"$tmp/out/.stamp"
	rm -rf "$dir.old"
	[ ! -e "$dir" ] || mv "$dir" "$dir.old"
	mv "$tmp/out" "$dir"
	rm -rf "$dir.old"
}

image_base() { # XEN ARCH
	local dir=$CACHE/images/xen-$1-$2 xenset kernelset stamp
	mkdir -p "$CACHE/images"
	xenset=$(xen_set "$1" "$2")
	kernelset=$(kernel_set "$2")
	stamp=$(cat "$xenset/.packages" "$kernelset/.packages" "$INSIDE"/* "${BASH_SOURCE[0]}" | sha256sum)
	locked "image-$1-$2" build_base "$dir" "$1" "$2" "$stamp"
	printf '%s\n' "$dir"
}

image_ramdisk() { # BASE DIR OUT
	# a cpio archive is a multiple of 512 bytes long, so a second may follow
	{ cat "$1/dom0.cpio"; pack "$2"; } >"$3"
}

# use_tool ARCH XEN: the project, built for dom0, into the overlay
use_tool() {
	local root
	root=$("$HERE/build-tool.sh" "$1" "$2")
	cp -a "$root/." "$WORK/overlay/"
}

# host_tool ARGS...: the same project's xl-passthrough on this machine
host_tool() {
	local root
	root=$("$HERE/build-tool.sh" host own)
	"$root/usr/bin/xl-passthrough" "$@"
}

# tool_marks DTB ARGS...: the host tree as the tool marks it for a plan of ARGS
tool_marks() {
	local dtb=$1; shift
	host_tool plan -t "$dtb" --dtb "$dtb.marked" "$@" >"$WORK/plan.txt" 2>&1 || {
		cat "$WORK/plan.txt" >&2
		die "no plan for the marks"
	}
	mv "$dtb.marked" "$dtb"
}

# cross_program NAME XEN ARCH: inside/NAME.c, built for dom0, into the overlay
cross_program() {
	local root triplet; triplet=$(triplet "$3")
	root=$("$HERE/sysroot.sh" "$3" "$2")
	mkdir -p "$WORK/overlay/usr/bin"
	"$root/bin/$triplet-gcc" -O2 -Wall -o "$WORK/overlay/usr/bin/$1" "$INSIDE/$1.c" -lxenctrl
}
