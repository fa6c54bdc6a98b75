# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Installs what a script of this project needs from Debian.  Sourced.
#
#     need_packages PKG...      installs the missing ones, as root; else says what to install
#     missing_packages PKG...   prints the missing ones
#     use_ccache FOLDER         from here on "ccache CC" compiles what lies in FOLDER once for all
#                               clones of the same sources

missing_packages() {
	local pkg
	for pkg; do
		dpkg-query -W -f '${Status}\n' "$pkg" 2>/dev/null | grep -q '^install ok installed' ||
			printf '%s\n' "$pkg"
	done
}

need_packages() {
	local -a missing
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -gt 0 ] || return 0
	if ! command -v apt-get >/dev/null; then
		echo "missing: ${missing[*]} (no apt-get here: install their equivalents)" >&2
		return 1
	fi
	if [ "$(id -u)" != 0 ]; then
		echo "missing: please run, as root: apt-get install --no-install-recommends ${missing[*]}" >&2
		return 1
	fi
	echo "installing: ${missing[*]}" >&2
	(
		# one at a time, also with other scripts and the machine's own timers
		exec 9>"/run/lock/xlpt-packages.lock"
		flock -w 600 9
		export DEBIAN_FRONTEND=noninteractive
		apt_install() {
			apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 \
				-o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
		}
		# lists may be absent or out of date on a fresh machine
		apt_install 2>/dev/null || { apt-get update -qq -o DPkg::Lock::Timeout=300 >&2 && apt_install >&2; }
	)
	mapfile -t missing < <(missing_packages "$@")
	[ ${#missing[@]} -eq 0 ] || { echo "could not install: ${missing[*]}" >&2; return 1; }
}

use_ccache() {
	need_packages ccache || return
	export CCACHE_DIR=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}/ccache CCACHE_MAXSIZE=1G
	# two clones differ in their folder only
	export CCACHE_BASEDIR=$1 CCACHE_NOHASHDIR=1
}
