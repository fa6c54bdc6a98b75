# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# bash completion for xl-passthrough; the words come from the program itself.

_xl_passthrough() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
	local program=${COMP_WORDS[0]} value='' words

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ] || { [ "$command" = help ] && [ "$COMP_CWORD" = 2 ]; }; then
		mapfile -t COMPREPLY < <(compgen -W "$("$program" --complete 2>/dev/null)" -- "$cur")
		return
	fi
	# the shell splits --name=value at the sign
	if [ "$cur" = = ]; then
		cur='' value=$prev
	elif [ "$prev" = = ]; then
		value=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if [ -n "$value" ]; then
		words=$("$program" --complete "$command" 2>/dev/null | sed -n "s|^$value=||p")
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		if [ "${#COMPREPLY[@]}" = 0 ]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			compopt -o filenames
		fi
		return
	fi
	case $cur in
	-*)
		words=$("$program" --complete "$command" 2>/dev/null | sed 's/=.*/=/' | sort -u)
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
		if [[ ${#COMPREPLY[@]} = 1 && ${COMPREPLY[0]} = *= ]]; then
			compopt -o nospace
		fi
		;;
	*)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		compopt -o filenames
		;;
	esac
}

complete -F _xl_passthrough xl-passthrough
