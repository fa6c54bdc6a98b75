# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
#
# create, a reboot from inside, destroy; again and again.

store_pid=$(cat /run/xen/xenstored.pid)

sample() { # CYCLE
	nodes=$(xenstore-ls -f | wc -l)
	# xl keeps ten logs of each guest's monitor
	files=$(find / -xdev -type f ! -path '/var/log/*' ! -path '/tmp/*' | wc -l)
	kept=$(stored | wc -l)
	rss=$(awk '$1 == "VmRSS:" { print $2 }' "/proc/$store_pid/status")
	memory=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
	# not the kernel's, which come and go
	ps -o args >/tmp/processes
	processes=$(grep -vc '^\[' /tmp/processes)
	pages=$(xen-state | head -n 1)
	echo "@@ sample $1 nodes=$nodes files=$files trees=$kept rss=$rss memory=$memory processes=$processes pages=$pages"
}

cycle() {
	xl-passthrough create -q /etc/xen/cycle.cfg || fail "create in cycle $cycles"
	first=$(domids)
	# the second boot has another number, and waits
	xen-state await "$first" || { xen-state; fail "no second boot of domain $first"; }
	truthful
	all_gone
	# the monitor ends behind its domain
	left=100
	while pidof xl >/dev/null; do
		left=$((left - 1))
		[ $left -gt 0 ] || fail "the monitor stays"
		sleep 0.1
	done
}

cycles=0
while [ $cycles -lt "$CYCLES" ]; do
	cycle
	cycles=$((cycles + 1))
	case $cycles in 1 | *[05] | "$CYCLES") sample $cycles ;; esac
done
step "cycles=$cycles"
