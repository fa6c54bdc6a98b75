#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The xl that stands before the distribution's: what it takes, and that the rest arrives as typed.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset XL_PASSTHROUGH_PID
	mkdir -p front dist/sbin dist/lib/common dist/lib/xen-4.17
	cp "$XLPT_BUILD/tools/xl" front/xl
	cat >front/xl-passthrough <<-'END'
	#!/bin/sh
	printf 'ours'; printf '<%s>' "$@"; echo
	END
	# as Debian: a link to a wrapper that goes by the name it was called by
	cat >dist/lib/common/wrapper <<-'END'
	#!/bin/sh
	exec "${0%/*}/../lib/xen-4.17/${0##*/}" "$@"
	END
	ln -s ../lib/common/wrapper dist/sbin/xl
	cat >dist/lib/xen-4.17/xl <<-'END'
	#!/bin/sh
	printf '%s\0' "$@" >argv
	[ "$1" != help ] || printf 'Usage xl [-vfNtT] <subcommand> [args]\n\nxl full list of subcommands:\n\n %-19s %s\n' create 'Create a domain'
	[ -z "${XL_KILL:-}" ] || kill -"$XL_KILL" $$
	exit ${XL_STATUS:-0}
	END
	chmod +x front/* dist/lib/*/*
	TOOLS=/usr/bin:/bin
	PATH=$PWD/front:$PWD/dist/sbin:$TOOLS
	printf 'name = "a"\ndt_passthrough = [ "/soc/x@1" ]\n' >ext.cfg
	printf 'name = "a"\n# dt_passthrough = [ "/soc/x@1" ]\nextra = "dt_passthrough = []"\n' >plain.cfg
}

# passed ARG...: the distribution's xl got exactly these
passed() {
	printf '%s\0' "$@" | cmp argv - || { tr '\0' '\n' <argv; return 1; }
	rm argv
}

# ours ARG...: our program got exactly these
ours() {
	[ "$output" = "ours$(printf '<%s>' "$@")" ] || { echo "$output"; return 1; }
	[ ! -e argv ]
}

@test "arguments arrive byte for byte" {
	for word in list -vvv -h --help --version --; do
		run xl "$word" "a b" "" $'new\nline' '*' "it's"
		[ "$status" = 0 ]
		passed "$word" "a b" "" $'new\nline' '*' "it's"
	done
	run xl
	[ "$status" = 0 ]
	[ "$(tr '\0' '|' <argv)" = '|' ]
}

@test "the exit status is the distribution's, and a signal too" {
	XL_STATUS=77 run xl list
	[ "$status" = 77 ]
	XL_KILL=TERM run xl list
	[ "$status" = 143 ]
	XL_STATUS=3 run xl help
	[ "$status" = 3 ]
	[[ $output != *passthrough* ]]
}

@test "it is exec: the process stays the same one" {
	cat >dist/lib/xen-4.17/xl <<-'END'
	#!/bin/sh
	echo $$
	END
	sh -c 'echo $$; exec xl list' >pids
	[ "$(sort -u pids | wc -l)" = 1 ]
	echo text | xl list >/dev/null
}

@test "exactly passthrough is ours" {
	run xl passthrough check -c "a b.cfg" /x
	ours check -c "a b.cfg" /x
	run xl -v passthrough list
	ours list
	run xl help passthrough
	ours help
	for word in pass passthroug passthroughs Passthrough; do
		run xl "$word" x
		passed "$word" x
	done
}

@test "create of a file with our keys is ours, in every spelling that xl takes" {
	for word in cr cre crea creat create; do
		run xl "$word" ext.cfg -c 'memory=1'
		ours create ext.cfg -c 'memory=1'
	done
	run xl create -qf ext.cfg
	ours create -qf ext.cfg
	run xl create --defconfig=ext.cfg name=1
	ours create --defconfig=ext.cfg name=1
	run xl create -c ext.cfg
	ours create -c ext.cfg
	run xl create plain.cfg 'dt_passthrough=["/x"]'
	ours create plain.cfg 'dt_passthrough=["/x"]'
	run xl create /dev/null 'name="x"' 'dt_passthrough=["/x"]'
	ours create /dev/null 'name="x"' 'dt_passthrough=["/x"]'
}

@test "xl's global options go along" {
	run xl -vv -N cre ext.cfg
	ours create --xl=-vv --xl=-N ext.cfg
	run xl -ftTN -- create ext.cfg
	ours create --xl=-ftTN ext.cfg
	run xl -v passthrough create ext.cfg
	ours create --xl=-v ext.cfg
	run xl -x create ext.cfg
	passed -x create ext.cfg
}

@test "any other create is xl's, as typed" {
	for word in c created creates cpupool-create; do
		run xl "$word" ext.cfg
		passed "$word" ext.cfg
	done
	run xl create plain.cfg
	passed create plain.cfg
	run xl create -f plain.cfg ext.cfg
	passed create -f plain.cfg ext.cfg
	run xl create -h ext.cfg
	passed create -h ext.cfg
	run xl create --nonsense ext.cfg
	passed create --nonsense ext.cfg
	run xl create
	passed create
	run xl create nosuch.cfg
	passed create nosuch.cfg
	run xl create .
	passed create .
	mkfifo fifo
	run timeout 5 xl create fifo
	passed create fifo
}

@test "help lists the command in xl's own columns" {
	run xl help
	[ "$status" = 0 ]
	[ "${lines[0]}" = 'Usage xl [-vfNtT] <subcommand> [args]' ]
	[ "${lines[-2]}" = ' create              Create a domain' ]
	[[ ${lines[-1]} == ' passthrough         '[A-Z]* ]]
	run xl help create
	passed help create
}

@test "relative and empty entries of PATH are not looked at" {
	mkdir rel
	printf '#!/bin/sh\necho relative\n' >rel/xl
	cp rel/xl xl
	chmod +x rel/xl xl
	PATH=rel::.:$PWD/dist/sbin:$TOOLS run front/xl list
	[ "$status" = 0 ]
	passed list
}

@test "what is no program is passed over" {
	mkdir -p none/xl file
	echo text >file/xl
	PATH=$PWD/none:$PWD/file:$PWD/dist/sbin:$TOOLS run front/xl list
	[ "$status" = 0 ]
	passed list
}

@test "several front ends hand over to each other once" {
	mkdir copy link
	cp front/xl copy/xl
	ln -s ../front/xl link/xl
	for path in front:copy:link:dist/sbin copy:front:dist/sbin:copy dist/sbin:front:copy link:dist/sbin:front; do
		PATH=$(printf '%s\n' "$path" | sed "s|[^:]*|$PWD/&|g"):$TOOLS run timeout 5 "$PWD/front/xl" list
		[ "$status" = 0 ]
		passed list
	done
}

@test "no other xl: a reason, and no loop" {
	mkdir copy
	cp front/xl copy/xl
	for path in front front:copy copy:front ''; do
		status=0
		output=$(PATH=$(printf '%s\n' "$path" | sed "s|[^:][^:]*|$PWD/&|g"):$TOOLS \
			timeout 5 "$PWD/front/xl" list 2>&1) || status=$?
		[ "$status" = 127 ]
		[[ $output == "xl: there is no other xl on PATH" ]]
	done
}

@test "bash completes behind xl passthrough, and leaves the rest to the distribution" {
	mkdir -p completions data/bash-completion/completions
	cp "$XLPT_SOURCE/tools/xl.bash" completions/xl
	cp "$XLPT_SOURCE/tools/xl-passthrough.bash" completions/xl-passthrough
	cat >data/bash-completion/completions/xl <<-'END'
	_xl() { COMPREPLY=(distribution "${COMP_WORDS[COMP_CWORD]}"); }
	complete -F _xl -o nospace -o default xl xen
	END
	cat >front/xl-passthrough <<-'END'
	#!/bin/sh
	[ "$1" = --complete ] && [ $# = 1 ] && printf 'plan\nlist\ncheck\n'
	[ "$1 $2" = '--complete plan' ] && printf -- '--tree=\n--all\n'
	END
	complete_words() { # WORD... (the last one is completed)
		XDG_DATA_DIRS=$PWD/data bash -c '
			. completions/xl
			complete -p xl | grep -q _xl_with_passthrough || exit 9
			COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
			_xl_with_passthrough 2>/dev/null
			echo "${COMPREPLY[*]}"' bash "$@"
	}
	[ "$(complete_words xl pass)" = "distribution pass" ]
	[ "$(complete_words xl list '')" = "distribution " ]
	[ "$(complete_words xl passthrough p)" = plan ]
	[ "$(complete_words xl -v passthrough l)" = list ]
	[ "$(complete_words xl passthrough plan --a)" = --all ]
}
