#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# plans of a sample of boards, judged by independent code; the binding tables against dtc
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler cpp xz-utils gcc
tests/oracle/self_test.py
tests/oracle/links-truth.py --every 40
exec tests/oracle/plan_corpus.py "$XLPT_BUILD/tools/xl-passthrough" --every 60
