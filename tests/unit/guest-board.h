/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A board around the nodes of a test, and questions to the guest's tree that a plan makes of them. */
#ifndef XLPT_GUEST_BOARD_H
#define XLPT_GUEST_BOARD_H

#include "fixture.h"

/* The nodes under test go into /soc, which counts in one cell; more may follow in the root. */
#define GUEST_BOARD(soc, root)								\
	"/dts-v1/;\n"									\
	"/ {\n"										\
	"	#address-cells = <2>; #size-cells = <2>; interrupt-parent = <&gic>;\n"	\
	"	chosen { stdout-path = \"/soc/serial@1000\"; };\n"			\
	"	osc: osc { compatible = \"fixed-clock\"; #clock-cells = <0>; clock-frequency = <24000000>; };\n" \
	"	soc: soc {\n"								\
	"		compatible = \"simple-bus\"; #address-cells = <1>; #size-cells = <1>;\n" \
	"		ranges = <0 0 0x70000000 0x10000000>;\n"			\
	"		gic: gic@100000 {\n"						\
	"			compatible = \"arm,gic-v3\"; interrupt-controller; #interrupt-cells = <4>;\n" \
	"			reg = <0x100000 0x10000>, <0x200000 0x10000>;\n"	\
	"		};\n"								\
	"		serial@1000 { compatible = \"arm,pl011\"; reg = <0x1000 0x1000>; interrupts = <0 1 4 0>; };\n" \
	"		cc: cc@300000 {\n"						\
	"			compatible = \"test,cc\"; reg = <0x300000 0x1000>;\n"	\
	"			#clock-cells = <1>; #reset-cells = <1>; #power-domain-cells = <1>;\n" \
	"		};\n"								\
	soc										\
	"	};\n"									\
	root										\
	"};\n"

/* A plan, whatever its findings, and the guest's tree of it. */
struct guest_board {
	struct fixture f;
	void *fdt;
	char *dts;
};

/* Selections end with NULL; settings and what is allowed may be changed between the two calls. */
void guest_open(struct guest_board *b, const char *dts);
void guest_allow_all(struct guest_board *b);
void guest_plan(struct guest_board *b, const char *const *selections);
void guest_close(struct guest_board *b);

/* Both at once for one device, everything allowed. */
void guest_make(struct guest_board *b, const char *dts, const char *selection);

/* The node must be there, or not. */
int guest_node_at(struct guest_board *b, const char *path);
void guest_no_node(struct guest_board *b, const char *path);
/* The property must be there with these cells, with this string (list, NUL between), or not at all. */
void guest_cells_are(struct guest_board *b, const char *path, const char *prop, size_t n,
		     const uint32_t *cells);
#define guest_has_cells(b, path, prop, ...)						\
	guest_cells_are(b, path, prop, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4,	\
			(const uint32_t[]){ __VA_ARGS__ })
void guest_has_bytes(struct guest_board *b, const char *path, const char *prop, const void *bytes,
		     size_t len);
#define guest_has_string(b, path, prop, string)						\
	guest_has_bytes(b, path, prop, string, sizeof(string))
void guest_has_flag(struct guest_board *b, const char *path, const char *prop);
void guest_lacks(struct guest_board *b, const char *path, const char *prop);
/* The phandle of the node, which must have one. */
uint32_t guest_phandle_at(struct guest_board *b, const char *path);

#endif
