# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# bash completion for the xl that knows `xl passthrough`: ours behind that word, and the
# distribution's for everything else.

# Found by the name of the command, in the folders bash-completion itself looks in.
_xl_passthrough_source() {
	local name=$1 own=${BASH_SOURCE[0]} folder
	local -a folders
	IFS=: read -ra folders <<<"${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
	for folder in "${own%/*}" "${folders[@]/%//bash-completion/completions}" /etc/bash_completion.d; do
		if [[ -r $folder/$name && ! $folder/$name -ef $own ]]; then
			# shellcheck source=/dev/null
			. "$folder/$name" && return
		fi
	done
	return 1
}

declare -F _xl >/dev/null || _xl_passthrough_source xl
declare -F _xl_passthrough >/dev/null || _xl_passthrough_source xl-passthrough

_xl_with_passthrough() {
	local i=1

	# xl's global options come first
	while [[ $i -lt $COMP_CWORD && ${COMP_WORDS[i]} == -* ]]; do
		i=$((i + 1))
	done
	if [[ $i -lt $COMP_CWORD && ${COMP_WORDS[i]} == passthrough ]] && declare -F _xl_passthrough >/dev/null; then
		# as if the words were those of xl-passthrough
		local -a COMP_WORDS=(xl-passthrough "${COMP_WORDS[@]:i + 1}")
		local COMP_CWORD=$((COMP_CWORD - i))
		_xl_passthrough
	elif declare -F _xl >/dev/null; then
		_xl "$@"
	fi
}

complete -F _xl_with_passthrough -o nospace -o default xl
