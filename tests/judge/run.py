#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""run.py XL_PASSTHROUGH

Each .dts here is a partial tree with one mistake, or none, and a config for it;
`merge -c` must say exactly the ids of its header. Header lines:
    // ids: every id that must appear, none else; partial-tree-invalid, the sum
    //      of errors about the tree, is not listed but must be there with them
    // config: lines of xl.cfg(5) instead of the right lists
    // host: compare with the tree of the command tests' board
    // exit: the exit status (default: 0 without ids, else 1)
    // edit: two words of one length; the first becomes the second in the blob
Then files that are no partial trees at all, and the hand-written trees of
dts/guests with their configs in examples, which must pass.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "../..")
RIGHT = 'iomem = [ "0x9010,1@0x4100" ] irqs = [ 34 ]'
# Errors about the config alone, which are not summed up as the tree's.
OF_CONFIG = {"gfn-overlap", "gfn-reserved", "irq-range", "irq-listed-twice", "irq-ppi", "irq-virtual",
             "irq-not-on-host", "device-reserved", "iomem-in-memory", "device-unknown"}


def dtc(source, blob):
    subprocess.run(["dtc", "-q", "-f", "-i", HERE, "-I", "dts", "-O", "dtb", "-o", blob, source], check=True,
                   stderr=subprocess.DEVNULL)


def header(path):
    fields = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            match = re.match(r"// (\w+): ?(.*)", line)
            if match:
                fields[match.group(1)] = match.group(2).strip()
    return fields


def merge(tool, arguments):
    done = subprocess.run([tool, "merge", "--xen=4.17", "--format=json"] + arguments, capture_output=True,
                          text=True, check=False)
    ids = set(re.findall(r"\[([a-z-]+)\]$", done.stderr, re.M))
    if done.stdout:
        answer = json.loads(done.stdout)
        ids = {d["id"] for d in answer["diagnostics"]}
        if answer["ok"] != (done.returncode == 0):
            return done.returncode, ids | {"ok-does-not-fit"}
    return done.returncode, ids


def judge(tool, path, scratch):
    fields = header(path)
    blob, config = os.path.join(scratch, "partial.dtb"), os.path.join(scratch, "guest.cfg")
    dtc(path, blob)
    if "edit" in fields:
        old, new = (w.encode() for w in fields["edit"].split())
        with open(blob, "rb+") as f:
            content = f.read()
            f.seek(0)
            f.write(content.replace(old, new))
    lines = re.sub(r" (irqs|dtdev|vuart|disk) =", r"\n\1 =", fields.get("config", RIGHT))
    with open(config, "w", encoding="utf-8") as f:
        f.write(f'name = "judged"\nmemory = 256\nvcpus = 1\n{lines}\ndevice_tree = "{blob}"\n')
    arguments = ["-c", config]
    if "host" in fields:
        host = os.path.join(scratch, "host.dtb")
        dtc(os.path.join(TOP, "tests/cli/board.dts"), host)
        arguments += ["-t", host]
    want = set(fields["ids"].split())
    status, ids = merge(tool, arguments)
    wrong = []
    if status != int(fields.get("exit", "1" if want else "0")):
        wrong.append(f"exit {status}")
    if status == 1 and want - OF_CONFIG - {"guest-list-unused"}:
        want.add("partial-tree-invalid")
    # Of the tree, not of irqs=, they are summed up as well.
    if want & {"irq-ppi", "irq-range"}:
        ids.discard("partial-tree-invalid")
    if ids != want:
        wrong.append(f"ids {' '.join(sorted(ids))}, not {' '.join(sorted(want))}")
    return wrong


def no_trees(scratch):
    """Name, bytes, ids."""
    good = os.path.join(scratch, "good.dtb")
    dtc(os.path.join(HERE, "ok.dts"), good)
    with open(good, "rb") as f:
        blob = f.read()
    source = os.path.join(scratch, "empty.dts")
    with open(source, "w", encoding="utf-8") as f:
        f.write("/dts-v1/; / { };")
    dtc(source, os.path.join(scratch, "empty.dtb"))
    with open(os.path.join(scratch, "empty.dtb"), "rb") as f:
        nothing = f.read()
    with open(source, "w", encoding="utf-8") as f:
        f.write('/dts-v1/; / { passthrough { compatible = "simple-bus"; #address-cells = <2>; '
                "#size-cells = <2>; ranges; filler = [" + "00 " * (1 << 20) + "]; }; };")
    dtc(source, os.path.join(scratch, "huge.dtb"))
    with open(os.path.join(scratch, "huge.dtb"), "rb") as f:
        huge = f.read()
    yield "0 bytes", b"", {"partial-tree-empty", "partial-tree-invalid"}
    yield "no tree", b"# compile me first\n", {"partial-tree-invalid"}
    yield "cut short", blob[:-40], {"partial-tree-invalid"}
    yield "only a header", blob[:20], {"partial-tree-invalid"}
    yield "no /passthrough", nothing, {"partial-tree-invalid"}
    yield "above 1 MiB", huge, {"partial-tree-size", "partial-tree-invalid"}
    yield "old version", blob[:20] + b"\0\0\0\x03" + blob[24:], {"partial-tree-invalid"}


def main():
    tool = os.path.abspath(sys.argv[1])
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in sorted(f for f in os.listdir(HERE) if f.endswith(".dts")):
            results.append((name, judge(tool, os.path.join(HERE, name), scratch)))
        for name, blob, want in no_trees(scratch):
            path = os.path.join(scratch, "none.dtb")
            with open(path, "wb") as f:
                f.write(blob)
            status, ids = merge(tool, [path])
            results.append((name, [] if status == 1 and ids == want else [f"exit {status}, {sorted(ids)}"]))
        os.chmod(path, 0o666)
        config = os.path.join(scratch, "guest.cfg")
        with open(config, "w", encoding="utf-8") as f:
            f.write(f'name = "open"\nmemory = 256\ndevice_tree = "{path}"\n')
        ids = merge(tool, ["-c", config])[1]
        results.append(("a file for all to write", [] if "partial-tree-untrusted" in ids else sorted(ids)))
        guests = os.path.join(TOP, "dts/guests")
        for name in sorted(f[:-4] for f in os.listdir(guests) if f.endswith(".dts")):
            example = os.path.join(TOP, "examples", name + ".cfg")
            if not os.path.exists(example):
                continue
            dtc(os.path.join(guests, name + ".dts"), os.path.join(scratch, name + ".dtb"))
            with open(example, encoding="utf-8") as f:
                text = f.read().replace("/etc/xen/", scratch + "/")
            with open(config, "w", encoding="utf-8") as f:
                f.write(text)
            status, ids = merge(tool, ["-c", config])
            results.append((f"example {name}", [] if status == 0 and not ids else [f"exit {status}, {sorted(ids)}"]))
    failed = [r for r in results if r[1]]
    for name, wrong in failed:
        print(f"FAIL {name}: {'; '.join(wrong)}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
