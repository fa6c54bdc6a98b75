#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# plans of real boards: every artefact as expected
set -eu
exec tests/golden/run.sh
