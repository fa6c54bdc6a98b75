# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Machines: their host trees, and a run of one under QEMU.  Sourced after image.sh.
#
#     machine_virt OUT.dtb ARGS...   the tree of `qemu-system-aarch64 ARGS` as QEMU made it
#     dtb_boot DTB XENARGS DOM0ARGS KERNEL RAMDISK   adds what Xen wants below /chosen
#     run_qemu LOG SECONDS COMMAND...   boots, shows progress, ends it at "@@ end" or a time limit
#
# Addresses the pieces are loaded at; a machine with other memory sets its own.
KERNEL_ADDR=0x49000000
RAMDISK_ADDR=0x50000000

# dumped trees depend on the whole command line, so they are made for each run
dump_dtb() { # OUT QEMU ARGS... (-machine's value is the first argument after QEMU)
	local out=$1 qemu=$2 machine=$3; shift 3
	timeout 30 "$qemu" -machine "$machine,dumpdtb=$out" "$@" -display none </dev/null >/dev/null 2>&1
	[ -s "$out" ] || die "$qemu did not write its device tree"
	grow_dtb "$out"
}

# room for what fdtput adds
grow_dtb() { dtc -q -I dtb -O dtb -p 16384 -o "$1.grown" "$1" && mv "$1.grown" "$1"; }

cells() { # NUMBER: as two cells
	printf '0x%x 0x%x' $(($1 >> 32)) $(($1 & 0xffffffff))
}

dtb_module() { # DTB ADDRESS COMPATIBLE FILE
	local node
	node=/chosen/module@$(printf '%x' "$2")
	fdtput -p "$1" -c "$node"
	fdtput -t s "$1" "$node" compatible "multiboot,$3" multiboot,module
	# shellcheck disable=SC2046 # one word a cell
	fdtput -t x "$1" "$node" reg $(cells "$2") $(cells "$(stat -L -c %s "$4")")
}

dtb_boot() { # DTB XENARGS DOM0ARGS KERNEL RAMDISK
	fdtput -p -t x "$1" /chosen '#address-cells' 2
	fdtput -t x "$1" /chosen '#size-cells' 2
	fdtput -t s "$1" /chosen xen,xen-bootargs "$2"
	fdtput -t s "$1" /chosen xen,dom0-bootargs "$3"
	dtb_module "$1" "$KERNEL_ADDR" kernel "$4"
	dtb_module "$1" "$RAMDISK_ADDR" ramdisk "$5"
}

dtb_mark() { # DTB PATH...: what a firmware script does with the plan's marks
	local dtb=$1; shift
	local path
	for path; do fdtput "$dtb" "$path" xen,passthrough; done
}

loader() { # ADDRESS FILE: as -device's value
	printf 'loader,file=%s,addr=%s,force-raw=on' "$2" "$1"
}

# progress LOG: prints the "@@" lines that came since the last call; $seen is the caller's
progress() {
	local line
	while IFS= read -r line; do
		seen=$((seen + 1))
		case $line in '@@ file'* | '@@ endfile'* | '@@ rc'*) continue ;; esac
		say "  $SCENARIO: $(($(date +%s) - started))s ${line#@@ }"
	done < <(grep -a '^@@' "$1" 2>/dev/null | tr -d '\r' | tail -n "+$((seen + 1))")
}

# what a machine may be silent for: longer on a host that is busy with other things
patience() { # SECONDS
	awk -v s="$1" -v cpus="$(nproc)" '{ f = 1 + $1 / cpus; print int(s * (f > 5 ? 5 : f)) }' /proc/loadavg
}

# run_qemu LOG SECONDS COMMAND...: unproved unless the dom0 script ended with 0.  A machine that
# says nothing for SECONDS hangs; one that talks may take long on a busy host, up to 20 minutes.  The function
# on_step LINE, if the scenario has it, is called for every new "@@" line.
run_qemu() {
	local log=$1 limit=$2 started heard size=0 seen=0 told=0 silent pid status line; shift 2
	started=$(date +%s)
	heard=$started
	printf '%q ' "$@" >"$log.command"
	"$@" </dev/null >"$log" 2>&1 &
	pid=$!
	# shellcheck disable=SC2064
	trap "kill -9 $pid 2>/dev/null || true" EXIT
	while :; do
		progress "$log"
		if declare -F on_step >/dev/null; then
			while IFS= read -r line; do
				told=$((told + 1))
				on_step "${line#@@ }"
			done < <(grep -a '^@@' "$log" | tr -d '\r' | tail -n "+$((told + 1))")
		fi
		! grep -aq '^@@ end ' "$log" || break
		kill -0 "$pid" 2>/dev/null || { sleep 0.2; break; }
		if [ "$(stat -c %s "$log")" != "$size" ]; then
			size=$(stat -c %s "$log")
			heard=$(date +%s)
		fi
		silent=$(($(date +%s) - heard))
		if { [ $silent -ge "$limit" ] && [ $silent -ge "$(patience "$limit")" ]; } ||
			[ $(($(date +%s) - started)) -ge "${RUN_LIMIT:-1200}" ]; then
			echo "@@ time limit: nothing heard for $silent s" >>"$log"
			break
		fi
		sleep 0.2
	done
	progress "$log"
	# TERM lets QEMU write its disks back
	kill "$pid" 2>/dev/null || true
	for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
	kill -9 "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	trap - EXIT
	status=$(grep -a '^@@ end ' "$log" | tr -d '\r' | awk '{ print $3; exit }')
	[ "$status" = 0 ] || unproved "dom0's script did not end well: ${status:-it did not end}"
}

# unpack_sent LOG DIR: the files the dom0 script sent
unpack_sent() {
	mkdir -p "$2"
	tr -d '\r' <"$1" | grep -av '^(XEN)' | awk -v dir="$2" '
		/^@@ file / { out = dir "/" $3 ".b64"; printf "" >out; next }
		/^@@ endfile/ { close(out); out = ""; next }
		out != "" && /^[A-Za-z0-9+\/=]+$/ { print >out }'
	local file
	for file in "$2"/*.b64; do
		[ -e "$file" ] || continue
		base64 -d <"$file" | gunzip >"${file%.b64}" && rm "$file"
	done
}
