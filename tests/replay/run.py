#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""run.py XL_PASSTHROUGH_REPLAY [FILE.replay...]

Each .replay here is a script for tests/xen-replay/xen-replay.c, the answers of
a running Xen, and in its header what the program must make of them:
    # check: ARGUMENTS of `check`, behind -t BOARD
    # list: ARGUMENTS of `list`, instead
    # table: ARGUMENTS of `list` for its table, instead
    # config: a line of the file that -c CONFIG in the arguments names
    # marked: nodes that dom0's own tree shows disabled (no line: it has no tree)
    # dom0: NODE PROPERTY CELL...: what else dom0's own tree says, the cells hexadecimal
    # tree: dom0: `check` gets dom0's own tree for the host's
    # ids: every id that must appear, none else
    # hypervisor: ids of them that the hypervisor spoke; the tree spoke the others
    # both: an id that both spoke
    # exit: the exit status (default: 0 without an error, else 1)
    # message: ID WORD that a message of that id must hold
    # true: a Python expression over `answer`, the parsed JSON, or the cells of a
    #       table, a row each
    # calls: functions of the seam that must not be called
In a script \\xNN is that byte.
Then each call of the conversation fails once, with EIO: the program must not
fall over, and must not call a plan usable that it could not ask about.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MAX_CALLS = 400


def header(path):
    fields = {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            match = re.match(r"# (\w+): ?(.*)", line)
            if match:
                fields.setdefault(match.group(1), []).append(match.group(2).strip())
    return fields


def make_trees(scratch):
    board = os.path.join(scratch, "board.dtb")
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", board, os.path.join(HERE, "board.dts")],
                   check=True)
    return board


def dom0_tree(board, scratch, marked, changes):
    """The board as Xen shows it to dom0: no SMMU, no iommus, marked nodes disabled."""
    path = os.path.join(scratch, "dom0.dtb")
    with open(board, "rb") as f, open(path, "wb") as t:
        t.write(f.read())
    nodes = subprocess.run(["fdtget", "-l", path, "/"], check=True, capture_output=True, text=True).stdout.split()
    for node in nodes:
        if "iommus" in subprocess.run(["fdtget", "-p", path, "/" + node], check=True, capture_output=True,
                                      text=True).stdout.split():
            subprocess.run(["fdtput", "-d", path, "/" + node, "iommus"], check=True)
    subprocess.run(["fdtput", "-r", path, "/iommu@9050000"], check=True)
    subprocess.run(["fdtput", "-c", path, "/hypervisor"], check=True)
    subprocess.run(["fdtput", "-t", "s", path, "/hypervisor", "compatible", "xen,xen-4.17", "xen,xen"], check=True)
    for node in marked.split():
        if node.startswith("-"):
            subprocess.run(["fdtput", "-r", path, node[1:]], check=True)
        else:
            subprocess.run(["fdtput", "-t", "s", path, node, "status", "disabled"], check=True)
    for change in changes:
        subprocess.run(["fdtput", "-t", "x", path] + change.split(), check=True)
    return path


class Conversation:
    def __init__(self, tool, path, board, scratch):
        self.fields = header(path)
        self.script = os.path.join(scratch, "script")
        self.calls = os.path.join(scratch, "calls")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if "marked" in self.fields:
            dom0 = dom0_tree(board, scratch, self.fields["marked"][0], self.fields.get("dom0", []))
            text += f"tree {dom0}\n"
            if self.fields.get("tree") == ["dom0"]:
                board = dom0
        with open(self.script, "wb") as f:
            f.write(re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), text.encode()))
        self.command = [tool, "list", "--format=json"]
        if "table" in self.fields:
            self.command = [tool, "list"]
        if "check" in self.fields:
            self.command = [tool, "check", "--format=json", "-t", board]
        config = os.path.join(scratch, "guest.cfg")
        with open(config, "w", encoding="utf-8") as f:
            f.write("\n".join(self.fields.get("config", [])) + "\n")
        args = shlex.split(next(self.fields[f] for f in ("check", "list", "table") if f in self.fields)[0])
        self.command += [config if arg == "CONFIG" else arg for arg in args]

    def run(self, fail=0):
        if os.path.exists(self.calls):
            os.remove(self.calls)
        env = dict(os.environ, XLPT_REPLAY=self.script, XLPT_REPLAY_CALLS=self.calls)
        if fail:
            env["XLPT_REPLAY_FAIL"] = str(fail)
        done = subprocess.run(self.command, capture_output=True, text=True, check=False, env=env, timeout=60)
        calls = []
        if os.path.exists(self.calls):
            with open(self.calls, encoding="utf-8") as f:
                calls = f.read().split()
        return done, calls

    def judge(self):
        done, calls = self.run()
        wrong = []
        diags = []
        answer = None
        if "table" in self.fields:
            answer = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines()]
        elif done.stdout:
            answer = json.loads(done.stdout)
            if isinstance(answer, dict):
                diags = answer["diagnostics"]
        want = sorted(self.fields.get("ids", [""])[0].split())
        got = sorted({d["id"] for d in diags} | set(re.findall(r"\[([a-z-]+)\]$", done.stderr, re.M)))
        if got != want:
            wrong.append(f"ids {' '.join(got) or 'none'}, not {' '.join(want) or 'none'}")
        errors = any(d["severity"] == "error" for d in diags)
        status = int(self.fields.get("exit", ["1" if errors else "0"])[0])
        if done.returncode != status:
            wrong.append(f"exit {done.returncode}, not {status}: {done.stderr}")
        hypervisor = self.fields.get("hypervisor", [""])[0].split()
        for diag in diags:
            if diag["id"] in self.fields.get("both", []):
                continue
            speaker = "hypervisor" if diag["id"] in hypervisor else "tree"
            if diag["speaker"] != speaker:
                wrong.append(f"{diag['id']} was spoken by the {diag['speaker']}")
        for message in self.fields.get("message", []):
            ident, word = message.split(None, 1)
            said = [d["message"] for d in diags if d["id"] == ident] or [done.stderr]
            if not any(word in m for m in said):
                wrong.append(f"no '{word}' in {ident}: {said}")
        for expression in self.fields.get("true", []):
            if not eval(expression, {"answer": answer}):  # our own files
                wrong.append(f"not true: {expression}: {answer}")
        for function in self.fields.get("calls", [""])[0].split():
            if function in calls:
                wrong.append(f"{function} was called")
        return wrong, done, len(calls)

    def break_each(self, n, usable):
        """Every call fails once."""
        wrong = []
        for nth in range(1, min(n, MAX_CALLS) + 1):
            done, calls = self.run(fail=nth)
            failed = calls[nth - 1] if len(calls) >= nth else "none"
            if done.returncode not in (0, 1, 2) or "ERROR: " in done.stderr:
                wrong.append(f"call {nth} ({failed}) fails: exit {done.returncode}: {done.stderr[-400:]}")
            elif done.returncode == 0 and usable and failed != "xen_console_after":
                wrong.append(f"call {nth} ({failed}) fails, and all is well")
        return wrong


def main():
    tool = os.path.abspath(sys.argv[1])
    files = sys.argv[2:] or sorted(os.path.join(HERE, f) for f in os.listdir(HERE) if f.endswith(".replay"))
    failed = runs = 0
    with tempfile.TemporaryDirectory() as scratch:
        board = make_trees(scratch)
        for path in files:
            conversation = Conversation(tool, path, board, scratch)
            wrong, done, n = conversation.judge()
            wrong += conversation.break_each(n, done.returncode == 0)
            runs += n + 1
            name = os.path.basename(path)
            if wrong:
                failed += 1
                print(f"not ok {name}: {'; '.join(wrong)}")
            else:
                print(f"ok {name}")
    print(f"{len(files) - failed} passed, {failed} failed ({runs} runs)")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
