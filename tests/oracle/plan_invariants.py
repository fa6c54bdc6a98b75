#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""plan_invariants.py HOST.dtb FOLDER...

Checks what `xl-passthrough plan -t HOST.dtb -o FOLDER ...` wrote (plan.json, guest.dtb) against the host
tree: nothing of anybody else is mapped, everything mapped is where a guest of Xen 4.17 or later has room,
and the guest's tree says exactly what is mapped.  Prints what is wrong; ends with 0 when nothing is.
A plan with errors must have left plan.json alone.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import devices
import fdt
import invariants

GIC_PHANDLE = 65000
RESERVED_PHANDLES = 65000

# Guest addresses of Xen 4.17 to 4.22: (first, last, name, whether a guest may do without it)
LAYOUT = [
    (0x0200_0000, 0x020F_FFFF, "virtio-mmio", True),
    (0x0300_1000, 0x0300_1FFF, "GIC distributor", False),
    (0x0300_2000, 0x0300_3FFF, "GICv2 CPU interface or GICv3 distributor", True),
    (0x0300_4000, 0x0301_0FFF, "GICv3 distributor", True),
    (0x0302_0000, 0x0401_FFFF, "GICv3 redistributors", True),
    (0x1000_0000, 0x1FFF_FFFF, "vPCI ECAM", True),
    (0x2000_0000, 0x21FF_FFFF, "ACPI tables", True),
    (0x2200_0000, 0x2200_0FFF, "vPL011", True),
    (0x2300_0000, 0x32FF_FFFF, "vPCI memory", True),
    (0x3800_0000, 0x38FF_FFFF, "grant table", False),
    (0x3900_0000, 0x39FF_FFFF, "magic pages", False),
    (0x4000_0000, 0xFFFF_FFFF, "RAM bank 0", False),
    (0x1_0000_0000, 0x1_FFFF_FFFF, "vPCI prefetchable memory", True),
    (0x2_0000_0000, 0xFF_FFFF_FFFF, "RAM bank 1", False),
]

# Properties of phandles, and the property of the target that says how many cells follow.
REFERENCES = {
    "clocks": "#clock-cells", "assigned-clocks": "#clock-cells", "assigned-clock-parents": "#clock-cells",
    "resets": "#reset-cells", "power-domains": "#power-domain-cells", "phys": "#phy-cells",
    "dmas": "#dma-cells", "iommus": "#iommu-cells", "interrupts-extended": "#interrupt-cells",
    "mboxes": "#mbox-cells", "hwlocks": "#hwlock-cells", "interconnects": "#interconnect-cells",
    "pwms": "#pwm-cells", "io-channels": "#io-channel-cells", "thermal-sensors": "#thermal-sensor-cells",
    "sound-dai": "#sound-dai-cells", "msi-parent": "#msi-cells", "nvmem-cells": "", "phy-handle": "",
    "phy-device": "", "memory-region": "", "interrupt-parent": "", "remote-endpoint": "",
    "operating-points-v2": "", "fixed-link": None,
}


def references(node):
    """(property, handle) for each phandle that the node's known properties hold"""
    for name in node.props:
        cells_name = REFERENCES.get(name)
        if name not in REFERENCES:
            if re.fullmatch(r"pinctrl-\d+", name) or name.endswith("-supply"):
                cells_name = ""
            elif re.fullmatch(r"(.*-)?gpios?", name) and not (
                    node.has("gpio-hog") or name.endswith("nr-gpios")):
                cells_name = "#gpio-cells"
        if cells_name is None:
            continue
        cells = node.cells(name)
        position = 0
        while position < len(cells):
            handle = cells[position]
            position += 1
            if handle == 0:
                continue
            yield name, handle
            target = node.tree.find(handle)
            count = (target.u32(cells_name) or 0) if target and cells_name else 0
            position += count
            if target is None and cells_name:
                break


class Plan:
    def __init__(self, host, folder):
        self.host = host
        self.folder = Path(folder)
        self.plan = json.loads((self.folder / "plan.json").read_text())
        self.problems = []

    def wrong(self, text):
        self.problems.append(f"{self.folder.name}: {text}")

    def check(self, host_path):
        if not self.plan["ok"]:
            left = sorted(path.name for path in self.folder.iterdir() if path.name != "plan.json")
            if left:
                self.wrong(f"the plan has errors, yet there are {', '.join(left)}")
            return self.problems
        self.check_devices()
        self.check_owners()
        self.check_layout()
        blob = self.folder / "guest.dtb"
        try:
            guest = fdt.load(blob)
        except (OSError, fdt.FdtError) as problem:
            self.wrong(f"guest.dtb: {problem}")
            return self.problems
        self.check_guest(guest)
        self.check_tools(host_path, blob)
        return self.problems

    def allowed(self, name):
        return [d for d in self.plan["diagnostics"] if d["id"] == name and d["severity"] != "error"]

    def nodes(self, paths):
        found = set()
        for path in paths:
            node = self.host.by_path.get(path)
            if node is None:
                self.wrong(f"{path} is not in the host tree")
            else:
                found.add(node)
        return found

    def check_devices(self):
        gic = devices.primary_gic(self.host)
        irqs = set()
        for device in self.plan["devices"]:
            node = self.host.by_path.get(device["path"])
            irqs.update(device["irqs"])
            if node is None:
                continue
            expected = [(base, size) for base, size in devices.resources(node) if base is not None]
            given = [(reg["host"], reg["size"]) for reg in device["regs"]]
            # Its own come first, then those of what is below it.
            if given[:len(expected)] != expected:
                self.wrong(f"{node.path}: registers {given}, expected {expected} first")
            missing = set(devices.intids(node, gic) if gic else []) - set(device["irqs"])
            if missing:
                self.wrong(f"{node.path}: lacks INTIDs {sorted(missing)}")
            for reg in device["regs"]:
                first, last = reg["guest"] // 4096, (reg["guest"] + max(reg["size"], 1) - 1) // 4096
                for frame in (first, last) if reg["size"] else ():
                    if self.host_frame(frame) != (reg["host"] // 4096) + frame - first:
                        self.wrong(f"{node.path}: guest frame 0x{frame:x} does not map host 0x{reg['host']:x}")
                if reg["size"] and reg["guest"] % 4096 != reg["host"] % 4096:
                    self.wrong(f"{node.path}: offset in the page differs: {reg}")
        if self.plan["irqs"] != sorted(set(self.plan["irqs"])):
            self.wrong("irqs is not ascending and unique")
        if not irqs <= set(self.plan["irqs"]):
            self.wrong(f"irqs lacks {sorted(irqs - set(self.plan['irqs']))}")

    def host_frame(self, guest_frame):
        for window in self.plan["iomem"]:
            if window["gfn"] <= guest_frame < window["gfn"] + window["count"]:
                return window["start"] + guest_frame - window["gfn"]
        return None

    def check_owners(self):
        """No page and no SPI of a node outside the plan."""
        own = self.nodes(device["path"] for device in self.plan["devices"])
        marked = self.nodes(self.plan["mark"])
        uses = invariants.Uses(self.host)
        shared = self.allowed("iomem-shared-page")
        for window in self.plan["iomem"]:
            for other, first, last in uses.of_pages(window["start"], window["start"] + window["count"] - 1):
                if invariants.inside(other, own) or (other in marked and not invariants.enabled(other)):
                    continue
                if any(other in node.ancestors() and self.spans(other, node) for node in own):
                    continue
                if self.is_window(other):
                    continue
                if any(other.path in (d["message"] or "") + " " + (d["hint"] or "") for d in shared):
                    continue
                self.wrong(f"maps 0x{window['start']:x}+{window['count']}, where {other.path} has 0x{first:x}..0x{last:x}")
        for other, spis in uses.spis.items():
            taken = spis & set(self.plan["irqs"])
            if taken and not invariants.inside(other, own) and other not in marked:
                self.wrong(f"takes INTID {min(taken)} of {other.path}")

    @staticmethod
    def is_window(bus):
        """A bus whose own reg holds all that is below it describes its window, not registers."""
        below = [node for node in bus.tree.nodes if bus in node.ancestors()]
        regs = [(base, size) for node in below for base, size in devices.resources(node)
                if base is not None and size]
        return bool(regs) and "ranges" in bus.props and any(
            base is not None and all(base <= b and b + s <= base + size for b, s in regs)
            for base, size in devices.resources(bus))

    @staticmethod
    def spans(bus, node):
        return all(
            invariants.is_spanning_bus(bus, node, base, base + size - 1)
            for base, size in devices.resources(node)
            if base is not None and size
        )

    def check_layout(self):
        if self.plan["xen"] not in (None, "any") and tuple(map(int, self.plan["xen"].split(".")[:2])) < (4, 17):
            return
        may_reserve = bool(self.allowed("gfn-reserved"))
        seen = []
        for window in self.plan["iomem"]:
            first, last = window["gfn"] << 12, ((window["gfn"] + window["count"]) << 12) - 1
            for start, end, name, optional in LAYOUT:
                if first <= end and last >= start and not (optional and may_reserve):
                    self.wrong(f"guest 0x{first:x}..0x{last:x} overlaps {name}")
            for start, end in seen:
                if first <= end and last >= start:
                    self.wrong(f"guest 0x{first:x}..0x{last:x} is mapped twice")
            if last >> 40:
                self.wrong(f"guest 0x{last:x} is beyond 40 bits")
            seen.append((first, last))

    def check_guest(self, guest):
        handles = {}
        for node in guest.nodes:
            if not node.phandle:
                continue
            if node.phandle in handles:
                self.wrong(f"guest.dtb: {node.path} and {handles[node.phandle].path} have one phandle")
            handles[node.phandle] = node
            is_stub = node.phandle == GIC_PHANDLE and node.parent is guest.root and node.has("interrupt-controller")
            if node.phandle >= RESERVED_PHANDLES and not is_stub:
                self.wrong(f"guest.dtb: {node.path} has the reserved phandle {node.phandle}")
        for node in guest.nodes:
            for name, handle in references(node):
                if handle not in handles and not (name == "interrupt-parent" and handle == GIC_PHANDLE):
                    self.wrong(f"guest.dtb: {node.path}: {name} refers to 0x{handle:x}, which does not exist")
            if node.duplicates:
                self.wrong(f"guest.dtb: {node.path} has a property twice")
        if len(guest.by_path) != len(guest.nodes):
            self.wrong("guest.dtb: two nodes of one name")
        top = guest.by_path.get("/passthrough")
        if top is None:
            self.wrong("guest.dtb: no /passthrough")
            return
        if "simple-bus" not in top.strings("compatible") or not top.has("ranges"):
            self.wrong("guest.dtb: /passthrough is no simple-bus with ranges")
        if (top.u32("#address-cells"), top.u32("#size-cells")) != (2, 2):
            self.wrong("guest.dtb: /passthrough does not have 2/2 cells")
        self.check_guest_devices(guest, top)

    def check_guest_devices(self, guest, top):
        gic = guest.find(GIC_PHANDLE)
        for node in top.subtree():
            for base, size in devices.resources(node):
                if base is None or not size:
                    continue
                for frame in range(base // 4096, (base + size - 1) // 4096 + 1):
                    if self.host_frame(frame) is None:
                        self.wrong(f"guest.dtb: {node.path}: 0x{base:x}+0x{size:x} is not mapped at 0x{frame << 12:x}")
                        break
            for entry in devices.interrupts(node):
                if entry and entry[0] is gic and (entry[1][0] != 0 or entry[1][1] + 32 not in self.plan["irqs"]):
                    self.wrong(f"guest.dtb: {node.path}: interrupt {entry[1]} is not in irqs")
                elif entry is None:
                    self.wrong(f"guest.dtb: {node.path}: an interrupt leads nowhere")
            stray = (invariants.host_bridge_spis(node, gic) if gic else set()) - set(self.plan["irqs"])
            if stray:
                self.wrong(f"guest.dtb: {node.path}: its interrupt-map has INTIDs {sorted(stray)}, not in irqs")
        for device in self.plan["devices"]:
            node = guest.by_path.get(device["guest_path"]) if device["guest_path"] else None
            if node is None:
                self.wrong(f"guest.dtb: no node {device['guest_path']}")
                continue
            told = [base for base, _ in devices.resources(node) if base is not None]
            listed = [reg["guest"] for reg in device["regs"]]
            if [base for base in told if base in listed] != told:
                self.wrong(f"guest.dtb: {node.path}: registers at {told}, plan.json says {listed}")

    def check_tools(self, host_path, blob):
        def warnings(path):
            run = subprocess.run(["dtc", "-I", "dtb", "-O", "dts", "-o", "/dev/null", str(path)], capture_output=True, text=True)
            return run.returncode, set(re.findall(r"(?:Warning|ERROR) \((\w+)\)", run.stderr)), run.stderr

        status, told, text = warnings(blob)
        if status or "ERROR" in text:
            self.wrong(f"guest.dtb: dtc refuses it: {text.strip()[:200]}")
        fresh = told - (warnings(host_path)[1] if told else set())
        if fresh:
            self.wrong(f"guest.dtb: dtc warns of what it does not in the host tree: {sorted(fresh)}")
        dump = subprocess.run(["fdtdump", str(blob)], capture_output=True, text=True, errors="replace")
        if dump.returncode:
            self.wrong(f"guest.dtb: fdtdump refuses it: {dump.stderr.strip()[:200]}")


def main(host_path, folders):
    host = fdt.load(host_path)
    problems = []
    for folder in folders:
        problems += Plan(host, folder).check(host_path)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
