# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The usual mistakes: what xl makes of them, and what the tool does.  The guests are built and never
# run.  A row: name, xl's exit status, how the tool refuses it, with which id, and what is written
# into the guest's config.  How: "judge" reads the config as it is (check -c); "create" is
# xl create of the same lines with dt_passthrough beside them; "both".  The id "-" is that of a
# file which cannot be read at all: exit status 2 and a message.

XEN_RELEASE=4.17

rows() {
	cat <<-'END'
	not-marked          3   both   not-marked            irqs=[39] iomem=["0x9030,1"]
	xen-uart-spi        3   both   device-reserved       irqs=[33]
	ppi                 3   both   irq-ppi               irqs=[27]
	irq-too-high        3   both   irq-range             irqs=[2000]
	xen-uart-page       3   both   device-reserved       iomem=["0x9000,1"]
	ram-page            3   both   iomem-in-memory       iomem=["0x60000,1"]
	dom0-page           0   both   not-marked            iomem=["0x9020,1"]
	gicd-page           0   both   device-reserved       iomem=["0x8000,1@0x4100"]
	over-guest-gic      0   both   gfn-overlap           iomem=["0x9010,1@0x3001"] irqs=[34]
	over-grant-table    0   both   gfn-overlap           iomem=["0x9010,1@0x38000"] irqs=[34]
	over-guest-ram      0   both   gfn-overlap           iomem=["0x9010,1@0x40000"] irqs=[34]
	no-irqs             0   judge  guest-irq-unlisted    iomem=["0x9010,1"] device_tree="/lab/good.dtb"
	no-iomem            0   judge  guest-reg-unmapped    irqs=[34] device_tree="/lab/good.dtb"
	tree-no-clocks      0   judge  guest-clock-missing   iomem=["0x9010,1"] irqs=[34] device_tree="/lab/no-clocks.dtb"
	tree-no-bus         0   judge  guest-bus             iomem=["0x9010,1"] irqs=[34] device_tree="/lab/no-bus.dtb"
	tree-no-ranges      0   judge  guest-bus             iomem=["0x9010,1"] irqs=[34] device_tree="/lab/no-ranges.dtb"
	tree-wrong-parent   0   judge  guest-irq-parent      iomem=["0x9010,1"] irqs=[34] device_tree="/lab/wrong-parent.dtb"
	tree-phandle        0   judge  guest-phandle-reserved iomem=["0x9010,1"] irqs=[34] device_tree="/lab/phandle.dtb"
	tree-other-spi      0   judge  guest-irq-unlisted    iomem=["0x9010,1"] irqs=[34] device_tree="/lab/other-spi.dtb"
	dtdev-no-iommu      6   both   dtdev-unprotected     dtdev=["/pl031@9010000"]
	passthrough-enabled 6   both   iommu-off             passthrough="enabled"
	tree-missing        3   both   -                     device_tree="/lab/nosuch.dtb"
	tree-garbage        3   both   partial-tree-invalid  device_tree="/lab/garbage.dtb"
	tree-truncated      3   both   partial-tree-invalid  device_tree="/lab/truncated.dtb"
	tree-no-passthrough 3   both   partial-tree-invalid  device_tree="/lab/no-passthrough.dtb"
	tree-empty          139 both   partial-tree-empty    device_tree="/lab/empty.dtb"
	iomem-malformed     1   both   -                     iomem=["0x9010;1"]
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

host_tree() { tool_marks "$1" /pl031@9010000; }

mistakes_script() {
	cat <<-'END'
	trees_before=$(trees)
	stock() { name=$1; shift; $XENBIN/xl create -p -q /etc/xen/tiny.cfg "name=\"$name\"" "$@" >/tmp/out 2>&1; }

	# row NAME HOW ID SETTINGS...: what xl says, and what the tool does
	row() {
		name=$1 how=$2 id=$3
		shift 3
		rc=0
		stock "$name" "$@" || rc=$?
		sed "s/^/$name: /" /tmp/out
		echo "@@ rc $rc: row $name"
		! xl domid "$name" >/dev/null 2>&1 || destroyed "$name"
		{ sed '/^name/d' /etc/xen/tiny.cfg; echo "name = \"$name\""; printf '%s\n' "$@"; } >"/tmp/$name.cfg"
		case $how in judge | both) answer "$id" xl passthrough check -c "/tmp/$name.cfg" ;; esac
		case $how in create | both)
			echo 'dt_passthrough = [ "/pl031@9010000" ]' >>"/tmp/$name.cfg"
			answer "$id" xl create -p -q "/tmp/$name.cfg"
		esac
	}

	answer() {
		want=$1
		shift
		[ "$want" = - ] || { refused "$want" "$@"; return; }
		run "$@"
		[ $rc = 2 ] || fail "exit status $rc, not 2: $*"
		echo "@@ refused: $*"
	}
	END
	rows | awk '{ $2 = ""; gsub(/[^ ]+/, "\047&\047"); print "row " $0 }'
	cat <<-'END'
	untouched
	step "two guests want the same interrupt"
	stock first irqs=[34] || fail "the first guest"
	row second-guest create device-busy irqs=[34]
	untouched first
	destroyed first
	step "an xl that does not know the keys"
	row trip-wire nothing - 'device_tree="xl-passthrough"' 'dt_passthrough=["/pl031@9010000"]'
	untouched
	step "the same with the front end"
	run xl create -p -q /tmp/trip-wire.cfg
	[ $rc = 0 ] || fail "create of what the trip-wire held back"
	untouched trip-wire
	run xl passthrough list
	END
}

dom0_script() { mistakes_script; }

judge_mistakes() {
	local name want rest
	while read -r name want rest; do
		dom0_says "^@@ rc $want: row $name$"
	done < <(rows; echo 'second-guest 3'; echo 'trip-wire 3')
	dom0_says '^ *[0-9]+ +trip-wire +/pl031@9010000 '
	proof "xl $XEN_RELEASE answers $(rows | wc -l) mistakes as documented, $(rows | awk '$2 == 0' | wc -l) of them with 0"
	proof "the tool refused $(dom0_count '^@@ refused') times, each with its id; no guest was touched, and the trip-wire held"
}

scenario() {
	use_tool arm64 "$XEN_RELEASE"
	tiny_config tiny | dom0_config tiny.cfg
	mistaken_trees
	boot_virt "$XEN_RELEASE" 120
	judge_mistakes
}
