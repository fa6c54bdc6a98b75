# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154 # what lib.sh and count.sh set
#
# /etc/xen/host.dtb replaced between check and create.

cp /etc/xen/host.dtb /tmp/host.dtb
replaced() { # FILE
	cp "$1" /etc/xen/host.new
	mv /etc/xen/host.new /etc/xen/host.dtb
}
checked() {
	replaced /tmp/host.dtb
	xl-passthrough check $DEVICE >/tmp/out 2>&1 || { cat /tmp/out; fail "check of a free device"; }
}

swaps=0
forget
refused_with() { # ID TREE
	checked
	replaced "/lab/$2.dtb"
	refuses 1 "\\[$1\\]" xl-passthrough create -q -p /etc/xen/tiny.cfg
	nothing_left
	swaps=$((swaps + 1))
	step "refused: $2"
}

refused_with device-unknown tree-absent
refused_with host-tree-differs tree-reg
refused_with host-tree-differs tree-interrupts

# in the middle of a create: refused, or made from the tree it had read
held=0
while [ $held -lt "$HELD" ]; do
	forget
	replaced /tmp/host.dtb
	hold a 1 "$tool"
	replaced /lab/tree-reg.dtb
	release
	case $(cat /tmp/a.rc) in
	0)
		truthful
		cmp $STORE/*.dtb /tmp/reference.dtb || fail "made from two trees"
		all_gone
		;;
	1)
		grep -q '\[host-tree-differs\]' /tmp/a || { cat /tmp/a; fail "not said: host-tree-differs"; }
		nothing_left
		;;
	*) cat /tmp/a; fail "create ended with $(cat /tmp/a.rc)" ;;
	esac
	echo "@@ host tree replaced at $drawn: create ended with $(cat /tmp/a.rc)"
	held=$((held + 1))
done

# one that this Xen agrees with: the plan is that of the new tree
checked
replaced /lab/agrees.dtb
create /etc/xen/tiny.cfg || fail "create with another tree that Xen agrees with"
xl-passthrough plan -t /lab/agrees.dtb --xen="$XEN" --format=dtb "$DEVICE,gfn=0x9010" >/tmp/new.dtb 2>/dev/null
xl-passthrough plan -t /tmp/host.dtb --xen="$XEN" --format=dtb "$DEVICE,gfn=0x9010" >/tmp/old.dtb 2>/dev/null
cmp $STORE/*.dtb /tmp/new.dtb || fail "the guest's tree is not that of the new host tree"
! cmp -s $STORE/*.dtb /tmp/old.dtb || fail "the two host trees make no difference"
all_gone
replaced /tmp/host.dtb
works_again
echo "@@ trees refused=$swaps held=$held followed=1"
