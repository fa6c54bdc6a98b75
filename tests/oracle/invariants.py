# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold for every answer about every tree, worked out by brute force over all nodes."""

import devices
import fdt

PAGE = 4096


class Uses:
    """Which pages and SPIs each node of a host tree uses, with or without compatible."""

    def __init__(self, tree):
        self.tree = tree
        self.gic = devices.primary_gic(tree)
        self.spans = []  # (first page, last page, first byte, last byte, node)
        self.spis = {}  # node: set of INTIDs
        for node in tree.nodes:
            for base, size in devices.resources(node):
                if base is not None and size:
                    last = min(base + size - 1, devices.MASK)
                    self.spans.append((base // PAGE, last // PAGE, base, last, node))
            if self.gic:
                found = set(devices.intids(node, self.gic)) | host_bridge_spis(node, self.gic)
                if found:
                    self.spis[node] = found

    def of_pages(self, first, last):
        """(node, first byte, last byte) of all registers in the pages first..last"""
        return [(s[4], s[2], s[3]) for s in self.spans if s[0] <= last and s[1] >= first]


def host_bridge_spis(node, gic):
    """SPIs in the interrupt-map of a PCI host bridge: Xen routes them with the bridge."""
    if node.string("device_type") != "pci" or not node.has("interrupt-map"):
        return set()
    cells = node.cells("interrupt-map")
    own = (node.u32("#address-cells") or 0) + (node.u32("#interrupt-cells") or 0)
    found = set()
    position = 0
    while position + own < len(cells):
        target = node.tree.find(cells[position + own])
        count = target.u32("#interrupt-cells") if target else None
        if count is None:
            break
        start = position + own + 1 + (target.u32("#address-cells") or 0)
        position = start + count
        if position > len(cells):
            break
        end = devices.follow_maps(node, target, cells[start:position])
        if end and end[0] is gic and len(end[1]) >= 3 and end[1][0] == 0 and end[1][1] + 32 <= 991:
            found.add(end[1][1] + 32)
    return found


def enabled(node):
    return node.available and all(above.available for above in node.ancestors())


def inside(node, family):
    """Whether node is one of family or below one of them."""
    return node in family or any(above in family for above in node.ancestors())


def is_spanning_bus(node, below, first, last):
    """Whether node is a bus above the other one whose own reg spans the bytes first..last there."""
    return node in below.ancestors() and any(
        base is not None and base <= first and last <= base + size - 1 for base, size in devices.resources(node)
    )


def iommus_of(node):
    """The nodes that the iommus property names."""
    cells = node.cells("iommus")
    found = []
    position = 0
    while position < len(cells):
        target = node.tree.find(cells[position])
        count = target.u32("#iommu-cells") if target else None
        if count is None:
            break
        found.append(target)
        position += 1 + count
    return found


def why_not_ready(node, uses):
    """What speaks against calling this device ready."""
    family = {node}
    found = []
    for base, size in devices.resources(node):
        if base is None or not size:
            continue
        last = min(base + size - 1, devices.MASK)
        for other, _, _ in uses.of_pages(base // PAGE, last // PAGE):
            if enabled(other) and not inside(other, family) and not is_spanning_bus(other, node, base, last):
                found.append(f"shares a page with {other.path}")
    own = uses.spis.get(node, set())
    for other, spis in uses.spis.items():
        if own & spis and enabled(other) and not inside(other, family):
            found.append(f"shares INTID {min(own & spis)} with {other.path}")
    for master in [node, *node.ancestors()]:
        for iommu in iommus_of(master):
            if not enabled(iommu):
                found.append(f"sits behind {iommu.path}, which is disabled")
    entries = [entry for entry in devices.interrupts(node) if entry]
    if entries and not any(entry[0] is uses.gic for entry in entries):
        found.append("has no interrupt of the primary GIC, only of others")
    return found


def of_answer(path, answer):
    """Violations in one line of `xl-passthrough devices --format=json`."""
    ready = {device["path"] for device in answer["devices"] if device.get("verdict") == "ready"}
    if not ready:
        return []
    try:
        tree = fdt.load(path)
    except (OSError, fdt.FdtError):
        return []
    uses = Uses(tree)
    found = []
    for node in tree.nodes:
        if node.path in ready:
            found += [f"{node.path}: ready, but {why}" for why in why_not_ready(node, uses)]
    for device in answer["devices"]:
        if device.get("verdict") not in ("ready", "attention", "impossible"):
            found.append(f"{device['path']}: verdict {device.get('verdict')}")
        elif device["verdict"] == "ready" and any(d["severity"] == "error" for d in device["diagnostics"]):
            found.append(f"{device['path']}: ready, with an error")
    return found
