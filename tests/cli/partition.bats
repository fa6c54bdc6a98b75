#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Several guests of one host: disjoint, or the clash by its name.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	umask 022
	grep -q '^#define HAVE_XEN 1' "$XLPT_BUILD/config.h" || skip "this build has no libxlutil"
	dtc -q -i "$XLPT_SOURCE/tests/cli" -I dts -O dtb -o host.dtb \
		"$XLPT_SOURCE/tests/cli/partition-board.dts"
	guest a /soc/rtc@9010000 /soc/dma@9300000
	guest b /soc/serial@9020000 /soc/serial@9020800 /soc/dma@9320000
	guest c /soc/timer@9200000 /soc/timer@9210000
}

# guest NAME DEVICE...: NAME.cfg
guest() {
	local name=$1; shift
	{
		printf 'name = "%s"\nmemory = 256\ndt_passthrough = [' "$name"
		printf ' "%s",' "$@"
		echo ' ]'
	} >"$name.cfg"
}

# clash NODE WORDS: guests a and b are not disjoint, and that is said of NODE
clash() {
	answer 1 partition -t host.dtb --format=json $allow a.cfg b.cfg
	json 'not d["ok"] and not any(g["plan"]["ok"] for g in d["guests"])' <stdout
	json '"device-busy" in [x["id"] for g in d["guests"][:1] for x in g["plan"]["diagnostics"]]' <stdout
	grep -q -e "^a.cfg: error: $1: .*$2.*guest 'b' \[device-busy\]" stderr || { cat stderr; return 1; }
}

@test "three guests of one board are disjoint" {
	guest a /soc/rtc@9010000
	answer 0 partition -t host.dtb --xen=4.17 a.cfg b.cfg c.cfg
	[[ $output == "Partition of the host among 3 guests: no device, page, SPI or StreamID is given twice."* ]]
	answer 0 partition -t host.dtb --xen=4.17 --format=json a.cfg b.cfg c.cfg
	json 'd["ok"] and [g["name"] for g in d["guests"]] == ["a", "b", "c"]' <stdout
	json '[g["config"] for g in d["guests"]] == ["a.cfg", "b.cfg", "c.cfg"]' <stdout
	json '[g["plan"]["irqs"] for g in d["guests"]] == [[34], [35, 36, 64], [52]]' <stdout
	json '[g["plan"]["dtdev"] for g in d["guests"]] == [[], ["/soc/dma@9320000"], []]' <stdout
	json 'len({f for g in d["guests"] for m in g["plan"]["iomem"] for f in range(m["start"],
		m["start"] + m["count"])}) == sum(m["count"] for g in d["guests"] for m in g["plan"]["iomem"])' <stdout
}

@test "one boot script marks the devices of all" {
	guest a /soc/rtc@9010000
	answer 0 partition -t host.dtb --format=uboot a.cfg b.cfg c.cfg
	for node in rtc@9010000 serial@9020000 serial@9020800 dma@9320000 timer@9200000 timer@9210000; do
		[ "$(grep -c "^fdt set /soc/$node xen,passthrough" stdout)" = 1 ]
	done
	[ "$(grep -c '^fdt set' stdout)" = 6 ]
	grep -q "^# Guest 'b'" stdout
	mv stdout script
	answer 0 partition -t host.dtb -o out a.cfg b.cfg c.cfg
	cmp script out/boot.cmd
}

@test "one guest's script is that of uboot" {
	answer 0 partition -t host.dtb --format=uboot b.cfg
	grep -v '^#' stdout >script
	answer 0 uboot -t host.dtb -c b.cfg
	grep -v '^#' stdout | cmp - script
}

@test "-o writes a folder for each guest, and takes it back when they clash" {
	guest a /soc/rtc@9010000
	answer 0 partition -t host.dtb -o out a.cfg b.cfg
	[ "$(ls out | tr '\n' ' ')" = "a b boot.cmd " ]
	for name in a b; do
		[ "$(ls out/$name | tr '\n' ' ')" = "guest.dtb guest.dts passthrough.cfg plan.json " ]
		grep -q "^device_tree = \"$PWD/out/$name/guest.dtb\"" out/$name/passthrough.cfg
	done
	guest a /soc/serial@9020000
	answer 1 partition -t host.dtb --format=uboot -o out a.cfg b.cfg
	silent
	[ ! -e out/boot.cmd ]
	[ "$(ls out/a out/b | tr '\n' ' ')" = "out/a: plan.json  out/b: plan.json " ]
	json 'not d["ok"]' <out/b/plan.json
}

@test "a page given twice, which no allowance makes two" {
	guest a /soc/serial@9020000
	guest b /soc/serial@9020800
	allow=--allow=iomem-shared-page
	clash /soc/serial@9020000 "frame 0x9020 .*/soc/serial@9020800"
	answer 2 partition -t host.dtb --allow=device-busy a.cfg b.cfg
}

@test "an SPI given twice" {
	guest a /soc/timer@9200000
	guest b /soc/timer@9210000
	clash /soc/timer@9200000 "SPI 20 (INTID 52) .*/soc/timer@9210000"
}

@test "a StreamID given twice" {
	guest a /soc/dma@9300000
	guest b /soc/dma@9310000
	clash /soc/dma@9300000 "StreamID 0x10 .*/soc/dma@9310000"
}

@test "a device given twice" {
	guest b /soc/rtc@9010000
	clash /soc/rtc@9010000 "device is also given to"
	[ "$(grep -c 'device-busy' stderr)" = 2 ]
}

@test "a device inside another guest's" {
	guest b /soc,allow=dma-unprotected,allow=console-unknown
	answer 1 partition -t host.dtb --format=uboot a.cfg b.cfg
	grep -q "/soc/rtc@9010000: lies in /soc, which is given to guest 'b'" stderr
	grep -q "/soc: has in it /soc/rtc@9010000, which is given to guest 'a'" stderr
}

@test "what a configuration lists itself counts too" {
	guest a /soc/rtc@9010000
	echo 'iomem = [ "0x9020,1@0x5000" ]' >>a.cfg
	echo 'irqs = [ 36 ]' >>a.cfg
	echo 'dtdev = [ "/soc/dma@9320000" ]' >>a.cfg
	answer 1 partition -t host.dtb --format=json a.cfg b.cfg
	grep -q "^a.cfg: error: frame 0x9020 .*guest 'b'" stderr
	grep -q "^a.cfg: error: SPI 4 (INTID 36) .*guest 'b'" stderr
	grep -q "^a.cfg: error: /soc/dma@9320000: .*StreamIDs .*guest 'b'" stderr
	grep -q "^b.cfg: error: /soc/serial@9020800: .* one of the lists of guest 'a'" stderr
}

@test "what cannot be answered: no guests, one name twice, no devices, two host trees" {
	answer 2 partition -t host.dtb
	one_line
	cp a.cfg again.cfg
	answer 2 partition -t host.dtb a.cfg again.cfg
	one_line
	echo 'name = "d"' >d.cfg
	answer 2 partition -t host.dtb a.cfg d.cfg
	one_line
	printf 'name = "../d"\ndt_passthrough = [ "/soc/rtc@9010000" ]\n' >d.cfg
	answer 2 partition -t host.dtb -o out d.cfg
	[ ! -e out ]
	echo 'dt_host = "host.dtb"' >>a.cfg
	echo 'dt_host = "other.dtb"' >>b.cfg
	answer 2 partition a.cfg b.cfg
	one_line
	answer 1 partition a.cfg c.cfg
	answer 2 partition -t host.dtb a.cfg missing.cfg
}

@test "a controller of one guest that another guest works with" {
	fdtput -t s host.dtb /clock compatible example,clock
	guest a /soc/serial@9020000 /soc/serial@9020800 /clock
	guest b /soc/timer@9200000,clock=0:1000000 /soc/timer@9210000,clock=0:1000000
	status=0
	"$XLPT" partition -t host.dtb --format=uboot a.cfg b.cfg >stdout 2>stderr || status=$?
	[ "$status" != 2 ]
	grep -q "/clock: /soc/timer@92[01]0000 of guest 'b' uses it too \[provider-shared\]" stderr
}

@test "a name stays on its line, in the report and in the boot script" {
	sed -i 's/^name = .*/name = "web\\nreset \xc2\x9b"/' b.cfg
	answer 0 partition -t host.dtb b.cfg
	grep -q '^Guest .web\\x0areset \\xc2\\x9b. (b.cfg): 3 devices, ' stdout
	answer 0 partition -t host.dtb --format=uboot b.cfg
	grep -q '^# Guest .web\\x0areset ' stdout
	absent '^reset' stdout
	answer 0 partition -t host.dtb --format=json b.cfg
	json 'd["guests"][0]["name"] == "web\nreset \x9b"' <stdout
}

@test "an SMMU that is off: the script of all enables it once" {
	dtc -q -i "$XLPT_SOURCE/tests/rules" -I dts -O dtb -o off.dtb "$XLPT_SOURCE/tests/rules/iommu-enabled.dts"
	guest a /dma@f4000000
	guest b /dma@f5000000
	answer 0 partition -t off.dtb --enable-iommu --format=uboot a.cfg b.cfg
	[ "$(grep -c '^fdt set /iommu@f2000000 status okay' stdout)" = 1 ]
	[ "$(grep -c '^fdt set /dma@f[45]000000 xen,passthrough' stdout)" = 2 ]
	answer 1 partition -t off.dtb --format=uboot a.cfg b.cfg
	silent
}

@test "frames in a row, given twice" {
	guest a /soc/rtc@9010000
	guest b /soc/timer@9200000
	echo 'iomem = [ "0x5000,10" ]' >>a.cfg
	echo 'iomem = [ "0x5004,10@0x6000" ]' >>b.cfg
	answer 1 partition -t host.dtb --format=json a.cfg b.cfg
	grep -q "^a.cfg: error: frames 0x5004..0x500f .* the lists of guest 'b' \[device-busy\]" stderr
	grep -q "^b.cfg: error: frames 0x5004..0x500f .* the lists of guest 'a' \[device-busy\]" stderr
}

@test "a StreamID given twice, once as one of the functions behind a PCI host bridge" {
	cat >pci.dts <<-END
	/include/ "partition-board.dts"
	/ { soc {
		pcie@9400000 {
			compatible = "pci-host-ecam-generic"; device_type = "pci";
			#address-cells = <3>; #size-cells = <2>; reg = <0 0x9400000 0 0x100000>;
			ranges = <0x02000000 0 0x9500000 0 0x9500000 0 0x10000>;
			iommu-map = <0 &smmu 0x100 0x100>;
		};
		dma@9330000 { compatible = "example,dma"; reg = <0 0x9330000 0 0x1000>; iommus = <&smmu 0x108>; };
	}; };
	END
	dtc -q -i "$XLPT_SOURCE/tests/cli" -I dts -O dtb -o host.dtb pci.dts
	guest a /soc/dma@9330000
	guest b /soc/pcie@9400000
	answer 1 partition -t host.dtb --format=json a.cfg b.cfg
	grep -q "^a.cfg: error: /soc/dma@9330000: StreamID 0x108 .* behind /soc/pcie@9400000 .*guest 'b' \[device-busy\]" stderr
	guest a /soc/dma@9320000
	"$XLPT" partition -t host.dtb --format=json a.cfg b.cfg >stdout 2>stderr || [ $? = 1 ]
	absent '\[device-busy\]' stderr
}

@test "two lists with dozens of devices in both: the first are named, the others counted" {
	{
		printf '/include/ "partition-board.dts"\n/ { soc {\n'
		for i in $(seq 10 49); do
			printf 'gpio@95%s000 { compatible = "arm,pl061"; reg = <0 0x95%s000 0 0x1000>; };\n' "$i" "$i"
		done
		printf '}; };\n'
	} >many.dts
	dtc -q -i "$XLPT_SOURCE/tests/cli" -I dts -O dtb -o host.dtb many.dts
	guest a '/soc/gpio@*'
	guest b '/soc/gpio@*' /soc/rtc@9010000
	answer 1 partition -t host.dtb --format=json a.cfg b.cfg
	for name in a b; do
		[ "$(grep -c "^$name.cfg: error: /soc/gpio.*\[device-busy\]" stderr)" = 32 ]
		grep -q "^$name.cfg: error: .* 8 more .*\[device-busy\]" stderr
	done
	answer 1 partition -t host.dtb a.cfg b.cfg
	grep -q "^Guest 'b' (b.cfg): 41 devices, 41 frames, " stdout
	[ "$(grep -cx '  and 1[67] more' stdout)" = 2 ]
}

# of_id ID: the findings with it that the first guest has
of_id() {
	printf '[x for x in d["guests"][0]["plan"]["diagnostics"] if x["id"] == "%s"]' "$1"
}

@test "of very many clashes some are named, and all are counted" {
	for name in a b; do
		echo "irqs = [ $(seq -s, 100 199) ]" >>$name.cfg
		echo "iomem = [ $(printf '"%x,1", ' $(seq 65536 2 65604)) ]" >>$name.cfg
	done
	answer 1 partition -t host.dtb --format=json a.cfg b.cfg
	json "len($(of_id device-busy)) == 33" <stdout
	json "'INTID 100' in $(of_id device-busy)[0]['message'] and 'INTID 131' in $(of_id device-busy)[31]['message']" <stdout
	json "' 103 ' in $(of_id device-busy)[32]['message']" <stdout
}

@test "of very many controllers that another guest works with some are named, and all are counted" {
	python3 -c 'print("/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>;"
		"gic: gic@f1000000 { compatible = \"arm,gic-400\"; interrupt-controller; #interrupt-cells = <3>;"
		"reg = <0xf1000000 0x1000>, <0xf1002000 0x2000>; };" + "".join(
		"r%d: reset@%x { compatible = \"test,reset\"; #reset-cells = <0>; reg = <%#x 0x1000>; };"
		"dev@%x { compatible = \"test,dev\"; reg = <%#x 0x1000>; resets = <&r%d>; };"
		% (i, a, a, a + 4096, a + 4096, i) for i, a in enumerate(range(0xe0000000, 0xe0000000 + 8192 * 40, 8192))) + "};")' |
		dtc -q -I dts -O dtb -o many.dtb -
	guest a '/reset@*'
	guest b '/dev@*'
	answer 0 partition -t many.dtb --format=json --allow=dma-unprotected a.cfg b.cfg
	json "len([x for x in $(of_id provider-shared) if \"guest 'b'\" in x['message']]) == 33" <stdout
	json "' 8 ' in $(of_id provider-shared)[-1]['message']" <stdout
}
