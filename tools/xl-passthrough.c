/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program: the table of its commands, and what is asked of it without one. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "libxlpt.h"
#include "print.h"

static const struct command *const commands[] = {
	&cmd_devices,
	&cmd_plan,
	&cmd_uboot,
	&cmd_merge,
	&cmd_partition,
	&cmd_check,
	&cmd_create,
	&cmd_list,
	NULL
};

static const struct command *find_command(const char *name)
{
	const struct command *const *command;

	for (command = commands; *command; command++)
		if (!strcmp((*command)->name, name))
			return *command;
	print_error("there is no command '%s' (see %s help)", name, PROGRAM);
	return NULL;
}

static void help(FILE *to)
{
	const struct command *const *command;

	fprintf(to, "usage: %s COMMAND [OPTIONS] ...\n\n"
		"Pass devices of the host's device tree to Xen guests on Arm.\n\n", PROGRAM);
	for (command = commands; *command; command++)
		fprintf(to, "  %-10s %s\n", (*command)->name, (*command)->summary);
	fprintf(to, "  %-10s Tell about a command, as its --help does\n\n"
		"See %s(1), and %s-diagnostics(7) for every finding.\n", "help", PROGRAM, PROGRAM);
}

/* The words of a command, or of the command line's first position. */
static int complete(const char *name)
{
	const struct command *const *command;
	const struct command *one;

	if (name) {
		one = find_command(name);
		if (one)
			command_words(one);
		return one ? EXIT_USABLE : EXIT_NO_ANSWER;
	}
	for (command = commands; *command; command++)
		puts((*command)->name);
	puts("help\n--help\n--version");
	return EXIT_USABLE;
}

static int help_command(const char *name)
{
	const struct command *command = find_command(name);

	if (command)
		command_help(command);
	return command ? EXIT_USABLE : EXIT_NO_ANSWER;
}

static int run(int argc, char **argv)
{
	const struct command *command;
	const char *first = argc > 1 ? argv[1] : NULL;

	if (!first) {
		help(stderr);
		return EXIT_NO_ANSWER;
	}
	if (!strcmp(first, "--help") || !strcmp(first, "-h") || !strcmp(first, "help")) {
		if (argc > 2)
			return help_command(argv[2]);
		help(stdout);
		return EXIT_USABLE;
	}
	if (!strcmp(first, "--version")) {
		printf("%s %s\n", PROGRAM, xlpt_version());
		return EXIT_USABLE;
	}
	if (!strcmp(first, "--complete"))
		return complete(argv[2]);
	command = find_command(first);
	return command ? command->run(command, argc - 1, argv + 1) : EXIT_NO_ANSWER;
}

/* What is opened later must not become somebody's stdout. */
static void hold_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	hold_standard_files();
	return finish_stdout(run(argc, argv));
}
