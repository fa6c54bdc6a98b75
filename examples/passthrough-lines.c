/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passthrough-lines HOST.dtb DEVICE...: what xl.cfg(5) needs to say to pass the
 * devices, made as a toolstack of one's own would: from the plan's arrays, not
 * from the text that xlpt_emit_config() writes.
 *
 *     cc passthrough-lines.c $(pkg-config --cflags --libs libxlpt) -o passthrough-lines
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxlpt.h>

/* The whole file, malloc'd; NULL if it cannot be read. */
static void *read_blob(const char *path, size_t *size_r)
{
	FILE *file = fopen(path, "rb");
	char *blob = NULL;
	long size;

	if (file && !fseek(file, 0, SEEK_END) && (size = ftell(file)) > 0 &&
	    !fseek(file, 0, SEEK_SET) && (blob = malloc((size_t)size))) {
		*size_r = fread(blob, 1, (size_t)size, file);
		if (*size_r != (size_t)size) {
			free(blob);
			blob = NULL;
		}
	}
	if (file)
		fclose(file);
	return blob;
}

static void print_lines(const struct xlpt_plan *plan)
{
	const struct xlpt_iomem *iomem;
	const char *const *dtdev;
	const uint32_t *irqs;
	size_t n, i;

	iomem = xlpt_plan_iomem(plan, &n);
	for (i = 0; i < n; i++)
		printf("iomem 0x%" PRIx64 ",0x%" PRIx64 "@0x%" PRIx64 "\n", iomem[i].start,
		       iomem[i].count, iomem[i].gfn);
	irqs = xlpt_plan_irqs(plan, &n);
	for (i = 0; i < n; i++)
		printf("irq %" PRIu32 "\n", irqs[i]);
	dtdev = xlpt_plan_dtdev(plan, &n);
	for (i = 0; i < n; i++)
		printf("dtdev %s\n", dtdev[i]);
}

static void print_findings(const struct xlpt_diags *diags)
{
	size_t n, i;
	const struct xlpt_diag *diag = xlpt_diags_list(diags, &n);

	for (i = 0; i < n; i++)
		fprintf(stderr, "%s: %s: %s [%s]\n", xlpt_severity_name(diag[i].severity),
			diag[i].node ? diag[i].node : "-", diag[i].message, diag[i].id);
}

int main(int argc, char **argv)
{
	struct xlpt_settings settings;
	struct xlpt_diags *diags = NULL;
	struct xlpt_tree *tree = NULL;
	struct xlpt_plan *plan = NULL;
	size_t size = 0;
	void *blob;
	int rc, status = 2;

	if (argc < 3) {
		fprintf(stderr, "usage: %s HOST.dtb DEVICE...\n", argv[0]);
		return 2;
	}
	blob = read_blob(argv[1], &size);
	if (!blob) {
		fprintf(stderr, "cannot read %s\n", argv[1]);
		return 2;
	}
	xlpt_settings_init(&settings);
	rc = xlpt_diags_new(&diags);
	if (!rc)
		rc = xlpt_tree_parse(blob, size, diags, &tree);
	if (!rc)
		rc = xlpt_plan_make(tree, &settings, (const char *const *)argv + 2,
				    (size_t)argc - 2, diags, &plan);
	if (diags)
		print_findings(diags);
	if (rc) {
		fprintf(stderr, "no plan: %s\n", strerror(-rc));
	} else if (xlpt_plan_ok(plan)) {
		print_lines(plan);
		status = 0;
	} else {
		status = 1;
	}
	/* in reverse order: each borrows from the ones before it */
	xlpt_plan_free(plan);
	xlpt_tree_free(tree);
	xlpt_diags_free(diags);
	free(blob);
	return status;
}
