#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""compare_devices.py ANSWERS FILE...

ANSWERS: what `xl-passthrough devices --format=json FILE...` printed.  See compare-devices.sh.
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor

import devices
import invariants

COMPARED = ("regs", "frames", "irqs")
SHOWN = 40


def by_path(answer):
    result = {}
    for device in answer.get("devices", []):
        result.setdefault(device["path"], []).append(device)
    return result


def differences(ours, theirs):
    """(devices compared, list of what differs) for one file"""
    if theirs is None:
        # An overlay is refused; it has no device that stands on a board's bus.
        return 0, [] if "error" in ours or not ours["devices"] else ["no answer"]
    if "error" in ours:
        return 0, [f"answered, but it is no device tree: {ours['error']}"]
    found = []
    expected, given = by_path(ours), by_path(theirs)
    for path in sorted(expected.keys() - given.keys()):
        found.append(f"{path}: is a device, not listed")
    for path in sorted(given.keys() - expected.keys()):
        found.append(f"{path}: listed, is no device")
    for path in sorted(expected.keys() & given.keys()):
        if len(expected[path]) != len(given[path]):
            found.append(f"{path}: listed {len(given[path])} times, expected {len(expected[path])}")
        for one, other in zip(expected[path], given[path]):
            for key in COMPARED:
                if one[key] != other.get(key):
                    found.append(f"{path}: {key}: {other.get(key)}, expected {one[key]}")
    return len(ours["devices"]), found


def judge(path, theirs):
    if theirs is not None and "devices" not in theirs:
        theirs = None
    count, found = differences(json.loads(devices.answer(path)), theirs)
    if theirs:
        found += invariants.of_answer(path, theirs)
    return count, found


def main(answers, paths):
    with open(answers, encoding="utf-8") as lines:
        given = {answer["file"]: answer for answer in map(json.loads, lines)}
    compared = trees = 0
    problems = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for path, (count, found) in zip(paths, pool.map(judge, paths, map(given.get, paths), chunksize=8)):
            compared += count
            trees += not found
            problems += [f"{path}: {text}" for text in found]
    for problem in problems[:SHOWN]:
        print(problem)
    if len(problems) > SHOWN:
        print(f"... and {len(problems) - SHOWN} more")
    print(f"{trees} of {len(paths)} trees agree; {compared} devices compared, {len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
