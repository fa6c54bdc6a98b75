#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""run.py XL_PASSTHROUGH [FILE.dts...]

Each .dts here is a smallest tree that makes `plan` say exactly the ids its
header lists. Header lines:
    // plan: DEVICE and options of `plan`
    // ids: every id that must appear, none else
    // exit: the exit status (default: 0 without ids, else 1)
    // check: a Python expression over `plan`, the parsed JSON
    // verdict: PATH VERDICT of `devices`
    // dts: properties that --format=dts must print with a reference; each is looked for by name
    // stubs: none, if no fixed-clock may be in it
    // source: a piece of text that --format=dts must print
    // message: ID WORD that the message of that id must hold
Every id of the catalogue in libxlpt/diag.def has its file here, or another test
that speaks of it.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def header(path):
    fields = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            match = re.match(r"// (\w+): ?(.*)", line)
            if match:
                fields.setdefault(match.group(1), []).append(match.group(2).strip())
    return fields


def run(tool, path, scratch):
    """A list of what is wrong, empty if all is well."""
    fields = header(path)
    blob = os.path.join(scratch, "host.dtb")
    subprocess.run(["dtc", "-q", "-i", HERE, "-I", "dts", "-O", "dtb", "-o", blob, path], check=True)
    want = sorted(fields["ids"][0].split())
    command = [tool, "plan", "--format=json", "-t", blob] + shlex.split(fields["plan"][0])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wrong = []
    status = int(fields.get("exit", ["1" if want else "0"])[0])
    if done.returncode != status:
        wrong.append(f"exit {done.returncode}, not {status}")
    if done.returncode == 2:
        got = sorted(set(re.findall(r"\[([a-z-]+)\]", done.stderr)))
        plan = None
    else:
        plan = json.loads(done.stdout)
        got = sorted({d["id"] for d in plan["diagnostics"]})
        if plan["ok"] != (status == 0):
            wrong.append(f"ok is {plan['ok']}")
    if got != want:
        wrong.append(f"ids {' '.join(got)}, not {' '.join(want)}")
    if plan is None and ("check" in fields or "message" in fields):
        return wrong + ["there is no plan"]
    for expression in fields.get("check", []):
        if not eval(expression, {"plan": plan}):  # our own files
            wrong.append(f"not true: {expression}")
    for message in fields.get("message", []):
        ident, word = message.split()
        if not any(d["id"] == ident and word in d["message"].split() for d in plan["diagnostics"]):
            wrong.append(f"no '{word}' in the message of {ident}")
    if {"dts", "stubs", "source"} & fields.keys():
        source = subprocess.run([a if a != "--format=json" else "--format=dts" for a in command],
                                capture_output=True, text=True, check=False).stdout
        for name in " ".join(fields.get("dts", [])).split():
            if not re.search(rf"^\s*{name} = <&", source, re.M):
                wrong.append(f"no {name} with a reference in the guest's tree")
        for piece in fields.get("source", []):
            if piece not in source:
                wrong.append(f"no {piece} in the guest's tree")
        if "stubs" in fields and '"fixed-clock"' in source:
            wrong.append("a fixed-clock in the guest's tree")
    for verdict in fields.get("verdict", []):
        node, expected = verdict.split()
        lines = subprocess.run([tool, "devices", "--format=json", blob], capture_output=True, text=True,
                               check=True).stdout
        found = [d["verdict"] for d in json.loads(lines)["devices"] if d["path"] == node]
        if found != [expected]:
            wrong.append(f"verdict of {node} is {found}, not {expected}")
    return wrong


def catalogue():
    with open(os.path.join(HERE, "../../libxlpt/diag.def"), encoding="utf-8") as f:
        return re.findall(r'^DIAG\(\w+, "([a-z-]+)"', f.read(), re.M)


def named_elsewhere():
    """The ids that other tests speak of: those of the running system and of the judge."""
    words = set()
    for folder, _, files in os.walk(os.path.join(HERE, "..")):
        if os.path.samefile(folder, HERE):
            continue
        for name in files:
            with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
                words.update(re.findall(r"[a-z]+(?:-[a-z]+)+", f.read()))
    return words


def main():
    tool = os.path.abspath(sys.argv[1])
    files = sys.argv[2:] or sorted(os.path.join(HERE, f) for f in os.listdir(HERE) if f.endswith(".dts"))
    passed = failed = 0
    seen = named_elsewhere()
    with tempfile.TemporaryDirectory() as scratch:
        for path in files:
            wrong = run(tool, path, scratch)
            seen.update(header(path)["ids"][0].split())
            if wrong:
                failed += 1
                print(f"FAIL {os.path.basename(path)}: {'; '.join(wrong)}")
            else:
                passed += 1
    if not sys.argv[2:]:
        for ident in catalogue():
            if ident not in seen:
                failed += 1
                print(f"FAIL {ident}: no tree here makes it appear, and no other test speaks of it")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
