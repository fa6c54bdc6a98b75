/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Who else?": registers, SPIs, streams and references the other way round. */
#include "fixture.h"

#include <stdio.h>

#include "resources.h"

static void count_frames(void **state)
{
	(void)state;
	assert_int_equal(frames_of(0, 0), 0);
	assert_int_equal(frames_of(0, 1), 1);
	assert_int_equal(frames_of(0xfff, 1), 1);
	assert_int_equal(frames_of(0xfff, 2), 2);
	assert_int_equal(frames_of(0x1000, 0x1000), 1);
	assert_int_equal(frames_of(0x1800, 0x1000), 2);
	assert_int_equal(frames_of(UINT64_MAX, 1), 1);
	assert_int_equal(frames_of(UINT64_MAX - 0xfff, UINT64_MAX), 1);
	assert_int_equal(frames_of(0, UINT64_MAX), 1ull << 52);
}

static int collect(void *opaque, const struct res_reg *reg)
{
	uint64_t *sum = opaque;

	*sum += (uint64_t)1 << (reg->node % 64);
	return 0;
}

/* The search for overlapping registers against a look at every one. */
static void overlapping(void **state)
{
	static char dts[65536];
	size_t len, i;
	unsigned seed = 7;
	struct fixture f;
	uint64_t at;

	(void)state;
	len = (size_t)snprintf(dts, sizeof(dts), "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;");
	for (i = 0; i < 60; i++) {
		seed = seed * 1103515245 + 12345;
		len += (size_t)snprintf(dts + len, sizeof(dts) - len, " n%zu { reg = <%u %u>; };", i,
					seed >> 16 & 0x3ff, i % 7 ? seed >> 26 : seed >> 22);
	}
	snprintf(dts + len, sizeof(dts) - len, " };");
	fixture_open(&f, dts);
	for (at = 0; at < 0x500; at += 3) {
		uint64_t found = 0, expected = 0;
		const struct resources *r = f.tree->resources;
		uint32_t k;

		assert_int_equal(regs_overlapping(f.tree, at, at + at % 50, collect, &found), 0);
		for (k = 0; k < r->n_reg; k++)
			if (r->reg[k].size && r->reg[k].base <= at + at % 50 &&
			    last_byte(r->reg[k].base, r->reg[k].size) >= at)
				expected += (uint64_t)1 << (r->reg[k].node % 64);
		assert_int_equal(found, expected);
	}
	fixture_close(&f);
}

static const char shared[] =
	"/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>;"
	" gic: gic { compatible = \"arm,gic-400\"; interrupt-controller; #interrupt-cells = <3>; };"
	" smmu: smmu { compatible = \"arm,mmu-500\"; #iommu-cells = <2>; };"
	" clk: clk { #clock-cells = <0>; };"
	" a { interrupts = <0 5 4>; iommus = <&smmu 0x10 0xf>; clocks = <&clk>; };"
	" b { interrupts = <0 5 4>, <0 6 4>; iommus = <&smmu 0x13 0>; clocks = <&clk>, <&clk>; };"
	" c { iommus = <&smmu 0x20 0>, <&smmu 0x20 0>; };"
	" d { iommu-map = <0 &smmu 0x100 0x10>; };"
	"};";

static int count_stream(void *opaque, const struct stream *stream)
{
	unsigned *n = opaque;

	(void)stream;
	return ++*n > 100;
}

static void sharers(void **state)
{
	const struct resources *r;
	struct stream stream = { 0 };
	struct fixture f;
	unsigned matches = 0;
	uint32_t n;

	(void)state;
	fixture_open(&f, shared);
	r = f.tree->resources;
	spis_with(f.tree, 37, &n);
	assert_int_equal(n, 2);
	spis_with(f.tree, 38, &n);
	assert_int_equal(n, 1);
	spis_with(f.tree, 39, &n);
	assert_int_equal(n, 0);

	/* 0x13 is in 0x10 under the mask 0xf. */
	stream = r->stream[r->first_stream[tree_by_path(f.tree, "/b", 2)]];
	assert_int_equal(streams_overlapping(f.tree, &stream, count_stream, &matches), 0);
	assert_int_equal(matches, 2);
	matches = 0;
	stream.id = 0x20;
	streams_overlapping(f.tree, &stream, count_stream, &matches);
	assert_int_equal(matches, 2);
	stream.id = 0x10f;
	assert_int_equal(stream_in_map(f.tree, &stream), tree_by_path(f.tree, "/d", 2));
	stream.id = 0x110;
	assert_int_equal(stream_in_map(f.tree, &stream), XLPT_NO_NODE);

	links_to(f.tree, tree_by_path(f.tree, "/clk", 4), &n);
	assert_int_equal(n, 3);
	fixture_close(&f);
}

static const char maps[] =
	"/dts-v1/; / {"
	" smmu: smmu { compatible = \"arm,mmu-500\"; #iommu-cells = <2>; };"
	" other: other { compatible = \"arm,mmu-500\"; #iommu-cells = <2>; };"
	" a { iommu-map = <0 &smmu 0x13 0x3>; };"
	" b { iommu-map = <0 &smmu 0x48 0x1 1 &smmu 0x80000001 0x1>; };"
	" c { iommu-map = <0 &other 0x0 0x10000>; };"
	" d { iommu-map = <0 &smmu 0xfffffff0 0x10>; };"
	"};";

/* By a look at each identity of each map. */
static bool in_any_map(const struct xlpt_tree *tree, const struct stream *stream)
{
	const struct resources *r = tree->resources;
	uint32_t i, k;

	for (i = 0; i < r->n_map; i++)
		for (k = 0; k < r->map[i].count && r->map[i].iommu == stream->iommu; k++)
			if (!(((r->map[i].first + k) ^ stream->id) & ~stream->mask))
				return true;
	return false;
}

static void masked(void **state)
{
	static const uint32_t high[] = { 0, 0x80000000, 0xff000000 };
	struct stream stream = { 0 };
	unsigned found = 0, all = 0;
	struct fixture f;
	size_t i;

	(void)state;
	fixture_open(&f, maps);
	stream.iommu = tree_by_path(f.tree, "/smmu", 5);
	for (i = 0; i < 9; i++)
		for (stream.mask = high[i / 3]; stream.mask - high[i / 3] < 0x100; stream.mask += 3)
			for (stream.id = high[i % 3]; stream.id - high[i % 3] < 0x100; stream.id++, all++) {
				bool in = in_any_map(f.tree, &stream);

				assert_int_equal(stream_in_map(f.tree, &stream) != XLPT_NO_NODE, in);
				found += in;
			}
	assert_in_range(found, all / 100, all - all / 100);
	fixture_close(&f);
}

/* More entries than 16 bits count: each keeps its own number. */
static void many_regs(void **state)
{
	const size_t n = 0x10001, room = 128 + n * 16;
	char *dts = malloc(room);
	size_t len, i;
	struct fixture f;

	(void)state;
	assert_non_null(dts);
	len = (size_t)snprintf(dts, room, "/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; n { reg = <");
	for (i = 0; i < n; i++)
		len += (size_t)snprintf(dts + len, room - len, " %zu 1", i);
	snprintf(dts + len, room - len, ">; }; };");
	fixture_open(&f, dts);
	assert_int_equal(f.tree->resources->n_reg, n);
	for (i = 0; i < n; i++)
		assert_int_equal(f.tree->resources->reg[i].entry, i);
	fixture_close(&f);
	free(dts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(count_frames),
		cmocka_unit_test(overlapping),
		cmocka_unit_test(sharers),
		cmocka_unit_test(masked),
		cmocka_unit_test(many_regs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
