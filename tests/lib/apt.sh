# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A private apt for tests that need Debian packages of other architectures.
# Nothing of the machine's own apt changes: lists, caches, sources and the list of architectures
# live in a folder of ours.  The mirrors are the ones that the machine already uses.  Source this file.

# private_apt FOLDER SUITES ARCHITECTURES
# Prepares FOLDER and sets APT_CONFIG (exported) to its configuration.  SUITES and ARCHITECTURES
# are words in one string: "bookworm bookworm-security" "arm64 armhf".
# The first architecture counts as the native one.
private_apt() {
	local folder=$1 suites=$2 architectures=$3 suite mirror
	mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial" "$folder/parts" || return
	: > "$folder/status"
	{
		printf 'Dir::State "%s/state";\n' "$folder"
		printf 'Dir::State::status "%s/status";\n' "$folder"
		printf 'Dir::Cache "%s/cache";\n' "$folder"
		printf 'Dir::Etc::sourcelist "%s/sources.list";\n' "$folder"
		printf 'Dir::Etc::sourceparts "%s/parts";\n' "$folder"
		printf 'Dir::Etc::preferences "%s/preferences";\n' "$folder"
		printf 'Dir::Etc::preferencesparts "%s/parts";\n' "$folder"
		printf 'APT::Architecture "%s";\n' "${architectures%% *}"
		printf 'APT::Architectures { '
		# shellcheck disable=SC2086 # one word for each architecture
		printf '"%s"; ' $architectures
		printf '};\n'
		printf 'APT::Sandbox::User "%s";\n' "$(id -un)"
		printf 'Acquire::Languages "none";\nAcquire::Retries "3";\nAPT::Install-Recommends "false";\n'
	} > "$folder/apt.conf"

	: > "$folder/sources.list"
	for suite in $suites; do
		mirror=$(machine_mirror "$suite")
		if [ -z "$mirror" ]; then
			echo "apt.sh: this machine's apt sources do not name the suite $suite" >&2
			continue
		fi
		printf 'deb %s %s main\n' "$mirror" "$suite" >> "$folder/sources.list"
	done
	[ -s "$folder/sources.list" ] || return 1
	export APT_CONFIG=$folder/apt.conf
}

# machine_mirror SUITE: the address from which this machine's own apt takes the suite.
machine_mirror() {
	env -u APT_CONFIG apt-get update --print-uris 2>/dev/null |
		sed -n "s|^'\\(.*\\)/dists/$1/InRelease'.*|\\1|p" | head -n 1
}
