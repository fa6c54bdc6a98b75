#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""compare.py XL_PASSTHROUGH FOLDER [XEN-GIC...]

FOLDER holds what tests/xen/dump-trees.sh brought out of real Xens: for each
XEN-GIC/NAME.cfg the tree that libxl made of it, NAME.dtb. `merge` of the same
config must be equal node for node, property for property, in order and in
size. What may differ is listed here, with its reason.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../oracle"))
import fdt  # noqa: E402

MAY_DIFFER = {
    ("/chosen", "rng-seed"): "libxl draws it at random",
    ("/timer", "clock-frequency"): "Xen's, where the host's tree sets it",
    ("/virtio@2000000", "iommus"): "the domain id of a backend that the config names",
    ("/chosen/module@20000000", "reg"): "the size of the ACPI tables compiled into libxl",
}


def load(path):
    with open(path, "rb") as f:
        blob = f.read()
    return fdt.Tree(blob), int.from_bytes(blob[4:8], "big")


def differences(theirs, ours):
    """Lines about all that is not equal, and the listed differences that were seen."""
    wrong, listed = [], set()
    their_paths = [node.path for node in theirs.nodes]
    our_paths = [node.path for node in ours.nodes]
    if their_paths != our_paths:
        wrong.append(f"nodes: libxl has {their_paths}, we have {our_paths}")
        return wrong, listed
    for their, our in zip(theirs.nodes, ours.nodes):
        if list(their.props) != list(our.props):
            wrong.append(f"{their.path}: libxl has {list(their.props)}, we have {list(our.props)}")
            continue
        for name, value in their.props.items():
            if value == our.props[name]:
                continue
            if (their.path, name) in MAY_DIFFER and len(value) == len(our.props[name]):
                listed.add((their.path, name))
            else:
                wrong.append(f"{their.path}:{name}: libxl has {value.hex()}, we have {our.props[name].hex()}")
    return wrong, listed


def ramdisk_size(tree):
    """The lab's ramdisk is not here: its size is taken from the dump, its place is compared."""
    chosen = tree.by_path["/chosen"]
    start, end = (int.from_bytes(chosen.props[f"linux,initrd-{w}"], "big") for w in ("start", "end"))
    return end - start


def rewrite(text, folder, scratch, tree):
    text = text.replace('"/lab/', f'"{folder}/')
    if 'ramdisk="' in text:
        path = os.path.join(scratch, "ramdisk")
        with open(path, "wb") as f:
            f.truncate(ramdisk_size(tree))
        text = re.sub(r'ramdisk="[^"]*"', f'ramdisk="{path}"', text)
    path = os.path.join(scratch, "guest.cfg")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def compare(tool, folder, kind, name, scratch):
    xen, gic = kind.split("-")
    tree, size = load(os.path.join(folder, name + ".dtb"))
    with open(os.path.join(folder, name + ".cfg"), encoding="utf-8") as f:
        config = rewrite(f.read(), folder, scratch, tree)
    ours = os.path.join(scratch, "ours.dtb")
    with open(ours, "wb") as f:
        done = subprocess.run([tool, "merge", f"--xen={xen}", f"--gic={gic}", "--format=dtb", "-c", config],
                              stdout=f, stderr=subprocess.PIPE, text=True, check=False)
    if not os.path.getsize(ours):
        return [f"exit {done.returncode}: {done.stderr}"], set()
    our_tree, our_size = load(ours)
    wrong, listed = differences(tree, our_tree)
    if size != our_size:
        wrong.append(f"libxl's blob has {size} bytes, ours {our_size}")
    return wrong, listed


def main():
    tool, top = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    kinds = sys.argv[3:] or sorted(d for d in os.listdir(top) if re.fullmatch(r"4\.\d+-v[23]", d))
    passed = failed = 0
    seen = set()
    with tempfile.TemporaryDirectory() as scratch:
        for kind in kinds:
            folder = os.path.join(top, kind)
            names = sorted(f[:-4] for f in os.listdir(folder) if f.endswith(".cfg"))
            for name in names:
                if not os.path.exists(os.path.join(folder, name + ".dtb")):
                    print(f"skip {kind} {name}: libxl made no tree of it")
                    continue
                wrong, listed = compare(tool, folder, kind, name, scratch)
                seen |= listed
                failed += bool(wrong)
                passed += not wrong
                for line in wrong:
                    print(f"FAIL {kind} {name}: {line}")
    for path, name in sorted(seen):
        print(f"differs, as listed: {path} {name}: {MAY_DIFFER[path, name]}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or not passed


if __name__ == "__main__":
    sys.exit(main())
