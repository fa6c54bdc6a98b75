/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "address.h"
#include "windows.h"

uint64_t cells_read(const uint8_t *cells, unsigned n)
{
	uint64_t value = 0;

	for (; n; n--, cells += 4)
		value = value << 32 | be32_at(cells);
	return value;
}

static void cells_write(uint8_t *cells, unsigned n, uint64_t value)
{
	memset(cells, 0, n * 4);
	for (; n && value; n--, value >>= 32) {
		cells[n * 4 - 4] = (uint8_t)(value >> 24);
		cells[n * 4 - 3] = (uint8_t)(value >> 16);
		cells[n * 4 - 2] = (uint8_t)(value >> 8);
		cells[n * 4 - 1] = (uint8_t)value;
	}
}

enum bus_kind address_bus_kind(const struct xlpt_tree *tree, uint32_t node)
{
	static const char *const pci_types[] = { "pci", "pciex", "vci", "ht" };
	const char *type = tree_string(tree, node, P_DEVICE_TYPE);
	size_t i;

	for (i = 0; type && i < sizeof(pci_types) / sizeof(*pci_types); i++)
		if (!strcmp(type, pci_types[i]))
			return BUS_PCI;
	if (tree_name_is(tree, node, "pcie"))
		return BUS_PCI;
	if (tree_name_is(tree, node, "isa"))
		return BUS_ISA;
	return tree->node[node].address_cells == 3 ? BUS_FLAGS : BUS_DEFAULT;
}

/* Cells above the address number that hold flags. */
static unsigned flag_cells(enum bus_kind kind)
{
	return kind == BUS_DEFAULT ? 0 : 1;
}

static void bus_cells(const struct xlpt_tree *tree, uint32_t node, unsigned *na_r, unsigned *ns_r)
{
	switch ((enum bus_kind)tree->node[node].bus) {
	case BUS_PCI:
		*na_r = 3;
		*ns_r = 2;
		break;
	case BUS_ISA:
		*na_r = 2;
		*ns_r = 1;
		break;
	default:
		*na_r = tree->node[node].address_cells;
		*ns_r = tree->node[node].size_cells;
	}
}

bool address_cells(const struct xlpt_tree *tree, uint32_t node, unsigned *na_r, unsigned *ns_r)
{
	bus_cells(tree, node, na_r, ns_r);
	return *na_r > 0 && *na_r <= ADDRESS_MAX_CELLS && *ns_r > 0 && *ns_r < 255;
}

/* Space of a PCI address: 1 I/O, 2 memory, 3 64-bit memory (PCI bus binding, 2.2.1.1). */
static unsigned pci_space(const uint8_t *cells)
{
	return cells[0] & 3;
}

/* Does a reg entry speak of memory at all? */
static bool is_memory(enum bus_kind kind, const uint8_t *cells)
{
	switch (kind) {
	case BUS_PCI:
		return pci_space(cells) >= 2;
	case BUS_ISA:
		return !(cells[3] & 1);
	case BUS_FLAGS:		/* whatever the flags mean to the bus's own driver */
	case BUS_DEFAULT:
		break;
	}
	return true;
}

/* How the entries of a node's `ranges` are laid out. */
struct ranges {
	const uint8_t *cells;
	enum bus_kind kind;
	unsigned na, pna, ns, flags;
	unsigned entry;		/* cells of one */
	uint32_t n;		/* entries */
};

static bool ranges_of(const struct xlpt_tree *tree, uint32_t node, const struct tree_prop *prop,
		      struct ranges *r)
{
	unsigned pns;

	r->kind = tree->node[node].bus;
	r->flags = flag_cells(r->kind);
	if (!address_cells(tree, node, &r->na, &r->ns) ||
	    !address_cells(tree, tree->node[node].parent, &r->pna, &pns))
		return false;
	r->cells = prop_value(tree, prop);
	r->entry = r->na + r->pna + r->ns;
	r->n = prop->len / 4 / r->entry;
	return true;
}

/* The number of an address or of a window's first one, without its flags. */
static uint64_t number_of(const struct ranges *r, const uint8_t *address)
{
	return cells_read(address + r->flags * 4, r->na - r->flags);
}

/* What must be equal in an address and a window for them to speak of the same space. */
static uint32_t space_of(enum bus_kind kind, const uint8_t *cells)
{
	static const uint8_t pci_class[] = { 0, 1, 2, 2 };

	switch (kind) {
	case BUS_PCI:
		return pci_class[pci_space(cells)];
	case BUS_ISA:
		return cells[3] & 1;
	case BUS_FLAGS:
		return be32_at(cells);
	case BUS_DEFAULT:
		break;
	}
	return 0;
}

static int by_windows_node(const void *a_, const void *b_)
{
	const struct windows *a = a_, *b = b_;

	return a->node < b->node ? -1 : a->node > b->node;
}

int address_build_windows(struct xlpt_tree *tree)
{
	uint32_t node, i, n_long = 0;
	const struct tree_prop *prop;
	struct window *window;
	struct ranges r;
	int pass, rc;

	/* Count, then fill. */
	for (pass = 0; pass < 2; pass++) {
		if (pass && n_long) {
			tree->windows = calloc(n_long, sizeof(*tree->windows));
			if (!tree->windows)
				return -ENOMEM;
		}
		for (node = 1; node < tree->n_nodes; node++) {
			if (!(tree->node[node].flags & TREE_BUS))
				continue;
			prop = tree_prop(tree, node, P_RANGES);
			if (!ranges_of(tree, node, prop, &r) || r.n <= TREE_LONG_LIST)
				continue;
			if (!pass) {
				n_long++;
				continue;
			}
			window = malloc(r.n * sizeof(*window));
			if (!window)
				return -ENOMEM;
			for (i = 0; i < r.n; i++) {
				const uint8_t *cells = r.cells + (size_t)i * r.entry * 4;

				window[i].from = (struct window_key){
					.number = number_of(&r, cells),
					.space = space_of(r.kind, cells),
				};
				window[i].size = cells_read(cells + (r.na + r.pna) * 4, r.ns);
			}
			rc = windows_make(&tree->windows[tree->n_windows], node, window, r.n);
			free(window);
			if (rc)
				return rc;
			tree->long_size += tree->windows[tree->n_windows].n * sizeof(struct window_span);
			tree->n_windows++;
		}
	}
	return 0;
}

void address_free_windows(struct xlpt_tree *tree)
{
	uint32_t i;

	for (i = 0; i < tree->n_windows; i++)
		free(tree->windows[i].span);
	free(tree->windows);
}

/* The first window that holds an address; NULL if none does. */
static const uint8_t *find_window(const struct xlpt_tree *tree, uint32_t node, const struct ranges *r,
				  const uint8_t *address)
{
	uint64_t number = number_of(r, address), from, room;
	uint32_t space = space_of(r->kind, address), i;
	const uint8_t *window = r->cells;

	if (r->n > TREE_LONG_LIST) {
		const struct windows key = { .node = node };
		const struct windows *index = bsearch(&key, tree->windows, tree->n_windows,
						      sizeof(key), by_windows_node);

		i = windows_find(index, (struct window_key){ .number = number, .space = space });
		return i == UINT32_MAX ? NULL : r->cells + (size_t)i * r->entry * 4;
	}
	for (i = 0; i < r->n; i++, window += r->entry * 4) {
		if (space_of(r->kind, window) != space)
			continue;
		from = number_of(r, window);
		room = cells_read(window + (r->na + r->pna) * 4, r->ns);
		/* The end may wrap at 2^64, and then the window is empty, as in Linux. */
		if (number >= from && number < from + room)
			return window;
	}
	return NULL;
}

bool address_translate(const struct xlpt_tree *tree, uint32_t node, const uint8_t *cells,
		       uint64_t size, uint64_t *cpu_r, bool *past_window_r)
{
	uint8_t address[ADDRESS_MAX_CELLS * 4];
	unsigned na, ns;

	*past_window_r = false;
	if (!address_cells(tree, node, &na, &ns))
		return false;
	memcpy(address, cells, na * 4);

	for (; node; node = tree->node[node].parent) {
		uint32_t parent = tree->node[node].parent;
		const struct tree_prop *prop = tree_prop(tree, node, P_RANGES);
		unsigned pflags = flag_cells(tree->node[parent].bus);
		const uint8_t *window;
		uint64_t offset, room;
		struct ranges r;

		if (!prop || !ranges_of(tree, node, prop, &r))
			return false;
		if (!prop->len) {
			/* Identity; the parent's flag cells take what stands in their place. */
			offset = cells_read(address, na);
			memset(address + pflags * 4, 0, (r.pna - pflags) * 4);
		} else {
			window = find_window(tree, node, &r, address);
			if (!window)
				return false;
			offset = number_of(&r, address) - number_of(&r, window);
			room = cells_read(window + (r.na + r.pna) * 4, r.ns);
			if (size > room - offset)
				*past_window_r = true;
			memcpy(address, window + r.na * 4, r.pna * 4);
		}
		cells_write(address + pflags * 4, r.pna - pflags,
			    cells_read(address + pflags * 4, r.pna - pflags) + offset);
		na = r.pna;
	}
	*cpu_r = cells_read(address, na);
	return true;
}

bool address_reg(const struct xlpt_tree *tree, uint32_t node, unsigned i, struct address_reg *reg_r)
{
	uint32_t parent = tree->node[node].parent;
	const struct tree_prop *prop;
	const uint8_t *cells;
	enum bus_kind kind;
	unsigned na, ns;

	if (parent == XLPT_NO_NODE)
		return false;
	kind = tree->node[parent].bus;
	bus_cells(tree, parent, &na, &ns);
	prop = tree_prop(tree, node, kind == BUS_PCI ? P_ASSIGNED_ADDRESSES : P_REG);
	if (!prop || !na || na > ADDRESS_MAX_CELLS ||
	    (uint64_t)prop->len / 4 < (uint64_t)(na + ns) * (i + 1ull))
		return false;
	cells = prop_value(tree, prop) + (size_t)(na + ns) * 4 * i;
	*reg_r = (struct address_reg){
		.entry = i,
		.size = cells_read(cells + na * 4, ns),
	};
	reg_r->translates = is_memory(kind, cells) &&
			    address_translate(tree, parent, cells, reg_r->size, &reg_r->base,
					      &reg_r->past_window);
	return true;
}

bool address_window(const struct xlpt_tree *tree, uint32_t node, unsigned i,
		    struct address_window *window_r)
{
	const struct tree_prop *ranges = tree_prop(tree, node, P_RANGES);
	uint32_t parent = tree->node[node].parent;
	enum bus_kind kind = tree->node[node].bus;
	unsigned na, ns, pna, pns, flags = flag_cells(kind);
	const uint8_t *cells;
	bool past;

	if (!ranges || parent == XLPT_NO_NODE || !address_cells(tree, node, &na, &ns) ||
	    !address_cells(tree, parent, &pna, &pns) ||
	    (uint64_t)ranges->len / 4 < (uint64_t)(na + pna + ns) * (i + 1ull))
		return false;
	cells = prop_value(tree, ranges) + (size_t)(na + pna + ns) * 4 * i;
	*window_r = (struct address_window){
		.na = na,
		.bus = cells_read(cells + flags * 4, na - flags),
		.size = cells_read(cells + (na + pna) * 4, ns),
		.flags = kind == BUS_PCI ? be32_at(cells) : 0,
	};
	memcpy(window_r->child, cells, na * 4);
	window_r->translates = address_translate(tree, parent, cells + na * 4, window_r->size,
						 &window_r->cpu, &past);
	return true;
}
