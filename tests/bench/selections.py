# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of measure.py: many names and patterns for one plan, and many configurations for one host."""
BASE = 0x10000000
NODES = 2 * 10 ** 4
MANY = 1000


def paths(first, n, step=1, name="device"):
    return [f"/{name}@{BASE + i * 4096:x}" for i in range(first, first + n * step, step)]


def names(plan, made, turns, row):
    """`plan`: the command up to the tree."""
    tree = made("siblings", NODES)
    last = paths(NODES - MANY, MANY)
    rows = {
        "paths": last,
        "platform names": [f"{path[8:]}.device" for path in last],
        "paths that no node has": paths(NODES, MANY, name="devise"),
        "globs for a device each": [path.replace("device", "d*c?") for path in last],
        "globs for all devices": [f"/*{'*' * (i % 50)}" for i in range(MANY)],
        "globs for all devices, with an option": ["/*,allow=dma-unprotected"] * MANY,
        "compatible strings": [f"compatible:bench,none{i}" for i in range(MANY)],
    }
    print(f"\nplan of {MANY} names or patterns: time for each byte, to that of --all on the same tree")
    plain, = turns(2, [plan + [tree, "--all"]], status=None)
    for what, selection in rows.items():
        seconds, = turns(2, [plan + [tree] + selection], status=None)
        row(what, seconds / plain * tree.stat().st_size /
            (tree.stat().st_size + sum(map(len, selection))), 5)


def config(folder, name, devices, lists=0):
    text = f'name = "{name}"\ndt_passthrough = [ {", ".join(map(repr, devices))} ]\n'
    if lists:
        text += "iomem = [ " + ", ".join(f"'{0x10000 + 2 * i:x},1'" for i in range(lists)) + " ]\n"
        text += "irqs = [ " + ", ".join(str(32 + i % 900) for i in range(lists)) + " ]\n"
    path = folder / f"{name}.cfg"
    path.write_text(text)
    return path


def partition(tool, work, made, turns, row):
    """`tool` reads configurations."""
    n = 4000
    command = [tool, "partition", "--xen=4.17", "--allow=dma-unprotected", "--format=json", "-t",
               made("siblings", n)]
    rows = {
        "two, the same devices": [config(work, f"same{i}", paths(0, n)) for i in range(2)],
        "two, the same lists of 4000": [config(work, f"lists{i}", paths(i, 1), n) for i in range(2)],
        "64, a part of the devices each": [config(work, f"part{i}", paths(i, n // 64, 64)) for i in range(64)],
        "64, the same lists of 1000": [config(work, f"many{i}", paths(i, 1), 1000) for i in range(64)],
    }

    def size(configs):
        return sum(path.stat().st_size for path in [command[-1]] + configs)

    print("\npartition: time for each byte, to that of two configurations with half of the devices each")
    pair = [config(work, f"half{i}", paths(i, n // 2, 2)) for i in range(2)]
    plain, = turns(3, [command + pair], status=None)
    for what, configs in rows.items():
        seconds, = turns(3, [command + configs], status=None)
        row(what, seconds / size(configs) / plain * size(pair), 5)
