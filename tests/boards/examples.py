#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""examples.py XL_PASSTHROUGH [--write]

Runs the command of every folder in examples/ on the board's tree, and holds
what it prints against expected.txt there; comments aside, which name versions.
--write writes expected.txt anew, to be read before it is committed. What the
document behind the Odroid C4 maps by hand is compared range by range.
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile

import run as boards

EXAMPLES = os.path.join(boards.TOP, "examples")
TREES = {
    "virt.dtb": "virt",
    "meson-sm1-odroid-c4.dtb": boards.ODROID,
    "r8a77951-salvator-xs.dtb": boards.RCAR,
    "ecx-2000.dtb": boards.MIDWAY,
    "zynqmp-zcu102-rev1.0.dtb": boards.ZCU102,
}

# What LionsOS's driver VM maps and takes on an Odroid C4 by hand.
LIONS_RANGES = [(0xff600000, 0x200000), (0xff800000, 0x400000), (0xffd00000, 0x100000),
                (0xffe05000, 0x1000), (0xffe07000, 0x1000), (0xff3f0000, 0x10000), (0xffc06000, 0x1000)]
LIONS_IRQS = [35, 192, 193, 194, 53, 225, 89, 5, 222, 223, 40] + list(range(96, 104))
# Differences that examples/odroid-c4/README.md explains: devices, and INTIDs.
EXPLAINED = {"/soc/bus@ff800000/serial@3000", "/soc/interrupt-controller@ffc01000"}
EXPLAINED_IRQS = {5, 225} | set(range(96, 104))


def code(text):
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def words_of(folder, tool, scratch):
    with open(os.path.join(folder, "command.txt"), encoding="utf-8") as f:
        words = shlex.split(f.read())
    place = words.index("-t") + 1
    words[place] = boards.tree(TREES[words[place]], scratch)
    return [tool] + words[1:]


def run_example(tool, name, scratch, write):
    folder = os.path.join(EXAMPLES, name)
    with open(os.path.join(folder, "command.txt"), encoding="utf-8") as f:
        command = f.read().strip()
    with open(os.path.join(folder, "README.md"), encoding="utf-8") as f:
        if command not in f.read():
            return ["the README has another command"]
    done = subprocess.run(words_of(folder, tool, scratch), cwd=folder, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        return [f"exit {done.returncode}: {done.stderr[-300:]}"]
    path = os.path.join(folder, "expected.txt")
    if write:
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join(line + "\n" for line in code(done.stdout)))
    with open(path, encoding="utf-8") as f:
        expected = code(f.read())
    got = code(done.stdout)
    wrong = [line for line in got + expected if (line in got) != (line in expected)]
    return [f"differs: {line}" for line in wrong]


def lions(tool, scratch):
    """Every register of the tree that the document maps is the guest's, or explained."""
    blob = boards.tree(boards.ODROID, scratch)
    done = subprocess.run([tool, "plan", "-t", blob, "--below=/soc", "--xen=4.17", "--allow=dma-unprotected",
                           "--format=json"], capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"exit {done.returncode}"]
    plan = json.loads(done.stdout)
    devices = json.loads(subprocess.run([tool, "devices", "--format=json", blob], check=True, text=True,
                                        capture_output=True).stdout)["devices"]
    given = {frame for m in plan["iomem"] for frame in range(m["start"], m["start"] + m["count"])}
    buses = {path for path in (d["path"] for d in devices)
             if any(d["path"].startswith(path + "/") for d in devices)}
    wrong = []
    left = set()
    for device in devices:
        if device["path"] in buses:
            continue
        for reg in device["regs"]:
            if any(base <= reg["base"] < base + size for base, size in LIONS_RANGES) and \
               reg["base"] >> 12 not in given:
                left.add(device["path"])
    if left != EXPLAINED:
        wrong.append(f"not covered: {sorted(left - EXPLAINED)}, covered after all: {sorted(EXPLAINED - left)}")
    missing = {irq for irq in LIONS_IRQS if irq not in plan["irqs"]}
    if missing != EXPLAINED_IRQS:
        wrong.append(f"interrupts {sorted(missing ^ EXPLAINED_IRQS)}")
    if 0xffc06 in given or 0xff803 in given:
        wrong.append("a page of Xen's own is given")
    with open(os.path.join(EXAMPLES, "odroid-c4/README.md"), encoding="utf-8") as f:
        text = f.read()
    with open(os.path.join(EXAMPLES, "odroid-c4/expected.txt"), encoding="utf-8") as f:
        entries = f.read().count("@0x")
    for word in ["serial@3000", "0xffc06000", "225", "96", f"{len(plan['devices'])} devices",
                 f"{len(plan['irqs'])} interrupts", f"{entries} iomem entries"]:
        if word not in text:
            wrong.append(f"the README does not have: {word}")
    return wrong


def order(tool, scratch):
    """One small device more changes few lines: its own, and no place of another one."""
    blob = boards.tree(boards.ODROID, scratch)
    command = [tool, "plan", "-t", blob, "--below=/soc", "--xen=4.17", "--allow=dma-unprotected",
               "--format=cfg"]
    texts = [code(subprocess.run(command + extra, capture_output=True, text=True, check=True).stdout)
             for extra in (["--except=/soc/bus@ffd00000/i2c@1d000"], [])]
    changed = [line for line in texts[0] + texts[1] if (line in texts[0]) != (line in texts[1])]
    return [] if 0 < len(changed) <= 4 else [f"{len(changed)} lines change: {changed[:8]}"]


def main():
    tool = os.path.abspath(sys.argv[1])
    write = sys.argv[2:] == ["--write"]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        names = sorted(n for n in os.listdir(EXAMPLES)
                       if os.path.exists(os.path.join(EXAMPLES, n, "command.txt")))
        jobs = [(name, lambda name=name: run_example(tool, name, scratch, write)) for name in names]
        jobs += [("the driver VM of LionsOS", lambda: lions(tool, scratch)),
                 ("a small change", lambda: order(tool, scratch))]
        for name, job in jobs:
            wrong = job()
            passed += not wrong
            failed += bool(wrong)
            if wrong:
                print(f"FAIL {name}: {'; '.join(wrong)}")
    if len(names) != len(TREES):
        failed += 1
        print(f"FAIL {len(TREES)} trees, {len(names)} examples")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
