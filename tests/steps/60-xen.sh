#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# devices in guests of a real Xen under QEMU, all scenarios
set -eu
exec tests/xen/run.sh
