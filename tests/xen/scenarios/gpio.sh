# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A PL061 GPIO block in a guest (examples/rcar-gpio/virt.cfg): a line it drives is seen to change from outside, and the
# machine's power button arrives as a key event through the block's interrupt.  Sourced by the
# scenario of a driver domain.

host_tree() { tool_marks "$1" -c "$EXAMPLES/rcar-gpio/virt.cfg"; }

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

gpio_in_guest() {
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

guest_script() { gpio_in_guest; }

on_step() {
	case $1 in
	*"press the button"*) echo system_powerdown >"$WORK/monitor.in" ;;
	esac
}

# QEMU's monitor listens on a pipe, and its model of the block writes down what lines do
gpio_machine() {
	mkfifo "$WORK/monitor.in" "$WORK/monitor.out"
	# shellcheck disable=SC2034 # boot_virt's
	MONITOR=pipe:$WORK/monitor
	GPIO_ARGS=(-trace pl061_set_output -trace pl061_input_change -D "$WORK/trace")
}

judge_gpio() { # GUEST [VALUES, the last that line 5 went through]
	local sets want=${2:-101}
	sets=$(sed -n 's/.*setting output 5 to \([01]\).*/\1/p' "$WORK/trace" | tr -d '\n')
	case $sets in *"$want") ;; *) unproved "outside, line 5 changed as '$sets', not $want" ;; esac
	guest_says "$1" '^event 1 116 1$'
	guest_says "$1" '^event 1 116 0$'
	proof "QEMU saw line 5 go $want; the power button came as key 116 down and up"
}

scenario() {
	use_tool arm64 4.17
	example_config rcar-gpio/virt.cfg gpio | dom0_config gpio.cfg
	gpio_machine
	boot_virt 4.17 120 "${GPIO_ARGS[@]}"
	dom0_says '^ *[0-9]+ +gpio +/pl061@9030000 '
	judge_gpio gpio
}
