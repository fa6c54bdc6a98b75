# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Debian packages of any architecture and suite, fetched into the cache with an
# apt configuration of our own: the machine's architectures, lists and sources
# stay as they are; its mirror and proxy are used.  Sourced.
#
#     fetch_set NAME SUITE ARCH PKG...   unpack the newest PKGs once; prints the folder
#     fetch_libs SUITE ARCH PKG...       the library packages PKGs depend on, one a line
#     fetch_source NAME SUITE PKG        unpack PKG's source once; prints the folder
#
# XLPT_REFRESH=1 looks for newer versions of sets that are already there.

shopt -s inherit_errexit
CACHE=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# once LOCKNAME COMMAND...: one process at a time, across concurrent runs
locked() {
	local name=$1; shift
	mkdir -p "$CACHE/lock"
	(
		exec 8>"$CACHE/lock/$name"
		flock -w 1800 8 || die "lock $name is held for too long"
		"$@"
	)
}

# machine_mirror CODENAME: the URI the machine itself uses for that suite
machine_mirror() {
	# shellcheck disable=SC2016 # apt's variables
	apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		awk -v c="$1" '$1 == c && $2 == "main" { print $3; exit }'
}

apt_sources() { # SUITE
	local suite=$1 key=/usr/share/keyrings/debian-archive-keyring.gpg own mirror security s
	own=$(. /etc/os-release; echo "${VERSION_CODENAME:-bookworm}")
	mirror=$(machine_mirror "$own")
	if [ -z "$mirror" ] && [ "$(id -u)" = 0 ]; then
		apt-get update -qq >&2 || true
		mirror=$(machine_mirror "$own")
	fi
	[ -n "$mirror" ] || die "no Debian mirror in this machine's apt sources (after apt-get update)"
	security=$(machine_mirror "$own-security")
	# suites a mirror may lack are asked for with their index first
	for s in "$suite" "$suite-updates"; do
		printf 'deb [signed-by=%s] %s %s main\n' "$key" "$mirror" "$s"
		printf 'deb-src [signed-by=%s] %s %s main\n' "$key" "$mirror" "$s"
	done
	[ -z "$security" ] || {
		printf 'deb [signed-by=%s] %s %s-security main\n' "$key" "$security" "$suite"
		printf 'deb-src [signed-by=%s] %s %s-security main\n' "$key" "$security" "$suite"
	}
}

apt_update() { timeout 300 apt-get update -qq -o APT::Update::Error-Mode=any >"$1" 2>&1; }

# apt_prepare SUITE ARCH DIR: DIR/apt.conf, and current lists
apt_prepare() {
	local suite=$1 arch=$2 dir=$3 base=${1%-backports}
	mkdir -p "$dir"/{empty,state/lists/partial,cache/archives/partial}
	if [ ! -s "$dir/sources.list" ]; then
		apt_sources "$base" >"$dir/sources.tmp"
		{
			cat "$dir/sources.tmp"
			[ "$base" = "$suite" ] || sed -n "1,2s/ $base main/ $suite main/p" "$dir/sources.tmp"
		} >"$dir/sources.new"
		mv "$dir/sources.new" "$dir/sources.list"
	fi
	: >"$dir/state/status"
	{
		# how the machine reaches its mirror: proxies, retries, date checks
		apt-config dump | grep -E '^Acquire::' |
			grep -vE 'IndexTargets|cdrom|CompressionTypes|Changelogs|Languages'
		cat <<-END
		Acquire::Languages "none";
		Acquire::Retries "3";
		Dir::State "$dir/state";
		Dir::State::status "$dir/state/status";
		Dir::Cache "$dir/cache";
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "$dir/empty";
		Dir::Etc::parts "$dir/empty";
		Dir::Etc::preferencesparts "$dir/empty";
		Dir::Etc::preferences "/dev/null";
		APT::Architecture "$arch";
		APT::Architectures { "$arch"; };
		APT::Sandbox::User "root";
		END
		[ "$suite" = "$base" ] || echo "APT::Default-Release \"$suite\";"
	} >"$dir/apt.conf.new"
	mv "$dir/apt.conf.new" "$dir/apt.conf"
	export APT_CONFIG=$dir/apt.conf
	# lists older than a day are brought up to date
	if [ -z "$(find "$dir/updated" -mmin -1440 2>/dev/null)" ]; then
		if ! apt_update "$dir/update.log"; then
			if [ -e "$dir/updated" ]; then
				say "package lists of $suite ($arch) could not be renewed; using the old ones"
			elif grep -v -e -security "$dir/sources.list" >"$dir/sources.tmp" &&
				cp "$dir/sources.tmp" "$dir/sources.list" && apt_update "$dir/update.log"; then
				say "security updates of $suite ($arch) are left out: their index is broken now"
			else
				cat "$dir/update.log" >&2
				rm "$dir/sources.list"
				die "cannot read the package lists of $suite ($arch)"
			fi
		fi
		touch "$dir/updated"
	fi
}

# apt_setup SUITE ARCH: exports APT_CONFIG, with current lists.  Scenarios that start together on an
# empty cache want the same ones.
apt_setup() {
	local dir=$CACHE/apt/$1-$2
	locked "apt-$1-$2" apt_prepare "$1" "$2" "$dir"
	export APT_CONFIG=$dir/apt.conf
}

# Into the working folder, where two sets may want the same archive.
apt_download() { timeout 900 apt-get download -qq "$@" >&2; }

fetch_libs() { # SUITE ARCH PKG...
	(
		apt_setup "$1" "$2"; shift 2
		apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
			--no-replaces --no-enhances "$@" |
			grep -E '^(lib|zlib)' | grep -vE '^lib(perl|python|.*-perl$|pam|systemd|udev|selinux|semanage|debconf|apt)' | sort -u
	)
}

unpack_set() { # DIR SUITE ARCH PKG...
	local dir=$1 suite=$2 arch=$3 tmp deb; shift 3
	[ ! -e "$dir/.packages" ] || [ -n "${XLPT_REFRESH:-}" ] || return 0
	(
		apt_setup "$suite" "$arch"
		tmp=$dir.new.$$
		trap 'rm -rf "$tmp"' EXIT
		say "fetching ${dir##*/}: $# packages of $suite ($arch)"
		mkdir -p "$tmp" "$CACHE/debs/$suite-$arch"
		# (asked from an empty folder: archives at hand are not printed)
		(cd "$tmp" && apt-get download --print-uris -qq "$@") |
			awk '{ print $2 }' | sort -u >"$tmp/.packages"
		# kept archives make a second try resume where the first one stopped
		cd "$CACHE/debs/$suite-$arch"
		locked "debs-$suite-$arch" apt_download "$@" || die "download failed: $suite ($arch)"
		while read -r deb; do
			dpkg-deb -x "$deb" "$tmp"
		done <"$tmp/.packages"
		rm -rf "$dir.old"
		[ ! -e "$dir" ] || mv "$dir" "$dir.old"
		mv "$tmp" "$dir"
		rm -rf "$dir.old"
	)
}

fetch_set() { # NAME SUITE ARCH PKG...
	local name=$1; shift
	mkdir -p "$CACHE/sets"
	locked "set-$name" unpack_set "$CACHE/sets/$name" "$@"
	printf '%s\n' "$CACHE/sets/$name"
}
