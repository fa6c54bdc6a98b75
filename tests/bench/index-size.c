/* SPDX-License-Identifier: GPL-2.0-or-later */
/* index-size FILE...: bytes of the index for each byte of the blob, the greatest of all. */
#include <stdio.h>
#include <stdlib.h>

#include "libxlpt.h"

int main(int argc, char **argv)
{
	const size_t room = 256u << 20;
	void *blob = malloc(room);
	double ratio, most = 0;
	int i;

	for (i = 1; blob && i < argc; i++) {
		struct xlpt_diags *diags = NULL;
		struct xlpt_tree *tree;
		FILE *file = fopen(argv[i], "rb");
		size_t size = file ? fread(blob, 1, room, file) : 0;

		if (file)
			fclose(file);
		if (xlpt_diags_new(&diags) || xlpt_tree_parse(blob, size, diags, &tree))
			return 2;
		ratio = (double)xlpt_tree_index_size(tree) / (double)size;
		most = ratio > most ? ratio : most;
		xlpt_tree_free(tree);
		xlpt_diags_free(diags);
	}
	printf("%.2f\n", most);
	return 0;
}
