#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# install what is missing, configure and make, with warnings as errors
set -eu
. tests/lib/build.sh
build_packages
build_in "$XLPT_BUILD" --enable-werror --with-xen=yes --enable-xl-frontend
