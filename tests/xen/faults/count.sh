# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# How many points a create has, in the tool and in the xl it becomes; and the tree it makes.

forget
# shellcheck disable=SC2046 # two numbers
set -- $(stop-at count xl-passthrough create -q -p /etc/xen/tiny.cfg 2>/tmp/out)
[ $# = 2 ] && [ "$(domids | wc -w)" = 1 ] || { cat /tmp/out; fail "create under stop-at"; }
tool=$1 xl=$2
step "create has $tool points, xl has $xl"
cp $STORE/*.dtb /tmp/reference.dtb
all_gone
