/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "create-args.h"

/*
 * xl_vmcontrol.c:main_create(), the same from 4.13 to 4.20. Options end at the
 * first word that is none, as the "+" of xl's global options still holds there.
 */
static const char letters[] = "+AFVcdef:inpqh";
static const struct option longs[] = {
	{ "defconfig", required_argument, NULL, 'f' },
	{ "dryrun", no_argument, NULL, 'n' },
	{ "ignore-global-affinity-masks", no_argument, NULL, 'i' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "vncviewer", no_argument, NULL, 'V' },
	{ "vncviewer-autopass", no_argument, NULL, 'A' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

/*
 * --xl=OPTION is taken out here: the rest must be xl's word for word. getopt
 * moves options before the rest, so it gets words of its own.
 */
static void take_globals(struct create_args *args, int argc, char **argv, char **words)
{
	int i;

	words[0] = argv[0];
	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--xl=", 5) && i == args->n_globals + 1) {
			const char *option = argv[i] + 5;

			args->globals[args->n_globals++] = argv[i] + 5;
			if (option[0] == '-' && option[1] != '-' && strchr(option, 'N'))
				args->dry_run = true;
		} else {
			args->rest[args->n_rest++] = argv[i];
			words[args->n_rest] = argv[i];
		}
	}
}

static int parse(struct create_args *args, int argc, char **argv)
{
	char *first = argc > 1 ? argv[1] : NULL;
	int id;

	/* xl looks at the first word itself, before its getopt does */
	if (first && first[0] != '-' && !strchr(first, '=')) {
		args->file = first;
		argc--;
		argv++;
	}
	optind = 0;
	opterr = 0;
	while ((id = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		switch (id) {
		case 'f':
			args->file = optarg;
			break;
		case 'n':
			args->dry_run = true;
			break;
		case 'q':
			args->quiet = true;
			break;
		case 'h':
			args->help = true;
			return 0;
		case '?':
			return -EINVAL;
		}
	}
	for (; optind < argc; optind++) {
		if (strchr(argv[optind], '='))
			args->extra[args->n_extra++] = argv[optind];
		else if (!args->file)
			args->file = argv[optind];
		else
			return -EINVAL;
	}
	return 0;
}

int create_args_parse(struct create_args *args, int argc, char **argv)
{
	size_t room = (size_t)argc + 2;
	char **words;
	int rc;

	*args = (struct create_args){ 0 };
	args->extra = calloc(room, sizeof(*args->extra));
	args->globals = calloc(room, sizeof(*args->globals));
	args->rest = calloc(room, sizeof(*args->rest));
	words = calloc(room, sizeof(*words));
	if (!args->extra || !args->globals || !args->rest || !words) {
		free(words);
		create_args_free(args);
		return -ENOMEM;
	}
	take_globals(args, argc, argv, words);
	rc = parse(args, args->n_rest + 1, words);
	free(words);
	return rc;
}

void create_args_free(struct create_args *args)
{
	free(args->extra);
	free(args->globals);
	free(args->rest);
	*args = (struct create_args){ 0 };
}

char *create_args_text(const struct create_args *args, const char *file_text, size_t file_size,
		       size_t *size_r)
{
	size_t room = file_size + 3, size = file_size;
	char *text;
	int i;

	for (i = 0; i < args->n_extra; i++)
		room += strlen(args->extra[i]) + 1;
	text = malloc(room);
	if (!text)
		return NULL;
	memcpy(text, file_text, file_size);
	if (args->n_extra)
		text[size++] = '\n';
	for (i = 0; i < args->n_extra; i++)
		size += (size_t)(stpcpy(stpcpy(text + size, args->extra[i]), "\n") - (text + size));
	if (args->n_extra)
		text[size++] = '\n';
	text[size] = '\0';
	*size_r = size;
	return text;
}
