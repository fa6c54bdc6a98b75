#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The program itself: help, version, completion words, usage errors.

load common

@test "without a command: usage on stderr, exit 2" {
	answer 2
	silent
	[[ $errors == "usage: xl-passthrough COMMAND"* ]]
}

@test "help lists every command on stdout" {
	answer 0 help
	for command in devices plan uboot; do
		[[ $output == *"  $command "* ]]
	done
	answer 0 --help
}

@test "help COMMAND and COMMAND --help are the same" {
	answer 0 help plan
	first=$output
	answer 0 plan --help
	[ "$first" = "$output" ]
	[[ $first == *--allow=ID* ]]
}

@test "--version" {
	answer 0 --version
	[[ $output =~ ^xl-passthrough\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "an unknown command is a usage error" {
	answer 2 frobnicate
	silent
	one_line
	answer 2 help frobnicate
	one_line
}

@test "options that are not understood are usage errors of one line" {
	for words in --foo -x --gic --gic=v4 --memory=12x --vcpus=0 --xen=5 --xen=4.5 --ipa-bits=99 \
			--allow=no-such-id --allow=irq-shared --format=xml --all=3; do
		answer 2 plan -t "$BOARD" /soc/rtc@9010000 $words
		silent
		one_line
	done
}

@test "completion words come from the option tables" {
	answer 0 --complete
	[[ $'\n'$output$'\n' == *$'\nplan\n'* ]]
	answer 0 --complete plan
	for word in --format=json --gic=v3 --strict --tree= --allow=dma-unprotected; do
		[[ $'\n'$output$'\n' == *$'\n'$word$'\n'* ]]
	done
	[[ $output != *irq-shared* ]]
	answer 2 --complete frobnicate
}

@test "the manual tells of every option and every command, and of no other option" {
	page=$XLPT_SOURCE/man/xl-passthrough.1.pod
	{ "$XLPT" --complete | grep -v -e '^-'; } >commands
	while read -r command; do
		grep -q "^=head2 $command" "$page" || { echo "no section on $command"; return 1; }
		[ "$command" = help ] || "$XLPT" --complete "$command"
	done <commands | sed 's/=.*//' | sort -u >options
	absent -v -e '^--' options
	while read -r option; do
		grep -q -e "B<$option[>=]" "$page" || { echo "not in the manual: $option"; return 1; }
	done <options
	grep -o 'B<--[a-z][a-z-]*' "$page" | sed 's/B<//' | grep -vx -e --enable-xl-frontend | sort -u >told
	printf '%s\n' --complete --version >>options
	sort -u -o options options
	[ -z "$(comm -23 told options)" ] || { comm -23 told options; return 1; }
}

@test "completion offers commands, options and values" {
	COMP_WORDS=()
	compopt() { :; }
	. "$XLPT_SOURCE/tools/xl-passthrough.bash"
	complete_words() { COMP_WORDS=("$XLPT" "$@"); COMP_CWORD=$#; _xl_passthrough; }
	complete_words pl
	[ "${COMPREPLY[*]}" = plan ]
	complete_words plan --gic = v
	[ "${COMPREPLY[*]}" = "v2 v3" ]
	complete_words plan --st
	[ "${COMPREPLY[*]}" = --strict ]
}

@test "stdout closed or full: exit 2 and a reason" {
	status=0
	"$XLPT" help >/dev/full 2>stderr || status=$?
	[ "$status" = 2 ]
	grep -q 'No space left' stderr
	status=0
	"$XLPT" help >&- 2>stderr || status=$?
	[ "$status" = 2 ]
	one_line
}
