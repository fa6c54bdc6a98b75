/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Addresses of the guest's nodes. An item's own reg is counted in guest
 * addresses. What lies below keeps the addresses of its bus, so the item's
 * ranges say where in the guest the mapped pieces of that bus are: nothing
 * else of it translates.
 */
#include "address.h"
#include "guest.h"

/* Pieces too large for a size of one cell are cut into these. */
#define ONE_CELL_CHUNK ((uint64_t)1 << 31)

/* A window of a bus onto CPU addresses. */
struct window {
	uint8_t child[ADDRESS_MAX_CELLS * 4];	/* flags cells in front, as they are */
	unsigned na, ns;
	unsigned n_flags;
	uint64_t bus, cpu, size;
};

/* The first run that does not end before this byte. */
static size_t first_run(const struct xlpt_plan *plan, uint64_t host)
{
	size_t low = 0, high = plan->n_runs, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (plan->run[middle].start + plan->run[middle].count <= host >> XLPT_FRAME_SHIFT)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_entry(struct guest_addresses *a, const struct window *window, uint64_t offset,
		      uint64_t guest, uint64_t size)
{
	uint64_t chunk, limit = window->ns < 2 ? ONE_CELL_CHUNK : UINT64_MAX;

	if (!a->has_unit) {
		a->has_unit = true;
		a->unit = guest;
	}
	for (; size; offset += chunk, guest += chunk, size -= chunk) {
		chunk = size <= UINT32_MAX || size < limit ? size : limit;
		guest_bytes(&a->ranges, window->child, window->n_flags * 4);
		guest_number(&a->ranges, window->na - window->n_flags, window->bus + offset);
		guest_number(&a->ranges, 2, guest);
		guest_number(&a->ranges, window->ns, chunk);
	}
}

/* The mapped pieces of a window; those that touch on both sides are one entry. */
static void add_pieces(struct guest_walk *w, struct guest_addresses *a, struct window *window)
{
	const struct xlpt_plan *plan = w->plan;
	uint64_t last, from = 0, guest = 0, size = 0;
	size_t i;

	if (!window->size)
		return;
	if (window->na - window->n_flags < 2) {
		if (window->bus > UINT32_MAX)
			return;
		if (window->size > UINT32_MAX - window->bus + 1)
			window->size = UINT32_MAX - window->bus + 1;
	}
	last = last_byte(window->cpu, window->size);
	for (i = first_run(plan, window->cpu); i < plan->n_runs; i++) {
		const struct hole_run *run = &plan->run[i];
		uint64_t start = run->start << XLPT_FRAME_SHIFT, begin = start, end;

		if (start > last || a->ranges.len > GUEST_MAX_BYTES)
			break;
		if (begin < window->cpu)
			begin = window->cpu;
		end = last_byte(start, run->count << XLPT_FRAME_SHIFT);
		if (end > last)
			end = last;
		if (size && begin == from + size &&
		    (run->gfn << XLPT_FRAME_SHIFT) + (begin - start) == guest + size) {
			size += end - begin + 1;
			continue;
		}
		if (size)
			add_entry(a, window, from - window->cpu, guest, size);
		from = begin;
		guest = (run->gfn << XLPT_FRAME_SHIFT) + (begin - start);
		size = end - begin + 1;
	}
	if (size)
		add_entry(a, window, from - window->cpu, guest, size);
}

/* Windows of the nearest bus above that says where it is; an empty ranges is the bus above. */
static void add_ranges(struct guest_walk *w, uint32_t node, struct guest_addresses *a)
{
	const struct xlpt_tree *tree = w->tree;
	struct address_window from;
	struct window window = { .n_flags = tree->node[node].bus == BUS_DEFAULT ? 0 : 1 };
	uint32_t bus = node;
	const struct tree_prop *ranges = tree_prop(tree, bus, P_RANGES);
	unsigned i;

	if (!ranges || !address_cells(tree, node, &window.na, &window.ns))
		return;
	while (bus && ranges && !ranges->len) {
		bus = tree->node[bus].parent;
		ranges = tree_prop(tree, bus, P_RANGES);
	}
	if (!bus) {
		window.size = UINT64_MAX;
		add_pieces(w, a, &window);
		return;
	}
	for (i = 0; address_window(tree, bus, i, &from); i++) {
		if (!from.translates || a->ranges.len > GUEST_MAX_BYTES)
			continue;
		memcpy(window.child, from.child, sizeof(window.child));
		window.bus = from.bus;
		window.cpu = from.cpu;
		window.size = from.size;
		add_pieces(w, a, &window);
	}
}

/* A host bridge: its memory windows, and neither I/O nor what lies behind them. */
static void add_pci_ranges(struct guest_walk *w, uint32_t node, struct guest_addresses *a)
{
	struct address_window from;
	unsigned i;

	for (i = 0; address_window(w->tree, node, i, &from); i++) {
		struct window window = {
			.na = 3, .ns = 2, .n_flags = 1,
			.bus = from.bus, .cpu = from.cpu, .size = from.size,
		};

		if (!from.translates || (from.flags >> 24 & 3) < 2 || a->ranges.len > GUEST_MAX_BYTES)
			continue;
		memcpy(window.child, from.child, sizeof(window.child));
		add_pieces(w, a, &window);
	}
}

void guest_addresses(struct guest_walk *w, const struct plan_item *item, struct guest_addresses *a)
{
	const struct xlpt_tree *tree = w->tree;
	struct address_reg reg;
	bool any = false;
	unsigned i;

	*a = (struct guest_addresses){
		.reg.out = w->out, .ranges.out = w->out,
	};
	/* Entries that map nothing keep their place, so that the others keep their index. */
	for (i = 0; address_reg(tree, item->node, i, &reg) && a->reg.len <= GUEST_MAX_BYTES; i++) {
		const struct res_reg entry = {
			.base = reg.base, .size = reg.size, .node = item->node, .entry = reg.entry,
		};
		uint64_t base, size = 0, guest = 0;

		if (reg.translates) {
			item_reg(tree, item, &entry, &base, &size);
			if (!plan_guest_address(w->plan, base, &guest))
				guest = size = 0;
			any = true;
		}
		if (!i)
			a->unit = guest;
		guest_number(&a->reg, 2, guest);
		guest_number(&a->reg, 2, size);
	}
	if (!any)
		a->reg.len = 0;
	a->has_unit = any;
	if (pci_is_host_bridge(tree, item->node))
		add_pci_ranges(w, item->node, a);
	else
		add_ranges(w, item->node, a);
}

/* An ECAM bridge below an item is cut by buses= like one that is the item itself. */
static bool ecam_below(struct guest_walk *w, uint32_t node, uint64_t *offset_r, uint64_t *size_r,
		       unsigned *first_r, unsigned *last_r)
{
	return w->item->options->has_buses &&
	       pci_ecam(w->tree, node, w->item->options, offset_r, size_r, first_r, last_r);
}

void guest_reg_below(struct guest_walk *w, uint32_t node, struct guest_node *out,
		     const struct tree_prop *prop)
{
	const struct xlpt_tree *tree = w->tree;
	const uint8_t *value = prop_value(tree, prop);
	struct guest_cells cells = { .out = w->out };
	unsigned na, ns, first, last;
	uint64_t offset, size;

	if (ecam_below(w, node, &offset, &size, &first, &last) &&
	    address_cells(tree, tree->node[node].parent, &na, &ns) && prop->len >= (na + ns) * 4) {
		guest_number(&cells, na, cells_read(value, na) + offset);
		guest_number(&cells, ns, size);
		guest_bytes(&cells, value + (na + ns) * 4, prop->len - (na + ns) * 4);
		value = cells.value;
	}
	guest_prop_add(w->out, out, "reg", value, prop->len);
}

void guest_ranges_below(struct guest_walk *w, uint32_t node, struct guest_node *out,
			const struct tree_prop *prop)
{
	const struct xlpt_tree *tree = w->tree;
	struct guest_cells cells = { .out = w->out };
	const uint8_t *value = prop_value(tree, prop);
	struct address_window window;
	unsigned na, ns, pna, pns, entry, i;

	if (!pci_is_host_bridge(tree, node) || !prop->len) {
		guest_prop_add(w->out, out, "ranges", value, prop->len);
		return;
	}
	if (!address_cells(tree, node, &na, &ns) ||
	    !address_cells(tree, tree->node[node].parent, &pna, &pns))
		return;
	entry = (na + pna + ns) * 4;
	for (i = 0; address_window(tree, node, i, &window) && cells.len <= GUEST_MAX_BYTES; i++)
		if ((window.flags >> 24 & 3) >= 2)
			guest_bytes(&cells, value + (size_t)i * entry, entry);
	if (cells.len)
		guest_prop_add(w->out, out, "ranges", cells.value, cells.len);
}

void guest_bus_range(struct guest_walk *w, uint32_t node, struct guest_node *out,
		     const struct tree_prop *prop)
{
	struct guest_cells cells = { .out = w->out };
	unsigned first, last;
	uint64_t offset, size;

	if (!ecam_below(w, node, &offset, &size, &first, &last)) {
		if (prop)
			guest_prop_add(w->out, out, "bus-range", prop_value(w->tree, prop), prop->len);
		return;
	}
	guest_cell(&cells, first);
	guest_cell(&cells, last);
	guest_prop_add(w->out, out, "bus-range", cells.value, cells.len);
}
