# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154 # what lib.sh and count.sh set
#
# create killed at points of the tool (part 1), and of the xl it became (part 2), in turn.

kills=0 missed=0 before=0 after=0 domains=0 dead=0 trees=0
while [ $kills -lt "$KILLS" ]; do
	part=$((kills % 2 + 1))
	if [ $part = 1 ]; then draw 1 "$tool"; else draw 1 "$xl"; fi
	forget
	rc=0
	stop-at kill $part $drawn xl-passthrough create -q -p /etc/xen/tiny.cfg >/tmp/out 2>&1 || rc=$?
	if [ $rc != 137 ]; then
		# it had fewer points this time
		[ $rc = 125 ] || { cat /tmp/out; fail "stop-at ended with $rc"; }
		missed=$((missed + 1))
		[ $missed -le 20 ] || fail "create is not to be hit"
		all_gone
		continue
	fi
	kills=$((kills + 1))
	left=$(domids | wc -w)
	echo "@@ killed in part $part at $drawn: domains $left, records $(records | wc -l), files $(stored | wc -l)"
	truthful
	if [ $part = 1 ]; then
		[ "$left" = 0 ] || fail "killed before xl, and a domain is there"
		before=$((before + 1))
	else
		after=$((after + 1)) domains=$((domains + left))
	fi
	dead=$((dead + $(records | wc -l)))
	for file in $STORE/*.dtb; do
		[ -e "$file" ] || continue
		trees=$((trees + 1))
		cmp "$file" /tmp/reference.dtb || fail "a tree was half written"
	done
	all_gone
	works_again
done
echo "@@ kills before=$before after=$after domains=$domains records=$dead trees=$trees"
