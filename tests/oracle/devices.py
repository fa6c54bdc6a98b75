#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""devices.py FILE...

An independent answer to `xl-passthrough devices --format=json`, for what can be said with certainty:
which nodes are devices, their CPU addresses, 4 KiB frames and INTIDs.  One JSON line for each file.

Written from the Devicetree Specification and from what Linux 6.1 makes of a tree (tests/oracle/linux-of
runs Linux's own code to check it).  It looks everything up anew each time: clear, not fast.
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase

import fdt

MASK = (1 << 64) - 1
MAX_ARGUMENTS = 16
NOT_DEVICES = ("cpus", "memory", "reserved-memory", "chosen", "aliases", "options", "__*__")

# The interrupt controllers that Linux's irq-gic drivers claim at boot.
GIC_COMPATIBLES = {
    "arm,gic-400", "arm,arm11mp-gic", "arm,arm1176jzf-devchip-gic", "arm,cortex-a15-gic",
    "arm,cortex-a9-gic", "arm,cortex-a7-gic", "qcom,msm-8660-qgic", "qcom,msm-qgic2", "arm,pl390",
    "arm,gic-v3", "arm,tc11mp-gic", "arm,eb11mp-gic",
}

# Controllers whose drivers read their interrupt-map themselves: for everybody else it is not there.
PRIVATE_INTERRUPT_MAPS = {
    "CBEA,platform-spider-pic", "sti,platform-spider-pic", "realtek,rtl-intc", "fsl,ls1021a-extirq",
    "fsl,ls1043a-extirq", "fsl,ls1088a-extirq", "renesas,rza1-irqc", "pasemi,rootbus",
}


def number(cells):
    """Big-endian cells as a number of 64 bits; cells before the last two do not count."""
    value = 0
    for cell in cells:
        value = (value << 32 | cell) & MASK
    return value


def to_cells(value, count):
    return [(value >> (32 * (count - 1 - i))) & 0xFFFFFFFF if count - 1 - i < 2 else 0 for i in range(count)]


# --- addresses -------------------------------------------------------------------------------------


def inherited_cells(node, name, at_root):
    """The cell count that holds for the children of node: its own, or that of the nearest parent."""
    while node is not None:
        value = node.u32(name)
        if value is not None:
            return value
        node = node.parent
    return at_root


class Bus:
    """How the children of one node are addressed."""

    def __init__(self, node):
        self.node = node
        kind = node.string("device_type")
        if kind in ("pci", "pciex", "vci", "ht") or node.base_name == "pcie":
            self.kind, self.address, self.size = "pci", 3, 2
        elif node.base_name == "isa":
            self.kind, self.address, self.size = "isa", 2, 1
        else:
            self.address = inherited_cells(node, "#address-cells", 2)
            self.size = inherited_cells(node, "#size-cells", 1)
            self.kind = "flagged" if self.address == 3 else "plain"
        # Three-cell, PCI and ISA addresses begin with a cell that says what kind of address follows.
        self.flag_cells = 0 if self.kind == "plain" else 1

    @property
    def countable(self):
        return 0 < self.address <= 4 and 0 < self.size < 1 << 31

    def space(self, flags):
        """What must be equal in an address and in a window for the window to hold the address."""
        if self.kind == "pci":
            return {0: "configuration", 1: "io"}.get(flags >> 24 & 3, "memory")
        if self.kind == "isa":
            return flags & 1
        return flags

    def find_window(self, address, parent_cells):
        """The parent's address for an address of this bus through non-empty `ranges`."""
        ranges = self.node.cells("ranges")
        length = self.address + parent_cells + self.size
        skip = self.flag_cells
        for start in range(0, len(ranges) - length + 1, length):
            child = ranges[start : start + self.address]
            parent = ranges[start + self.address : start + self.address + parent_cells]
            size = number(ranges[start + self.address + parent_cells : start + length])
            if skip and self.space(address[0]) != self.space(child[0]):
                continue
            first, wanted = number(child[skip:]), number(address[skip:])
            if first <= wanted < (first + size) & MASK:
                return parent, wanted - first
        return None


def translate(bus, address):
    """The CPU address of an address on bus, or None."""
    if not bus.countable:
        return None
    while bus.node.parent is not None:
        outer = Bus(bus.node.parent)
        if not outer.countable:
            return None
        ranges = bus.node.get("ranges")
        if ranges is None:
            return None
        if len(ranges) == 0:
            kept = (address + [0] * outer.address)[: outer.flag_cells]
            parent, offset = kept + [0] * (outer.address - outer.flag_cells), number(address)
        else:
            window = bus.find_window(address, outer.address)
            if window is None:
                return None
            parent, offset = window
        skip = outer.flag_cells
        address = parent[:skip] + to_cells((number(parent[skip:]) + offset) & MASK, outer.address - skip)
        bus = outer
    return number(address)


def resources(node):
    """(CPU address or None, size) of each entry of the property that gives the node its addresses."""
    if node.parent is None:
        return []
    bus = Bus(node.parent)
    if not 0 < bus.address <= 4:
        return []
    cells = node.cells("assigned-addresses" if bus.kind == "pci" else "reg")
    length = bus.address + bus.size
    result = []
    for start in range(0, len(cells) - length + 1, length):
        address = cells[start : start + bus.address]
        size = number(cells[start + bus.address : start + length])
        base = translate(bus, address)
        if base == MASK:
            base = None  # the value by which Linux says "no address"
        result.append((base, size))
    return result


def frames_of(regs):
    """4 KiB frames, merged and ascending."""
    spans = sorted((base >> 12, min(base + size - 1, MASK) >> 12) for base, size in regs if size)
    merged = []
    for first, last in spans:
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return [{"start": first, "count": last - first + 1} for first, last in merged]


# --- interrupts ------------------------------------------------------------------------------------


def interrupt_parent(node):
    """The node whose #interrupt-cells describes what node says of its interrupts, or None."""
    seen = set()
    while True:
        if node.index in seen:
            return None  # interrupt-parent in a circle
        seen.add(node.index)
        handle = node.u32("interrupt-parent")
        node = node.parent if handle is None else node.tree.find(handle)
        if node is None or node.has("#interrupt-cells"):
            return node


def extended_entries(node):
    """(controller, arguments) for each entry of interrupts-extended; None for an entry with handle 0.
    Ends before the first entry whose length cannot be known."""
    cells = node.cells("interrupts-extended")
    position = 0
    result = []
    while position < len(cells):
        handle = cells[position]
        position += 1
        if handle == 0:
            result.append(None)
            continue
        controller = node.tree.find(handle)
        count = controller.u32("#interrupt-cells") if controller else None
        if count is None or position + count > len(cells):
            break
        # What no specifier of Linux can hold is cut off, the position still moves by the whole count.
        result.append((controller, cells[position : position + min(count, MAX_ARGUMENTS)]))
        position += count
    return result


def follow_maps(node, controller, arguments):
    """(controller, arguments) at the end of all interrupt-maps, or None."""
    # Without #interrupt-cells (possible after a short property only) the next one up counts.
    while controller is not None and controller.u32("#interrupt-cells") is None:
        controller = interrupt_parent(controller)
    if controller is None or controller.u32("#interrupt-cells") != len(arguments):
        return None

    # The unit address is as long as the #address-cells of the controller or of its nearest parent say.
    address_cells = inherited_cells(controller, "#address-cells", 2)
    if address_cells + len(arguments) > MAX_ARGUMENTS:
        return None
    unit = (node.cells("reg")[:3] + [0] * MAX_ARGUMENTS)[:address_cells]
    wanted = unit + arguments
    named = controller
    seen = set()
    while controller is not None:
        private = PRIVATE_INTERRUPT_MAPS.intersection(controller.strings("compatible"))
        has_map = controller.has("interrupt-map")
        if controller.has("interrupt-controller") and (private or not has_map):
            # A node that is neither controller nor nexus passes nothing on: the interrupt stays with it.
            return named, arguments
        state = (controller.index, tuple(wanted))
        if state in seen:
            return None  # a circle
        seen.add(state)
        if not has_map:
            controller = interrupt_parent(controller)
            continue
        found = look_up(controller, wanted)
        if found is None:
            return None
        target, unit, arguments = found
        if target is controller:
            return target, arguments
        wanted = unit + arguments
        controller = named = target
    return None


def look_up(nexus, wanted):
    """(controller, unit address, arguments) of the first usable row of nexus's interrupt-map."""
    rows = nexus.cells("interrupt-map")
    mask = nexus.cells("interrupt-map-mask") if nexus.has("interrupt-map-mask") else [0xFFFFFFFF] * len(wanted)
    if len(mask) < len(wanted):
        return None
    position = 0
    while len(rows) - position > len(wanted) + 1:
        row = rows[position : position + len(wanted)]
        position += len(wanted)
        target = nexus.tree.find(rows[position])
        position += 1
        count = target.u32("#interrupt-cells") if target else None
        if count is None:
            return None  # the row's length is unknown, and so is where the next one begins
        address_cells = target.u32("#address-cells") or 0
        if address_cells + count > MAX_ARGUMENTS or position + address_cells + count > len(rows):
            return None
        unit = rows[position : position + address_cells]
        arguments = rows[position + address_cells : position + address_cells + count]
        position += address_cells + count
        matches = all((a ^ b) & m == 0 for a, b, m in zip(row, wanted, mask))
        if matches and target.available:
            return target, unit, arguments
    return None


def interrupts(node):
    """For each index (controller, arguments), or None where that index leads nowhere.
    Where interrupts-extended has nothing for an index, `interrupts` is asked for the same index."""
    extended = extended_entries(node)
    cells = node.cells("interrupts")
    parent = interrupt_parent(node)
    count = parent.u32("#interrupt-cells") if parent else None
    plain = 0
    if count is not None and 0 < count <= MAX_ARGUMENTS:
        plain = len(cells) // count
    result = []
    for index in range(max(len(extended), plain)):
        entry = extended[index] if index < len(extended) else None
        if entry is None and index < plain:
            entry = parent, cells[index * count : (index + 1) * count]
        result.append(follow_maps(node, *entry) if entry else None)
    return result


def is_cascaded(gic):
    """Whether this GIC hands its interrupts to another controller."""
    handle = gic.u32("interrupts-extended")
    parent = gic.tree.find(handle) if handle else None
    if parent is None:
        parent = interrupt_parent(gic)
    return parent is not None and parent is not gic


def primary_gic(tree):
    for node in tree.nodes:
        if (
            GIC_COMPATIBLES.intersection(node.strings("compatible"))
            and node.has("interrupt-controller")
            and node.available
            and not is_cascaded(node)
        ):
            return node
    return None


def intids(node, gic):
    """SPIs of the primary GIC that Xen can route."""
    found = set()
    for entry in interrupts(node):
        if entry and entry[0] is gic and len(entry[1]) >= 3 and entry[1][0] == 0:
            found.add(entry[1][1] + 32)
    return sorted(irq for irq in found if 32 <= irq <= 991)


# --- devices ---------------------------------------------------------------------------------------


def candidates(tree):
    """Nodes with compatible and reg, outside the parts of a tree that describe no devices."""
    for top in tree.root.children:
        if any(fnmatchcase(top.base_name, name) for name in NOT_DEVICES) or top.string("device_type") == "memory":
            continue
        for node in top.subtree():
            if node.has("compatible") and node.has("reg"):
                yield node


def describe(tree):
    gic = primary_gic(tree)
    result = []
    for node in candidates(tree):
        regs = [(base, size) for base, size in resources(node) if base is not None]
        if regs:
            result.append(
                {
                    "path": node.path,
                    "regs": [{"base": base, "size": size} for base, size in regs],
                    "frames": frames_of(regs),
                    "irqs": intids(node, gic) if gic else [],
                }
            )
    return result


def answer(path):
    try:
        return json.dumps({"file": path, "devices": describe(fdt.load(path))})
    except (OSError, fdt.FdtError) as problem:
        return json.dumps({"file": path, "error": str(problem)})


def main(paths):
    if not paths:
        sys.exit(__doc__)
    failed = False
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(answer, paths, chunksize=8):
            failed |= line.find('"error": ') >= 0
            print(line)
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
