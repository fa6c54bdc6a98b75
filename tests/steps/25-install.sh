#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make install, and a program built against what was installed
set -eu -o pipefail
. tests/lib/build.sh
need_packages man-db
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make -C "$XLPT_BUILD" install DESTDIR="$root" >/dev/null
prefix=$root/usr/local
for file in bin/xl-passthrough lib/libxlpt.so lib/libxlpt.a lib/pkgconfig/libxlpt.pc \
		include/libxlpt.h share/man/man1/xl-passthrough.1 share/man/man3/libxlpt.3 \
		share/man/man7/xl-passthrough-diagnostics.7 \
		share/bash-completion/completions/xl-passthrough; do
	[ -e "$prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done
for page in "$prefix"/share/man/man?/*; do
	MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null | tee "$root/warnings"
	[ ! -s "$root/warnings" ]
done
exported=$(nm -D --defined-only "$prefix/lib/libxlpt.so" | awk '$2 != "A" { print $3 }' | grep -v '^xlpt_' || true)
[ -z "$exported" ] || { echo "exported: $exported"; exit 1; }
export PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$prefix/lib/pkgconfig
# shellcheck disable=SC2046 # one word a flag
gcc -std=c11 -Wall -Wextra -Werror -pedantic -o "$root/lines" examples/passthrough-lines.c \
	$(pkg-config --cflags --libs libxlpt)
need_packages g++ device-tree-compiler
echo '#include <libxlpt.h>' | g++ -std=c++17 -Wall -Wextra -Werror -pedantic -fsyntax-only \
	-I"$prefix/include" -x c++ -
dtc -q -I dts -O dtb -o "$root/board.dtb" tests/cli/board.dts
lines=$(LD_LIBRARY_PATH=$prefix/lib "$root/lines" "$root/board.dtb" /soc/rtc@9010000)
[[ $lines == *"iomem 0x9010,0x1@"*"irq 34"* ]] || { echo "passthrough-lines printed: $lines"; exit 1; }
