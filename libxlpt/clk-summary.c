/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /sys/kernel/debug/clk/clk_summary as Linux 4.x to 6.x prints it
 * (drivers/clk/clk.c, clk_summary_show_one). Columns came and went:
 *
 *   clock  enable_cnt  prepare_cnt  rate  accuracy  phase                 to 4.16
 *   clock  count count count        rate  accuracy  phase [cycle enable]  to 6.5
 *   clock  count count count        rate  ...  enable  consumer  id       since 6.6
 *
 * so the head line says where the rate stands and whether consumers follow.
 * A clock with several consumers has one more line, of two words, for each.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define MAX_WORDS 16

struct columns {
	unsigned rate, consumer, connection;	/* 0: not there */
};

struct reader {
	struct arena *arena;
	struct columns columns;
	struct clk_row *name, *consumer;
	size_t n_names, n_consumers, name_room, consumer_room;
	struct clk_row last;
	bool has_last;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Split a line; words beyond the last that counts are not looked at. */
static unsigned split(const char *line, const char *end, struct clk_word word[MAX_WORDS])
{
	unsigned n = 0;

	while (n < MAX_WORDS) {
		while (line < end && is_blank(*line))
			line++;
		if (line == end)
			break;
		word[n].s = line;
		while (line < end && !is_blank(*line))
			line++;
		word[n].len = (size_t)(line - word[n].s);
		n++;
	}
	return n;
}

static bool word_is(const struct clk_word *word, const char *s)
{
	return word->len == strlen(s) && !memcmp(word->s, s, word->len);
}

/* "clock ... rate ...", the line that names the columns. */
static bool read_head(struct reader *r, const struct clk_word *word, unsigned n)
{
	struct columns columns = { 0 };
	unsigned i;

	if (!n || !word_is(&word[0], "clock"))
		return false;
	for (i = 1; i < n; i++) {
		if (word_is(&word[i], "rate") && !columns.rate)
			columns.rate = i;
		else if (word_is(&word[i], "consumer"))
			columns.consumer = i;
		else if (word_is(&word[i], "id") && columns.consumer)
			columns.connection = i;
	}
	if (columns.rate < 2)
		return false;
	if (columns.connection != columns.consumer + 1)
		columns.consumer = columns.connection = 0;
	r->columns = columns;
	r->has_last = false;
	return true;
}

static bool read_number(const struct clk_word *word, uint64_t *value_r)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < word->len; i++) {
		if (word->s[i] < '0' || word->s[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (unsigned)(word->s[i] - '0'), &value))
			return false;
	}
	*value_r = value;
	return word->len;
}

static void add_consumer(struct reader *r, const struct clk_word *consumer,
			 const struct clk_word *connection)
{
	struct clk_row *row;

	if (word_is(consumer, "deviceless"))
		return;
	row = arena_push(r->arena, &r->consumer, &r->n_consumers, &r->consumer_room, sizeof(*row));
	if (!row)
		return;
	*row = r->last;
	row->consumer = *consumer;
	row->connection = *connection;
}

static void read_row(struct reader *r, const struct clk_word *word, unsigned n)
{
	struct clk_row row = { .name = word[0] }, *slot;
	uint64_t count;
	unsigned i;

	if (n == 2 && r->columns.consumer && r->has_last) {
		add_consumer(r, &word[0], &word[1]);
		return;
	}
	r->has_last = false;
	if (n <= r->columns.rate)
		return;
	/* A name with a blank in it shifts the columns: then this is no number. */
	for (i = 1; i < r->columns.rate; i++)
		if (!read_number(&word[i], &count))
			return;
	if (!read_number(&word[r->columns.rate], &row.rate))
		return;
	slot = arena_push(r->arena, &r->name, &r->n_names, &r->name_room, sizeof(*slot));
	if (!slot)
		return;
	*slot = r->last = row;
	r->has_last = true;
	if (r->columns.consumer && n == r->columns.connection + 1)
		add_consumer(r, &word[r->columns.consumer], &word[r->columns.connection]);
}

static int compare_words(const struct clk_word *a, const struct clk_word *b)
{
	size_t n = a->len < b->len ? a->len : b->len;
	int rc = n ? memcmp(a->s, b->s, n) : 0;

	return rc ? rc : (a->len > b->len) - (a->len < b->len);
}

static int by_rate(const struct clk_row *a, const struct clk_row *b)
{
	return a->rate < b->rate ? -1 : a->rate > b->rate;
}

static int name_order(const struct clk_row *a, const struct clk_row *b)
{
	return compare_words(&a->name, &b->name);
}

static int consumer_order(const struct clk_row *a, const struct clk_row *b)
{
	return compare_words(&a->consumer, &b->consumer);
}

static int connection_order(const struct clk_row *a, const struct clk_row *b)
{
	int rc = consumer_order(a, b);

	return rc ? rc : compare_words(&a->connection, &b->connection);
}

/* Is the name before that of the key, or does it begin with it? */
static int prefix_order(const struct clk_row *a, const struct clk_row *key)
{
	struct clk_word begin = a->name;

	if (begin.len > key->name.len)
		begin.len = key->name.len;
	return compare_words(&begin, &key->name);
}

/* Rows of one name, or of one connection, ascend by rate: whether they agree both ends tell. */
static int by_name(const void *a, const void *b)
{
	int rc = name_order(a, b);

	return rc ? rc : by_rate(a, b);
}

static int by_consumer(const void *a_, const void *b_)
{
	const struct clk_row *a = a_, *b = b_;
	int rc = connection_order(a, b);

	if (!rc)
		rc = by_rate(a, b);
	return rc ? rc : name_order(a, b);
}

const struct clk_summary *clk_summary_parse(const char *text, struct arena *arena)
{
	struct clk_summary *summary = arena_alloc(arena, 1, sizeof(*summary));
	struct reader r = { .arena = arena };
	const char *end;

	if (!summary)
		return NULL;
	for (; *text; text = *end ? end + 1 : end) {
		struct clk_word word[MAX_WORDS];
		unsigned n;

		end = strchrnul(text, '\n');
		n = split(text, end, word);
		if (n && !read_head(&r, word, n) && r.columns.rate)
			read_row(&r, word, n);
	}
	if (r.n_names)
		qsort(r.name, r.n_names, sizeof(*r.name), by_name);
	if (r.n_consumers)
		qsort(r.consumer, r.n_consumers, sizeof(*r.consumer), by_consumer);
	summary->by_name = r.name;
	summary->n_names = r.n_names;
	summary->by_consumer = r.consumer;
	summary->n_consumers = r.n_consumers;
	return summary;
}

/* The rows that are equal to the key in some order; NULL if there are none. */
static const struct clk_row *rows_like(const struct clk_row *row, size_t n, const struct clk_row *key,
				       int (*order)(const struct clk_row *, const struct clk_row *),
				       size_t *n_r)
{
	size_t low = 0, high = n, middle, first;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (order(&row[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	first = low;
	for (high = n; low < high;) {
		middle = low + (high - low) / 2;
		if (order(&row[middle], key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	*n_r = low - first;
	return *n_r ? &row[first] : NULL;
}

/* The rate of all these rows, which ascend by it. */
static bool one_rate(const struct clk_row *row, size_t n, uint64_t *hz_r)
{
	if (!n || row[0].rate != row[n - 1].rate)
		return false;
	*hz_r = row[0].rate;
	return true;
}

bool clk_summary_clock(const struct clk_summary *summary, const char *name, size_t len,
		       uint64_t *hz_r)
{
	const struct clk_row key = { .name = { name, len } };
	const struct clk_row *row;
	size_t n;

	row = rows_like(summary->by_name, summary->n_names, &key, name_order, &n);
	return one_rate(row, n, hz_r);
}

bool clk_summary_consumer(const struct clk_summary *summary, const char *consumer,
			  const char *connection, uint64_t *hz_r)
{
	const struct clk_row key = {
		.consumer = { consumer, strlen(consumer) },
		.connection = { connection, strlen(connection) },
	};
	const struct clk_row *row;
	size_t n;

	row = rows_like(summary->by_consumer, summary->n_consumers, &key, connection_order, &n);
	return one_rate(row, n, hz_r);
}

const struct clk_row *clk_summary_rows_of(const struct clk_summary *summary, const char *consumer,
					  size_t *n_r)
{
	const struct clk_row key = { .consumer = { consumer, strlen(consumer) } };

	return rows_like(summary->by_consumer, summary->n_consumers, &key, consumer_order, n_r);
}

const struct clk_row *clk_summary_rows_like(const struct clk_summary *summary, const char *prefix,
					    size_t *n_r)
{
	const struct clk_row key = { .name = { prefix, strlen(prefix) } };

	return rows_like(summary->by_name, summary->n_names, &key, prefix_order, n_r);
}
