#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""plan_corpus.py XL_PASSTHROUGH [--every N]

Plans all devices of every board at once, and some alone, and holds each plan
that is made against plan_invariants.py. A plan that is not made must say why.
"""
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
# Decisions a user may take; page sharing is not among them, so that no page may be shared.
ALLOW = ["dma-unprotected", "clock-rate-unknown", "reference-refused", "irq-not-gic", "irq-ppi", "irq-range",
         "irq-unresolved", "property-unknown", "console-unknown", "stream-mask"]


def trees(every):
    folder = subprocess.run([os.path.join(HERE, "../lib/corpus.sh"), "all"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout.strip().splitlines()[-1]
    found = sorted(os.path.join(top, name) for top, _, names in os.walk(folder) for name in names
                   if name.endswith(".dtb"))
    return found[::every]


def plan(tool, blob, out, arguments):
    command = [tool, "plan", "-t", blob, "-o", out, "--format=json"] + arguments
    return subprocess.run(command, capture_output=True, text=True, check=False)


def judge(tool, blob, scratch, number, arguments):
    """(1 if a plan was made, what is wrong)"""
    out = os.path.join(scratch, f"plan-{number}")
    done = plan(tool, blob, out, arguments)
    where = f"{os.path.basename(blob)} {' '.join(a for a in arguments if not a.startswith('--allow'))}"
    if done.returncode not in (0, 1):
        return 0, [f"{where}: exit {done.returncode}: {done.stderr.strip()[-200:]}"]
    result = json.loads(done.stdout)
    reasons = [d for d in result["diagnostics"] if d["severity"] == "error"]
    if done.returncode:
        return 0, [] if reasons else [f"{where}: no plan, and no reason"]
    checked = subprocess.run([sys.executable, os.path.join(HERE, "plan_invariants.py"), blob, out],
                             capture_output=True, text=True, check=False)
    return 1, [] if not checked.returncode else [f"{where}: {checked.stdout.strip()[-400:]}{checked.stderr[-200:]}"]


def board(tool, blob, scratch, number):
    """(plans made, what is wrong) for one tree"""
    allow = [f"--allow={ident}" for ident in ALLOW]
    lines = subprocess.run([tool, "devices", "--format=json", blob], capture_output=True, text=True,
                           check=False)
    if lines.returncode:
        return 0, []    # an overlay; compare-devices.sh judges refusals
    devices = json.loads(lines.stdout)["devices"]
    ready = [d["path"] for d in devices if d["verdict"] == "ready"]
    open_ = [d["path"] for d in devices if d["verdict"] == "attention"]
    made, wrong = 0, []
    jobs = [allow + ["--all"]] if devices else []
    jobs += [[path] for path in ready[number % 3::7]]
    jobs += [allow + [path] for path in open_[number % 5::23]]
    for i, arguments in enumerate(jobs):
        n, bad = judge(tool, blob, scratch, f"{number}-{i}", arguments)
        made += n
        wrong += bad
        if not n and arguments == [arguments[0]] and arguments[0] in ready and not bad:
            wrong.append(f"{os.path.basename(blob)}: {arguments[0]} is ready, but its plan fails")
    return made, wrong


def main():
    tool = os.path.abspath(sys.argv[1])
    every = int(sys.argv[3]) if sys.argv[2:3] == ["--every"] else 1
    blobs = trees(every)
    made = failed = passed = 0
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(board, tool, blob, scratch, i) for i, blob in enumerate(blobs)]
        for job in jobs:
            n, wrong = job.result()
            made += n
            passed += not wrong
            failed += bool(wrong)
            for line in wrong:
                print(f"FAIL {line}", flush=True)
    print(f"{len(blobs)} boards, {made} plans judged")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
