/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "creator.h"
#include "script.h"

static const struct {
	const char *name;
	int value;
} errnos[] = {
	{ "0", 0 }, { "EACCES", EACCES }, { "EAGAIN", EAGAIN }, { "EBUSY", EBUSY }, { "EFAULT", EFAULT },
	{ "EINVAL", EINVAL }, { "EIO", EIO }, { "ELIBACC", ELIBACC }, { "ENOBUFS", ENOBUFS },
	{ "ENODEV", ENODEV }, { "ENOMEM", ENOMEM }, { "ENOSYS", ENOSYS }, { "ENOTCONN", ENOTCONN },
	{ "EOPNOTSUPP", EOPNOTSUPP }, { "EPERM", EPERM }, { "EPROTO", EPROTO }, { "ESRCH", ESRCH },
};

static int errno_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(errnos) / sizeof(*errnos); i++)
		if (!strcmp(errnos[i].name, name))
			return errnos[i].value;
	fprintf(stderr, "replay: no errno %s here\n", name);
	exit(99);
}

static struct xen_domain *last_domain(struct script *script)
{
	if (script->n_domains)
		return &script->domain[script->n_domains - 1];
	fprintf(stderr, "replay: no domain yet\n");
	exit(99);
}

static void add_domain(struct script *script, char *args)
{
	struct xen_domain *domain = arena_push(&script->arena, &script->domain, &script->n_domains,
					       &script->domains_room, sizeof(*domain));
	char *word;

	domain->domid = (uint32_t)strtoul(strsep(&args, " "), NULL, 10);
	snprintf(domain->uuid, sizeof(domain->uuid), "%s", strsep(&args, " "));
	word = strsep(&args, " ");
	domain->name = arena_strdup(&script->arena, strcmp(word, "-") ? word : "");
	domain->stored = true;
	while ((word = strsep(&args, " "))) {
		domain->dying |= !strcmp(word, "dying");
		domain->stored &= strcmp(word, "unstored") != 0;
	}
}

/* Lists of a script are short: each entry makes a new one. */
static void add_iomem(struct script *script, const char *args)
{
	struct xen_domain *domain = last_domain(script);
	struct xlpt_iomem *list = arena_alloc(&script->arena, domain->n_iomem + 1, sizeof(*list));
	unsigned long long start, count, gfn;

	if (sscanf(args, "%llx %llx %llx", &start, &count, &gfn) != 3)
		exit(99);
	if (domain->n_iomem)
		memcpy(list, domain->iomem, domain->n_iomem * sizeof(*list));
	list[domain->n_iomem++] = (struct xlpt_iomem){ start, count, gfn };
	domain->iomem = list;
}

static void add_irq(struct script *script, const char *args)
{
	struct xen_domain *domain = last_domain(script);
	uint32_t *list = arena_alloc(&script->arena, domain->n_irqs + 1, sizeof(*list));

	if (domain->n_irqs)
		memcpy(list, domain->irqs, domain->n_irqs * sizeof(*list));
	list[domain->n_irqs++] = (uint32_t)strtoul(args, NULL, 10);
	domain->irqs = list;
}

static void add_dtdev(struct script *script, const char *args)
{
	struct xen_domain *domain = last_domain(script);
	const char **list = arena_alloc(&script->arena, domain->n_dtdev + 1, sizeof(*list));

	if (domain->n_dtdev)
		memcpy(list, domain->dtdev, domain->n_dtdev * sizeof(*list));
	list[domain->n_dtdev++] = arena_strdup(&script->arena, args);
	domain->dtdev = list;
}

/* \n becomes a newline, \self the creator line of this process. */
static void add_store(struct script *script, struct store *store, char *args)
{
	const char *path = strsep(&args, " ");
	struct creator self;
	struct text value;

	text_init(&value);
	text_puts(&value, "");
	while (*args) {
		if (!strncmp(args, "\\self", 5)) {
			if (creator_self(&self))
				exit(99);
			text_printf(&value, "creator %ld %llu", self.pid, self.started);
			args += 5;
		} else if (!strncmp(args, "\\n", 2)) {
			text_puts(&value, "\n");
			args += 2;
		} else {
			text_add(&value, args++, 1);
		}
	}
	store_set(store, path, value.s);
	text_free(&value);
}

static void add_failure(struct script *script, char *args)
{
	__typeof__(*script->failure) *failure = arena_push(&script->arena, &script->failure,
							   &script->n_failures,
							   &script->failures_room, sizeof(*failure));

	failure->function = arena_strdup(&script->arena, strsep(&args, " "));
	failure->error = errno_named(strsep(&args, " "));
	failure->nth = args ? (unsigned)strtoul(args, NULL, 10) : 0;
}

static void add_test(struct script *script, char *args)
{
	__typeof__(*script->test) *test = arena_push(&script->arena, &script->test, &script->n_tests,
						     &script->tests_room, sizeof(*test));

	test->path = arena_strdup(&script->arena, strsep(&args, " "));
	test->error = errno_named(args);
}

static int line(struct script *script, struct store *store, char *text)
{
	char *args = text;
	const char *word = strsep(&args, " ");

	if (!*word || *word == '#')
		return 0;
	if (!args)
		args = text + strlen(text);
	if (!strcmp(word, "version"))
		sscanf(args, "%u %u", &script->info.major, &script->info.minor);
	else if (!strcmp(word, "iommu"))
		script->info.iommu = !strcmp(args, "yes");
	else if (!strcmp(word, "ipa"))
		script->info.ipa_bits = (unsigned)strtoul(args, NULL, 10);
	else if (!strcmp(word, "open"))
		script->open_errno = errno_named(args);
	else if (!strcmp(word, "test"))
		add_test(script, args);
	else if (!strcmp(word, "domain"))
		add_domain(script, args);
	else if (!strcmp(word, "iomem"))
		add_iomem(script, args);
	else if (!strcmp(word, "irq"))
		add_irq(script, args);
	else if (!strcmp(word, "dtdev"))
		add_dtdev(script, args);
	else if (!strcmp(word, "console"))
		text_printf(&script->console, "%s\n", args);
	else if (!strcmp(word, "tree"))
		script->tree = arena_strdup(&script->arena, args);
	else if (!strcmp(word, "store"))
		add_store(script, store, args);
	else if (!strcmp(word, "fail"))
		add_failure(script, args);
	else if (!strcmp(word, "conflicts"))
		script->conflicts = (unsigned)strtoul(args, NULL, 10);
	else
		return -EINVAL;
	return 0;
}

static void read_lines(struct script *script, struct store *store, const char *file, FILE *f)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&text, &room, f)) > 0) {
		if (text[len - 1] == '\n')
			text[len - 1] = '\0';
		if (line(script, store, text)) {
			fprintf(stderr, "replay: %s: not understood: %s\n", file, text);
			exit(99);
		}
	}
	free(text);
	fclose(f);
}

void script_read(struct script *script, struct store *store, const char *file, const char *saved)
{
	FILE *f;

	*script = (struct script){ .info = { 4, 17, true, 40 } };
	arena_init(&script->arena);
	text_init(&script->console);
	f = fopen(file, "r");
	if (!f) {
		fprintf(stderr, "replay: %s: %s\n", file, strerror(errno));
		exit(99);
	}
	read_lines(script, store, file, f);
	f = saved ? fopen(saved, "r") : NULL;
	if (f) {
		store_free(store);
		read_lines(script, store, saved, f);
	}
}

void script_free(struct script *script)
{
	text_free(&script->console);
	arena_free(&script->arena);
}

int script_failure(struct script *script, const char *function)
{
	size_t i;

	for (i = 0; i < script->n_failures; i++)
		if (!strcmp(script->failure[i].function, function) &&
		    (!script->failure[i].nth || ++script->failure[i].seen == script->failure[i].nth))
			return -script->failure[i].error;
	return 0;
}
