/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changes that keep a blob a blob. Random bytes mostly die in the header; what
 * is worth finding is behind it: cells that are other numbers, references that
 * lead elsewhere, properties where nobody expects them.
 */
#include <libfdt.h>

#include "fuzz.h"
#include "links.h"
#include "tree.h"

#define MAX_DEPTH 40

static const uint32_t numbers[] = {
	0, 1, 2, 3, 4, 5, 8, 16, 31, 32, 64, 255, 256, 991, 1019, 1020, 4095, 4096, 65000, 65001,
	0x10000, 0x7fffffff, 0x80000000, 0xffffefff, 0xfffff000, 0xfffffffe, 0xffffffff,
};

static const char *const strings[] = {
	"okay", "disabled", "pci", "memory", "simple-bus", "simple-mfd", "syscon", "fixed-clock",
	"fixed-factor-clock", "arm,gic-400", "arm,gic-v3", "arm,smmu-v3", "arm,mmu-500", "arm,smmu-v2",
	"renesas,ipmmu-r8a7795", "pci-host-ecam-generic", "arm,pl031", "arm,pl061", "arm,psci-1.0",
	"regulator-fixed", "interrupt-controller", "endpoint", "isa", "pcie", "xen,passthrough",
};

#define N_OF(array) (sizeof(array) / sizeof(*(array)))

unsigned mutate_random(unsigned *seed, unsigned n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return n ? (unsigned)(((uint64_t)*seed * n) >> 32) : 0;
}

/* The n-th node, counted round. */
static int pick_node(const void *fdt, unsigned *seed)
{
	int node, count = 0, target;

	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
		count++;
	target = (int)mutate_random(seed, (unsigned)count);
	for (node = 0; target-- > 0 && node >= 0;)
		node = fdt_next_node(fdt, node, NULL);
	return node;
}

static int pick_property(const void *fdt, unsigned *seed)
{
	int tries, node, prop, count;

	for (tries = 0; tries < 8; tries++) {
		count = 0;
		node = pick_node(fdt, seed);
		fdt_for_each_property_offset(prop, fdt, node)
			count++;
		if (!count)
			continue;
		count = (int)mutate_random(seed, (unsigned)count);
		fdt_for_each_property_offset(prop, fdt, node)
			if (count-- == 0)
				return prop;
	}
	return -1;
}

/* A phandle that some node has, else any number. */
static uint32_t pick_phandle(const void *fdt, unsigned *seed)
{
	unsigned tries;

	for (tries = 0; tries < 16; tries++) {
		uint32_t phandle = fdt_get_phandle(fdt, pick_node(fdt, seed));

		if (phandle)
			return phandle;
	}
	return numbers[mutate_random(seed, N_OF(numbers))];
}

static uint32_t pick_cell(const void *fdt, unsigned *seed)
{
	switch (mutate_random(seed, 4)) {
	case 0:
		return pick_phandle(fdt, seed);
	case 1:
		return mutate_random(seed, 8);
	case 2:
		return numbers[mutate_random(seed, N_OF(numbers))];
	default:
		return mutate_random(seed, 1u << 20) << 12;
	}
}

static const char *pick_name(unsigned *seed, char copy[64])
{
	static const char *const known[] = {
#define PROP_NAME(symbol, string) string,
#include "prop-names.def"
#undef PROP_NAME
	};
	char *star;

	if (mutate_random(seed, 3))
		return known[mutate_random(seed, N_OF(known))];
	snprintf(copy, 64, "%s", links[mutate_random(seed, (unsigned)n_links)].property);
	star = strchr(copy, '*');
	if (star)
		*star = 'x';
	return copy;
}

static size_t value_bytes(const void *fdt, unsigned *seed, uint8_t value[128])
{
	unsigned n = mutate_random(seed, 13), i;
	const char *s;

	switch (mutate_random(seed, 4)) {
	case 0:
		s = strings[mutate_random(seed, N_OF(strings))];
		memcpy(value, s, strlen(s) + 1);
		return strlen(s) + 1;
	case 1:
		return 0;
	default:
		for (i = 0; i < n; i++) {
			fdt32_t cell = cpu_to_fdt32(pick_cell(fdt, seed));

			memcpy(value + i * 4, &cell, 4);
		}
		return n * 4;
	}
}

/* One cell of one property becomes another number; the blob keeps its size. */
static void change_cell(void *fdt, unsigned *seed)
{
	int prop = pick_property(fdt, seed), len;
	const void *value = prop < 0 ? NULL : fdt_getprop_by_offset(fdt, prop, NULL, &len);
	fdt32_t cell;

	if (!value || len < 4)
		return;
	cell = cpu_to_fdt32(pick_cell(fdt, seed));
	memcpy((uint8_t *)(uintptr_t)value + 4 * mutate_random(seed, (unsigned)len / 4), &cell, 4);
}

/* The value of a property that another one has, longer or shorter. */
static void copy_value(void *fdt, unsigned *seed)
{
	int from = pick_property(fdt, seed), len;
	const char *name;
	const void *value = from < 0 ? NULL : fdt_getprop_by_offset(fdt, from, &name, &len);
	uint8_t bytes[1024];
	char own[256];

	if (!value || len > (int)sizeof(bytes) - 64 || strlen(name) >= sizeof(own))
		return;
	memcpy(bytes, value, (size_t)len);
	snprintf(own, sizeof(own), "%s", name);
	/* Somewhere else, or here and once more. */
	if (mutate_random(seed, 2))
		fdt_setprop(fdt, pick_node(fdt, seed), own, bytes, len);
	else
		fdt_appendprop(fdt, pick_node(fdt, seed), own, bytes,
			       mutate_random(seed, 2) ? len : len & ~3);
}

/* Copy a subtree below another node, phandles and all. */
static int copy_subtree(void *fdt, const void *old, int from, int to, unsigned depth)
{
	int prop, child, len, node;
	const char *name = fdt_get_name(old, from, NULL), *own;
	char copy[64];

	if (!name || depth > 4)
		return -1;
	snprintf(copy, sizeof(copy), "%.40s%s", name, depth ? "" : "0");
	node = fdt_add_subnode(fdt, to, copy);
	if (node < 0)
		return node;
	fdt_for_each_property_offset(prop, old, from) {
		const void *value = fdt_getprop_by_offset(old, prop, &own, &len);

		if (value)
			fdt_setprop(fdt, node, own, value, len);
	}
	fdt_for_each_subnode(child, old, from)
		copy_subtree(fdt, old, child, node, depth + 1);
	return 0;
}

static void nest(void *fdt, unsigned *seed)
{
	int node = pick_node(fdt, seed);
	unsigned i, n = mutate_random(seed, MAX_DEPTH);

	for (i = 0; i < n && node >= 0; i++)
		node = fdt_add_subnode(fdt, node, "bus@0");
}

static void edit(void *fdt, unsigned *seed)
{
	uint8_t value[128];
	char name[64];
	void *old;
	size_t len;
	int node;

	switch (mutate_random(seed, 12)) {
	case 0:
	case 1:
	case 2:
	case 3:
		change_cell(fdt, seed);
		break;
	case 4:
	case 5:
		len = value_bytes(fdt, seed, value);
		fdt_setprop(fdt, pick_node(fdt, seed), pick_name(seed, name), value, (int)len);
		break;
	case 6:
		len = value_bytes(fdt, seed, value);
		fdt_appendprop(fdt, pick_node(fdt, seed), pick_name(seed, name), value, (int)len);
		break;
	case 7:
		fdt_delprop(fdt, pick_node(fdt, seed), pick_name(seed, name));
		break;
	case 8:
		copy_value(fdt, seed);
		break;
	case 9:
		node = pick_node(fdt, seed);
		if (node > 0)
			fdt_del_node(fdt, node);
		break;
	case 10:
		old = malloc(fdt_totalsize(fdt));
		if (!old)
			break;
		memcpy(old, fdt, fdt_totalsize(fdt));
		node = pick_node(old, seed);
		if (node > 0)
			copy_subtree(fdt, old, node, pick_node(fdt, seed), 0);
		free(old);
		break;
	default:
		if (!mutate_random(seed, 8))
			nest(fdt, seed);
		else
			fdt_set_name(fdt, pick_node(fdt, seed), strings[mutate_random(seed, N_OF(strings))]);
	}
}

size_t mutate_tree(uint8_t *blob, size_t size, size_t max_size, unsigned *seed)
{
	unsigned n = 1 + mutate_random(seed, 4);
	size_t room = size + 8192, result = 0;
	void *fdt;

	/* libfdt 1.6's fdt_check_full() takes versions before 16 and falls over their properties. */
	if (size < sizeof(struct fdt_header) || fdt_magic(blob) != FDT_MAGIC || fdt_version(blob) < 16 ||
	    fdt_check_full(blob, size))
		return 0;
	fdt = malloc(room);
	if (!fdt)
		return 0;
	if (!fdt_open_into(blob, fdt, (int)room)) {
		while (n--)
			edit(fdt, seed);
		fdt_pack(fdt);
		if (fdt_totalsize(fdt) <= max_size) {
			result = fdt_totalsize(fdt);
			memcpy(blob, fdt, result);
		}
	}
	free(fdt);
	return result;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	unsigned dice = mutate_random(&seed, 16);
	size_t n;

	if (size <= CONTROL_BYTES || max_size <= CONTROL_BYTES || !dice)
		return LLVMFuzzerMutate(data, size, max_size);
	if (dice < 4) {
		LLVMFuzzerMutate(data, CONTROL_BYTES, CONTROL_BYTES);
		return size;
	}
	n = mutate_tree(data + CONTROL_BYTES, size - CONTROL_BYTES, max_size - CONTROL_BYTES, &seed);
	return n ? n + CONTROL_BYTES : LLVMFuzzerMutate(data, size, max_size);
}
