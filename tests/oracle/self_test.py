#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks of this folder must notice what they are for: one good plan, then one flaw at a time."""

import copy
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import compare_devices
import devices
import fdt
import invariants
from plan_invariants import Plan

HOST = """/dts-v1/;
/ {
	#address-cells = <2>; #size-cells = <2>; compatible = "test,board"; interrupt-parent = <&gic>;
	gic: interrupt-controller@8000000 {
		compatible = "arm,gic-400"; interrupt-controller; #interrupt-cells = <3>;
		#address-cells = <0>; reg = <0 0x8000000 0 0x1000>;
	};
	mmu: iommu@8100000 { compatible = "arm,smmu-v2"; reg = <0 0x8100000 0 0x1000>; #iommu-cells = <1>; status = "disabled"; };
	bus@9000000 {
		compatible = "simple-bus"; #address-cells = <1>; #size-cells = <1>; ranges = <0 0 0x9000000 0x100000>;
		uart@0 { compatible = "test,uart"; reg = <0 0x100>; interrupts = <0 1 4>; };
		timer@800 { compatible = "test,timer"; reg = <0x800 0x100>; interrupts = <0 2 4>; };
		rtc@10000 { compatible = "test,rtc"; reg = <0x10040 0x1000>; interrupts = <0 3 4>, <0 4 4>, <0 3 4>; };
		dog@20000 { compatible = "test,dog"; reg = <0x20000 0x1000>; interrupts = <0 1 4>; };
		dma@30000 { compatible = "test,dma"; reg = <0x30000 0x1000>; interrupts = <0 9 4>; iommus = <&mmu 1>; };
		pins: gpio@40000 {
			compatible = "test,gpio"; reg = <0x40000 0x1000>; interrupts = <0 10 4>;
			interrupt-controller; #interrupt-cells = <2>;
		};
		key@50000 { compatible = "test,key"; reg = <0x50000 0x1000>; interrupt-parent = <&pins>; interrupts = <1 4>; };
	};
};
"""

GUEST = """/dts-v1/;
/ {
	#address-cells = <2>; #size-cells = <2>; interrupt-parent = <65000>;
	gic { interrupt-controller; #interrupt-cells = <3>; #address-cells = <0>; phandle = <65000>; };
	passthrough {
		compatible = "simple-bus"; #address-cells = <2>; #size-cells = <2>; ranges;
		clk: clock { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <1>; };
		rtc@9010040 {
			compatible = "test,rtc"; reg = <0 0x9010040 0 0x1000>; clocks = <&clk>;
			interrupts = <0 3 4>, <0 4 4>, <0 3 4>;
		};
	};
};
"""

RTC = "/bus@9000000/rtc@10000"
PLAN = {
    "xen": "4.17",
    "ok": True,
    "devices": [
        {
            "path": RTC,
            "guest_path": "/passthrough/rtc@9010040",
            "regs": [{"host": 0x9010040, "guest": 0x9010040, "size": 0x1000}],
            "irqs": [35, 36, 35],
        }
    ],
    "iomem": [{"start": 0x9010, "count": 2, "gfn": 0x9010}],
    "irqs": [35, 36],
    "dtdev": [],
    "mark": [RTC],
    "diagnostics": [],
}


def compiled(source, path):
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", path, "-"], input=source, text=True, check=True)


class Flaws(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.host = self.folder / "host.dtb"
        compiled(HOST, self.host)
        self.plan = copy.deepcopy(PLAN)

    def problems(self, guest=GUEST):
        folder = self.folder / "plan"
        folder.mkdir()
        (folder / "plan.json").write_text(json.dumps(self.plan))
        compiled(guest, folder / "guest.dtb")
        return " ".join(Plan(fdt.load(self.host), folder).check(self.host))

    def test_good_plan(self):
        self.assertEqual(self.problems(), "")

    def test_errors_leave_only_the_json(self):
        self.plan["ok"] = False
        self.assertIn("guest.dtb", self.problems())

    def test_page_of_another(self):
        self.plan["iomem"].append({"start": 0x9000, "count": 1, "gfn": 0x9000})
        self.assertIn("/bus@9000000/uart@0", self.problems())

    def test_interrupt_of_another(self):
        self.plan["irqs"] = [33, 35, 36]
        self.assertIn("takes INTID 33", self.problems())

    def test_lost_interrupt(self):
        self.plan["irqs"] = [35]
        self.assertIn("not in irqs", self.problems())

    def test_lost_frame(self):
        self.plan["iomem"][0]["count"] = 1
        self.assertIn("is not mapped", self.problems())

    def test_wrong_frame(self):
        self.plan["iomem"][0]["start"] = 0x9060
        self.assertIn("does not map host", self.problems())

    def test_reserved_range(self):
        self.plan["iomem"].append({"start": 0xA000, "count": 1, "gfn": 0x38000})
        self.assertIn("grant table", self.problems())

    def test_reserved_but_unused_range(self):
        self.plan["iomem"].append({"start": 0xA000, "count": 1, "gfn": 0x10000})
        self.plan["diagnostics"].append({"id": "gfn-reserved", "severity": "warning", "message": "", "hint": None})
        self.assertEqual(self.problems(), "")

    def test_two_mappings(self):
        self.plan["iomem"].append({"start": 0xA000, "count": 1, "gfn": 0x9011})
        self.assertIn("mapped twice", self.problems())

    def test_offset(self):
        self.plan["devices"][0]["regs"][0]["guest"] = 0x9010000
        self.assertIn("offset in the page", self.problems())

    def test_dangling(self):
        self.assertIn("clocks refers to", self.problems(GUEST.replace("<&clk>", "<77>")))

    def test_reserved_phandle(self):
        text = GUEST.replace("clock-frequency", "phandle = <65001>; clock-frequency")
        self.assertIn("reserved phandle", self.problems(text))

    def test_cells(self):
        text = GUEST.replace('"simple-bus"; #address-cells', '"other"; #address-cells')
        self.assertIn("no simple-bus", self.problems(text))

    def test_guest_address(self):
        self.assertIn("plan.json says", self.problems(GUEST.replace("reg = <0 0x9010040", "reg = <0 0x9010000")))

    def test_wrong_answers(self):
        ours = json.loads(devices.answer(str(self.host)))
        self.assertEqual(compare_devices.differences(ours, ours)[1], [])
        for key, value in (("irqs", [99]), ("frames", []), ("regs", [])):
            theirs = copy.deepcopy(ours)
            theirs["devices"][3][key] = value
            self.assertEqual(len(compare_devices.differences(ours, theirs)[1]), 1)
        theirs = copy.deepcopy(ours)
        del theirs["devices"][3]
        self.assertEqual(len(compare_devices.differences(ours, theirs)[1]), 1)

    def test_ready(self):
        tree = fdt.load(self.host)
        uses = invariants.Uses(tree)

        def why(path):
            return " ".join(invariants.why_not_ready(tree.by_path["/bus@9000000/" + path], uses))

        self.assertEqual(why("rtc@10000"), "")
        self.assertEqual(why("gpio@40000"), "")
        self.assertIn("shares a page with /bus@9000000/timer@800", why("uart@0"))
        self.assertIn("shares INTID 33 with /bus@9000000/uart@0", why("dog@20000"))
        self.assertIn("which is disabled", why("dma@30000"))
        self.assertIn("only of others", why("key@50000"))


if __name__ == "__main__":
    unittest.main()
