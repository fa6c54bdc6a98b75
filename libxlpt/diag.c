/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

static const struct xlpt_diag_info catalogue[] = {
#define ALLOWABLE_ALLOW true
#define ALLOWABLE_INPUT false
#define ALLOWABLE_FATAL false
#define ALLOWABLE_INFO false
#define DIAG(symbol, id_, severity_, class, title_, remedy_)				\
	[DIAG_##symbol] = { .id = id_, .severity = XLPT_##severity_,			\
			    .allowable = ALLOWABLE_##class, .title = title_, .remedy = remedy_ },
#include "diag.def"
#undef DIAG
};

static const unsigned char classes[] = {
#define DIAG(symbol, id, severity, class, title, remedy) [DIAG_##symbol] = DIAG_CLASS_##class,
#include "diag.def"
#undef DIAG
};

_Static_assert(N_DIAGS <= 128, "struct diag_set is too small");

const char *xlpt_severity_name(enum xlpt_severity severity)
{
	static const char *const names[] = { "note", "warning", "error" };

	return names[severity];
}

const struct xlpt_diag_info *xlpt_diag_catalogue(size_t *n_r)
{
	*n_r = N_DIAGS;
	return catalogue;
}

enum diag_id diag_find(const char *name, size_t len)
{
	enum diag_id id;

	for (id = 0; id < N_DIAGS; id++)
		if (strlen(catalogue[id].id) == len && !memcmp(catalogue[id].id, name, len))
			break;
	return id;
}

enum diag_class diag_class(enum diag_id id)
{
	return classes[id];
}

const char *diag_name(enum diag_id id)
{
	return catalogue[id].id;
}

const char *diag_remedy(enum diag_id id)
{
	return catalogue[id].remedy;
}

void diags_init(struct xlpt_diags *diags)
{
	*diags = (struct xlpt_diags){ 0 };
	arena_init(&diags->arena);
}

void diags_clear(struct xlpt_diags *diags)
{
	arena_reset(&diags->arena);
	diags->list = NULL;
	diags->n = diags->room = 0;
	memset(diags->count, 0, sizeof(diags->count));
	diags->impossible = diags->decision = false;
}

void diags_fini(struct xlpt_diags *diags)
{
	arena_free(&diags->arena);
}

int xlpt_diags_new(struct xlpt_diags **diags_r)
{
	*diags_r = malloc(sizeof(**diags_r));
	if (!*diags_r)
		return -ENOMEM;
	diags_init(*diags_r);
	return 0;
}

void xlpt_diags_free(struct xlpt_diags *diags)
{
	if (!diags)
		return;
	diags_fini(diags);
	free(diags);
}

int xlpt_diags_allow(struct xlpt_diags *diags, const char *name)
{
	enum diag_id id = diag_find(name, strlen(name));

	if (id == N_DIAGS)
		return -ENOENT;
	if (!catalogue[id].allowable)
		return -EPERM;
	diag_set_add(&diags->allowed, id);
	return 0;
}

void xlpt_diags_strict(struct xlpt_diags *diags)
{
	diags->strict = true;
}

bool diag_allowed(const struct xlpt_diags *diags, enum diag_id id)
{
	return catalogue[id].allowable &&
	       (diag_set_has(&diags->allowed, id) || diag_set_has(&diags->allowed_here, id));
}

const struct xlpt_diag *xlpt_diags_list(const struct xlpt_diags *diags, size_t *n_r)
{
	*n_r = diags->n;
	return diags->list;
}

size_t xlpt_diags_count(const struct xlpt_diags *diags, enum xlpt_severity severity)
{
	return diags->count[severity];
}

void diag_add(struct xlpt_diags *diags, enum diag_id id, unsigned flags, const char *node,
	      const char *property, const char *hint, const char *fmt, ...)
{
	enum xlpt_severity severity = catalogue[id].severity;
	struct arena *arena = &diags->arena;
	struct xlpt_diag *diag;
	va_list ap;

	if (severity == XLPT_ERROR && diag_allowed(diags, id))
		severity = XLPT_WARNING;
	else if (severity == XLPT_WARNING && diags->strict)
		severity = XLPT_ERROR;
	if (flags & DIAG_AS_ERROR)
		severity = XLPT_ERROR;
	diag = arena_push(arena, &diags->list, &diags->n, &diags->room, sizeof(*diag));
	if (!diag)
		return;
	diag->id = catalogue[id].id;
	diag->severity = severity;
	diag->speaker = diags->speaker;
	diag->node = node ? arena_strdup(arena, node) : NULL;
	diag->property = property ? arena_strdup(arena, property) : NULL;
	/* The catalogue is static: its remedies need no copy. */
	if (hint)
		diag->hint = arena_strdup(arena, hint);
	else if (severity != XLPT_NOTE)
		diag->hint = catalogue[id].remedy;
	va_start(ap, fmt);
	diag->message = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	if (!diag->message)
		diag->message = "";

	diags->count[severity]++;
	if (severity == XLPT_ERROR) {
		if (flags & DIAG_IMPOSSIBLE || classes[id] == DIAG_CLASS_FATAL)
			diags->impossible = true;
		else
			diags->decision = true;
	}
}
