# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Evidence out of a run's serial log.  Sourced by run.sh; used by the scenarios' judge().
#
#     guest_says NAME PATTERN     guest NAME's console has the line; else the run fails
#     dom0_says PATTERN           dom0 or Xen printed it
#     dom0_count PATTERN          how many such lines there are
#     guest_address NAME DRIVER   the address in "ADDRESS.DRIVER" as NAME's kernel prints it
#     nobody_says PATTERN         nobody did
#     guest_value NAME KEY        the number after "KEY=" on NAME's console, the last one
#     proof TEXT                  what the closing line of the scenario tells

PROOF=()
proof() { PROOF+=("$*"); }
unproved() { say "  $SCENARIO: $*"; UNPROVED=yes; }

guest_lines() { tr -d '\r' <"$LOG" | sed -n "s/^$1| //p"; }
guest_says() { guest_lines "$1" | grep -aE -- "$2" >/dev/null || unproved "guest $1 did not print: $2"; }
guest_count() { guest_lines "$1" | grep -acE -- "$2" || true; }
dom0_says() { tr -d '\r' <"$LOG" | grep -aE -- "$1" >/dev/null || unproved "not in the log: $1"; }
dom0_count() { tr -d '\r' <"$LOG" | grep -acE -- "$1" || true; }
guest_address() { guest_lines "$1" | sed -n "s/.*[^0-9a-f]\([0-9a-f]*\)\.$2.*/\1/p" | head -n 1; }
nobody_says() { ! tr -d '\r' <"$LOG" | grep -aE -- "$1" >/dev/null || unproved "in the log: $1"; }
guest_value() { guest_lines "$1" | sed -n "s/.*\b$2=\([0-9a-fA-Fx]*\).*/\1/p" | tail -n 1; }
