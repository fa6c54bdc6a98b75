#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gcc -fanalyzer, clang-tidy, cppcheck, codespell, shellcheck
set -eu
exec tests/lib/analyse.sh
