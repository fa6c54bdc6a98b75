/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <unistd.h>

#include "fixture.h"

const char fixture_board[] =
	"/dts-v1/;\n"
	"/ {\n"
	"	#address-cells = <2>; #size-cells = <2>;\n"
	"	compatible = \"test,board\"; model = \"Test board\";\n"
	"	interrupt-parent = <&gic>;\n"
	"	aliases {\n"
	"		serial0 = \"/soc/serial@1000000\"; serial1 = \"/soc/serial@1001000\";\n"
	"		broken = \"/nowhere\"; relative = \"soc/rtc@1010000\";\n"
	"	};\n"
	"	chosen { stdout-path = \"serial0:115200n8\"; };\n"
	"	cpus {\n"
	"		#address-cells = <1>; #size-cells = <0>;\n"
	"		cpu@0 { device_type = \"cpu\"; compatible = \"arm,cortex-a53\"; reg = <0>; };\n"
	"	};\n"
	"	memory@40000000 { device_type = \"memory\"; reg = <0 0x40000000 0 0x40000000>; };\n"
	"	pclk: clock { compatible = \"fixed-clock\"; #clock-cells = <0>; clock-frequency = <24000000>; };\n"
	"	gpio-keys { compatible = \"gpio-keys\"; };\n"
	"	soc {\n"
	"		compatible = \"simple-bus\"; #address-cells = <2>; #size-cells = <2>; ranges;\n"
	"		gic: interrupt-controller@8000000 {\n"
	"			compatible = \"arm,gic-400\"; interrupt-controller; #interrupt-cells = <3>;\n"
	"			reg = <0 0x8001000 0 0x1000>, <0 0x8002000 0 0x2000>,\n"
	"			      <0 0x8004000 0 0x2000>, <0 0x8006000 0 0x2000>;\n"
	"		};\n"
	"		serial@1000000 {\n"
	"			compatible = \"arm,pl011\", \"arm,primecell\"; reg = <0 0x1000000 0 0x1000>;\n"
	"			interrupts = <0 1 4>;\n"
	"		};\n"
	"		uart1: serial@1001000 {\n"
	"			compatible = \"arm,pl011\", \"arm,primecell\"; reg = <0 0x1001000 0 0x1000>;\n"
	"			interrupts = <0 2 4>; clocks = <&pclk>, <&pclk>; clock-names = \"uartclk\", \"apb_pclk\";\n"
	"		};\n"
	"		rtc: rtc@1010000 {\n"
	"			compatible = \"arm,pl031\", \"arm,primecell\"; reg = <0 0x1010000 0 0x1000>;\n"
	"			interrupts = <0 3 4>; clocks = <&pclk>; clock-names = \"apb_pclk\";\n"
	"		};\n"
	"		gpio@1020000 {\n"
	"			compatible = \"arm,pl061\", \"arm,primecell\"; reg = <0 0x1020000 0 0x1000>;\n"
	"			interrupts = <0 4 4>; clocks = <&pclk>; clock-names = \"apb_pclk\";\n"
	"			gpio-controller; #gpio-cells = <2>;\n"
	"		};\n"
	"		gpio@1021000 {\n"
	"			compatible = \"arm,pl061\", \"arm,primecell\"; reg = <0 0x1021000 0 0x1000>;\n"
	"			interrupts = <0 5 4>; clocks = <&pclk>; clock-names = \"apb_pclk\";\n"
	"			gpio-controller; #gpio-cells = <2>;\n"
	"		};\n"
	"		bus@2000000 {\n"
	"			compatible = \"test,bus\", \"simple-bus\"; reg = <0 0x2000000 0 0x1000>;\n"
	"			#address-cells = <1>; #size-cells = <1>; ranges = <0 0 0x2000000 0x100000>;\n"
	"			watchdog@10000 { compatible = \"arm,sp805\", \"arm,primecell\"; reg = <0x10000 0x1000>; };\n"
	"			odd,name@20000 { compatible = \"arm,pl061\", \"arm,primecell\"; reg = <0x20000 0x1000>; };\n"
	"			twin@2ff000 { compatible = \"test,twin\"; };\n"
	"		};\n"
	"		mfd@3000000 {\n"
	"			compatible = \"test,mfd\", \"simple-mfd\"; reg = <0 0x3000000 0 0x2000>;\n"
	"			#address-cells = <1>; #size-cells = <1>; ranges = <0 0 0x3000000 0x2000>;\n"
	"			timer@1000 { compatible = \"arm,sp804\", \"arm,primecell\"; reg = <0x1000 0x1000>; };\n"
	"			counter@1800 { compatible = \"test,counter\"; reg = <0x1800 0x100>; };\n"
	"		};\n"
	"		display { compatible = \"test,display\"; };\n"
	"		twin@4000000 { compatible = \"test,twin\"; reg = <0 0x4000000 0 0x1000>; };\n"
	"		twin@4000000,1 { compatible = \"test,twin\"; reg = <0 0x4000000 0 0x1000>; };\n"
	"		ethernet@5000000 {\n"
	"			compatible = \"test,ethernet\"; reg = <0 0x5000000 0 0x10000>;\n"
	"			interrupts = <0 80 4>, <0 81 4>, <0 82 4>; dma-coherent;\n"
	"		};\n"
	"	};\n"
	"};\n";

void fixture_open(struct fixture *f, const char *dts)
{
	char path[] = "/tmp/xlpt-fixture-XXXXXX", command[128];
	int fd = mkstemp(path), c;
	size_t room = 1 << 20;
	FILE *dtc;

	*f = (struct fixture){ 0 };
	assert_true(fd >= 0);
	assert_int_equal(write(fd, dts, strlen(dts)), strlen(dts));
	close(fd);
	snprintf(command, sizeof(command), "dtc -@ -q -I dts -O dtb %s", path);
	dtc = popen(command, "r");
	assert_non_null(dtc);
	f->blob = malloc(room);
	assert_non_null(f->blob);
	while ((c = getc(dtc)) != EOF) {
		assert_true(f->size < room);
		((char *)f->blob)[f->size++] = (char)c;
	}
	unlink(path);
	assert_int_equal(pclose(dtc), 0);

	assert_int_equal(xlpt_diags_new(&f->diags), 0);
	assert_int_equal(xlpt_tree_parse(f->blob, f->size, f->diags, &f->tree), 0);
	xlpt_settings_init(&f->settings);
	assert_int_equal(xlpt_settings_xen(&f->settings, "4.17"), 0);
}

void fixture_close(struct fixture *f)
{
	xlpt_plan_free(f->plan);
	xlpt_tree_free(f->tree);
	xlpt_diags_free(f->diags);
	free(f->blob);
}

void fixture_plan(struct fixture *f, const char *selection, ...)
{
	const char *selections[32];
	size_t n = 0;
	va_list ap;

	va_start(ap, selection);
	for (; selection && n < 32; selection = va_arg(ap, const char *))
		selections[n++] = selection;
	va_end(ap);
	assert_int_equal(xlpt_plan_make(f->tree, &f->settings, selections, n, f->diags, &f->plan), 0);
}

size_t fixture_count(const struct fixture *f, const char *id)
{
	size_t n, i, count = 0;
	const struct xlpt_diag *diag = xlpt_diags_list(f->diags, &n);

	for (i = 0; i < n; i++)
		count += !strcmp(diag[i].id, id);
	return count;
}

const struct xlpt_diag *fixture_diag(const struct fixture *f, const char *id)
{
	size_t n, i;
	const struct xlpt_diag *diag = xlpt_diags_list(f->diags, &n);

	for (i = 0; i < n; i++)
		if (!strcmp(diag[i].id, id))
			return &diag[i];
	fail_msg("no finding %s", id);
	return NULL;
}
