#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# the installed programs: hardened, without setuid, and opening nothing but what they name
set -eu -o pipefail
. tests/lib/build.sh
need_packages binutils strace device-tree-compiler
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make -C "$XLPT_BUILD" install DESTDIR="$root" >/dev/null
prefix=$root/usr/local
passed=0 failed=0

check() { # WHAT COMMAND...
	local what=$1; shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok $what"
	fi
}

# ---- how they are built ------------------------------------------------------------

elf() { # OPTION FILE PATTERN
	# all of it is read: a pipe that ends early would count as failed
	readelf -W "$1" "$2" | grep -E "$3" >/dev/null
}
stack_not_executable() { ! elf -l "$1" 'GNU_STACK.* R?W?E '; }
no_text_relocations() { ! elf -d "$1" TEXTREL; }
no_setuid() { [ -z "$(find "$root" -perm /7000 -type f)" ]; }

for file in bin/xl-passthrough sbin/xl lib/libxlpt.so; do
	program=$prefix/$file
	if [ "$file" != lib/libxlpt.so ]; then
		check "$file: PIE" elf -d "$program" 'FLAGS_1.*PIE'
		check "$file: is relocated" elf -h "$program" 'Type: *DYN'
	fi
	check "$file: RELRO" elf -l "$program" GNU_RELRO
	check "$file: all of it, at the start" elf -d "$program" 'BIND_NOW|FLAGS_1.*NOW'
	check "$file: has a stack segment" elf -l "$program" GNU_STACK
	check "$file: stack not executable" stack_not_executable "$program"
	check "$file: no text relocations" no_text_relocations "$program"
	check "$file: stack protector" elf --dyn-syms "$program" ' __stack_chk_fail'
	check "$file: FORTIFY" elf --dyn-syms "$program" ' __[a-z]+_chk[@ ]'
done
check "no setuid, no setgid" no_setuid

# ---- what they open ----------------------------------------------------------------

cd "$root"
mkdir work
cd work
dtc -q -I dts -O dtb -o board.dtb "$XLPT_SOURCE/tests/cli/board.dts"
printf '%s\n' 'name = "a"' 'memory = 256' 'dt_host = "board.dtb"' \
	'dt_passthrough = [ "/soc/rtc@9010000" ]' >guest.cfg
mkdir out

# opens ALLOWED ARG...: of files nothing but shared libraries, locales and ALLOWED; no socket, no program
opens() {
	local allowed=$1 status=0; shift
	strace -f -qq -o trace -e trace=%file,%network,%process -e signal=none -E LC_ALL=C.UTF-8 \
		"$prefix/bin/xl-passthrough" "$@" >answer 2>errors || status=$?
	[ "$status" -le 1 ] && [ -s answer ] || { cat errors; return 1; }
	sed -nE 's/^[0-9]+ +//; s/^(open|openat|openat2|creat|execve|execveat|socket|connect|rename[a-z0-9]*|mkdir[a-z]*|unlink[a-z]*)\(/\1 &/p' trace |
		grep -vE '^exec[^"]*"[^"]*/bin/xl-passthrough"' |
		grep -vE '"/etc/ld\.so\.(cache|preload)"|"(/usr)?/lib[^"]*\.so[.0-9]*"|"/usr/(lib|share)/locale/[^"]*"' |
		grep -vE "\"($allowed)\"" >others || true
	if [ -s others ]; then
		cat others
		return 1
	fi
}

temp='\.xlpt\.[0-9a-f]+\.[0-9a-f]+'
check "devices FILE" opens '/dev/null|board.dtb' devices board.dtb
check "plan" opens '/dev/null|board.dtb' plan -t board.dtb /soc/rtc@9010000
check "plan -c" opens '/dev/null|board.dtb|guest.cfg' plan -c guest.cfg
check "plan -o" opens "/dev/null|board.dtb|out|$temp|plan.json|passthrough.cfg|guest.dt[sb]|boot.cmd" \
	plan -t board.dtb -o out /soc/rtc@9010000
check "plan --dtb" opens "/dev/null|board.dtb|\\.|$temp|marked.dtb" \
	plan -t board.dtb --dtb marked.dtb /soc/rtc@9010000
check "uboot" opens '/dev/null|board.dtb' uboot -t board.dtb /soc/rtc@9010000
check "merge" opens '/dev/null|/etc/xen/host.dtb|out/guest.dtb' merge --memory=256 out/guest.dtb

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
