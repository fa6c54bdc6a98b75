#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load common

setup_file() {
	dtc -q -I dts -O dtb -o "$BATS_FILE_TMPDIR/board.dtb" "$XLPT_SOURCE/tests/cli/board.dts"
	dtc -q -I dts -O dtb -o "$BATS_FILE_TMPDIR/guest.dtb" "$XLPT_SOURCE/dts/guests/virt-rtc-gpio.dts"
}

config() { # LINE...
	{
		printf 'name = "merged"\nmemory = 256\nvcpus = 2\ngic_version = "v3"\n'
		printf 'device_tree = "%s"\n' "$BATS_FILE_TMPDIR/guest.dtb"
		printf '%s\n' "$@"
	} >guest.cfg
}

@test "source that dtc takes, equal to the dtb" {
	guest=$BATS_FILE_TMPDIR/guest.dtb
	answer 0 merge --xen=4.17 --memory=1024 --vcpus=2 --gic=v3 "$guest"
	[ -z "$errors" ]
	dtc -q -I dts -O dtb -o again stdout
	dtc -q -s -I dtb -O dts -o from-dts again
	answer 0 merge --xen=4.17 --memory=1024 --vcpus=2 --gic=v3 --format=dtb "$guest"
	dtc -q -s -I dtb -O dts -o from-dtb stdout
	cmp from-dts from-dtb
	grep -q 'model = "XENVM-4.17"' from-dts
}

@test "comments say where nodes come from, the map what is where" {
	config 'iomem = [ "0x9010,1@0x4100", "0x9030,1@0x4101" ]' 'irqs = [ 34, 39 ]' 'extra = "console=hvc0"'
	answer 0 merge --xen=4.17 -c guest.cfg
	grep -q '/\* libxl: RAM \*/' stdout
	grep -q '/\* partial tree; 0x9010000 on the host \*/' stdout
	grep -q '^ \*   0x04100000 \.\.   0x04100fff .*/passthrough/rtc@4100000' stdout
	grep -q 'bootargs = "console=hvc0"' stdout
	absent -q Unproven stdout
}

@test "releases that were not compared say so" {
	answer 0 merge --xen=4.21 --memory=256 "$BATS_FILE_TMPDIR/guest.dtb"
	grep -q 'Unproven' stdout
	answer 0 merge --xen=4.21 --memory=256 --format=json "$BATS_FILE_TMPDIR/guest.dtb"
	json 'd["proven"] is False and d["ok"] is True and d["xen"] == "4.21"' <stdout
}

@test "the lists of the config are held against the tree" {
	config 'iomem = [ "0x9010,1@0x4100", "0x9030,1@0x4101" ]' 'irqs = [ 34 ]'
	answer 1 merge --xen=4.17 -c guest.cfg
	[[ $errors == *guest-irq-unlisted* && $errors == *partial-tree-invalid* ]]
	grep -q 'INVALID' stdout
}

@test "an empty file, no tree, no file" {
	: >empty.dtb
	answer 1 merge empty.dtb
	[[ $errors == *partial-tree-empty* ]]
	silent
	echo text >text.dtb
	answer 1 merge text.dtb
	[[ $errors == *partial-tree-invalid* ]]
	answer 2 merge none.dtb
	one_line
	answer 2 merge
	one_line
}

@test "a dumped base" {
	answer 0 merge --xen=4.20 --memory=512 --format=dtb
	mv stdout base.dtb
	answer 0 merge --base base.dtb --format=dtb "$BATS_FILE_TMPDIR/guest.dtb"
	mv stdout there.dtb
	answer 0 merge --xen=4.20 --memory=512 --format=dtb "$BATS_FILE_TMPDIR/guest.dtb"
	dtc -q -s -I dtb -O dts -o a there.dtb
	dtc -q -s -I dtb -O dts -o b stdout
	cmp a b
}

@test "dt_passthrough= is planned first" {
	printf 'name = "planned"\nmemory = 256\ndt_host = "%s"\ndt_passthrough = [ "/soc/rtc@9010000" ]\n' \
		"$BOARD" >guest.cfg
	answer 0 merge --xen=4.17 -c guest.cfg
	grep -q 'on the host /soc/rtc@9010000' stdout
}

# iommus UNIT: the phandle and the backend of that virtio-mmio device, or "none"
iommus() {
	fdtget -tu tree "/virtio@$1" iommus 2>/dev/null || echo none
}

# tree N OPTION...: the guest's tree in the file of that name; it has N virtio-mmio devices
tree() {
	local n=$1; shift
	"$XLPT" merge "$@" -c guest.cfg --format=dtb >stdout 2>stderr || [ $? = 1 ]
	dtc -q -I dtb -O dtb -o tree stdout
	[ "$(fdtget -l tree / | grep -c '^virtio@')" = "$n" ]
}

@test "virtio devices of the config: their kinds, and whose memory they go through grants for" {
	config 'irqs = [ 50, 55 ]' 'disk = [
		"format=raw,vdev=xvda,access=rw,specification=virtio,backend=5,target=/dev/a",
		"format=raw,vdev=xvdb,access=rw,target=/dev/b",
		"format=raw,vdev=xvdc,access=rw,specification=virtio,backend=Domain-0,target=/dev/c",
		"format=raw,vdev=xvdd,access=rw,specification=virtio,backend=storage,target=/dev/d" ]' \
		'virtio = [ "type=virtio,device22,transport=mmio,backend=0",
			"type=virtio,device29, transport=mmio, backend=3, grant_usage=0",
			"type=virtio,device,transport=mmio,grant_usage=1",
			"type=virtio,device26,transport=mmio,grant_usage=0x1",
			"type=virtio,device26,transport=mmio,backend=4,grant_usage=true",
			"transport=mmio" ]'
	tree 3 --xen=4.17
	[ "$(iommus 2000000)" = "65001 5" ]
	[ "$(iommus 2000200)" = none ]
	# of a backend with a name the number is not known before it runs
	[ "$(iommus 2000400)" = "65001 0" ]
	tree 9 --xen=4.20
	[ "$(iommus 2000600)" = none ]
	[ "$(fdtget -l tree /virtio@2000600)" = i2c ]
	[ "$(iommus 2000800)" = none ]
	[ "$(fdtget -l tree /virtio@2000800)" = gpio ]
	[ "$(iommus 2000a00)" = "65001 0" ]
	[ -z "$(fdtget -l tree /virtio@2000a00)" ]
	[ "$(iommus 2000c00)" = "65001 0" ]
	# xl reads a number
	[ "$(iommus 2000e00)" = none ]
	# no kind is any kind
	[ "$(iommus 2001000)" = none ]
	[ -z "$(fdtget -l tree /virtio@2001000)" ]
	tree 2 --xen=4.20 --virtio=2
	[ "$(iommus 2000000)" = none ]
}

@test "svg is a picture by itself" {
	answer 0 merge --xen=4.17 --memory=256 --format=svg "$BATS_FILE_TMPDIR/guest.dtb"
	python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' stdout
	absent -q -e href -e '<script' stdout
}

# partial PROPERTIES-AND-NODES: partial.dtb, with these in /passthrough
partial() {
	printf '/dts-v1/;\n/ { #address-cells = <2>; #size-cells = <2>; passthrough { compatible = "simple-bus";
		#address-cells = <2>; #size-cells = <2>; ranges;\n%s\n}; };\n' "$1" |
		dtc -q -I dts -O dtb -o partial.dtb -
}

@test "a long label of the picture keeps its end, and the list's frames their places" {
	local bus='bus-with-a-name-that-goes-on-for-long'
	partial "$bus { compatible = \"simple-bus\"; #address-cells = <2>; #size-cells = <2>; ranges;
		and-one-more-of-them { compatible = \"simple-bus\"; #address-cells = <2>; #size-cells = <2>; ranges;
			rtc@4100000 { compatible = \"example,rtc\"; reg = <0 0x4100000 0 0x1000>; }; }; };"
	printf '%s\n' 'name = "p"' 'memory = 256' 'iomem = [ "0x9010,1@0x4100", "0x9020,3@0x4200" ]' \
		"device_tree = \"$PWD/partial.dtb\"" >guest.cfg
	answer 0 merge --xen=4.17 -c guest.cfg --format=svg
	python3 - <<-'END'
	import xml.dom.minidom
	texts = [t.firstChild.data for t in xml.dom.minidom.parse("stdout").getElementsByTagName("text")]
	device = [t for t in texts if "(host 0x9010000)" in t]
	assert device == [".../rtc@4100000  (host 0x9010000)"] or device == [
	    ".../and-one-more-of-them/rtc@4100000  (host 0x9010000)"], device
	assert texts[texts.index(device[0]) - 2:][:2] == ["0x04100000", "4 KiB"], texts
	other = texts.index("iomem  (host 0x9020000)")
	assert texts[other - 2:][:2] == ["0x04200000", "12 KiB"], texts
	END
}

@test "source of odd values is the same tree: bytes, quotes, strings that are none" {
	partial 'odd { bytes = [00 11 22]; one = [ff]; quoted = "a\"b\\c", "d"; cells = <0xffffffff 9 10>;
		half = [61 62 63]; words = "", "x"; ended = [61 00 00]; flag; '"$(printf 'n%s = <1>; ' 1 2 3)"' };'
	answer 0 merge --xen=4.17 --memory=256 --gic=v3 partial.dtb
	dtc -q -I dts -O dtb -o again stdout
	dtc -q -s -I dtb -O dts -o from-dts again
	answer 0 merge --xen=4.17 --memory=256 --gic=v3 --format=dtb partial.dtb
	dtc -q -s -I dtb -O dts -o from-dtb stdout
	cmp from-dts from-dtb
	[ "$(fdtget -tbx again /passthrough/odd bytes)" = "0 11 22" ]
	[ "$(fdtget again /passthrough/odd quoted)" = 'a"b\c d' ]
	[ "$(fdtget -tbx again /passthrough/odd half)" = "61 62 63" ]
}

# heading OPTION...: lines of the comment at the head of the source
heading() {
	answer 0 merge "$@"
	sed -n '2,/^ \*$/p' stdout
}

@test "the head of the source says what the tree was made from" {
	guest=$BATS_FILE_TMPDIR/guest.dtb
	[ "$(heading --xen=4.17 --memory=256 --gic=v3 "$guest" | wc -l)" = 4 ]
	heading --xen=4.17 --gic=v3 "$guest" | grep -q 'No memory is given'
	heading --xen=4.17 --memory=256 "$guest" | grep -q 'No gic_version'
	config 'ramdisk = "/nowhere/initrd"' 'iomem = [ "0x9010,1@0x4100", "0x9030,1@0x4101" ]' 'irqs = [ 34, 39 ]'
	heading --xen=4.17 -c guest.cfg | grep -q "ramdisk's place"
	truncate -s 12345 initrd
	heading --xen=4.17 -c guest.cfg --ramdisk=initrd | absent "ramdisk's place"
	answer 0 merge --xen=4.17 -c guest.cfg --ramdisk=initrd --format=dtb
	dtc -q -I dtb -O dtb -o tree stdout
	first=$(fdtget -tu tree /chosen linux,initrd-start)
	last=$(fdtget -tu tree /chosen linux,initrd-end)
	[ $((${last##* } - ${first##* })) = 16384 ]
	answer 0 merge --xen=4.20 --memory=512 --format=dtb
	mv stdout base.dtb
	answer 0 merge --base base.dtb --format=dtb "$guest"
	size=$(stat -c %s stdout)
	heading --base base.dtb "$guest" | grep -q "dumped base, $size bytes"
	heading --base base.dtb "$guest" | absent -e rng-seed -e 'Xen 4'
}

@test "check -c judges a configuration of its own, also where no Xen runs" {
	config 'iomem = [ "0x9010,1@0x4100", "0x9030,1@0x4101" ]' 'irqs = [ 34 ]'
	answer 1 check -t "$BOARD" -c guest.cfg
	[[ $errors == *guest-irq-unlisted* && $errors == *partial-tree-invalid* ]]
	answer 1 check -t "$BOARD" --format=json -c guest.cfg
	json 'd["ok"] is False and "partial-tree-invalid" in [f["id"] for f in d["diagnostics"]]' <stdout
}
