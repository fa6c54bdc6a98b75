# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A PL061 GPIO block in a guest: a line it drives is seen to change from outside, and the
# machine's power button arrives as a key event through the block's interrupt.

host_tree() { tool_marks "$1" /pl061@9030000 /gpio-keys; }

dom0_script() {
	cat <<-'END'
	guest_ramdisk gpio /lab/guest.sh
	created gpio
	run xl passthrough list
	await gpio "awaiting the button" 60
	step "press the button"
	await gpio "guest is done" 20
	END
}

guest_script() {
	cat <<-'END'
	modprobe evdev
	modprobe gpio_keys
	dmesg | grep -i -e pl061 -e gpio-keys
	# line 5 of the first controller
	line=$(($(cat /sys/class/gpio/gpiochip*/base) + 5))
	echo $line >/sys/class/gpio/export
	echo out >/sys/class/gpio/gpio$line/direction
	for value in 1 0 1; do echo $value >/sys/class/gpio/gpio$line/value; done
	echo "line 5 is now $(cat /sys/class/gpio/gpio$line/value)"
	echo "awaiting the button"
	# four events: down, report, up, report; of each: type, code, value
	dd if=/dev/input/event0 bs=24 count=4 2>/dev/null | od -An -v -tu2 -w24 |
		awk '{ print "event", $9, $10, $11 }'
	grep pl061 /proc/interrupts
	END
}

on_step() {
	case $1 in
	*"press the button"*) echo system_powerdown >"$WORK/monitor.in" ;;
	esac
}

scenario() {
	local sets
	use_tool arm64 4.17
	extended_config gpio /pl061@9030000 /gpio-keys | dom0_config gpio.cfg
	# QEMU's monitor listens on a pipe, and its model of the block writes down what lines do
	mkfifo "$WORK/monitor.in" "$WORK/monitor.out"
	# shellcheck disable=SC2034 # boot_virt's
	MONITOR=pipe:$WORK/monitor
	boot_virt 4.17 120 -trace pl061_set_output -trace pl061_input_change -D "$WORK/trace"
	sets=$(sed -n 's/.*setting output 5 to \([01]\).*/\1/p' "$WORK/trace" | tr -d '\n')
	case $sets in *101) ;; *) unproved "outside, line 5 changed as '$sets', not 1 0 1" ;; esac
	dom0_says '^ *[0-9]+  gpio  /pl061@9030000 '
	guest_says gpio '^event 1 116 1$'
	guest_says gpio '^event 1 116 0$'
	proof "QEMU saw line 5 go 1, 0, 1; the power button came as key 116 down and up"
}
