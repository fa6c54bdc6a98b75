# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# /var/lib/xen without room, without room for even a folder, and read-only.

forget
refused_there() { # WHAT PATTERN
	refuses 2 "$2" xl-passthrough create -q -p /etc/xen/tiny.cfg
	nothing_left
	umount /var/lib/xen
	disks=$((disks + 1))
	step "disk: $1"
}

disks=0
mount -t tmpfs -o size=64k none /var/lib/xen
cat /dev/zero >/var/lib/xen/full 2>/dev/null
refused_there "full" "$STORE: No space left on device"

mount -t tmpfs -o nr_inodes=1 none /var/lib/xen
refused_there "no inode" "$STORE: No space left on device"

mount -t tmpfs -o ro none /var/lib/xen
refused_there "read-only" "$STORE: Read-only file system"

mount -t tmpfs none /var/lib/xen
mkdir -m 700 $STORE
mount -o remount,ro /var/lib/xen
refused_there "read-only, the folder is there" "$STORE: Read-only file system"
# room for the guest's tree, and none for what xl stores of a guest
mount -t tmpfs -o size=64k none /var/lib/xen
dd if=/dev/zero of=/var/lib/xen/full bs=4096 count=15 2>/dev/null
rc=0
create /etc/xen/tiny.cfg >/tmp/out 2>&1 || rc=$?
cat /tmp/out
[ $rc != 0 ] || fail "xl created a guest that it cannot store"
truthful
all_gone
umount /var/lib/xen
step "disk: full behind the tool, xl ends with $rc"
works_again
echo "@@ disks refused=$disks"
