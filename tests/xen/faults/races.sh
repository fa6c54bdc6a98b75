# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154 # what lib.sh and count.sh set
#
# Two creates of the same device: both at once; and one that is held at a point of its way, be it
# inside its transaction or behind its claim, until the other has ended.

# one_wins: of a and b, whose statuses and outputs are in /tmp
one_wins() {
	a=$(cat /tmp/a.rc) b=$(cat /tmp/b.rc)
	case "$a $b" in
	'0 1') winner=a loser=b ;;
	'1 0') winner=b loser=a ;;
	*) cat /tmp/a /tmp/b; fail "the creates ended with $a and $b" ;;
	esac
	grep -E "device-busy|guest '" /tmp/$loser | head -n 2
	grep -q device-busy /tmp/$loser || { cat /tmp/$loser; fail "not said: device-busy"; }
	grep -q "guest '$winner' (" /tmp/$loser || { cat /tmp/$loser; fail "not said: who has it"; }
	truthful
	[ "$(domids | wc -w)" = 1 ] || fail "domains: $(domids)"
	[ "$(xl domname "$(domids)")" = $winner ] || fail "not the guest of the winner"
	[ "$(records).dtb" = "$(stored)" ] || fail "records $(records), trees $(stored)"
	echo "@@ $1: $winner has it"
	all_gone
}

races=0
while [ $races -lt "$RACES" ]; do
	forget
	started a &
	started b &
	wait
	one_wins "race"
	races=$((races + 1))
done

held=0
while [ $held -lt "$HELD" ]; do
	forget
	# in turn somewhere, and near its end, where the claim is
	first=1
	[ $((held % 2)) = 0 ] || first=$((tool * 4 / 5))
	hold a $first "$tool"
	started b
	release
	one_wins "race with a held at $drawn"
	held=$((held + 1))
done
echo "@@ races free=$races held=$held"
