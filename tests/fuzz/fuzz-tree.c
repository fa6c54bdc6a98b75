/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Index and translation: every look-up over whatever blob. */
#include "address.h"
#include "fuzz.h"
#include "names.h"
#include "resources.h"

struct count {
	uint32_t n, node;
};

static int count_reg(void *opaque, const struct res_reg *reg)
{
	struct count *c = opaque;

	c->n++;
	return reg->node == c->node;
}

static int count_stream(void *opaque, const struct stream *stream)
{
	struct count *c = opaque;

	c->n++;
	return stream->node == c->node;
}

/* What is there must be found the other way round. */
static void look_around(const struct xlpt_tree *tree, uint32_t node)
{
	const struct resources *r = tree->resources;
	uint32_t i, n;

	for (i = r->first_reg[node]; i < r->first_reg[node + 1]; i++) {
		struct count c = { 0, node };

		if (r->reg[i].size)
			REQUIRE(regs_overlapping(tree, r->reg[i].base, r->reg[i].base, count_reg, &c));
	}
	for (i = r->first_irq[node]; i < r->first_irq[node + 1]; i++)
		if (r->irq[i].kind == IRQ_SPI) {
			REQUIRE(r->irq[i].intid >= 32 && r->irq[i].intid <= 1019);
			spis_with(tree, r->irq[i].intid, &n);
			REQUIRE(n);
		}
	for (i = r->first_stream[node]; i < r->first_stream[node + 1]; i++) {
		struct count c = { 0, node };

		REQUIRE(streams_overlapping(tree, &r->stream[i], count_stream, &c));
		stream_in_map(tree, &r->stream[i]);
	}
	links_to(tree, node, &n);
}

/* Has it, or a node above, an earlier sibling of the same name? A path goes by the first, as in Linux. */
static int below_twin(const struct xlpt_tree *tree, uint32_t node)
{
	uint32_t other;

	for (; node; node = tree->node[node].parent)
		for (other = tree_child(tree, tree->node[node].parent); other != node;
		     other = tree_sibling(tree, other))
			if (!strcmp(tree_name(tree, other), tree_name(tree, node)))
				return 1;
	return 0;
}

static void find_again(const struct xlpt_tree *tree, uint32_t node)
{
	char *path = xlpt_tree_path(tree, node);
	uint32_t found;

	REQUIRE(path);
	found = tree_by_path(tree, path, strlen(path));
	REQUIRE(found == node || below_twin(tree, node));
	free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct xlpt_tree *tree = NULL;
	struct xlpt_diags *diags;
	uint32_t node;
	void *blob;

	if (size < CONTROL_BYTES)
		return 0;
	blob = fuzz_copy(data + CONTROL_BYTES, size - CONTROL_BYTES);
	REQUIRE(!xlpt_diags_new(&diags));
	if (xlpt_tree_parse(blob, size - CONTROL_BYTES, diags, &tree)) {
		REQUIRE(!tree && xlpt_diags_count(diags, XLPT_ERROR) == 1);
		goto out;
	}
	for (node = 0; node < xlpt_tree_node_count(tree); node++) {
		look_around(tree, node);
		find_again(tree, node);
	}
	xlpt_tree_index_size(tree);
out:
	xlpt_tree_free(tree);
	xlpt_diags_free(diags);
	free(blob);
	return 0;
}
