/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interrupts, interrupts-extended, maps and controllers that are not the GIC. */
#include "fixture.h"

#include <stdio.h>

#include "resources.h"

#define GIC " gic: gic@0 { compatible = \"arm,gic-v3\"; interrupt-controller; #interrupt-cells = <4>; #address-cells = <0>; };"
#define WRAP " wrap: wrap { interrupt-controller; #interrupt-cells = <3>; interrupt-parent = <&gic>; };"

static const char tree[] =
	"/dts-v1/; / { interrupt-parent = <&gic>; #address-cells = <1>; #size-cells = <1>;" GIC WRAP
	" a { interrupts = <0 10 4 0>, <0 10 4 0>, <1 5 8 0>, <0 960 4 0>, <0 959 1 0>; };"
	" b { interrupts = <0 1 4>; interrupt-parent = <&wrap>; };"
	" c { interrupts-extended = <&gic 0 3 4 0>, <0>, <&wrap 0 7 4>, <&gic 0 4 1 0>; interrupts = <0 99 4 0>; };"
	" d { interrupts-extended = <&gic 0 3 4 0>; interrupts = <0 98 4 0>, <0 99 4 0>; };"
	" e { interrupts-extended = <&gic 0 3 4 0>, <0x7777 0 0 0>; };"
	" f { interrupts = <0 1>; interrupt-parent = <0x7777>; };"
	" nexus: nexus { #interrupt-cells = <1>; #address-cells = <1>;"
	"  interrupt-map-mask = <0xff 3>;"
	"  interrupt-map = <0x10 1 &gic 0 20 4 0>, <0x10 2 &off 0 21 4>, <0x10 2 &gic 0 22 1 0>, <0x20 1 &wrap 0 23 4>;"
	"  g@110 { reg = <0x110 1>; interrupt-parent = <&nexus>; interrupts = <5>, <2>, <3>; };"
	"  h@20 { reg = <0x20 1>; interrupt-parent = <&nexus>; interrupts = <1>; }; };"
	" off: off { status = \"disabled\"; interrupt-controller; #interrupt-cells = <3>; };"
	" loop1: loop1 { interrupt-parent = <&loop2>; i { interrupts = <1>; interrupt-parent = <&loop1>; }; };"
	" loop2: loop2 { interrupt-parent = <&loop1>; };"
	"};";

struct expect {
	const char *path;
	struct {
		enum irq_kind kind;
		uint32_t intid;
	} irq[6];
	size_t n;
};

static void resolved(void **state)
{
	static const struct expect rows[] = {
		{ "/a", { { IRQ_SPI, 42 }, { IRQ_SPI, 42 }, { IRQ_PRIVATE, 21 }, { IRQ_OUT_OF_RANGE, 0 },
			  { IRQ_SPI, 991 } }, 5 },
		{ "/b", { { IRQ_FOREIGN, 0 } }, 1 },
		/* An empty entry leaves its index to interrupts, which has only index 0. */
		{ "/c", { { IRQ_SPI, 35 }, { IRQ_UNRESOLVED, 0 }, { IRQ_FOREIGN, 0 }, { IRQ_SPI, 36 } }, 4 },
		{ "/d", { { IRQ_SPI, 35 }, { IRQ_SPI, 131 } }, 2 },
		{ "/e", { { IRQ_SPI, 35 }, { IRQ_UNRESOLVED, 0 } }, 2 },
		{ "/f", { { IRQ_UNRESOLVED, 0 } }, 1 },
		/* 5 and 1 are the same under the mask; a disabled parent's row does not count; 3 is not there. */
		{ "/nexus/g@110", { { IRQ_SPI, 52 }, { IRQ_SPI, 54 }, { IRQ_UNRESOLVED, 0 } }, 3 },
		{ "/nexus/h@20", { { IRQ_FOREIGN, 0 } }, 1 },
		{ "/loop1/i", { { IRQ_UNRESOLVED, 0 } }, 1 },
	};
	struct fixture f;
	size_t i, k;

	(void)state;
	fixture_open(&f, tree);
	assert_int_equal(f.tree->gic, tree_by_path(f.tree, "/gic@0", 6));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t node = tree_by_path(f.tree, rows[i].path, strlen(rows[i].path));
		const struct resources *r = f.tree->resources;
		const struct res_irq *irq = &r->irq[r->first_irq[node]];

		assert_int_equal(r->first_irq[node + 1] - r->first_irq[node], rows[i].n);
		for (k = 0; k < rows[i].n; k++) {
			assert_int_equal(irq[k].kind, rows[i].irq[k].kind);
			if (irq[k].kind == IRQ_SPI || irq[k].kind == IRQ_PRIVATE)
				assert_int_equal(irq[k].intid, rows[i].irq[k].intid);
		}
	}
	fixture_close(&f);
}

/* A long map is searched; what it gives is what the rows say, the first one for each key. */
static void long_map(void **state)
{
	static char dts[65536];
	size_t len, i, n = 0;
	struct fixture f;
	uint32_t node;

	(void)state;
	len = (size_t)snprintf(dts, sizeof(dts), "/dts-v1/; / { interrupt-parent = <&gic>; #address-cells = <1>;"
			       " #size-cells = <1>;" GIC " nexus: nexus { #interrupt-cells = <1>; #address-cells = <1>;"
			       " interrupt-map-mask = <0xffff 0xf>; interrupt-map = ");
	for (i = 0; i < 400; i++)
		len += (size_t)snprintf(dts + len, sizeof(dts) - len, "%s<%zu 1 &gic 0 %zu 4 0>", i ? ", " : "",
					i / 2, i);
	len += (size_t)snprintf(dts + len, sizeof(dts) - len, "; interrupt-parent = <&nexus>;");
	for (i = 0; i < 200; i++)
		len += (size_t)snprintf(dts + len, sizeof(dts) - len, " d@%zx { reg = <%zu 1>; interrupts = <0x11>; };",
					i, i);
	snprintf(dts + len, sizeof(dts) - len, " }; };");
	fixture_open(&f, dts);
	assert_int_equal(f.tree->n_irq_maps, 1);
	for (node = 0; node < f.tree->n_nodes; node++) {
		const struct resources *r = f.tree->resources;
		const struct res_irq *irq = &r->irq[r->first_irq[node]];

		if (strncmp(tree_name(f.tree, node), "d@", 2))
			continue;
		assert_int_equal(irq->kind, IRQ_SPI);
		assert_int_equal(irq->intid, 32 + 2 * n++);
	}
	assert_int_equal(n, 200);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolved),
		cmocka_unit_test(long_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
