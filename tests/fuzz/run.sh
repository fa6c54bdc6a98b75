#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/fuzz/run.sh SECONDS [TARGET...]
#
# All fuzz targets (libFuzzer with ASan and UBSan), or some, splitting the time: half of it for the
# whole path. Inputs are made from small boards and kept, with what was found interesting, in
# ${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}/fuzz; a crash stays in its crashes/ folder.
# JOBS=N runs N workers of each target.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
. tests/lib/packages.sh

[ $# -gt 0 ] && [ "$1" -gt 0 ] 2>/dev/null || { sed -n '4,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
seconds=$1; shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(plan tree merge config names clk-summary)
jobs=${JOBS:-1}
cache=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}
work=$cache/fuzz
build=${XLPT_BUILD:-$PWD/build}/fuzz
crashes=$work/crashes
need_packages clang-14 libclang-rt-14-dev gcc libc6-dev make autoconf automake libtool pkg-config \
	libfdt-dev libjson-c-dev libxen-dev device-tree-compiler || exit 2
mkdir -p "$build" "$crashes" || exit 2

build_library() {
	local arguments=(--disable-shared --with-xen=yes CC=clang-14
		CFLAGS='-g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined')
	[ -x configure ] || autoreconf -fi || return
	if [ ! -e "$build/Makefile" ] || [ "$(cat "$build/configured" 2>/dev/null)" != "${arguments[*]}" ]; then
		(cd "$build" && "$OLDPWD/configure" "${arguments[@]}") || return
		make -C "$build" clean || return
		printf '%s\n' "${arguments[*]}" >"$build/configured"
	fi
	make -C "$build" -j"$(nproc)" libxlpt/libxlpt-core.la libxlpt/libxlpt-xen.la
}

build_target() {
	clang-14 -std=gnu11 -g -O1 -D_GNU_SOURCE -include "$build/config.h" -Ilibxlpt \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -o "$build/fuzz-$1" \
		"tests/fuzz/fuzz-$1.c" $2 "$build/libxlpt/.libs/libxlpt-core.a" \
		"$build/libxlpt/.libs/libxlpt-xen.a" -ljson-c -lfdt
}

mutator_of() {
	case $1 in plan|tree|merge) echo tests/fuzz/mutate-tree.c ;; esac
}

# Sixteen control bytes and a blob: the boards of the rules' tests, and small real ones.
seed_trees() {
	local folder=$1 source blob i=0
	[ ! -e "$folder/.complete" ] || return 0
	mkdir -p "$folder" || return
	for source in tests/rules/*.dts; do
		dtc -@ -q -I dts -O dtb -i tests/rules -o "$build/seed.dtb" "$source" || continue
		{ sha256sum <"$build/seed.dtb" | head -c 16; cat "$build/seed.dtb"; } >"$folder/rule$((i++))"
	done
	find "$cache/corpus" -name '*.dtb' -size -14k 2>/dev/null | sort | awk 'NR % 8 == 0' |
		while IFS= read -r blob; do
			{ sha256sum <"$blob" | head -c 16; cat "$blob"; } >"$folder/board$((i++))"
		done
	touch "$folder/.complete"
}

# The same with partial trees: those of real guests, and those with a mistake each.
seed_partial_trees() {
	local folder=$1 source
	[ ! -e "$folder/.complete" ] || return 0
	mkdir -p "$folder" || return
	for source in dts/guests/*.dts tests/judge/*.dts; do
		dtc -f -q -I dts -O dtb -i tests/judge -o "$build/seed.dtb" "$source" 2>/dev/null || continue
		{ sha256sum <"$build/seed.dtb" | head -c 16; cat "$build/seed.dtb"; } >"$folder/$(basename "$source" .dts)"
	done
	touch "$folder/.complete"
}

seed_of() {
	local folder=$work/$1
	mkdir -p "$folder" || return
	case $1 in
	plan|tree) seed_trees "$folder" ;;
	merge) seed_partial_trees "$folder" ;;
	config)
		cp examples/*.cfg "$folder" || return
		sed -n 's,^// config: ,,p' tests/judge/*.dts | split -l 1 - "$folder/judge-" || return
		printf '%s\n' 'name="a"' 'dt_passthrough = [ "/a,gfn=0x22000", "-below:/b", ]; dt_passthrough += [ "c" ]' \
			"device_tree = 'xl-passthrough'" 'disk = [ "specification=virtio" ]' 'iomem=["0x9,1@0xa"]' \
			'irqs = [ 34, ]' 'memory = 0x100 # MiB' >"$folder/keys"
		;;
	names)
		printf '%s\n' '/soc/serial@1000,gfn=0x22000,clock=uartclk:24000000' '-below:/soc' \
			'serial0,allow=dma-unprotected' >"$folder/lines"
		printf '%s' '&uart0,buses=0-3' >"$folder/label"
		printf '%s' '/soc/*@?0*,clock=0:1' >"$folder/glob"
		printf '%s' 'compatible:arm,pl011' >"$folder/compatible"
		printf '%s' 'dt_passthrough = [ "1000.serial", ]' >"$folder/config"
		;;
	clk-summary)
		{
			echo '                                 enable  prepare  protect                                duty  hardware                            connection'
			echo '   clock                          count    count    count        rate   accuracy phase  cycle    enable   consumer                         id'
			echo '---------------------------------------------------------------------------------------------------------------------------------------------'
			echo ' osc24M                              3        3        0    24000000          0     0  50000         Y   deviceless                      no_connection_id'
			echo '    uart0                            1        1        0    24000000          0     0  50000         Y   1000.serial                     uartclk'
		} >"$folder/new"
		printf '%s\n' '   clock    enable_cnt  prepare_cnt        rate   accuracy   phase' \
			' osc   1   1   24000000   0 0' '   uart  0  0  1843200 0 0' >"$folder/old"
		;;
	esac
}

if ! build_library >"$build/build.log" 2>&1; then
	tail -n 20 "$build/build.log"
	exit 2
fi
passed=0 failed=0
for target in "${targets[@]}"; do
	build_target "$target" "$(mutator_of "$target")" || exit 2
	seed_of "$target" || exit 2
	share=$((seconds / ${#targets[@]}))
	if [ ${#targets[@]} -gt 1 ]; then
		# what the others do not need
		share=$((seconds / 2 / (${#targets[@]} - 1)))
		[ "$target" != plan ] || share=$((seconds / 2))
	fi
	[ "$share" -gt 0 ] || share=1
	log=$build/$target.log
	: >"$log"
	options=()
	[ ! -e "tests/fuzz/$target.dict" ] || options=(-dict="tests/fuzz/$target.dict")
	unset LSAN_OPTIONS
	[ ! -e "tests/fuzz/$target.supp" ] || export LSAN_OPTIONS=print_suppressions=0:suppressions=tests/fuzz/$target.supp
	pids=()
	for ((job = 0; job < jobs; job++)); do
		nice -n 10 "$build/fuzz-$target" -max_len=24000 -max_total_time="$share" -timeout=25 \
			-rss_limit_mb=2048 -reload=1 -print_final_stats=1 -artifact_prefix="$crashes/$target-" \
			"${options[@]}" "$work/$target" >>"$log" 2>&1 &
		pids+=($!)
	done
	status=0
	for pid in "${pids[@]}"; do
		wait "$pid" || status=1
	done
	runs=$(awk '/number_of_executed_units/ { n += $2 } END { print n + 0 }' "$log")
	edges=$(grep -oE 'cov: [0-9]+' "$log" | awk '{ if ($2 > m) m = $2 } END { print m + 0 }')
	all=$(sed -n 's/.*Loaded 1 PC tables (\([0-9]*\) PCs.*/\1/p' "$log" | head -n 1)
	echo "$target: $runs executions in $share s, $edges of ${all:-?} edges"
	if [ $status = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		grep -aE 'SUMMARY|does not hold|Test unit written' "$log"
	fi
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
