# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154 # what lib.sh and count.sh set
#
# xenstored not there, not for this caller, and gone in the middle.  The last part: xenstored
# cannot be started a second time.

forget
mv /run/xenstored/socket /run/xenstored/away
refuses 2 '\[no-xen\]' xl-passthrough create -q -p /etc/xen/tiny.cfg
mv /run/xenstored/away /run/xenstored/socket
nothing_left

# somebody who may talk to Xen, and not to xenstored
chmod 666 /dev/xen/*
refuses 2 '\[xen-denied\]' su nobody -s /bin/sh -c 'xl-passthrough create -q -p /etc/xen/tiny.cfg'
chmod 600 /dev/xen/*
nothing_left
works_again
forget

# (not behind the claim: an xl waits for xenstored for ever)
hold tiny 1 $((tool * 3 / 4))
kill -9 "$(cat /run/xen/xenstored.pid)"
release
cat /tmp/tiny
case $(cat /tmp/tiny.rc) in
1 | 2) grep -qE '\[(no-xen|xen-failed)\]' /tmp/tiny || fail "not said: xenstored is not there" ;;
*) fail "exit status $(cat /tmp/tiny.rc)" ;;
esac
echo "@@ refused: xenstored gone at $drawn, status $(cat /tmp/tiny.rc)"

# the socket is there, and nobody listens
refuses 2 '\[no-xen\]' xl-passthrough create -q -p /etc/xen/tiny.cfg
[ -z "$(domids)" ] && [ -z "$(stored)" ] || fail "left: $(domids) $(stored)"
echo "@@ store refused=4"
