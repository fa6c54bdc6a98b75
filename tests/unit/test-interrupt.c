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

static void open_text(struct fixture *f, char *dts, size_t size, const char *format, ...)
{
	size_t len = (size_t)snprintf(dts, size, "/dts-v1/; / { interrupt-parent = <&gic>; #address-cells = <1>;"
				      " #size-cells = <1>;" GIC);
	va_list ap;

	va_start(ap, format);
	len += (size_t)vsnprintf(dts + len, size - len, format, ap);
	va_end(ap);
	snprintf(dts + len, size - len, " };");
	fixture_open(f, dts);
}

static const struct res_irq *irqs_of(const struct fixture *f, const char *path)
{
	return &f->tree->resources->irq[f->tree->resources->first_irq[tree_by_path(f->tree, path, strlen(path))]];
}

/* Each gives line i to the other one's line i + 1 of 8; only what leads out of the circle resolves. */
static void circle_of_maps(void **state)
{
	static char dts[8192];
	const struct res_irq *irq;
	struct fixture f;
	unsigned i;

	(void)state;
	open_text(&f, dts, sizeof(dts),
		  " a: a { #interrupt-cells = <1>; #address-cells = <0>; interrupt-map = <0 &b 1>, <2 &b 3>,"
		  " <4 &b 5>, <6 &b 7>, <9 &b 9>, <10 &a 0>; };"
		  " b: b { #interrupt-cells = <1>; #address-cells = <0>; interrupt-map = <1 &a 2>, <3 &a 4>,"
		  " <5 &a 6>, <7 &a 0>, <9 &gic 0 5 4 0>, <1 &gic 0 6 4 0>; };"
		  " user { interrupt-parent = <&a>; interrupts = <0>, <2>, <4>, <6>, <9>, <10>, <11>; };");
	irq = irqs_of(&f, "/user");
	for (i = 0; i < 4; i++)
		assert_int_equal(irq[i].kind, IRQ_UNRESOLVED);
	assert_int_equal(irq[4].kind, IRQ_SPI);
	assert_int_equal(irq[4].intid, 37);
	/* A map that names its own node has the line end there. */
	assert_int_equal(irq[5].kind, IRQ_FOREIGN);
	assert_int_equal(irq[5].controller, tree_by_path(f.tree, "/a", 2));
	assert_int_equal(irq[6].kind, IRQ_UNRESOLVED);
	fixture_close(&f);
}

/* However many nodes or maps a line goes through. */
static void long_ways(void **state)
{
	static char dts[65536], ways[60000];
	size_t len = 0, i;
	struct fixture f;

	(void)state;
	for (i = 0; i < 200; i++)
		len += (size_t)snprintf(ways + len, sizeof(ways) - len, " h%zu: h%zu { interrupt-parent = <&%s%zu>; };"
					" m%zu: m%zu { #interrupt-cells = <1>; #address-cells = <0>;"
					" interrupt-map = <%zu &m%zu %zu>; };", i, i, i < 199 ? "h" : "m",
					i < 199 ? i + 1 : 0, i, i, i, i + 1, i + 1);
	open_text(&f, dts, sizeof(dts), "%s m200: m200 { #interrupt-cells = <1>; #address-cells = <0>;"
		  " interrupt-map = <200 &gic 0 7 4 0>; }; user { interrupt-parent = <&h0>; interrupts = <0>, <1>; };",
		  ways);
	assert_int_equal(irqs_of(&f, "/user")[0].kind, IRQ_SPI);
	assert_int_equal(irqs_of(&f, "/user")[0].intid, 39);
	assert_int_equal(irqs_of(&f, "/user")[1].kind, IRQ_UNRESOLVED);
	fixture_close(&f);
}

/*
 * Nodes with interrupt cells that neither take a line nor map it: Linux looks
 * above them, with the cells that they count, and in a circle for ever.
 */
static void idle_nodes(void **state)
{
	static char dts[8192];
	const struct res_irq *irq;
	struct fixture f;

	(void)state;
	open_text(&f, dts, sizeof(dts),
		  " nexus: nexus { #interrupt-cells = <1>; #address-cells = <0>;"
		  " interrupt-map = <1 2 &gic 0 8 4 0>, <1 3 &gic 0 9 4 0>; };"
		  " idle: idle { #interrupt-cells = <2>; #address-cells = <0>; interrupt-parent = <&nexus>; };"
		  " x: x { #interrupt-cells = <1>; interrupt-parent = <&y>; };"
		  " y: y { #interrupt-cells = <1>; interrupt-parent = <&x>; };"
		  " user { interrupt-parent = <&idle>; interrupts = <1 3>, <1 2>, <1 4>; };"
		  " lost { interrupt-parent = <&x>; interrupts = <1>; };");
	irq = irqs_of(&f, "/user");
	assert_int_equal(irq[0].intid, 41);
	assert_int_equal(irq[1].intid, 40);
	assert_int_equal(irq[2].kind, IRQ_UNRESOLVED);
	assert_int_equal(irqs_of(&f, "/lost")->kind, IRQ_UNRESOLVED);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolved),
		cmocka_unit_test(long_map),
		cmocka_unit_test(circle_of_maps),
		cmocka_unit_test(long_ways),
		cmocka_unit_test(idle_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
