# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The usual mistakes, and what xl makes of them.  The guests are built and never run.
# A row: name, xl's exit status, what is written into the guest's config.

XEN_RELEASE=4.17

rows() {
	cat <<-'END'
	not-marked          3   irqs=[39] iomem=["0x9030,1"]
	xen-uart-spi        3   irqs=[33]
	ppi                 3   irqs=[27]
	irq-too-high        3   irqs=[2000]
	xen-uart-page       3   iomem=["0x9000,1"]
	ram-page            3   iomem=["0x60000,1"]
	dom0-page           0   iomem=["0x9020,1"]
	gicd-page           0   iomem=["0x8000,1@0x4100"]
	over-guest-gic      0   iomem=["0x9010,1@0x3001"] irqs=[34]
	over-grant-table    0   iomem=["0x9010,1@0x38000"] irqs=[34]
	over-guest-ram      0   iomem=["0x9010,1@0x40000"] irqs=[34]
	no-irqs             0   iomem=["0x9010,1"] device_tree="/lab/good.dtb"
	no-iomem            0   irqs=[34] device_tree="/lab/good.dtb"
	tree-no-clocks      0   iomem=["0x9010,1"] irqs=[34] device_tree="/lab/no-clocks.dtb"
	tree-no-bus         0   iomem=["0x9010,1"] irqs=[34] device_tree="/lab/no-bus.dtb"
	tree-no-ranges      0   iomem=["0x9010,1"] irqs=[34] device_tree="/lab/no-ranges.dtb"
	tree-wrong-parent   0   iomem=["0x9010,1"] irqs=[34] device_tree="/lab/wrong-parent.dtb"
	tree-phandle        0   iomem=["0x9010,1"] irqs=[34] device_tree="/lab/phandle.dtb"
	tree-other-spi      0   iomem=["0x9010,1"] irqs=[34] device_tree="/lab/other-spi.dtb"
	dtdev-no-iommu      6   dtdev=["/pl031@9010000"]
	passthrough-enabled 6   passthrough="enabled"
	tree-missing        3   device_tree="/lab/nosuch.dtb"
	tree-garbage        3   device_tree="/lab/garbage.dtb"
	tree-truncated      3   device_tree="/lab/truncated.dtb"
	tree-no-passthrough 3   device_tree="/lab/no-passthrough.dtb"
	tree-empty          139 device_tree="/lab/empty.dtb"
	iomem-malformed     1   iomem=["0x9010;1"]
	trip-wire           3   device_tree="xl-passthrough" dt_passthrough=["/pl031@9010000"]
	END
}

# variant NAME SED-SCRIPT: the good partial tree with a mistake in it
variant() { sed "$2" "$WORK/good.dts" | dtc -q -f -I dts -O dtb -o "$WORK/overlay/lab/$1.dtb" -; }

mistaken_trees() {
	local lab=$WORK/overlay/lab
	cat >"$WORK/good.dts" <<-'END'
	/dts-v1/;
	/ {
		#address-cells = <2>;
		#size-cells = <2>;
		gic: gic { phandle = <65000>; };
		passthrough {
			compatible = "simple-bus";
			ranges;
			#address-cells = <2>;
			#size-cells = <2>;
			interrupt-parent = <65000>;
			clk: clock { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; };
			pl031@9010000 {
				compatible = "arm,pl031", "arm,primecell";
				reg = <0 0x9010000 0 0x1000>;
				interrupts = <0 2 4>;
				clocks = <&clk>;
				clock-names = "apb_pclk";
			};
		};
	};
	END
	variant good ''
	variant no-clocks '/clock/d'
	variant no-bus '/simple-bus/d'
	variant no-ranges '/ranges;/d'
	variant wrong-parent 's/interrupt-parent = <65000>/interrupt-parent = <1>/'
	variant phandle '/gic: gic/d; s/clk: clock {/& phandle = <65000>;/'
	variant other-spi 's/<0 2 4>/<0 3 4>/'
	variant no-passthrough 's/passthrough {/other {/'
	head -c 200 "$lab/good.dtb" >"$lab/truncated.dtb"
	head -c 400 /dev/urandom >"$lab/garbage.dtb"
	: >"$lab/empty.dtb"
}

host_tree() { dtb_mark "$1" /pl031@9010000; }

dom0_script() {
	echo 'create() { name=$1; shift; xl create -p -q /etc/xen/tiny.cfg "name=\"$name\"" "$@" >/tmp/out 2>&1; }'
	cat <<-'END'
	# row NAME SETTINGS...: a guest of that name is created, and destroyed if it was
	row() {
		rc=0
		create "$@" || rc=$?
		sed "s/^/$1: /" /tmp/out
		echo "@@ rc $rc: row $1"
		! xl domid "$1" >/dev/null 2>&1 || destroyed "$1"
	}
	END
	rows | awk '{ $2 = ""; gsub(/[^ ]+/, "\047&\047"); print "row " $0 }'
	cat <<-'END'
	step "two guests want the same interrupt"
	create first irqs=[34] || fail "the first guest"
	row second-guest irqs=[34]
	destroyed first
	row second-alone irqs=[34]
	END
}

scenario() {
	local name want line
	mkdir -p "$WORK/overlay/etc/xen"
	tiny_config tiny >"$WORK/overlay/etc/xen/tiny.cfg"
	mistaken_trees
	boot_virt "$XEN_RELEASE" 120
	while read -r name want line; do
		dom0_says "^@@ rc $want: row $name$"
	done < <(rows; echo 'second-guest 3'; echo 'second-alone 0')
	proof "xl $XEN_RELEASE answers $(rows | wc -l) mistakes as documented, $(rows | awk '$2 == 0' | wc -l) of them with 0"
}
