/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux-of FILE...: what Linux's own drivers/of code says of every node of a device tree.
 * One line for each node:
 *
 *   node PATH TAB REGS TAB INTERRUPTS
 *
 * REGS, separated by blanks: START+SIZE or - for each index of_address_to_resource() is asked for,
 * then after a '|' START or - as of_translate_address() gives it for the same entry, whatever its kind.
 * INTERRUPTS, separated by blanks: CONTROLLER:ARGUMENT,... or - for each index of of_irq_parse_one().
 * A last line "count PATH N" gives of_irq_count() where it differs from the number of good indices.
 * And "gic PATH", the controller that of_irq_init() sets up first of those that irq-gic drivers claim.
 * A root without cell counts gets 2 and 1, as the Devicetree Specification says.
 */
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include "of_private.h"

static void *allocate(u64 size, u64 align)
{
	void *p = NULL;
	if (posix_memalign(&p, align < 16 ? 16 : align, size + 64))
		abort();
	memset(p, 0, size + 64);
	return p;
}

static void *read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	char *data = NULL;
	size_t room = 0, got;

	*size = 0;
	if (!f)
		return NULL;
	do {
		room = room ? room * 2 : 1 << 20;
		data = realloc(data, room);
		got = fread(data + *size, 1, room - *size, f);
		*size += got;
	} while (*size == room);
	fclose(f);
	return data;
}

static void print_path(const struct device_node *np)
{
	if (!np->parent) {
		putchar('/');
		return;
	}
	if (np->parent->parent)
		print_path(np->parent);
	printf("/%s", np->full_name);
}

static void default_cells(const char *name, u32 value)
{
	struct property *pp;
	__be32 *cell;

	if (of_find_property(of_root, name, NULL))
		return;
	pp = calloc(1, sizeof(*pp));
	cell = malloc(4);
	*cell = cpu_to_be32(value);
	pp->name = (char *)name;
	pp->length = 4;
	pp->value = cell;
	pp->next = of_root->properties;
	of_root->properties = pp;
}

static int length_of(const struct device_node *np, const char *name)
{
	int length = 0;
	return of_get_property(np, name, &length) ? length / 4 : 0;
}

static void print_regs(struct device_node *np)
{
	int length = length_of(np, "reg"), more = length_of(np, "assigned-addresses"), i;
	int n = length > more ? length : more;

	if (!np->parent)
		return;
	for (i = 0; i < n; i++) {
		struct resource r;
		const __be32 *entry = __of_get_address(np, i, -1, NULL, NULL);

		if (!entry)
			break;
		if (of_address_to_resource(np, i, &r))
			printf("%s-", i ? " " : "");
		else
			printf("%s%llx+%llx", i ? " " : "", (unsigned long long)r.start,
			       (unsigned long long)(r.end - r.start + 1));
	}
	printf("|");
	for (i = 0; i < n && __of_get_address(np, i, -1, NULL, NULL); i++) {
		u64 start = of_translate_address(np, __of_get_address(np, i, -1, NULL, NULL));

		if (start == OF_BAD_ADDR)
			printf("%s-", i ? " " : "");
		else
			printf("%s%llx", i ? " " : "", (unsigned long long)start);
	}
}

static int print_interrupts(struct device_node *np)
{
	int n = length_of(np, "interrupts") + length_of(np, "interrupts-extended"), i, j, last = -1, good = 0;
	struct of_phandle_args args;

	for (i = 0; i < n; i++)
		if (!of_irq_parse_one(np, i, &args))
			last = i;
	for (i = 0; i <= last; i++) {
		if (i)
			putchar(' ');
		memset(&args, 0, sizeof(args));
		if (of_irq_parse_one(np, i, &args)) {
			putchar('-');
			continue;
		}
		good++;
		print_path(args.np);
		for (j = 0; j < args.args_count; j++)
			printf("%c%x", j ? ',' : ':', args.args[j]);
	}
	return good;
}

/* The tables of Linux's irq-gic drivers; the first controller set up without a parent is the primary one. */
static const struct device_node *primary;

static int set_up(struct device_node *np, struct device_node *parent)
{
	if (!primary && !parent)
		primary = np;
	return 0;
}

static const struct of_device_id gics[] = {
#define IRQCHIP_DECLARE(driver, name, function) { .compatible = name, .data = set_up },
#include "gics.h"
	{ .compatible = "" }
};

int main(int argc, char **argv)
{
	int i, status = 0;

	for (i = 1; i < argc; i++) {
		struct device_node *np;
		size_t size;
		void *blob = read_file(argv[i], &size);

		printf("file %s\n", argv[i]);
		of_root = NULL;
		if (!blob || size < 40 || fdt_totalsize(blob) > size ||
		    !__unflatten_device_tree(blob, NULL, &of_root, allocate, false)) {
			printf("unreadable\n");
			status = 2;
			continue;
		}
		default_cells("#address-cells", 2);
		default_cells("#size-cells", 1);
		for (np = __of_find_all_nodes(NULL); np; np = __of_find_all_nodes(np)) {
			int good;

			printf("node ");
			print_path(np);
			putchar('\t');
			print_regs(np);
			putchar('\t');
			good = print_interrupts(np);
			putchar('\n');
			if (of_irq_count(np) != good) {
				printf("count ");
				print_path(np);
				printf(" %d\n", of_irq_count(np));
			}
		}
		primary = NULL;
		of_irq_init(gics);
		if (primary) {
			printf("gic ");
			print_path(primary);
			putchar('\n');
		}
		/* Nothing is freed: one process is meant for a handful of trees. */
		for (np = __of_find_all_nodes(NULL); np; np = __of_find_all_nodes(np))
			__of_phandle_cache_inv_entry(np->phandle);
		free(blob);
	}
	return status;
}
