#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Check libxlpt/links.def and plain.def against what dtc knows about labels.

    links-truth.py [--every N] [--jobs N] [--plain] [NAME...]

Every board of the Linux source in the cache (tests/lib/corpus.sh linux) is
compiled once more as a plugin: dtc then writes /__local_fixups__, which lists
each property that has <&label> in its source together with the offsets of the
phandle cells. That is the truth, independent of any table. For every property
of every board the script asks links.c what it makes of it, and reads its cells
that way:

  missed      a true reference that a row of plain.def would have copied
  unknown     a true reference that no row knows: refused by the planner, but a row is due
  form        a row matches, but finds phandles at other cells than dtc
  claimed     a row finds phandles in a property that has no label at all
  plain       a number, in no table, that equals a phandle: refused without need

All must be zero, except for the mistakes of board sources named in QUIRKS.
The last class is looked for in the packaged DTBs of the corpus as well.

  --every N  only every N-th board (the everyday suite)
  --plain    print names for plain.def instead: numbers that no board has a label in
  NAME       only boards whose path contains this

Exit status 0: tables and truth agree. 1: they do not. 2: nothing to compare.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))

# What is wrong in board sources, or read by other code than the tables:
# property -> (pattern of the node's compatible or path, why).
QUIRKS = [
    ("interrupts", "", "the fourth cell of a GICv3 PPI is its partition; a few boards give a controller by mistake; "
                       "interrupt.c reads the property"),
    ("linux,phandle", "", "a node's own label, as its phandle; tree.c reads the property"),
    ("clocks", "qcom,msm8996-apcc", "clock cell left out in the board's source"),
    ("interrupt-map", "-extirq", "the parent's unit address is left out, as the driver reads it; Linux has a list of "
                                 "such controllers"),
    ("interrupt-map", "qcom,pcie-ipq", "the parent's unit address is left out in the board's source"),
    ("ethernet", "/ahb/eth@f080", "the number of the MAC, of no binding"),
    ("st,syscfg", "/miphy28lp", "offsets; the label is in the node above"),
]
# The pin groups of STi name pins in properties of any name: <&bank pin mode …>. A row
# for "rx" or "data0" would say nothing; as unknown properties they are refused.
UNNAMED = "/st,pins"
# Nodes whose properties are strings of any name.
SPECIAL = ("/aliases", "/chosen")

# Asks links.c itself, one property name a line.
HELPER = r"""
#include <stdio.h>
#include <string.h>
#include "links.h"

int main(void)
{
	static const char *const forms[] = {
		[FORM_CELLS] = "cells", [FORM_PHANDLES] = "fixed", [FORM_FIXED] = "fixed",
		[FORM_FIRST] = "first", [FORM_INTERRUPT_MAP] = "map",
	};
	char name[256];

	while (fgets(name, sizeof(name), stdin)) {
		const struct link *link;
		bool plain;

		name[strcspn(name, "\n")] = 0;
		link = link_classify(name, &plain);
		if (link)
			printf("link %s %u %u %d %s %s %d\n", forms[link->form], link->n_lead, link->n_args,
			       link->optional, link->cells ? link->cells : "-",
			       link->unless ? link->unless : "-", link->args_below);
		else
			puts(plain ? "plain" : "unknown");
		fflush(stdout);
	}
	return 0;
}
"""


class Tables:
    """What the tables say about a property name; each process that asks has a helper of its own."""
    def __init__(self, helper):
        self.found = {}
        self.child = subprocess.Popen([helper], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def find(self, name):
        """(kind, row); a row is (form, lead, arguments, optional, cells, unless, args_below)"""
        if name not in self.found:
            self.found[name] = self.ask(name)
        return self.found[name]

    def ask(self, name):
        self.child.stdin.write(name + "\n")
        self.child.stdin.flush()
        kind, *row = self.child.stdout.readline().split()
        if kind != "link":
            return kind, None
        form, lead, arguments, optional, of_target, unless, below = row
        return kind, (form, int(lead), int(arguments), optional == "1", of_target, unless, below == "1")


def build_helper(where):
    source = os.path.join(where, "ask.c")
    with open(source, "w") as f:
        f.write(HELPER)
    subprocess.run(["cc", "-std=gnu11", "-O1", "-I", f"{TOP}/libxlpt", "-o", f"{where}/ask", source,
                    f"{TOP}/libxlpt/links.c"], check=True)
    return f"{where}/ask"


def parse(blob):
    """{path: {property: bytes}}"""
    _, _, at, strings = struct.unpack(">4I", blob[:16])
    nodes, path = {}, []
    while True:
        token, = struct.unpack_from(">I", blob, at)
        at += 4
        if token == 1:
            end = blob.index(0, at)
            path.append(blob[at:end].decode("latin1"))
            at = (end + 4) & ~3
            properties = nodes.setdefault("/".join(path) or "/", {})
        elif token == 2:
            path.pop()
            properties = nodes["/".join(path) or "/"] if path else {}
        elif token == 3:
            length, name = struct.unpack_from(">2I", blob, at)
            at += 8
            name = blob[strings + name:blob.index(0, strings + name)].decode("latin1")
            properties.setdefault(name, blob[at:at + length])
            at = (at + length + 3) & ~3
        elif token != 4:
            return nodes


def cells(value):
    return struct.unpack(f">{len(value) // 4}I", value[:len(value) // 4 * 4])


def number(properties, name, default=None):
    value = properties.get(name)
    return cells(value)[0] if value is not None and len(value) >= 4 else default


class Tree:
    def __init__(self, blob):
        self.nodes = parse(blob)
        self.by_phandle = {}
        for path, properties in self.nodes.items():
            for name in ("phandle", "linux,phandle"):
                phandle = number(properties, name)
                if phandle:
                    self.by_phandle.setdefault(phandle, path)

    def references(self, path, name, row):
        """Indices of the cells that hold phandles as the row has it, or a string: what is wrong."""
        form, lead, arguments, optional, of_target, unless, args_below = row
        value = cells(self.nodes[path][name])
        if unless in self.nodes[path]:
            return []
        if form == "first":
            return [0] if value and value[0] else []
        if form == "map":
            return self.interrupt_map(path, value)
        found, i = [], 0
        while i < len(value):
            at = i + lead
            if at >= len(value):
                return f"ends within an entry: {value}"
            if not value[at]:
                i = at + 1
                continue
            target, count = self.by_phandle.get(value[at]), arguments
            if form == "cells":
                if target is None:
                    return f"cell {at} is no phandle: {value}"
                count = number(self.nodes[target], of_target, arguments if optional else None)
                if count is None:
                    return f"{target} has no {of_target}"
            found.append(at)
            if args_below and target is not None:
                found += [j for j in range(at + 1, min(at + 1 + count, len(value)))
                          if self.by_phandle.get(value[j], "").startswith(target + "/")]
            i = at + 1 + count
        return found

    def interrupt_map(self, path, value):
        properties = self.nodes[path]
        address, interrupt = number(properties, "#address-cells", 2), number(properties, "#interrupt-cells", 1)
        found, i = [], 0
        while i < len(value):
            at = i + address + interrupt
            if at >= len(value):
                return f"ends within an entry: {value[i:]}"
            target = self.by_phandle.get(value[at])
            if target is None:
                return f"cell {at} is no phandle"
            found.append(at)
            target = self.nodes[target]
            i = at + 1 + number(target, "#address-cells", 0) + number(target, "#interrupt-cells", 0)
        return found

    def looks_like_reference(self, value):
        return value and len(value) % 4 == 0 and any(cell in self.by_phandle for cell in cells(value))


def compile_plugin(linux, source):
    """The board as a plugin's blob, with all its labels resolved, or None."""
    folder = os.path.dirname(source)
    cpp = ["cpp", "-nostdinc", "-undef", "-D__DTS__", "-x", "assembler-with-cpp", "-P",
           "-I", f"{linux}/include", "-I", f"{linux}/scripts/dtc/include-prefixes", "-I", folder, source]
    run = subprocess.run(cpp, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if run.returncode:
        return None

    def include(match):
        with open(os.path.join(folder, match[1].decode()), "rb") as f:
            return expand(f.read())

    def expand(text):
        return re.sub(rb'/include/\s*"([^"]+)"', include, text)

    text = re.sub(rb"/(dts-v1|plugin)/\s*;", b"", expand(run.stdout))
    run = subprocess.run(["dtc", "-q", "-@", "-i", folder, "-I", "dts", "-O", "dtb", "-o", "-", "-"],
                         input=b"/dts-v1/; /plugin/;\n" + text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return run.stdout if run.returncode == 0 else None


def is_quirk(tree, path, name):
    for quirk, pattern, _ in QUIRKS:
        compatible = tree.nodes[path].get("compatible", b"").decode("latin1")
        if quirk == name and (pattern in compatible or pattern in path):
            return True
    return False


def judge(tables, blob, truth):
    """(counts, findings [(class, property, path, text)], names with a label)"""
    tree = Tree(blob)
    counts, findings, labelled = collections.Counter(), [], set()
    if "/__fixups__" in tree.nodes and tree.nodes["/__fixups__"]:
        counts["overlays left out"] = 1
        return counts, findings, labelled
    for path, properties in tree.nodes.items():
        if path in SPECIAL or path.startswith("/__"):
            continue
        fixups = tree.nodes.get("/__local_fixups__" + path.rstrip("/"), {}) if truth else {}
        for name, value in properties.items():
            kind, row = tables.find(name)
            true = [offset / 4 for offset in cells(fixups[name])] if name in fixups else []
            if true:
                counts["references"] += len(true)
                counts["properties with references"] += 1
                labelled.add(name)
                if is_quirk(tree, path, name):
                    counts["quirks of board sources"] += 1
                    continue
                if kind == "unknown" and path.endswith(UNNAMED):
                    counts["pins of STi, refused"] += 1
                    continue
                if kind != "link":
                    findings.append(("missed" if kind == "plain" else "unknown", name, path, str(cells(value))))
                    continue
            elif kind == "link" and not truth:
                continue
            if kind == "link":
                got = tree.references(path, name, row)
                if true and got != true:
                    findings.append(("form", name, path, f"{got}, not {true}"))
                elif not true and got and not is_quirk(tree, path, name):
                    findings.append(("claimed", name, path, f"{got} of {cells(value)}"))
                elif true:
                    counts["properties read right"] += 1
            elif name not in fixups and tree.looks_like_reference(value):
                if path.endswith(UNNAMED):
                    continue
                counts["numbers that equal a phandle"] += 1
                if kind == "unknown":
                    findings.append(("plain", name, path, str(cells(value)[:8])))
    return counts, findings, labelled


TABLES = None  # of this process


def board(job):
    global TABLES
    helper, linux, source, truth = job
    TABLES = TABLES or Tables(helper)
    if truth:
        blob = compile_plugin(linux, source)
        if blob is None:
            return source, None
    else:
        with open(source, "rb") as f:
            blob = f.read()
    return source, judge(TABLES, blob, truth)


def folder(which):
    return subprocess.run([f"{TOP}/tests/lib/corpus.sh", which], stdout=subprocess.PIPE, check=True,
                          text=True).stdout.strip().splitlines()[-1]


def files(top, ending):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(top) for name in names if name.endswith(ending))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("name", nargs="*")
    arguments = parser.parse_args()

    linux, corpus = folder("linux"), folder("all")
    with tempfile.TemporaryDirectory() as scratch:
        return compare(arguments, build_helper(scratch), linux, corpus)


def compare(arguments, helper, linux, corpus):
    wanted = [path for arch in ("arm", "arm64") for path in files(f"{linux}/arch/{arch}/boot/dts", ".dts")]
    jobs = [(helper, linux, path, True) for path in wanted]
    jobs += [(helper, linux, path, False) for path in files(corpus, ".dtb")]
    if arguments.name:
        jobs = [job for job in jobs if any(name in job[2] for name in arguments.name)]
    jobs = jobs[::arguments.every]

    boards, packaged, failed = 0, 0, []
    counts, classes, seen = collections.Counter(), collections.Counter(), {}
    labelled = set()
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        for (_, _, _, truth), (source, result) in zip(jobs, pool.map(board, jobs, chunksize=8)):
            if result is None:
                failed.append(source)
                continue
            boards, packaged = boards + truth, packaged + (not truth)
            for kind, name, path, text in result[1]:
                classes[kind, name] += 1
                seen.setdefault((kind, name), (os.path.basename(source), path, text))
            counts.update(result[0])
            labelled |= result[2]

    if not boards + packaged:
        print("links-truth: no boards", file=sys.stderr)
        return 2
    if arguments.plain:
        for name in sorted({name for kind, name in classes if kind == "plain"} - labelled):
            print(f'PLAIN("{name}")')
        return 0
    for (kind, name), count in sorted(classes.items()):
        source, path, text = seen[kind, name]
        print(f"{kind}: {name} ({count}), first in {source}: {path}: {text}")
    for source in failed:
        print(f"does not compile: {source}")
    print(f"{boards} boards compiled, {packaged} packaged trees read")
    print(f"{len(labelled)} property names with labels; " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    summary = collections.Counter()
    for (kind, _), count in classes.items():
        summary[kind] += count
    print("; ".join(f"{summary[kind]} {kind}" for kind in ("missed", "unknown", "form", "claimed", "plain")))
    return 1 if classes or failed else 0


if __name__ == "__main__":
    sys.exit(main())
