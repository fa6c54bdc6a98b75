#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""run.py [--runs=N | --once | --calls] PROGRAM SHIM STATE [SCENARIO...]

PROGRAM is xl-passthrough on the recorded Xen of tests/xen-replay, SHIM is shim.so of this folder,
STATE where PROGRAM keeps partial trees. Each scenario runs once untouched, then again and again
with one failure each: of every allocation, of every call for a file or a process, of every call
to Xen and xenstore, with each errno of ERRNOS, and reads and writes that come to half. --once takes
one errno at each of these places, the next one in turn, --runs=N every k-th place so that there are
about N, --calls all but the allocations. Then every Xen call from one on fails, as when xenstored is gone, and a function each time.

Whatever fails, the program ends by itself and leaks nothing (where it is built with ASan), and
    either its status, its output, its files, xenstore and xl's arguments are as without a failure,
    or it ends with 2 and says what failed; then no xl ran, xenstore and the files are as before
    (or gone, where an earlier set was already broken up), and nothing unfinished lies about.
"""
import errno
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
UUID = "11111111-2222-3333-4444-555555555555"
OTHER = "22222222-2222-3333-4444-555555555555"

# What a call can fail with. SHORT: it does half of what it was asked.
FILE = "EMFILE ENFILE EACCES EIO EINTR ENOMEM ELOOP"
CHANGE = "EIO ENOSPC EROFS EACCES EDQUOT"
STORE = "EIO EAGAIN ENOSPC EACCES EPERM EINVAL ENOMEM ENOSYS EROFS EBUSY E2BIG EEXIST EPIPE"
LIBXL = "EIO ENOMEM EPERM EACCES ENOSYS"     # the seam has no more of it
ERRNOS = {
    "open": FILE + " EROFS ENOSPC", "openat": FILE + " EROFS ENOSPC", "fopen": FILE, "opendir": FILE,
    "scandirat": FILE, "stat": "EIO EACCES ENOMEM ELOOP EOVERFLOW", "fstat": "EIO ENOMEM EOVERFLOW",
    "fstatat": "EIO EACCES ENOMEM", "access": "EIO EACCES ELOOP", "realpath": "EIO EACCES ENOMEM ELOOP",
    "read": "EIO EINTR SHORT", "write": "ENOSPC EIO EINTR EDQUOT EFBIG SHORT",
    "fsync": "EIO ENOSPC EDQUOT EROFS", "close": "EIO EINTR ENOSPC EDQUOT", "fchmod": "EPERM EROFS EIO",
    "flock": "ENOLCK EINTR EIO", "mkdir": CHANGE, "renameat": CHANGE + " EXDEV", "unlinkat": CHANGE + " EBUSY",
    "malloc": "ENOMEM", "gone": "EIO", "getentropy": "ENOSYS EIO", "setenv": "ENOMEM", "fwrite": "ENOSPC EIO EPIPE", "fflush": "ENOSPC EIO EPIPE",
    "execv": "EIO EACCES ENOEXEC ENOMEM E2BIG ETXTBSY",
    "xen_open": "EIO ENOMEM EACCES EPERM ENODEV ENOTCONN ELIBACC EPROTO EMFILE", "xen_info": LIBXL,
    "xen_domains": LIBXL, "xen_console_after": LIBXL,
    "xen_test_device": LIBXL + " EOPNOTSUPP EINVAL ESRCH EBUSY ENOSPC EFAULT ENOBUFS ERANGE EEXIST ENXIO EINTR",
}
# What a caller of xen_test_device() takes for an answer, and the ids that may tell it.
ANSWERS = {
    errno.ESRCH: ["host-tree-differs"], errno.EINVAL: ["device-busy", "not-marked"], errno.EOPNOTSUPP: ["iommu-off"],
    errno.ENOSYS: ["iommu-off"], errno.ENOBUFS: ["path-too-long"],
}
# The seam's own cases have words of their own.
WORDS = {
    errno.ENODEV: "no Xen here", errno.ENOTCONN: "xenstored is not there", errno.EPROTO: "another release of Xen",
    errno.ELIBACC: "libraries of the Xen release",
}


def errnos(function):
    names = STORE if function.startswith("xen_store") else ERRNOS[function]
    return [0 if name == "SHORT" else getattr(errno, name) for name in names.split()]

ARTEFACTS = {"plan.json", "passthrough.cfg", "guest.dts", "guest.dtb", "boot.cmd"}

CONFIG = """name = "guest"
uuid = "%s"
memory = 256
vcpus = 1
dt_host = "board.dtb"
dt_passthrough = [ "/rtc@9010000" ]
device_tree = "xl-passthrough"
""" % UUID

# the tree is the user's own
OWN = """name = "own"
memory = 256
gic_version = "v3"
device_tree = "own.dtb"
iomem = [ "0x9010,1@0x4100", "0x9030,1@0x4101" ]
irqs = [ 34, 39 ]
"""

REPLAY = """test * 0
tree dom0.dtb
console (XEN) Rangesets belonging to domain 0:
console (XEN)     Interrupts { 32-152, 174-191 }
console (XEN)     I/O Memory { 8000-8fff, 9000-904f, 9070-affff }
console (XEN) NODE affinity for domain 0: [0]
"""

# Somebody else's create at work; the process itself stands for it.
OTHERS = """store /tool/xl-passthrough/%s/0 name other\\n\\self\\ndevice /gpio@9030000\\niomem 9030 1 9030\\nirq 39\\n
""" % OTHER

# A guest that is gone, for whose monitor every process is looked at.
GONE = """store /tool/xl-passthrough/33333333-2222-3333-4444-555555555555/0 name gone\\ndevice /rtc@9010000\\nirq 34\\n
"""

FAKE_XL = """#!/bin/sh
printf '%s\\n' "$@" >argv
"""

SCENARIOS = {
    # name: arguments, more lines of the recorded Xen, more of the configuration
    "plan": ["plan", "-t", "board.dtb", "-o", "out", "--dtb", "marked.dtb", "--allow=dma-unprotected",
             "/rtc@9010000", "/dma@a004000"],
    "plan-again": ["plan", "-t", "board.dtb", "-o", "old", "--format=cfg", "/rtc@9010000"],
    "plan-errors": ["plan", "-t", "board.dtb", "-o", "old", "/nosuch@1", "/rtc@9010000"],
    "plan-refused": ["plan", "-t", "board.dtb", "-o", "old", "--format=json", "/serial@9040000"],
    "plan-patterns": ["plan", "-t", "board.dtb", "--format=dts", "-c", "guest.cfg", "--below=/", "--except=/serial*"],
    "plan-dtb": ["plan", "-t", "board.dtb", "--format=dtb", "/rtc@9010000"],
    "uboot": ["uboot", "-t", "board.dtb", "--dtb=marked.dtb", "/rtc@9010000"],
    "devices": ["devices", "board.dtb"],
    "devices-json": ["devices", "--format=json", "board.dtb", "guest.dtb"],
    "merge": ["merge", "--xen=4.17", "-c", "guest.cfg", "-t", "board.dtb"],
    "merge-own": ["merge", "--xen=4.17", "-c", "own.cfg", "--format=json"],
    "merge-svg": ["merge", "--xen=4.20", "--memory=512", "--gic=v3", "--format=svg", "own.dtb"],
    "merge-dtb": ["merge", "--xen=4.17", "--memory=512", "--gic=v2", "--format=dtb", "own.dtb"],
    "partition": ["partition", "-t", "board.dtb", "-o", "out", "guest.cfg", "second.cfg"],
    "check": ["check", "--format=json", "-t", "board.dtb", "/rtc@9010000", "/dma@a004000"],
    "check-own": ["check", "-c", "own.cfg", "-t", "board.dtb"],
    "list": ["list", "--format=json"],
    "create": ["create", "guest.cfg"],
    "create-drawn": ["create", "drawn.cfg"],
    "create-overlay": ["create", "overlay.cfg"],
    "create-shown": ["create", "-n", "guest.cfg"],
    "create-busy": ["create", "guest.cfg", 'dt_passthrough=["/gpio@9030000"]'],
}

def dtc(source, to):
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", to, "-"], input=source, text=True, check=True)


def make_template(folder):
    """What each run gets a copy of."""
    os.makedirs(folder)
    with open(os.path.join(SOURCE, "tests/replay/board.dts"), encoding="utf-8") as f:
        board = f.read()
    dtc(board, os.path.join(folder, "board.dtb"))
    dom0 = re.sub(r"((?:rtc@9010000|gpio@9030000|dma@a004000) \{)", r'\1 status = "disabled";', board)
    dtc(re.sub(r"iommus = <[^>]*>;", "", dom0), os.path.join(folder, "dom0.dtb"))
    with open(os.path.join(SOURCE, "dts/guests/virt-rtc-gpio.dts"), encoding="utf-8") as f:
        dtc(f.read(), os.path.join(folder, "own.dtb"))
    dtc('/dts-v1/; / { compatible = "a"; model = "b"; #address-cells = <1>; #size-cells = <1>; };',
        os.path.join(folder, "guest.dtb"))
    dtc('/dts-v1/; / { passthrough { rtc@9010000 { mine = "mine"; }; }; };', os.path.join(folder, "over.dtb"))
    drawn = re.sub("uuid = .*\n", "", CONFIG)
    files = {
        "guest.cfg": CONFIG, "drawn.cfg": drawn, "own.cfg": OWN,
        "overlay.cfg": CONFIG.replace("xl-passthrough", "over.dtb"),
        "second.cfg": drawn.replace("guest", "second").replace("/rtc@9010000", "/gpio@9030000"),
        "dist/xl": FAKE_XL,
    }
    files.update({"old/" + name: "of an earlier run\n" for name in ARTEFACTS})
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    os.chmod(os.path.join(folder, "dist/xl"), 0o755)


def contents(top):
    """Every file below, by name."""
    found = {}
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, top)] = f.read()
    return found


class Result:
    def __init__(self, done, here, state, log):
        self.status = done.returncode
        self.stdout, self.stderr = done.stdout, done.stderr.decode(errors="replace")
        self.files = contents(here)
        self.argv = self.files.pop("argv", None)
        # the process that claims is another one each time
        self.store = re.sub(rb"creator \d+ \d+", b"creator", self.files.pop("store", b""))
        self.state = contents(state)
        self.failed = None      # name, errno, path or function of Xen's
        self.callers = []
        self.chances = {"memory": [], "call": [], "xen": []}
        for line in log:
            word, _, rest = line.strip().partition(" ")
            if word == "failed":
                name, number, path = rest.split(" ", 2) if rest.count(" ") > 1 else rest.split(" ") + [""]
                self.failed = (name, int(number), path)
            elif word == "from":
                self.callers.append(rest)
            elif word == "chance":
                self.chances["call"].append(rest)
            elif word == "count" and rest.startswith("memory "):
                self.chances["memory"] = ["malloc"] * int(rest.split()[1])
            elif word.startswith("xen_"):
                self.chances["xen"].append(word)
                if rest and not self.failed:
                    self.failed = ("xen", int(rest), word)

    def artefacts(self):
        """The plan's files by folder."""
        found = {}
        for name, data in self.files.items():
            folder, base = os.path.split(name)
            if folder and base in ARTEFACTS:
                found.setdefault(folder, {})[base] = data
        return found


@functools.cache
def linked_parser(program):
    """Where libxlutil's own code is in the program, if that has it out of the archive: pairs of addresses."""
    found = []
    for line in subprocess.run(["nm", "-S", program], capture_output=True, text=True, check=True).stdout.splitlines():
        words = line.split()
        if len(words) == 4 and words[2] in "tT" and (words[3].startswith(("xlu_", "yy")) and words[3] != "xlu_load"):
            found.append((int(words[0], 16), int(words[0], 16) + int(words[1], 16)))
    return found


class Scenario:
    def __init__(self, name, program, shim, state, scratch):
        self.name, self.program, self.shim, self.state = name, program, shim, state
        self.here = os.path.join(scratch, "run")
        self.template = os.path.join(scratch, "template")
        self.log = os.path.join(scratch, "log")
        self.before = contents(self.template)
        self.plain = None

    def run(self, kind, nth, error=None, anew=True):
        """Not anew: on what the run before has left."""
        if anew:
            shutil.rmtree(self.here, ignore_errors=True)
            shutil.copytree(self.template, self.here)
            shutil.rmtree(self.state, ignore_errors=True)
        if os.path.exists(self.log):
            os.remove(self.log)
        env = {
            "PATH": os.path.join(self.here, "dist") + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8",
            "XLPT_REPLAY": os.path.join(self.here, "xen.replay"),
            "XLPT_REPLAY_STORE": os.path.join(self.here, "store"),
            "ASAN_OPTIONS": "verify_asan_link_order=0:allocator_may_return_null=1",
        }
        with open(env["XLPT_REPLAY"], "w", encoding="utf-8") as f:
            f.write(REPLAY + ("" if self.name == "check-own" else OTHERS) + (GONE if self.name == "create" else ""))
        which = f"{nth}" if error is None else f"{nth}:{error}"
        if kind == "xen":
            env["XLPT_REPLAY_FAIL"] = which
            env["XLPT_REPLAY_CALLS"] = self.log
        else:
            env.update(LD_PRELOAD=self.shim, XLPT_FAULT=f"{kind}:{which}", XLPT_FAULT_LOG=self.log)
        done = subprocess.run([self.program] + SCENARIOS[self.name], cwd=self.here, env=env,
                              capture_output=True, check=False, timeout=120)
        log = []
        if os.path.exists(self.log):
            with open(self.log, encoding="utf-8") as f:
                log = f.readlines()
        return Result(done, self.here, os.path.dirname(self.state), log)

    def same(self, got):
        plain = self.plain
        if self.name == "create-drawn":     # another uuid each time
            return bool(got.argv) == bool(plain.argv) and len(got.state) == len(plain.state)
        return (got.stdout == plain.stdout and got.files == plain.files and got.argv == plain.argv and
                got.store == plain.store and got.state == plain.state)

    def is_named(self, path, line):
        base = os.path.basename(path)
        if path.startswith(os.path.dirname(self.state)) or re.match(r"[-0-9a-f]{36}\.dtb", path):
            return self.state in line
        if path == self.here:
            return " .:" in line
        if base == "xl":
            return "xl on PATH" in line or path in line
        # one under a name of its own is told by that of its folder, or of what it is to be
        return base in line or (base.startswith(".xlpt.") and any(n in line for n in ARTEFACTS | {"marked.dtb"}))

    def in_words_of_its_own(self, got):
        """In libxlutil or the dynamic linker, behind the parts of a call that are the C library's and ASan's?"""
        caller = next((c for c in got.callers if "libc.so" not in c and "libasan" not in c), "")
        if "libxlutil" in caller or "ld-linux" in caller:
            return True
        file, _, offset = caller.partition(" +")
        return os.path.basename(file) == os.path.basename(self.program) and \
            any(first <= int(offset, 16) <= last for first, last in linked_parser(self.program))

    @staticmethod
    def words(name, number, function):
        """Any of these tells it truly."""
        if name != "xen":
            return [os.strerror(number)] + (["ut of memory"] if number == errno.ENOMEM else [])
        if function.startswith("xen_store") and number == errno.EAGAIN:
            return ["changed by others every time"]
        return [WORDS.get(number, os.strerror(number))]

    def judge(self, got):
        """What is wrong with a run in which something failed."""
        wrong = []
        name, number, path = got.failed
        if got.status < 0:
            return [f"ends by signal {-got.status}"]
        if "Sanitizer" in got.stderr or "runtime error" in got.stderr:
            return [got.stderr]
        if got.status == self.plain.status and self.same(got):
            return []
        if not number:
            return ["half of it is enough for another end"]
        if got.status == self.plain.status and name != "xen":
            return [f"status {got.status} as without a failure, and not its output"]
        text = got.stderr
        # what was asked of Xen, or of processes to see who has what, is told as a finding
        ids = ["xen-failed"]
        if name == "xen":
            ids += ["xen-denied", "no-xen", "xen-version"] if path == "xen_open" else ["xen-denied"]
            if path == "xen_test_device":
                ids = ANSWERS.get(number, ids)
            if path == "xen_console_after":
                ids += ["not-verified"]
        told = got.status <= 1 and any(f"[{name}]" in text for name in ids)
        if got.status != 2 and not told:
            wrong.append(f"status {got.status} without a finding of {ids}")
        if "not-verified" in ids or told and ids[0] != "xen-failed":
            pass
        elif name != "xen" and self.in_words_of_its_own(got):
            if not text:
                wrong.append("says nothing")
        elif not any(words in text for words in self.words(name, number, path)):
            wrong.append(f"does not say '{os.strerror(number)}'")
        if told or name == "xen":
            pass
        elif name not in ("setenv", "fwrite", "fflush") and path and not path.startswith("/proc") and \
                not any(self.is_named(path, line) for line in text.splitlines()):
            wrong.append(f"does not name {path}")
        # nothing unfinished, nothing changed but by whole sets
        folders = set(got.artefacts()) | set(self.plain.artefacts())
        for folder in folders:
            have = got.artefacts().get(folder, {})
            old = {k: v for k, v in self.before.items() if os.path.dirname(k) == folder}
            old = {os.path.basename(k): v for k, v in old.items()}
            if have not in ({}, old, self.plain.artefacts().get(folder, {})):
                wrong.append(f"{folder} has half a set: {sorted(have)}")
        for file, data in got.files.items():
            if os.path.basename(file) in ARTEFACTS and os.path.dirname(file):
                continue
            if data not in (self.before.get(file), self.plain.files.get(file)):
                wrong.append(f"leaves {file}")
        if got.argv is not None:
            wrong.append("xl ran")
        claims = set(re.findall(rb"^store (\S+) ", got.store, re.M))
        if any(UUID.encode() in claim for claim in claims) or (self.name == "create-drawn" and len(claims) > 2):
            wrong.append(f"a claim is left: {claims}")
        if claims and not any(OTHER.encode() in claim for claim in claims):
            wrong.append("another's claim is gone")
        if got.state:
            wrong.append(f"leaves {sorted(got.state)}")
        return wrong

    def judge_after(self, got, again):
        """Xen is gone for good: a claim may stay behind. It is a dead one, so the next run works."""
        claimed = got.store
        got.store = b"\n".join(line for line in got.store.splitlines() if OTHER.encode() in line)
        wrong = self.judge(got)
        got.store = claimed
        if again.status != self.plain.status or not self.same(again):
            wrong.append(f"the next run ends with {again.status}: {again.stderr}")
        return wrong


def explain(scenario, kind, nth, got, wrong):
    print(f"not ok {scenario.name} {kind}:{nth} ({' '.join(map(str, got.failed))}): {'; '.join(wrong)}")
    print("    " + got.stderr.strip().replace("\n", "\n    "))
    # without the C library's start
    for caller in got.callers[:6]:
        file, offset = caller.split()[:2]
        if os.path.basename(file).startswith("xl-passthrough"):
            where = subprocess.run(["addr2line", "-sfpe", file, offset.lstrip("+")], capture_output=True, text=True,
                                   check=False)
            caller = where.stdout.strip()
        print("      from " + caller)


def main():
    sys.stdout.reconfigure(line_buffering=True)
    args = sys.argv[1:]
    option = args.pop(0) if args[0].startswith("--") else ""
    runs = int(option.partition("=")[2] or 0)
    program, shim, state = map(os.path.abspath, args[:3])
    names = args[3:] or list(SCENARIOS)
    passed = failed = missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        make_template(os.path.join(scratch, "template"))
        scenarios = {name: Scenario(name, program, shim, state, scratch) for name in names}
        places = []
        for scenario in scenarios.values():
            scenario.plain = scenario.run("memory", 0)
            chances = dict(scenario.plain.chances, xen=scenario.run("xen", 0).chances["xen"])
            if scenario.plain.status not in (0, 1, 2) or "Sanitizer" in scenario.plain.stderr:
                print(f"not ok {scenario.name}: {scenario.plain.status} {scenario.plain.stderr}")
                failed += 1
            if option == "--calls":
                chances["memory"] = []
            for kind, functions in chances.items():
                places += [(scenario, kind, nth + 1, function) for nth, function in enumerate(functions)]
            places += [(scenario, "xen", f"{nth + 1}-", "gone") for nth, _ in enumerate(chances["xen"])]
            places += [(scenario, "xen", function, function) for function in sorted(set(chances["xen"]))]
            print(f"# {scenario.name}: status {scenario.plain.status}, " +
                  ", ".join(f"{len(functions)} of {kind}" for kind, functions in chances.items()))
        todo = [place[:3] + (error,) for place in places for error in errnos(place[3])]
        ways = len(todo)
        if runs or option == "--once":
            todo = []
            step = -(-len(places) // runs) if runs else 1
            for i, (scenario, kind, nth, function) in enumerate(places[::step]):
                errors = errnos(function)
                todo.append((scenario, kind, nth, errors[i % len(errors)]))
        for scenario, kind, nth, error in todo:
            got = scenario.run(kind, nth, error)
            if not got.failed:
                missed += 1     # fewer chances than the first time: another pid, another uuid
                continue
            elif str(nth).endswith("-") and got.status == 2:
                wrong = scenario.judge_after(got, scenario.run("xen", 0, anew=False))
            else:
                wrong = scenario.judge(got)
            if wrong:
                failed += 1
                explain(scenario, kind, nth, got, wrong)
            else:
                passed += 1
        shutil.rmtree(os.path.dirname(state), ignore_errors=True)
    # that nothing was there to fail is no proof of anything, beyond those few
    if missed * 50 > passed:
        print(f"not ok {missed} of the calls that were to fail were never made")
        failed += 1
    print(f"{passed} passed, {failed} failed (of {ways} ways to fail; {missed} calls not made)")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
