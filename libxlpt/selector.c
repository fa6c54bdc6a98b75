/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "selector.h"

#define INVALID(p, ...) (diag_add((p)->diags, DIAG_SELECTION_INVALID, 0, NULL, NULL, NULL, __VA_ARGS__), -EINVAL)

struct parser {
	struct selector *selector;
	struct arena *arena;
	struct xlpt_diags *diags;
	size_t clock_room;
};

enum option {
	OPTION_GFN,
	OPTION_CLOCK,
	OPTION_ALLOW,
	OPTION_BUSES,
	N_OPTIONS
};

static const char *const words[N_OPTIONS] = {
	[OPTION_GFN] = ",gfn=",
	[OPTION_CLOCK] = ",clock=",
	[OPTION_ALLOW] = ",allow=",
	[OPTION_BUSES] = ",buses=",
};

/* The word at s, N_OPTIONS if there is none. */
static enum option option_at(const char *s)
{
	enum option option;

	for (option = 0; option < N_OPTIONS; option++)
		if (!strncmp(s, words[option], strlen(words[option])))
			break;
	return option;
}

/* The first option at or behind s, or the end of the string. */
static const char *next_option(const char *s)
{
	for (s = strchr(s, ','); s && option_at(s) == N_OPTIONS; s = strchr(s + 1, ','))
		;
	return s;
}

/* Decimal, or hexadecimal with 0x; nothing around it, no sign, no octal. */
static bool parse_number(const char *s, size_t len, uint64_t *value_r)
{
	unsigned base = 10, digit;
	uint64_t value = 0;
	size_t i = 0;

	if (len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		i = 2;
	}
	if (i == len)
		return false;
	for (; i < len; i++) {
		if (s[i] >= '0' && s[i] <= '9')
			digit = (unsigned)(s[i] - '0');
		else if (s[i] >= 'a' && s[i] <= 'f')
			digit = (unsigned)(s[i] - 'a') + 10;
		else if (s[i] >= 'A' && s[i] <= 'F')
			digit = (unsigned)(s[i] - 'A') + 10;
		else
			return false;
		if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*value_r = value;
	return true;
}

static int parse_gfn(struct parser *p, const char *s, size_t len)
{
	struct item_options *options = &p->selector->options;

	if (p->selector->kind != SELECTOR_NAME)
		return INVALID(p, "%.200s: gfn= is for one device, not for a pattern", p->selector->text);
	if (options->has_gfn)
		return INVALID(p, "%.200s: gfn= is given twice", p->selector->text);
	/* Its first byte must have an address. */
	if (!parse_number(s, len, &options->gfn) || options->gfn > UINT64_MAX >> XLPT_FRAME_SHIFT)
		return INVALID(p, "%.200s: gfn= takes the number of a 4 KiB frame such as 0x4100",
			       p->selector->text);
	options->has_gfn = true;
	return 0;
}

static int parse_clock(struct parser *p, const char *s, size_t len)
{
	struct item_options *options = &p->selector->options;
	const char *colon = memrchr(s, ':', len);
	struct clock_option *clock;
	uint64_t hz;
	char *name;
	size_t i;

	/* clock-frequency of a fixed-clock is one cell. */
	if (!colon || colon == s ||
	    !parse_number(colon + 1, (size_t)(s + len - colon - 1), &hz) || !hz || hz > UINT32_MAX)
		return INVALID(p, "%.200s: clock= takes NAME:HZ, a name of clock-names or an index and a rate of 1 to 4294967295 Hz",
			       p->selector->text);
	name = arena_strndup(p->arena, s, (size_t)(colon - s));
	if (!name)
		return -ENOMEM;
	if (options->n_clocks == SELECTOR_MAX_CLOCKS)
		return INVALID(p, "%.200s: more than %u rates of clocks are given", p->selector->text,
			       SELECTOR_MAX_CLOCKS);
	for (i = 0; i < options->n_clocks; i++)
		if (!strcmp(options->clocks[i].name, name))
			return INVALID(p, "%.200s: the rate of clock %s is given twice",
				       p->selector->text, name);
	clock = arena_push(p->arena, &options->clocks, &options->n_clocks, &p->clock_room,
			   sizeof(*clock));
	if (!clock)
		return -ENOMEM;
	*clock = (struct clock_option){ name, hz };
	return 0;
}

static int parse_allow(struct parser *p, const char *s, size_t len)
{
	enum diag_id id = diag_find(s, len);

	if (id == N_DIAGS)
		return INVALID(p, "%.200s: there is no finding '%.*s' to allow", p->selector->text,
			       (int)(len < 80 ? len : 80), s);
	if (diag_class(id) != DIAG_CLASS_ALLOW)
		return INVALID(p, "%.200s: %s cannot be allowed", p->selector->text, diag_name(id));
	diag_set_add(&p->selector->options.allowed, id);
	return 0;
}

static int parse_buses(struct parser *p, const char *s, size_t len)
{
	struct item_options *options = &p->selector->options;
	const char *dash = memchr(s, '-', len);
	uint64_t first, last;

	if (options->has_buses)
		return INVALID(p, "%.200s: buses= is given twice", p->selector->text);
	if (!dash || !parse_number(s, (size_t)(dash - s), &first) ||
	    !parse_number(dash + 1, (size_t)(s + len - dash - 1), &last) || first > last || last > 255)
		return INVALID(p, "%.200s: buses= takes FIRST-LAST within 0-255", p->selector->text);
	options->has_buses = true;
	options->first_bus = (unsigned)first;
	options->last_bus = (unsigned)last;
	return 0;
}

static int parse_options(struct parser *p, const char *s)
{
	static int (*const parse[N_OPTIONS])(struct parser *p, const char *s, size_t len) = {
		[OPTION_GFN] = parse_gfn,
		[OPTION_CLOCK] = parse_clock,
		[OPTION_ALLOW] = parse_allow,
		[OPTION_BUSES] = parse_buses,
	};
	const char *next;
	int rc = 0;

	for (; s && !rc; s = next) {
		enum option option = option_at(s);

		s += strlen(words[option]);
		next = next_option(s);
		rc = parse[option](p, s, next ? (size_t)(next - s) : strlen(s));
	}
	return rc;
}

static bool take_prefix(struct selector *selector, const char *prefix)
{
	size_t len = strlen(prefix);

	if (selector->len < len || memcmp(selector->target, prefix, len))
		return false;
	selector->target += len;
	selector->len -= len;
	return true;
}

static enum selector_kind find_kind(struct selector *selector)
{
	if (selector->len == 3 && !memcmp(selector->target, "all", 3))
		return SELECTOR_ALL;
	if (take_prefix(selector, "below:"))
		return SELECTOR_BELOW;
	if (take_prefix(selector, "compatible:"))
		return SELECTOR_COMPATIBLE;
	if (memchr(selector->target, '*', selector->len) || memchr(selector->target, '?', selector->len))
		return SELECTOR_GLOB;
	return SELECTOR_NAME;
}

int selector_parse(struct selector *selector, const char *text, struct arena *arena,
		   struct xlpt_diags *diags)
{
	struct parser p = { .selector = selector, .arena = arena, .diags = diags };
	const char *options;

	*selector = (struct selector){ .text = text, .target = text };
	if (*text == '-') {
		selector->exclude = true;
		selector->target++;
	}
	options = next_option(selector->target);
	selector->len = options ? (size_t)(options - selector->target) : strlen(selector->target);
	selector->has_options = options != NULL;
	selector->kind = find_kind(selector);
	if (!selector->len)
		return INVALID(&p, "'%.200s' names no device", text);
	if (selector->kind == SELECTOR_GLOB && *selector->target != '/')
		return INVALID(&p, "%.200s: a pattern with * or ? is matched against full paths and begins with a slash",
			       text);
	if (selector->exclude && selector->has_options)
		return INVALID(&p, "%.200s: what is left out takes no options", text);
	return parse_options(&p, options);
}

/*
 * Only the last star is ever taken back: what an earlier one matched need not
 * change for a later part to match. So no exponential search, and at most
 * len(glob) * len(name) steps.
 */
bool glob_matches(const char *glob, size_t len, const char *name)
{
	const char *end = glob + len, *star = NULL, *retry = NULL;

	while (*name) {
		if (glob < end && *glob == '*') {
			star = ++glob;
			retry = name;
		} else if (glob < end && (*glob == '?' || *glob == *name)) {
			glob++;
			name++;
		} else if (star) {
			glob = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (glob < end && *glob == '*')
		glob++;
	return glob == end;
}
