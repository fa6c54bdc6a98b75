/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reg through ranges, and that a search over many windows gives what a look through them gives. */
#include <stdio.h>

#include "fixture.h"

#include "address.h"
#include "windows.h"

static const char tree[] =
	"/dts-v1/; / { #address-cells = <2>; #size-cells = <2>;"
	" plain@1 { reg = <0 0x1000 0 0x100>, <1 0 0 0>; };"
	" identity { #address-cells = <1>; #size-cells = <1>; ranges; a@2000 { reg = <0x2000 0x10>; }; };"
	" none { #address-cells = <1>; #size-cells = <1>; b@0 { reg = <0 1>; }; };"
	" moved { #address-cells = <1>; #size-cells = <1>; ranges = <0x0 8 0x100000 0x1000>, <0x1000 9 0 0x1000>;"
	"  c@10 { reg = <0x10 0x10>, <0x1ff0 0x20>, <0x2000 1>; };"
	"  deep { #address-cells = <2>; #size-cells = <1>; ranges = <1 0 0x800 0x100>; d@1 { reg = <1 4 4>, <2 4 4>; }; }; };"
	" pcie@0 { device_type = \"pci\"; #address-cells = <3>; #size-cells = <2>;"
	"  ranges = <0x01000000 0 0 0 0x3000 0 0x1000>, <0x02000000 0 0x1000 0 0x5000 0 0x1000>;"
	"  e@0 { reg = <0 0 0 0 0>; assigned-addresses = <0x02000010 0 0x1800 0 0x100>, <0x01000014 0 0 0 4>; }; };"
	" isa { #address-cells = <2>; #size-cells = <1>; ranges = <0 0 0 0x70000 0x1000>;"
	"  f@0 { reg = <0 0x20 4>; }; g@1 { reg = <1 0x20 4>; }; };"
	" nosize { #address-cells = <1>; #size-cells = <0>; ranges; h@1 { reg = <1>; }; };"
	"};";

struct expect {
	const char *path;
	unsigned entry;
	bool translates;
	uint64_t base, size;
	bool past;
};

static void translation(void **state)
{
	static const struct expect rows[] = {
		{ "/plain@1", 0, true, 0x1000, 0x100, false },
		{ "/plain@1", 1, true, 0x100000000, 0, false },
		{ "/identity/a@2000", 0, true, 0x2000, 0x10, false },
		{ "/none/b@0", 0, false, 0, 1, false },
		{ "/moved/c@10", 0, true, 0x800100010, 0x10, false },
		{ "/moved/c@10", 1, true, 0x900000ff0, 0x20, true },
		{ "/moved/c@10", 2, false, 0, 1, false },
		{ "/moved/deep/d@1", 0, true, 0x800100804, 4, false },
		{ "/moved/deep/d@1", 1, false, 0, 4, false },
		{ "/pcie@0/e@0", 0, true, 0x5800, 0x100, false },
		{ "/pcie@0/e@0", 1, false, 0, 4, false },
		{ "/isa/f@0", 0, true, 0x70020, 4, false },
		{ "/isa/g@1", 0, false, 0, 4, false },
		{ "/nosize/h@1", 0, false, 0, 0, false },
	};
	struct address_reg reg;
	struct fixture f;
	size_t i;

	(void)state;
	fixture_open(&f, tree);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t node = tree_by_path(f.tree, rows[i].path, strlen(rows[i].path));

		assert_int_not_equal(node, XLPT_NO_NODE);
		assert_true(address_reg(f.tree, node, rows[i].entry, &reg));
		assert_int_equal(reg.translates, rows[i].translates);
		assert_int_equal(reg.size, rows[i].size);
		if (rows[i].translates) {
			assert_int_equal(reg.base, rows[i].base);
			assert_int_equal(reg.past_window, rows[i].past);
		}
	}
	assert_false(address_reg(f.tree, tree_by_path(f.tree, "/plain@1", 8), 2, &reg));
	fixture_close(&f);
}

/* Windows that overlap, touch, repeat, are empty or wrap; the first in order wins. */
static void searched(void **state)
{
	unsigned seed = 1, round, i, k;

	(void)state;
	for (round = 0; round < 300; round++) {
		struct window window[40];
		struct windows index;
		unsigned n = 1 + round % 40;

		for (i = 0; i < n; i++) {
			seed = seed * 1103515245 + 12345;
			window[i].from = (struct window_key){ .space = seed >> 30, .number = seed >> 8 & 0xff };
			seed = seed * 1103515245 + 12345;
			window[i].size = seed >> 8 & 0x3f;
			if (seed >> 28 == 3)
				window[i].size = UINT64_MAX - 3;
		}
		assert_int_equal(windows_make(&index, 0, window, n), 0);
		for (k = 0; k < 4 * 330; k++) {
			struct window_key address = { .space = k / 330, .number = k % 330 };
			uint32_t first = UINT32_MAX;

			for (i = 0; i < n && first == UINT32_MAX; i++) {
				uint64_t from = window[i].from.number, at = address.number;

				if (window[i].from.space == address.space && at >= from &&
				    at < from + window[i].size)
					first = i;
			}
			assert_int_equal(windows_find(&index, address), first);
		}
		free(index.span);
	}
}

#define N_LONG 40
#define N_CHILDREN 300

static unsigned seed = 1;

static unsigned draw(unsigned below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 12) % below;
}

/* Many windows that overlap, in spaces that a flag cell tells apart: the first one that holds the address. */
static void long_ranges(void **state)
{
	static char dts[1 << 16];
	unsigned space[N_LONG], from[N_LONG], size[N_LONG], child_space[N_CHILDREN], child[N_CHILDREN], i, k;
	unsigned found = 0;
	size_t n = 0;
	struct address_reg reg;
	struct fixture f;

	(void)state;
	n += (size_t)snprintf(dts + n, sizeof(dts) - n, "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;"
			      " bus { #address-cells = <3>; #size-cells = <1>; ranges =");
	for (i = 0; i < N_LONG; i++) {
		space[i] = draw(3);
		from[i] = draw(1000);
		size[i] = draw(60);
		n += (size_t)snprintf(dts + n, sizeof(dts) - n, "%s<%u 0 %u %u %u>", i ? ", " : " ", space[i],
				      from[i], (i + 1) << 16, size[i]);
	}
	n += (size_t)snprintf(dts + n, sizeof(dts) - n, ";");
	for (i = 0; i < N_CHILDREN; i++) {
		child_space[i] = draw(3);
		child[i] = draw(1000);
		n += (size_t)snprintf(dts + n, sizeof(dts) - n, " c%u { reg = <%u 0 %u 1>; };", i, child_space[i],
				      child[i]);
	}
	snprintf(dts + n, sizeof(dts) - n, " }; };");
	fixture_open(&f, dts);
	assert_int_equal(f.tree->n_windows, 1);
	for (i = 0; i < N_CHILDREN; i++) {
		for (k = 0; k < N_LONG; k++)
			if (space[k] == child_space[i] && child[i] >= from[k] && child[i] < from[k] + size[k])
				break;
		assert_true(address_reg(f.tree, 2 + i, 0, &reg));
		assert_int_equal(reg.translates, k < N_LONG);
		if (k < N_LONG)
			assert_int_equal(reg.base, ((k + 1) << 16) + child[i] - from[k]);
		found += k < N_LONG;
	}
	assert_in_range(found, 50, N_CHILDREN - 50);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(translation),
		cmocka_unit_test(searched),
		cmocka_unit_test(long_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
