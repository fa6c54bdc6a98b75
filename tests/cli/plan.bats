#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load common

ARTEFACTS="boot.cmd guest.dtb guest.dts passthrough.cfg plan.json"

@test "report by default, findings inside it and not on stderr" {
	answer 0 plan -t "$BOARD" /soc/rtc@9010000
	[[ $output == */soc/rtc@9010000* ]]
	[ -z "$errors" ]
}

@test "cfg: exactly the lines, which are valid assignments" {
	answer 0 plan -t "$BOARD" --format=cfg /soc/rtc@9010000
	python3 - stdout <<-'END'
	import ast, sys
	found = {}
	for node in ast.parse(open(sys.argv[1]).read()).body:
	    found[node.targets[0].id] = ast.literal_eval(node.value)
	assert found["irqs"] == [34], found
	assert len(found["iomem"]) == 1 and found["iomem"][0].startswith("0x9010,"), found
	assert "device_tree" not in found, found
	END
}

@test "dts and dtb are the same tree, and dtc takes them" {
	answer 0 plan -t "$BOARD" --format=dtb /soc/rtc@9010000
	dtc -q -s -I dtb -O dts -o from-dtb stdout
	answer 0 plan -t "$BOARD" --format=dts /soc/rtc@9010000
	dtc -q -I dts -O dtb -o compiled stdout
	dtc -q -s -I dtb -O dts -o from-dts compiled
	cmp from-dtb from-dts
	[ "$(fdtget compiled /passthrough/rtc@9010000 compatible)" = "arm,pl031 arm,primecell" ]
}

@test "json has the contract's keys" {
	answer 0 plan -t "$BOARD" --format=json /soc/rtc@9010000
	json 'sorted(d) == sorted(["xen", "ok", "devices", "iomem", "irqs", "dtdev", "mark",
		"diagnostics"])' <stdout
	json 'd["ok"] is True and d["irqs"] == [34] and d["mark"] == ["/soc/rtc@9010000"]' <stdout
	json '[(x["start"], x["count"]) for x in d["iomem"]] == [(0x9010, 1)]' <stdout
}

@test "an alias and a path are the same device" {
	answer 0 plan -t "$BOARD" --format=json rtc0
	mv stdout first
	answer 0 plan -t "$BOARD" --format=json /soc/rtc@9010000
	cmp first stdout
}

@test "-o writes the set; cfg names guest.dtb by its absolute path" {
	answer 0 plan -t "$BOARD" -o out /soc/rtc@9010000
	[ "$(ls out | tr '\n' ' ')" = "$ARTEFACTS " ]
	[ -z "$(find out -name '.*' -type f)" ]
	grep -q "^device_tree = \"$PWD/out/guest.dtb\"" out/passthrough.cfg
	[ "$(stat -c %a out/guest.dtb)" = 644 ]
	json 'd["ok"]' <out/plan.json
	answer 0 uboot -t "$BOARD" /soc/rtc@9010000
	cmp stdout out/boot.cmd
	answer 0 plan -t "$BOARD" --format=dtb /soc/rtc@9010000
	cmp stdout out/guest.dtb
}

@test "-o twice gives the same bytes" {
	answer 0 plan -t "$BOARD" -o out /soc/rtc@9010000
	cp -r out first
	answer 0 plan -t "$BOARD" -o out /soc/rtc@9010000
	diff -r first out
}

@test "a plan with errors: exit 1, plan.json only, an earlier run's files removed" {
	answer 0 plan -t "$BOARD" -o out /soc/rtc@9010000
	touch out/mine
	answer 1 plan -t "$BOARD" -o out /soc/ethernet@9030000
	[ "$(ls out | tr '\n' ' ')" = "mine plan.json " ]
	[[ $output == *dma-unprotected* ]]
	json 'not d["ok"] and "dma-unprotected" in [x["id"] for x in d["diagnostics"]]' <out/plan.json
}

@test "with errors cfg, dts and dtb print nothing, json prints" {
	for format in cfg dts dtb; do
		answer 1 plan -t "$BOARD" --format=$format /soc/ethernet@9030000
		silent
		[[ $errors == *"board.dtb: error: /soc/ethernet@9030000: "*"[dma-unprotected]"* ]]
	done
	answer 1 plan -t "$BOARD" --format=json /soc/ethernet@9030000
	json 'not d["ok"]' <stdout
}

@test "--allow makes it a warning; --strict does not take that back" {
	answer 0 plan -t "$BOARD" --allow=dma-unprotected --format=json /soc/ethernet@9030000
	[[ $errors == *"warning: /soc/ethernet@9030000: "*"[dma-unprotected]"* ]]
	answer 0 plan -t "$BOARD" --format=json /soc/ethernet@9030000,allow=dma-unprotected
	answer 1 plan -t "$BOARD" --allow=dma-unprotected --strict --format=json /soc/ethernet@9030000
	absent 'error:.*\[dma-unprotected\]' stderr
}

@test "an unknown name: exit 1 or 2, with candidates, and no files" {
	status=0
	"$XLPT" plan -t "$BOARD" -o out --format=cfg /soc/rtc@901000 >stdout 2>stderr || status=$?
	[ "$status" != 0 ]
	silent
	grep -q '\[device-unknown\]' stderr
	grep -q '/soc/rtc@9010000' stderr
	[ ! -e out/passthrough.cfg ]
}

@test "selections by option and by word are the same" {
	answer 0 plan -t "$BOARD" --format=json --below=/soc --except=/soc/ethernet@9030000
	mv stdout first
	answer 0 plan -t "$BOARD" --format=json below:/soc -- -/soc/ethernet@9030000
	cmp first stdout
	answer 0 plan -t "$BOARD" --format=json --compatible=arm,pl031
	json '[x["path"] for x in d["devices"]] == ["/soc/rtc@9010000"]' <stdout
}

@test "a pattern that selects nothing is an error" {
	answer 1 plan -t "$BOARD" --format=json '/soc/nothing*'
	[[ $errors == *"[selection-empty]"* ]]
}

@test "--dtb writes the marked host tree, and none for a plan with errors" {
	answer 0 plan -t "$BOARD" --dtb marked.dtb /soc/rtc@9010000
	fdtget -p marked.dtb /soc/rtc@9010000 | grep -qx xen,passthrough
	fdtget -p marked.dtb /soc/ethernet@9030000 | absent -x xen,passthrough
	answer 1 plan -t "$BOARD" --dtb other.dtb /soc/ethernet@9030000
	[ ! -e other.dtb ]
}

@test "what is not ours is not written to: links, directories, world-writable folders" {
	mkdir out
	ln -s "$BOARD" out/guest.dtb
	answer 2 plan -t "$BOARD" -o out /soc/rtc@9010000
	[ "$(ls out)" = guest.dtb ]
	[[ $errors == *"symbolic link"* ]]
	rm out/guest.dtb
	mkdir out/plan.json
	answer 2 plan -t "$BOARD" -o out /soc/rtc@9010000
	[ "$(ls out)" = plan.json ]
	rmdir out/plan.json
	chmod 777 out
	answer 2 plan -t "$BOARD" -o out /soc/rtc@9010000
	[ -z "$(ls -A out)" ]
	answer 2 plan -t "$BOARD" -o "$BOARD" /soc/rtc@9010000
	chmod 755 out
	if [ "$(id -u)" = 0 ]; then
		echo theirs >out/guest.dts
		chown nobody out/guest.dts
		answer 2 plan -t "$BOARD" -o out /soc/rtc@9010000
		[[ $errors == *guest.dts*"somebody else"* ]]
		[ "$(cat out/*)" = theirs ]
		rm out/guest.dts
		chown nobody out
		answer 2 plan -t "$BOARD" -o out /soc/rtc@9010000
		[[ $errors == *"somebody else"* ]]
		[ -z "$(ls -A out)" ]
	fi
	ln -s nowhere link.dtb
	answer 2 plan -t "$BOARD" --dtb link.dtb /soc/rtc@9010000
	[ ! -e nowhere ]
}

@test "a full disk leaves nothing behind" {
	[ -w /dev/full ] && [ "$(id -u)" = 0 ] || skip "needs root for a small file system"
	mkdir full
	mount -t tmpfs -o size=8k,mode=755 none full 2>/dev/null || skip "cannot mount a tmpfs here"
	head -c 8192 /dev/zero >full/fill || true
	status=0
	"$XLPT" plan -t "$BOARD" -o full /soc/rtc@9010000 >stdout 2>stderr || status=$?
	left=$(ls -A full)
	umount full
	[ "$status" = 2 ]
	[ "$left" = fill ]
	one_line
}

@test "options may follow the devices, and -- ends them" {
	answer 0 plan /soc/rtc@9010000 -t "$BOARD" --format cfg
	status=0
	"$XLPT" plan -t "$BOARD" -- /soc/rtc@9010000 --format=cfg >stdout 2>stderr || status=$?
	[ "$status" != 0 ]
}

@test "a word that leaves out, or an option of a DEVICE that there is not: the right form is told" {
	answer 2 plan -t "$BOARD" '/*' -/timer
	one_line
	grep -q -e '--except=/timer' stderr
	answer 1 plan -t "$BOARD" --format=json /timer,alloww=dma-unprotected
	grep -q ',allow=' stderr
}

@test "no DEVICE is a usage error" {
	answer 2 plan -t "$BOARD"
	one_line
}

@test "a configuration that others may change is not read as root" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	printf '%s\n' 'name = "a"' 'dt_passthrough = [ "/soc/rtc@9010000" ]' >guest.cfg
	answer 0 plan -t "$BOARD" -c guest.cfg
	chmod o+w guest.cfg
	for command in plan uboot merge; do
		answer 2 "$command" -t "$BOARD" -c guest.cfg
		one_line
		silent
		[[ $errors == *guest.cfg* ]]
	done
	chmod o-w guest.cfg
	chown nobody guest.cfg
	answer 2 plan -t "$BOARD" -c guest.cfg
	[[ $errors == *"somebody else"* ]]
}

@test "names that no source may have: left out, or with a character in place" {
	dtc -q -I dts -O dtb -o legal.dtb - <<-END
	/include/ "$XLPT_SOURCE/tests/rules/board.dtsi"
	/ {
		rtc@9010000 {
			compatible = "arm,pl031";
			reg = <0x9010000 0x1000>;
			zz-property = <1>;
			zz-node { };
		};
	};
	END
	LC_ALL=C sed 's/zz-property/zz!property/; s/zz-node/zz{node/' legal.dtb >host.dtb
	answer 1 plan -t host.dtb --format=json /rtc@9010000
	json '[(x["id"], x["property"]) for x in d["diagnostics"]] == [("property-unknown", "zz!property")]' <stdout
	answer 0 plan -t host.dtb --format=dts --allow=property-unknown /rtc@9010000
	dtc -q -I dts -O dtb -o guest.dtb stdout
	[ "$(fdtget -l guest.dtb "$(fdtget -l guest.dtb /passthrough | sed 's,^,/passthrough/,')")" = zz_node ]
}

# many N: a board with a device of N registers, lines and streams, and N devices that share nothing
many() {
	python3 - "$1" >many.dts <<-'END'
	import sys
	n = int(sys.argv[1])
	cells = lambda rows: ", ".join("<" + " ".join(map(str, row)) + ">" for row in rows)
	print('/include/ "board.dtsi"\n/ {')
	print('big@e0000000 { compatible = "test,big"; reg = %s; interrupts = %s; iommus = %s; };' % (
	    cells((0xe0000000 + i * 0x2000, 0x1000 if i else 0) for i in range(n)),
	    cells((0, 100 + i, 4) for i in range(n)), cells(("&smmu", 256 + i) for i in range(n))))
	for i in range(n):
	    print('gpio@%x { compatible = "arm,pl061"; reg = <0x%x 0x1000>; resets = <&cc %d>; };' % (
	        0xe1000000 + i * 0x1000, 0xe1000000 + i * 0x1000, i))
	print('};')
	END
	dtc -q -i "$XLPT_SOURCE/tests/rules" -I dts -O dtb -o many.dtb many.dts
}

@test "lists too long for a person end with what they leave out" {
	many 30
	answer 1 plan -t many.dtb /big@e0000000
	grep -q '^    registers   0xe0000000, size 0: not mapped$' stdout
	[ "$(grep -cE '^(    registers  |          ) +0xe00[0-9a-f]{5}' stdout)" = 24 ]
	[ "$(grep -c '^                and 6 more$' stdout)" = 2 ]
	[ "$(grep -cE '^    (SMMU| {4})  .* stream 0x1[0-9a-f]{2} of iommu@f2000000' stdout)" = 24 ]
	tr '\n' ' ' <stdout | grep -qE '155 \(SPI 123\) +and 6 more'
	answer 0 plan -t many.dtb '/gpio@*'
	grep -q '^Plan of 30 devices ' stdout
	[ "$(grep -c ' xen,passthrough$' stdout)" = 24 ]
	grep -qx '     and 6 more' stdout
	[ "$(grep -c '^    /gpio@[0-9a-f]*: ' stdout)" = 24 ]
	grep -q '^    and 6 more; ' stdout
	grep -q '^      hint: ' stdout
	many 24
	answer 1 plan -t many.dtb /big@e0000000
	absent -E '^ +and [0-9]+ more' stdout
	answer 0 plan -t many.dtb '/gpio@*'
	absent -E '^ +and [0-9]+ more' stdout
}

@test "a device that fits nowhere has no place, and a mask of streams is told" {
	cat >wide.dts <<-END
	/include/ "board.dtsi"
	/ { wide@e0000000 { compatible = "test,wide"; reg = <0xe0000000 0x1000 0 0xc0000000>; iommus = <&smmu 5>; }; };
	&smmu { stream-match-mask = <0x7f00>; };
	END
	dtc -q -i "$XLPT_SOURCE/tests/rules" -I dts -O dtb -o wide.dtb wide.dts
	answer 1 plan -t wide.dtb /wide@e0000000
	grep -q '^ *registers   0xe0000000 + 0x1000 -> ' stdout
	grep -q '0x0 + 0xc0000000 -> no place$' stdout
	grep -q 'stream 0x5 mask 0x7f00 of iommu@f2000000' stdout
}

@test "an SMMU that the boot script enables is told" {
	dtc -q -i "$XLPT_SOURCE/tests/rules" -I dts -O dtb -o off.dtb "$XLPT_SOURCE/tests/rules/iommu-enabled.dts"
	answer 0 plan -t off.dtb --enable-iommu /dma@f4000000
	grep -qx '     /iommu@f2000000 status okay' stdout
	answer 0 plan -t off.dtb --allow=dma-unprotected /dma@f4000000
	absent 'status okay' stdout
}

@test "findings of one id: a hint that they share is told once, others each behind its own" {
	cat >pairs.dts <<-END
	/include/ "board.dts"
	/ { soc {
		rtc@9130000 { compatible = "arm,pl031"; reg = <0 0x9130000 0 0x10>; };
		rtc@9130800 { compatible = "arm,pl031"; reg = <0 0x9130800 0 0x10>; };
	}; };
	END
	dtc -q -i "$XLPT_SOURCE/tests/cli" -I dts -O dtb -o pairs.dtb pairs.dts
	answer 1 plan -t pairs.dtb /soc/serial@9020000 /soc/rtc@9130000
	sed -n '/^  error: iomem-shared-page/,/^  [a-z]/p' stdout >shared
	awk '/^    \/soc/ { n++ } /^      hint:/ { at = at " " n } END { exit at != " 1 2" }' shared
	[ "$(grep -cE '^    /soc/(serial@9020000|rtc@9130000): ' shared)" = 2 ]
	answer 0 plan -t pairs.dtb --allow=dma-unprotected --allow=iomem-shared-page /soc/serial@9020000 /soc/rtc@9130000
}
