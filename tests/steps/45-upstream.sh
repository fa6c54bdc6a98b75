#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# the patch for upstream's xl: applies, builds and runs
set -eu
exec tests/upstream/run.sh
