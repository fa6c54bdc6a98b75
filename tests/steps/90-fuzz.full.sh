#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# all fuzz targets, briefly
set -eu
exec tests/fuzz/run.sh 120
