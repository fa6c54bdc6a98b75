# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154 # what lib.sh and count.sh set
#
# xenstored is there and does not answer.  Whoever asks it waits, xl as well; ^C or SIGTERM ends
# the tool at once, nothing of it is left when xenstored goes on, and the next create works.

xenstored=$(cat /run/xen/xenstored.pid)

# ends_by SIGNAL: a create, from when it waits for xenstored
ends_by() {
	rm -f /tmp/pid
	(
		until [ -s /tmp/pid ]; do sleep 0.1; done
		sleep 3
		kill -s "$1" "$(cat /tmp/pid)"
		sleep 5
		kill -s KILL "$(cat /tmp/pid)"
	) 2>/dev/null &
	watcher=$!
	rc=0
	# in the foreground, where SIGINT is not ignored
	sh -c 'echo $$ >/tmp/pid; exec xl-passthrough create -q -p /etc/xen/tiny.cfg' >/tmp/out 2>&1 || rc=$?
	kill $watcher 2>/dev/null
	cat /tmp/out
}

frozen=0
for signal in INT TERM; do
	forget
	kill -STOP "$xenstored"
	ends_by $signal
	kill -CONT "$xenstored"
	[ $((rc - 128)) = "$(kill -l $signal)" ] || fail "exit status $rc after SIG$signal"
	nothing_left
	works_again
	frozen=$((frozen + 1))
done

# in the middle of it, before the claim holds: behind it, it is xl that waits
forget
hold tiny 1 $((tool * 3 / 4))
kill -STOP "$xenstored"
rm /tmp/hold
sleep 3
kill -TERM "$(pidof xl-passthrough)" 2>/dev/null
left=50
while [ -e /proc/"$holder" ]; do
	left=$((left - 1))
	[ $left -gt 0 ] || fail "SIGTERM does not end a create at $drawn"
	sleep 0.1
done
kill -CONT "$xenstored"
cat /tmp/tiny
[ "$(cat /tmp/tiny.rc)" = 143 ] || fail "exit status $(cat /tmp/tiny.rc) at $drawn"
nothing_left
works_again
echo "@@ frozen ended=$((frozen + 1))"
