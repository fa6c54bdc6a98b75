/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers in the guest's tree against the frames that iomem= maps. */
#include "address.h"
#include "judge-parts.h"

/* A guest has one bridge or two, with three windows each. */
#define WINDOWS_MOST 256

/* Strings of a compatible that are compared; real ones have up to five. */
#define COMPATIBLE_MOST 16

/* The first frame from `gfn` to `last` that iomem= does not map; false: all are mapped. */
static bool first_unmapped(const struct judge *j, uint64_t gfn, uint64_t last, uint64_t *gap_r)
{
	size_t low = 0, high = j->n_runs, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (j->run[middle].first <= gfn)
			low = middle + 1;
		else
			high = middle;
	}
	if (low && j->run[low - 1].end > gfn)
		gfn = j->run[low - 1].end;
	*gap_r = gfn;
	return gfn <= last;
}

static void check_mapped(struct judge *j, uint32_t node, const char *property, uint64_t base,
			 uint64_t size)
{
	uint64_t last, gap;

	if (!size)
		return;
	last = last_byte(base, size);
	if (first_unmapped(j, base >> XLPT_FRAME_SHIFT, last >> XLPT_FRAME_SHIFT, &gap))
		judge_add(j, DIAG_GUEST_REG_UNMAPPED, node, property,
			  "0x%llx to 0x%llx: iomem= maps nothing to guest frame 0x%llx",
			  (unsigned long long)base, (unsigned long long)last,
			  (unsigned long long)gap);
}

/* Memory of a host bridge is in its ranges, not in a reg. */
static void check_windows(struct judge *j, uint32_t node)
{
	struct address_window window;
	unsigned i;

	if (j->tree->node[node].bus != BUS_PCI)
		return;
	for (i = 0; address_window(j->tree, node, i, &window); i++) {
		/* space code 2 and 3: memory */
		if ((window.flags >> 24 & 3) < 2 || !window.size)
			continue;
		if (window.translates)
			check_mapped(j, node, "ranges", window.cpu, window.size);
		else
			judge_add(j, DIAG_GUEST_REG_INVALID, node, "ranges",
				  "window %u does not translate to an address: Linux passes over it", i);
	}
}

struct user {
	const struct judge *j;
	bool found;
};

static int is_user(void *opaque, const struct res_reg *reg)
{
	struct user *user = opaque;

	user->found = tree_within(user->j->tree, reg->node, user->j->passthrough);
	return user->found;
}

/* Windows of bridges: what the guest finds on the bus uses them. */
struct windows_seen {
	struct judge_run *run;
	size_t n, room;
};

static void gather_windows(struct judge *j, struct windows_seen *seen)
{
	struct address_window window;
	struct judge_run *run;
	uint32_t node;
	unsigned i;

	for (node = j->passthrough; node < j->tree->node[j->passthrough].end; node++) {
		if (j->tree->node[node].bus != BUS_PCI || seen->n >= WINDOWS_MOST)
			continue;
		for (i = 0; address_window(j->tree, node, i, &window); i++) {
			if (!window.translates || !window.size || seen->n >= WINDOWS_MOST)
				continue;
			run = arena_push(&j->arena, &seen->run, &seen->n, &seen->room, sizeof(*run));
			if (!run)
				return;
			run->first = window.cpu;
			run->end = last_byte(window.cpu, window.size);
		}
	}
}

static bool in_window(const struct windows_seen *seen, uint64_t first, uint64_t last)
{
	size_t i;

	for (i = 0; i < seen->n; i++)
		if (seen->run[i].first <= last && seen->run[i].end >= first)
			return true;
	return false;
}

static void check_used(struct judge *j)
{
	const struct judge_lists *lists = j->in->lists;
	struct windows_seen seen = { 0 };
	size_t i;

	gather_windows(j, &seen);

	for (i = 0; i < lists->n_iomem; i++) {
		const struct xlpt_iomem *entry = &lists->iomem[i];
		uint64_t first = entry->gfn << XLPT_FRAME_SHIFT;
		struct user user = { .j = j };

		regs_overlapping(j->tree, first,
				 last_byte(first, entry->count << XLPT_FRAME_SHIFT), is_user, &user);
		if (!user.found &&
		    !in_window(&seen, first, last_byte(first, entry->count << XLPT_FRAME_SHIFT)))
			judge_add(j, DIAG_GUEST_LIST_UNUSED, j->passthrough, "reg",
				  "iomem= maps 0x%llx,%llu@0x%llx, and no node has registers there",
				  (unsigned long long)entry->start, (unsigned long long)entry->count,
				  (unsigned long long)entry->gfn);
	}
}

/* A wrong frame in iomem= gives the driver somebody else's registers, and dom0 may use them. */
static void check_device(struct judge *j, uint32_t node)
{
	const struct tree_prop *own = tree_prop(j->tree, node, P_COMPATIBLE);
	uint32_t host = judge_host_node(j, node);
	const char *s;
	size_t i;

	if (!own || host == XLPT_NO_NODE || !tree_prop(j->in->host, host, P_COMPATIBLE))
		return;
	for (i = 0; i < COMPATIBLE_MOST && (s = prop_string(j->tree, own, i)); i++)
		if (tree_compatible(j->in->host, host, s))
			return;
	judge_add(j, DIAG_GUEST_DEVICE_DIFFERS, node, "compatible",
		  "has no compatible string in common with %s, whose registers it gets",
		  judge_path(j, DIAG_GUEST_DEVICE_DIFFERS, j->in->host, host));
}

void judge_regs(struct judge *j)
{
	const struct resources *r = j->tree->resources;
	uint32_t end = j->tree->node[j->passthrough].end, i, node;

	if (!j->in->lists)
		return;
	for (i = r->first_reg[j->passthrough]; i < r->first_reg[end]; i++)
		if (judge_is_live(j, r->reg[i].node))
			check_mapped(j, r->reg[i].node, "reg", r->reg[i].base, r->reg[i].size);
	for (node = j->passthrough; node < end; node++)
		if (judge_is_live(j, node)) {
			check_windows(j, node);
			check_device(j, node);
		}
	check_used(j);
}
