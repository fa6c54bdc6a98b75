#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check-oracle.py [FILE...]

Compares devices.py with Linux's own drivers/of (linux-of/) for every node of every device tree: each
address that of_address_to_resource() or of_translate_address() gives, each of_irq_parse_one(), and the
GIC that of_irq_init() sets up first.  Without FILEs: the whole corpus.
Ends with 0 when nothing differs.
"""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import devices
import fdt

HERE = Path(__file__).resolve().parent
SHOWN = 40


def of_linux(program, paths):
    """{file: {node path: (resources, translations, interrupts)}}, the values as printed by linux-of"""
    output = subprocess.run([program, *paths], capture_output=True, text=True, check=False).stdout
    result = {}
    nodes = None
    for line in output.split("\n"):
        if line.startswith("file "):
            nodes = result[line[5:]] = {}
        elif line == "unreadable":
            result[paths[len(result) - 1]] = None
        elif line.startswith("gic "):
            nodes["gic"] = [("", "", line[4:])]
        elif line.startswith("node "):
            path, regs, interrupts = line[5:].split("\t")
            resources, _, translations = regs.partition("|")
            nodes.setdefault(path, []).append((resources, translations, interrupts))
    return result


def of_ours(tree):
    """The same from devices.py, in the same spelling."""
    result = {}
    for node in tree.nodes:
        resources = devices.resources(node)
        sizes = " ".join("-" if base is None else f"{base:x}+{size:x}" for base, size in resources)
        starts = " ".join("-" if base is None else f"{base:x}" for base, _ in resources)
        interrupts = [
            f"{entry[0].path}:" + ",".join(f"{cell:x}" for cell in entry[1]) if entry else "-"
            for entry in devices.interrupts(node)
        ]
        while interrupts and interrupts[-1] == "-":
            interrupts.pop()
        result.setdefault(node.path, []).append((sizes, starts, " ".join(interrupts)))
    gic = devices.primary_gic(tree)
    if gic:
        result["gic"] = [("", "", gic.path)]
    return result


def no_resource(ours, linux):
    """Whether Linux only makes no resource of addresses that it does translate: on three-cell buses
    other than PCI it takes the first cell for flags of a resource."""
    return all(theirs in (mine, "-") for mine, theirs in zip(ours.split(), linux.split()))


def compare(arguments):
    """(nodes, addresses, interrupts, nodes without resource, list of differences) of some files"""
    program, paths = arguments
    nodes = addresses = interrupts = without = 0
    problems = []
    linux = of_linux(program, paths)
    for path in paths:
        theirs = linux.get(path)
        try:
            ours = of_ours(fdt.load(path))
        except fdt.FdtError as problem:
            ours = None
            if theirs is not None:
                problems.append(f"{path}: only Linux reads it ({problem})")
        if ours is None or theirs is None:
            if ours is not None:
                problems.append(f"{path}: Linux does not read it")
            continue
        for name in ours.keys() | theirs.keys():
            us, them = ours.get(name, []), theirs.get(name, [])
            nodes += len(us)
            for one, other in zip(us, them):
                addresses += len(one[0].split())
                interrupts += len(one[2].split())
                for what, left, right in zip(("resources", "addresses", "interrupts"), one, other):
                    if what == "resources" and left != right and no_resource(left, right):
                        without += 1
                    elif left != right:
                        problems.append(f"{path}: {name}: {what}: [{left}], Linux [{right}]")
            if len(us) != len(them):
                problems.append(f"{path}: {name}: {len(us)} such nodes, Linux {len(them)}")
    return nodes, addresses, interrupts, without, problems


def main(paths):
    program = subprocess.run([HERE / "linux-of/build.sh"], check=True, capture_output=True, text=True)
    program = program.stdout.strip()
    if not paths:
        folder = subprocess.run([HERE.parent / "lib/corpus.sh"], check=True, capture_output=True, text=True).stdout.strip()
        paths = sorted(str(path) for path in Path(folder).rglob("*.dtb"))
    batches = [(program, paths[start : start + 16]) for start in range(0, len(paths), 16)]
    totals = [0, 0, 0, 0]
    problems = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for *counts, found in pool.map(compare, batches):
            totals = [total + count for total, count in zip(totals, counts)]
            problems += found
    for problem in problems[:SHOWN]:
        print(problem)
    print(
        f"{len(paths)} trees, {totals[0]} nodes, {totals[1]} addresses, {totals[2]} interrupts,"
        f" {totals[3]} nodes whose address Linux translates without making it a resource;"
        f" {len(problems)} differences from Linux's drivers/of"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
