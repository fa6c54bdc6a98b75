/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A saved clk_summary, whatever is in it. */
#include "clock.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct clk_summary *summary;
	struct arena arena;
	char *text, name[64];
	uint64_t hz;
	size_t n, i;

	text = malloc(size + 1);
	REQUIRE(text);
	memcpy(text, data, size);
	text[size] = '\0';
	arena_init(&arena);
	summary = clk_summary_parse(text, &arena);
	REQUIRE(summary);
	/* Each row is found by its own name. */
	for (i = 0; i < summary->n_names && i < 64; i++) {
		const struct clk_word *word = &summary->by_name[i].name;

		clk_summary_clock(summary, word->s, word->len, &hz);
		snprintf(name, sizeof(name), "%.*s", (int)word->len, word->s);
		REQUIRE(clk_summary_rows_like(summary, name, &n) && n);
	}
	for (i = 0; i < summary->n_consumers && i < 64; i++) {
		const struct clk_word *word = &summary->by_consumer[i].consumer;

		snprintf(name, sizeof(name), "%.*s", (int)word->len, word->s);
		clk_summary_rows_of(summary, name, &n);
		clk_summary_consumer(summary, name, "uartclk", &hz);
		clk_summary_consumer(summary, name, "no_connection_id", &hz);
	}
	arena_free(&arena);
	free(text);
	return 0;
}
