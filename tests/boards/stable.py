#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""stable.py XL_PASSTHROUGH [--table]

Large plans of real boards, with each of a sample of their devices left out in
turn: no other device gets another address in the guest. Boards whose ranges
above 2 MiB make room for one another have a limit of their own.
--table leaves out every device and prints what it counts.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

import run as boards

# tree, selection, the most guest addresses that may move
BOARDS = [
    (boards.ODROID, "--below=/soc", 0),
    (boards.RCAR, "--all", 0),
    ("arm64/rockchip/rk3399-rock960.dtb", "--all", 0),
    ("arm64/freescale/imx8mn-beacon-kit.dtb", "--below=/soc@0", 0),
    ("arm64/hisilicon/hi6220-hikey.dtb", "--all", 0),
    ("extra/mt8195-demo.dtb", "--all", 0),
    ("armmp/exynos5420-smdk5420.dtb", "--all", 0),
    ("arm64/freescale/fsl-ls1046a-rdb.dtb", "--all", 0),
    ("arm64/arm/juno.dtb", "--all", 0),
    # ring accelerators and PCI windows
    ("arm64/ti/k3-am642-evm.dtb", "--all", 1),
    ("arm64/ti/k3-j7200-common-proc-board.dtb", "--all", 3),
]
SAMPLE = 12


def plan(tool, blob, *arguments):
    command = [tool, "plan", "-t", blob, "--format=json", "--xen=4.17", "--allow=dma-unprotected",
               "--allow=iomem-shared-page", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return json.loads(done.stdout)


def addresses(made):
    return {reg["host"] >> 12: reg["guest"] >> 12 for device in made["devices"] for reg in device["regs"]}


def windows(made):
    return len({window for e in made["iomem"]
                for window in range(e["gfn"] >> 9, ((e["gfn"] + e["count"] - 1) >> 9) + 1)})


def moved(tool, blob, selection, sample):
    """The plan, and for each device left out how many addresses of others are new."""
    made = plan(tool, blob, selection)
    base = addresses(made)
    names = [device["path"] for device in made["devices"] if device["regs"]]
    counts = []
    for name in names[::max(1, len(names) // sample)] if sample else names:
        less = addresses(plan(tool, blob, selection, f"--except={name}"))
        counts.append(sum(base[frame] != guest for frame, guest in less.items() if frame in base))
    return made, counts


def main():
    tool = os.path.abspath(sys.argv[1])
    table = "--table" in sys.argv
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for board, selection, limit in BOARDS:
            made, counts = moved(tool, boards.tree(board, scratch), selection, 0 if table else SAMPLE)
            if table:
                print(f"{board} {selection}: {len(made['devices'])} devices, moved: median "
                      f"{statistics.median(counts):g}, worst {max(counts)}; {windows(made)} windows, "
                      f"{len(made['iomem'])} iomem entries")
            good = len(counts) >= SAMPLE and max(counts, default=0) <= limit
            passed += good
            failed += not good
            if not good:
                print(f"FAIL {board} {selection}: {len(counts)} devices left out, {max(counts, default=0)} "
                      f"addresses move, not {limit}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
