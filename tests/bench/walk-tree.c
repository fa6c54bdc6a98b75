/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk-tree FILE...: the least that reading a tree takes, every node and property once by libfdt. */
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>

static char *slurp(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;
	long size;

	if (file && !fseek(file, 0, SEEK_END) && (size = ftell(file)) > 0 && !fseek(file, 0, SEEK_SET)) {
		bytes = malloc((size_t)size);
		if (bytes && fread(bytes, (size_t)size, 1, file) != 1) {
			free(bytes);
			bytes = NULL;
		}
	}
	if (file)
		fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	unsigned long nodes = 0, props = 0, bytes = 0;
	int i, node, prop, len;

	for (i = 1; i < argc; i++) {
		char *fdt = slurp(argv[i]);

		if (!fdt || fdt_check_header(fdt))
			return 2;
		for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
			nodes++;
			fdt_for_each_property_offset(prop, fdt, node)
				if (fdt_getprop_by_offset(fdt, prop, NULL, &len)) {
					props++;
					bytes += (unsigned long)len;
				}
		}
		free(fdt);
	}
	printf("%lu nodes, %lu properties, %lu bytes\n", nodes, props, bytes);
	return 0;
}
