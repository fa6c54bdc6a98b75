#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Where a tree would take more than its size deserves, the answer says what was not looked at.

load common

# board NODES: a tree with these in it
board() {
	printf '/include/ "%s/tests/rules/board.dtsi"\n/ {\n%s\n};\n' "$XLPT_SOURCE" "$1" |
		dtc -q -I dts -O dtb -o t.dtb -
}

# chain N: devices one in the other
chain() {
	python3 -c 'import sys
n = int(sys.argv[1])
print("".join("dev@%x { compatible = \"test,dev\"; #address-cells = <1>; #size-cells = <1>; ranges;"
              "reg = <%#x 0x1000>;" % ((0xe0000000 + i * 4096,) * 2) for i in range(n)) + "};" * n)' "$1"
}

# verdicts EXPRESSION: over `d`, path to device
verdicts() {
	"$XLPT" devices --format=json t.dtb | json "(lambda d: $1)({x['path']: x for x in d['devices']})"
}

@test "devices one in the other: those that were not looked at in full say so" {
	board "$(chain 40)"
	verdicts 'len([x for x in d.values() if "device-unexamined" in [y["id"] for y in x["diagnostics"]]]) > 5'
	verdicts 'all(x["verdict"] != "ready" for x in d.values()
		if "device-unexamined" in [y["id"] for y in x["diagnostics"]])'
	# where it stands is enough for the plan of one of them
	answer 1 plan --format=json -t t.dtb /dev@e0000000
	absent device-unexamined stdout
}

@test "devices one in the other as on boards: all are looked at" {
	board "$(chain 12)"
	verdicts '"device-unexamined" not in str(d)'
}

@test "a table that many devices take along: the last ones say that they were not looked at" {
	board "$(python3 -c 'print("ops: opp-table { compatible = \"operating-points-v2\";" + "".join(
		"opp-%d { opp-hz = /bits/ 64 <%d>; };" % (i + 1, i + 1) for i in range(40)) + "};" + "".join(
		"dev@%x { compatible = \"test,dev\"; reg = <%#x 0x1000>; operating-points-v2 = <&ops>; };"
		% ((0xe0000000 + i * 4096,) * 2) for i in range(40)))')"
	verdicts '"device-unexamined" not in str(d["/dev@e0000000"])'
	verdicts '"device-unexamined" in str(d["/dev@e0027000"])'
}

# in_page N NAME FIRST: N devices of that name, from the FIRST of four bytes on in one page
in_page() {
	python3 -c 'import sys
n, name, at = int(sys.argv[1]), sys.argv[2], 0xe0000000 + 4 * int(sys.argv[3])
print("".join("%s@%x { compatible = \"arm,pl061\"; reg = <%#x 4>; };" % (name, at + i * 4, at + i * 4)
              for i in range(n)))' "$@"
}

@test "all devices of one page: a plan of them all has nobody outside to name" {
	# more pairs of them than are looked at
	board "$(in_page 400 dev 0)"
	answer 0 plan --format=json -t t.dtb '/dev@*'
	json 'len(d["devices"]) == 400 and len(d["iomem"]) == 1' <stdout
	# and one that is left out is an error for those it is shared with
	answer 1 plan --format=json -t t.dtb --except=/dev@e0000630 '/dev@*'
	json 'd["devices"] == [] and "iomem-shared-page" in str(d)' <stdout
}

@test "more sharers of a page outside the plan than are looked at: not to be allowed" {
	board "$(in_page 100 dev 0) $(in_page 100 other 100)"
	answer 0 plan --format=json -t t.dtb --allow=iomem-shared-page '/dev@*'
	json 'len(d["devices"]) == 100' <stdout
	board "$(in_page 400 dev 0) $(in_page 400 other 400)"
	answer 1 plan --format=json -t t.dtb --allow=iomem-shared-page '/dev@*'
	json '"iomem-shared-page" in str(d)' <stdout
}

@test "a device bound to more others than a selection proposes: the hint says so" {
	board "$(python3 -c 'print("".join("dev@%x { compatible = \"arm,pl061\"; reg = <%#x 0x1000>; };"
		% ((0xe0000800 + i * 4096,) * 2) for i in range(80)))')"
	answer 1 plan --format=json -t t.dtb /dev@e0000800
	json '[x["hint"] for x in d["diagnostics"] if x["id"] == "iomem-shared-page" and "64" in x["hint"]]' <stdout
	# all of them is a selection
	answer 0 plan --format=json -t t.dtb '/dev@*'
	json 'd["diagnostics"] == []' <stdout
}

@test "more StreamIDs with masks than are compared: not to be shared" {
	board "masked: iommu@df000000 { compatible = \"arm,mmu-500\"; reg = <0xdf000000 0x1000>; #iommu-cells = <2>;
		interrupts = <0 50 4>; };
		dev@d0000000 { compatible = \"test,dma\"; reg = <0xd0000000 0x1000>; iommus = <&masked 0x7000 0>; };
		$(python3 -c 'print("".join("dma%d { iommus = <&masked %#x 1>; };" % (i, i % 2000 * 2)
			for i in range(4200)))')"
	answer 1 plan --format=json -t t.dtb /dev@d0000000
	json '[x["node"] for x in d["diagnostics"] if x["id"] == "stream-shared"] == ["/dev@d0000000"]' <stdout
}

@test "names that no node has: for the first ones what is near is searched" {
	board 'dev@e0000000 { compatible = "test,dev"; reg = <0xe0000000 0x1000>; };'
	# shellcheck disable=SC2046
	answer 1 plan --format=json -t t.dtb $(printf '/dev@e000000%d ' 1 2 3 4 5 6 7 8 9)
	json 'len([x for x in d["diagnostics"] if x["id"] == "device-unknown"]) == 9' <stdout
	json 'sum("/dev@e0000000" in x["hint"] for x in d["diagnostics"] if x["id"] == "device-unknown") == 8' <stdout
}

@test "many patterns for one device: each adds its options, some hundred rates at most" {
	board 'dev@e0000000 { compatible = "test,dev"; reg = <0xe0000000 0x1000>; };'
	rates() {
		printf '/dev@*,allow=%s,clock=c%d:1 ' $(for i in $(seq "$1" "$2"); do echo dma-unprotected "$i"; done)
	}
	# shellcheck disable=SC2046
	answer 1 plan --format=json -t t.dtb /dev@e0000000,clock=c1:1 $(rates 1 256)
	json '"selection-invalid" in [x["id"] for x in d["diagnostics"]]' <stdout
	json 'all(x["severity"] != "error" for x in d["diagnostics"] if x["id"] == "dma-unprotected")' <stdout
	json 'not [x for x in d["diagnostics"] if "256 clocks" in x["message"]]' <stdout
	# shellcheck disable=SC2046
	answer 1 plan --format=json -t t.dtb $(rates 1 257)
	json '[x["id"] for x in d["diagnostics"] if "256 clocks" in x["message"]] == ["selection-invalid"]' <stdout
	answer 2 plan --format=json -t t.dtb "/dev@e0000000$(printf ',clock=c%d:1' $(seq 257))"
}

@test "so many patterns that a plan would take long: a finding, not a wait" {
	board "$(python3 -c 'print("".join("dev@%x { compatible = \"test,dev\"; reg = <%#x 0x1000>; };"
		% ((0xe0000000 + i * 4096,) * 2) for i in range(2000)))')"
	# shellcheck disable=SC2046
	answer 0 plan --format=json -t t.dtb --allow=dma-unprotected $(yes '/*0000' | head -n 500)
	# shellcheck disable=SC2046
	answer 1 plan --format=json -t t.dtb --allow=dma-unprotected $(yes '/*0000' | head -n 600)
	json '[x["id"] for x in d["diagnostics"] if x["severity"] == "error"] == ["selection-invalid"]' <stdout
}

@test "options of several patterns are each device's own" {
	board 'dev@e0000000 { compatible = "test,dev"; reg = <0xe0000000 0x1000>; };
		dev@e0001000 { compatible = "test,dev"; reg = <0xe0001000 0x1000>; };'
	"$XLPT" plan --format=json -t t.dtb '/dev@*0000,clock=a:1' '/dev@e0000000,clock=b:2' \
		'/dev@*1000,clock=a:3' '/dev@e0001000,clock=c:4' >stdout 2>stderr || [ $? = 1 ]
	json 'len([x for x in d["diagnostics"] if x["id"] == "selection-invalid"]) == 4' <stdout
}
