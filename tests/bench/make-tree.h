/* SPDX-License-Identifier: GPL-2.0-or-later */
/* make-tree.c's writer, for the shapes. */
#ifndef MAKE_TREE_H
#define MAKE_TREE_H

#include <stdint.h>

#define CLOCK 2
#define SMMU 3
#define NEXUS 4
#define OTHER 5
#define DEVICE_BASE 0x10000000u

/* What the shape is to have many of. */
extern unsigned n;
/* The interrupt controller's phandle: libxl's in a partial tree. */
extern unsigned gic;

void begin(const char *name, unsigned unit);
void end(void);
void string(const char *name, const char *value);
void cell(const char *name, uint32_t value);
void empty(const char *name);
void cells(const char *name, unsigned count, uint32_t a, uint32_t b, uint32_t c);

/* Room for that many bytes; put_cell() stores the i-th cell. */
void *room(const char *name, unsigned bytes);
void put_cell(void *value, unsigned i, uint32_t cell);

void begin_bus(const char *name, unsigned unit);
void begin_device(unsigned i, uint32_t base, uint32_t size);

/* shapes-devices.c: many nodes */
void users(unsigned count);	/* of the interrupt nexus */
void plain(void);
void alone(void);
void siblings(void);
void depth(void);
void nested(void);
void parent_loop(void);
void one_page(void);
void one_spi(void);
void one_stream(void);
void streams(void);
void shared_subtree(void);
void masked_streams(void);
void paths(void);
void findings(void);

/* shapes-lists.c: long lists in few nodes */
void properties(void);
void phandles(void);
void ranges(void);
void interrupt_map(void);
void map_cycle(void);
void stream_list(void);
void iommu_map(void);
void aliases(void);		/* at the root */
void one_device(void);
void cycle_lines(void);
void map_chain(void);
void parent_chain(void);
void idle_nexus(void);
void named_clock(void);
void named_controller(void);
void compatibles(void);
void regs(void);
void same_stream(void);

/* shapes-references.c: nodes that refer to each other, and windows of a bridge */
void graph(void);
void inside(void);
void pci_windows(void);

#endif
