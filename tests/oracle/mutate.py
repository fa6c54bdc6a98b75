#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""mutate.py FOLDER COUNT SEED FILE...

Writes COUNT damaged copies of randomly chosen FILEs into FOLDER.  They stay well-formed trees, but what
they say of addresses and interrupts is changed: cells get other values, phandles point elsewhere,
properties vanish.  The same SEED gives the same trees.  For check-oracle.py and compare-devices.sh.
Trees on which Linux's own code never ends (interrupt parents in a circle) or crashes are left out.
"""

import random
import struct
import subprocess
import sys
from pathlib import Path

import fdt

HERE = Path(__file__).resolve().parent
LARGEST = 70000

# How often each property is chosen.
WEIGHTS = {
    "reg": 6, "ranges": 6, "assigned-addresses": 4, "interrupts": 4, "interrupts-extended": 8,
    "interrupt-map": 4, "interrupt-map-mask": 4, "interrupt-parent": 4, "#interrupt-cells": 3,
    "#address-cells": 3, "#size-cells": 3, "phandle": 1, "interrupt-controller": 1, "status": 2,
    "device_type": 1, "compatible": 1,
}
TEXTS = ("status", "device_type", "compatible", "interrupt-controller")


def properties(blob):
    """(name, position of its token, length of its value), and all phandles"""
    position, strings = struct.unpack_from(">2I", blob, 8)
    found, handles = [], []
    while True:
        token = struct.unpack_from(">I", blob, position)[0]
        if token == fdt.BEGIN_NODE:
            position = (blob.index(0, position + 4) + 4) & ~3
        elif token == fdt.PROP:
            length, offset = struct.unpack_from(">2I", blob, position + 4)
            name = blob[strings + offset : blob.index(0, strings + offset)].decode()
            if name in WEIGHTS:
                found.append((name, position, length))
            if name == "phandle":
                handles.append(struct.unpack_from(">I", blob, position + 12)[0])
            position = (position + 12 + length + 3) & ~3
        elif token == fdt.END:
            return found, handles
        else:
            position += 4


def other_value(rng, name, old, handles):
    if name in ("#interrupt-cells", "#address-cells", "#size-cells"):
        return rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 4, 5))
    kind = rng.random()
    if handles and (name == "interrupt-parent" or kind < 0.35):
        return rng.choice(handles)
    if kind < 0.5:
        return 0
    if kind < 0.6:
        return rng.getrandbits(32)
    return rng.choice((1, 2, 3, 4, 0xFFFFFFFF, rng.randrange(1000), old))


def damage(rng, blob):
    found, handles = properties(blob)
    for _ in range(rng.choice((1, 3, 10, 40))):
        if not found:
            return
        chosen = rng.choices(found, [WEIGHTS[name] for name, _, _ in found])[0]
        name, position, length = chosen
        if name in TEXTS or rng.random() < 0.12:
            for at in range(position, (position + 12 + length + 3) & ~3, 4):
                struct.pack_into(">I", blob, at, fdt.NOP)
            found.remove(chosen)
        elif length >= 4:
            cells = length // 4
            old = struct.unpack_from(">I", blob, position + 12 + 4 * rng.randrange(cells))[0]
            at = position + 12 + 4 * rng.randrange(cells)
            struct.pack_into(">I", blob, at, other_value(rng, name, old, handles))


def main(folder, count, seed, paths):
    rng = random.Random(seed)
    program = subprocess.run([HERE / "linux-of/build.sh"], check=True, capture_output=True, text=True)
    paths = sorted(path for path in paths if Path(path).stat().st_size <= LARGEST)
    Path(folder).mkdir(parents=True, exist_ok=True)
    written = 0
    while written < count:
        blob = bytearray(Path(rng.choice(paths)).read_bytes())
        damage(rng, blob)
        path = Path(folder, f"{seed}-{written}.dtb")
        path.write_bytes(blob)
        try:
            subprocess.run([program.stdout.strip(), path], timeout=3, stdout=subprocess.DEVNULL, check=True)
            written += 1
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            path.unlink()
    print(folder)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:])
