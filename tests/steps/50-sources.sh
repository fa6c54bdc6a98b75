#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# the source tree: everything listed, licensed, and nothing generated in it
set -u
failed=0
wrong() { echo "$*"; failed=1; }
for file in libxlpt/*.c tools/*.c; do
	grep -qw -e "$file" "${file%/*}/Makefile.inc" || wrong "not in ${file%/*}/Makefile.inc: $file"
done
for file in tests/unit/test-*.c tests/cli/*.bats; do
	[ ! -e "$file" ] || grep -qE "(^|[[:space:]])${file%.c}([[:space:]]|\$)" tests/Makefile.inc ||
		wrong "not in tests/Makefile.inc: $file"
done
if git rev-parse --git-dir >/dev/null 2>&1; then
	while read -r file; do
		case $file in
		COPYING*|*.md|*.json|*.expected|*.patch|*.replay|*.txt|*.hex|tests/golden/*|tests/fuzz/*|dts/*.dtb) continue ;;
		esac
		[ -f "$file" ] || continue
		head -n 5 "$file" | grep -q 'SPDX-License-Identifier: ' || wrong "no SPDX line: $file"
	done < <(git ls-files)
	[ -z "$(git ls-files -i -c --exclude-standard)" ] ||
		wrong "generated, and committed: $(git ls-files -i -c --exclude-standard)"
fi
exit $failed
