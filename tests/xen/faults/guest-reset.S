/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole guest, for as many boots as it takes: an arm64 Image that resets
 * itself when it boots for the first time and waits for ever in the second.
 * Which one it is, the match register of the PL031 passed to it tells, so it
 * comes no further without its device; no interrupt is enabled.
 */
#define PL031_RTCMR	4
#define FIRST_BOOT	0x5678
#define PSCI_RESET	0x84000009

	.text
	b	start
	.long	0
	.quad	0			/* text_offset */
	.quad	0x1000			/* image_size */
	.quad	0, 0, 0, 0		/* flags; reserved */
	.ascii	"ARM\x64"
	.long	0
start:
	mov	x19, #0x9010000
	mov	w1, #FIRST_BOOT
	ldr	w2, [x19, #PL031_RTCMR]
	cmp	w1, w2
	b.eq	second
	str	w1, [x19, #PL031_RTCMR]
	dsb	sy
	movz	w0, #(PSCI_RESET & 0xffff)
	movk	w0, #(PSCI_RESET >> 16), lsl #16
	hvc	#0
0:	b	0b
second:
	str	wzr, [x19, #PL031_RTCMR]
	dsb	sy
0:	wfi
	b	0b
	.balign	4096
