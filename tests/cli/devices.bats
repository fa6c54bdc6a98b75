#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load common

@test "table by default, exit 0 whatever the verdicts" {
	answer 0 devices "$BOARD"
	[[ $output == */soc/rtc@9010000* ]]
	[[ $output == *ready* ]]
	[ -z "$errors" ]
}

@test "JSON: one line a file, all keys present" {
	answer 0 devices --format=json "$BOARD" "$BOARD"
	[ "$(wc -l <stdout)" = 2 ]
	head -n 1 stdout | json "sorted(d) == ['devices', 'file', 'host'] and d['file'] == '$BOARD'"
	head -n 1 stdout | json 'all(sorted(x) == sorted(["path", "compatible", "status", "regs",
		"frames", "irqs", "streams", "verdict", "diagnostics"]) for x in d["devices"])'
	head -n 1 stdout | json '[x for x in d["devices"] if x["path"] == "/soc/rtc@9010000"][0] == {
		"path": "/soc/rtc@9010000", "compatible": ["arm,pl031", "arm,primecell"],
		"status": "okay", "regs": [{"base": 0x9010000, "size": 0x1000}],
		"frames": [{"start": 0x9010, "count": 1}], "irqs": [34], "streams": [],
		"verdict": "ready", "diagnostics": []}'
}

@test "verdicts: a shared page and unprotected DMA need a decision, the interrupt controller is impossible" {
	answer 0 devices --format=json "$BOARD"
	cat >check.py <<-'END'
	import json
	devices = {x["path"]: x for x in json.load(open("stdout"))["devices"]}
	def ids(path):
	    return {x["id"] for x in devices[path]["diagnostics"]}
	assert devices["/soc/serial@9020000"]["verdict"] == "attention"
	assert "iomem-shared-page" in ids("/soc/serial@9020000")
	assert devices["/soc/ethernet@9030000"]["verdict"] == "attention"
	assert "dma-unprotected" in ids("/soc/ethernet@9030000")
	assert devices["/interrupt-controller@8000000"]["verdict"] == "impossible"
	assert devices["/soc/serial@9000000"]["verdict"] == "impossible"
	assert "/memory@40000000" not in devices and "/cpus/cpu@0" not in devices
	END
	python3 check.py
}

@test "an unreadable file is reported, the others still print, exit 2" {
	answer 2 devices --format=json "$BOARD" missing.dtb "$BOARD"
	[ "$(wc -l <stdout)" = 2 ]
	one_line
	[[ $errors == *missing.dtb* ]]
}

# refused FILE: exit 2, one line on stderr that names the file, nothing on stdout
refused() {
	for command in "devices" "devices --format=json" "plan /x -t" "uboot /x -t"; do
		answer 2 $command "$1"
		silent
		one_line
		[[ $errors == *"$1"* ]]
	done
}

@test "no device tree: directory, FIFO, device, empty, garbage, truncated, overlay, too large" {
	mkdir directory
	mkfifo fifo
	: >empty
	head -c 5000 /dev/zero | tr '\0' x >garbage
	head -c 500 "$BOARD" >truncated
	head -c 39 "$BOARD" >header
	truncate -s 257M large
	printf '/dts-v1/;\n/plugin/;\n&{/soc} { x { y = <1>; }; };\n' | dtc -q -@ -I dts -O dtb -o overlay -
	for file in directory fifo /dev/null empty garbage truncated header large overlay missing; do
		refused "$file"
	done
}

@test "-t names a tree, as with the other commands" {
	answer 0 devices "$BOARD"
	mv stdout expected
	answer 0 devices -t "$BOARD"
	cmp stdout expected
}

@test "a symbolic link to a tree is read" {
	ln -s "$BOARD" link.dtb
	answer 0 devices link.dtb
}

@test "names from a tree cannot drive the terminal" {
	dtc -q -f -I dtb -O dtb -o strange.dtb "$BOARD"
	sed -i 's/rtc@9010000/\x1b[2J@901\x07/' strange.dtb
	"$XLPT" devices strange.dtb >stdout 2>stderr </dev/null || true
	"$XLPT" plan -t strange.dtb --all >>stdout 2>>stderr </dev/null || true
	absent $'\x1b' stdout stderr
	absent $'\x07' stdout stderr
}

@test "the model of a board cannot drive the terminal either" {
	fdtput -t bx "$BOARD" / model 42 1b 5b 32 4a 0a c2 9b c3 a9 0
	answer 0 devices "$BOARD"
	[ "$(head -n 1 stdout)" = "$BOARD: B\x1b[2J\x0a\xc2\x9bé" ]
}

@test "output that cannot be written: exit 2" {
	status=0
	"$XLPT" devices "$BOARD" >/dev/full 2>stderr || status=$?
	[ "$status" = 2 ]
	one_line
}

@test "the reader goes away: no noise" {
	"$XLPT" devices "$BOARD" "$BOARD" "$BOARD" 2>stderr | head -n 1 >/dev/null
	[ ! -s stderr ]
}

@test "the table numbers what is bound together" {
	answer 0 devices "$BOARD"
	grep -Eq '^[a-z]+ +/soc/serial@9020000 .* 1 iomem-shared-page' stdout
	grep -Eq '^[a-z]+ +/soc/serial@9020800 .* 1 iomem-shared-page' stdout
	grep -Eq '^ready +/soc/rtc@9010000 .* -$' stdout
	grep -q '^Devices of one GROUP share' stdout
}

@test "the table: all lines of a device count, a long path has a line of its own" {
	cat >lines.dts <<-END
	/include/ "$XLPT_SOURCE/tests/cli/board.dts"
	/ { soc {
		dma@9100000 { compatible = "example,dma"; reg = <0 0x9100000 0 0x1000>;
			interrupts = <0 20 4>, <0 20 4>, <0 20 4>, <0 20 4>, <0 20 4>, <0 20 4>, <0 21 4>; };
		dma@9110000 { compatible = "example,dma"; reg = <0 0x9110000 0 0x1800>;
			interrupts = <0 34 4>, <0 33 4>, <0 32 4>, <0 31 4>; };
		dma-controller-with-a-rather-long-name@9120000 { compatible = "example,dma";
			reg = <0 0x9120000 0 0x1000>;
			interrupts = <0 44 4>, <0 43 4>, <0 42 4>, <0 41 4>, <0 40 4>; };
		dma@9140000 { compatible = "example,dma"; reg = <0 0x9140800 0 0x100>, <0 0x9140000 0 0x800>,
			<0 0x9142000 0 0>, <0 0x9140900 0 0x800>; };
		rtc@9130000 { compatible = "arm,pl031"; reg = <0 0x9130000 0 0x10>; };
		rtc@9130800 { compatible = "arm,pl031"; reg = <0 0x9130800 0 0x10>, <0 0x9131000 0 0x10>; };
		rtc@9131800 { compatible = "arm,pl031"; reg = <0 0x9131800 0 0x10>; };
	}; };
	END
	dtc -q -I dts -O dtb -o lines.dtb lines.dts
	answer 0 devices lines.dtb
	awk '$2 ~ /^\/soc\/(dma|rtc@91)/ || /^ .* \.\.\. / { $1 = $1; print }' stdout >rows
	cat >want <<-END
	attention /soc/dma@9100000 1 52 53 - dma-unprotected
	attention /soc/dma@9110000 2 63 64 65 66 - dma-unprotected
	attention /soc/dma-controller-with-a-rather-long-name@9120000
	1 72 73 74 ... - dma-unprotected
	attention /soc/dma@9140000 2 - - dma-unprotected
	attention /soc/rtc@9130000 1 - 2 iomem-shared-page
	attention /soc/rtc@9130800 2 - 2 iomem-shared-page
	attention /soc/rtc@9131800 1 - 2 iomem-shared-page
	END
	diff want rows
}
