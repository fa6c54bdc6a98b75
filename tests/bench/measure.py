#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Ratios of what run.sh built; see there."""
import os
import pathlib
import subprocess
import sys

import selections

# As large as a tree of 10^5 devices; one with less would measure the start of the process.
SHAPES = {
    "siblings": "10^5 nodes side by side",
    "properties": "one node with 10^5 properties",
    "phandles": "10^5 phandles in one property",
    "ranges": "10^5 windows, each with a device",
    "interrupt-map": "10^5 entries, each with a device",
    "map-cycle": "two interrupt-maps of 10^5 in a circle",
    "parent-loop": "10^5 devices in an interrupt-parent loop",
    "one-page": "10^5 devices in one page",
    "one-spi": "10^5 devices with one SPI",
    "one-stream": "10^5 devices with one StreamID",
    "streams": "10^5 devices with a StreamID each",
    "stream-list": "one device with 10^5 StreamIDs",
    "iommu-map": "the same beside an iommu-map of 10^5",
    "aliases": "10^5 aliases",
    "compatibles": "one device with 10^5 compatibles",
    "same-stream": "one device with one StreamID 10^5 times",
    "masked-streams": "10^5 devices, each with a masked StreamID",
    "regs": "one device with 10^5 registers in one page",
    "shared-subtree": "10^5 devices that take one table of 1000 along",
    "graph": "10^5 devices, joined in pairs as ends of a graph",
    "inside": "10^5 devices that refer into one",
    "pci-windows": "a host bridge with 10^5 windows",
    "nested": "chains of 48 devices, one in the other",
    "cycle-lines": "lines through two short interrupt-maps in a circle",
    "map-chain": "lines through 60 interrupt-maps",
    "parent-chain": "lines to a controller behind 120 interrupt-parents",
    "idle-nexus": "lines through nodes that only pass them on",
    "named-controller": "lines to a controller of as many compatibles",
    "named-clock": "references to a clock of as many compatibles",
    "paths": "leaves at the end of long paths",
    "findings": "leaves with an error, 58 levels down",
}
PARTIAL_BYTES = 880000  # libxl has 1 MiB for all of a guest's tree
exceeded = 0


def run(argv, status=0):
    """User and system seconds, and the greatest resident size in KiB. status None: 0 or 1."""
    with open(os.devnull, "wb") as null:
        child = subprocess.Popen([str(a) for a in argv], stdout=null, stderr=null)
        _, code, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(code)
    if child.returncode not in ((0, 1) if status is None else (status,)):
        sys.exit(f"{argv[0]} {argv[-1]} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def turns(n, *commands, status=0):
    """The least time of each command, by turns."""
    best = [None] * len(commands)
    for _ in range(n):
        for i, argvs in enumerate(commands):
            seconds = sum(run(argv, status)[0] for argv in argvs)
            best[i] = seconds if best[i] is None else min(best[i], seconds)
    return best


def row(what, value, limit=None, unit="", note=""):
    global exceeded
    bad = limit is not None and value > limit
    exceeded += bad
    print(f"{what:<58} {value:6.2f}{unit:<4}" +
          (f" at most {limit:g}{unit}{'   EXCEEDED' if bad else ''}" if limit is not None else "") + note,
          flush=True)


def main():
    work, tool, corpus, reader = (pathlib.Path(a) for a in sys.argv[1:5])
    quick = "--quick" in sys.argv[5:]
    trees = sorted(corpus.glob("**/*.dtb"), key=lambda p: p.stat().st_size)
    largest = trees[-1]
    devices = [tool, "devices", "--format=json"]
    dtc = ["dtc", "-q", "-I", "dtb", "-O", "dtb", "-o", "/dev/null"]

    def made(shape, n, *partial):
        path = work / f"{'-'.join((shape, *partial))}-{n}.dtb"
        if not path.exists():
            with open(path, "wb") as out:
                subprocess.run([work / "make-tree", shape, str(n), *partial], stdout=out, check=True)
        return path

    def made_partial(shape):
        """As large as the plain one, as far as the shape grows by what it has many of."""
        first, second = (made(shape, n, "partial").stat().st_size for n in (1000, 2000))
        return made(shape, 1000 + (PARTIAL_BYTES - first) * 1000 // (second - first), "partial")

    print(f"{len(trees)} arm64 trees of Debian's kernel; the largest has {largest.stat().st_size} bytes")
    ours, theirs, walk = turns(9, [devices + [largest]], [dtc + [largest]], [[work / "walk-tree", largest]])
    row("largest tree, to one dtc call", ours / theirs, 1)
    row("largest tree, to a plain libfdt walk", ours / walk)
    ours, theirs, walk = turns(2, [devices + trees], [dtc + [t] for t in trees], [[work / "walk-tree"] + trees])
    row("all in one call, to one dtc call each", ours / theirs, 0.2)
    row("all in one call, to a plain libfdt walk", ours / walk)
    row("resident size on the largest tree", run(devices + [largest])[1] / 1024, 32, " MiB")
    for path, what in ((largest, "largest tree"), (made("plain", 100000), "10^5 nodes")):
        ratio = subprocess.run([work / "index-size", path], capture_output=True, text=True, check=True)
        row(f"index to blob, {what}", float(ratio.stdout), 4)

    # Small trees are given many times in one call, so that the start of the process is no part of it.
    print("\ntime for each node of devices that share nothing, to that of 10^3 nodes")
    sizes = [10 ** 3, 10 ** 4, 10 ** 5] + ([] if quick else [10 ** 6])
    first = None
    for n in sizes:
        times = max(1, 10 ** 5 // n)
        seconds, = turns(3 if n < 10 ** 6 else 1, [devices + [made("alone", n)] * times])
        each = seconds / times / n
        first = first or each
        row(f"{n} nodes", each / first, 2)

    n = 10 ** 5
    for name, command, status in (("devices", devices, 0),
                                  ("plan --all", [tool, "plan", "--format=json", "--xen=4.17", "--all", "-t"], None),
                                  ("plan --all, DMA allowed", [tool, "plan", "--format=json", "--xen=4.17",
                                                               "--allow=dma-unprotected", "--all", "-t"], None),
                                  ("uboot --all, DMA allowed", [tool, "uboot", "--xen=4.17",
                                                                "--allow=dma-unprotected", "--all", "-t"], None)):
        def memory(path):
            """Resident KiB for each byte, without what the program itself takes."""
            return (run(command + [path], status)[1] - run(command + [made("plain", 1)], status)[1]) / path.stat().st_size

        print(f"\n{name}: time for each byte, and memory, to those of a plain tree of 10^5 nodes")
        plain, = turns(2, [command + [made("plain", n)]], status=status)
        plain /= made("plain", n).stat().st_size
        plain_memory = memory(made("plain", n))
        for shape, what in SHAPES.items():
            path = made(shape, n)
            # at least as many bytes as take a tenth of a second
            times = max(1, int(2e6 // path.stat().st_size))
            # plan takes one tree in a call
            commands = [command + [path]] * times if status is None else [command + [path] * times]
            seconds, = turns(2, commands, status=status)
            row(what, seconds / times / path.stat().st_size / plain, 5,
                note=f"   memory {memory(path) / plain_memory:.1f}")
        deep = made("depth", 10 ** 4)
        seconds, _ = run(command + [deep], status=2)
        row("10^4 levels (refused)", seconds / deep.stat().st_size / plain, 5)

    for form in ("dts", "json"):
        command = [tool, "merge", "--xen=4.17", "--memory=256", f"--format={form}"]
        print(f"\nmerge --format={form}: time for each byte, to that of a plain partial tree of 880 kB")
        plain, = turns(3, [command + [made_partial("plain")]])
        plain /= made_partial("plain").stat().st_size
        for shape, what in SHAPES.items():
            path = made_partial(shape)
            seconds, = turns(3, [command + [path]], status=None)
            row(what.replace("10^5", "many"), seconds / path.stat().st_size / plain, 5)
        few = made("properties", 4000, "partial")
        seconds, = turns(3, [command + [few]], status=None)
        row("4000 names in a small tree", seconds / few.stat().st_size / plain, 5)

    selections.names([tool, "plan", "--format=json", "--xen=4.17", "--allow=dma-unprotected", "-t"], made,
                     turns, row)
    selections.partition(reader, work, made, turns, row)
    return 1 if exceeded else 0


sys.exit(main())
