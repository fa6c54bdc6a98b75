/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The optional front end: an xl that knows `passthrough`, and `create` of a
 * configuration with our keys. Everything else becomes the next xl on PATH by
 * exec, so that arguments, standard files, signals and the exit status are its
 * own, also for `ssh HOST xl migrate-receive`.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "create-args.h"
#include "guest-config.h"
#include "next-xl.h"

#define SELF "xl"

/* ---- xl's own grammar of its command line ---------------------------------- */

/*
 * The index of the command behind xl's global options, as its getopt(3) of
 * "+vftTN" finds it. 0: there is none, or an option xl will refuse.
 */
static int command_index(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (!strcmp(argv[i], "--"))
			return i + 1 < argc ? i + 1 : 0;
		if (argv[i][1 + strspn(argv[i] + 1, "vftTN")])
			return 0;
	}
	return i < argc ? i : 0;
}

/*
 * xl takes every prefix that only one of its commands has. No other one starts
 * with "cr"; "c" is also console, claims, cd-insert ...
 */
static bool means_create(const char *word)
{
	size_t len = strlen(word);

	return len >= 2 && len <= strlen("create") && !strncmp(word, "create", len);
}

/* ---- does a configuration have our keys? ----------------------------------- */

/* A regular file of a size that a configuration may have; NULL: leave it to xl. */
static char *read_config(const char *path, size_t *size_r)
{
	char *text = NULL;
	size_t size = 0;
	struct stat st;
	ssize_t got = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= INT_MAX / 2)
		text = malloc((size_t)st.st_size + 1);
	while (text && size < (size_t)st.st_size) {
		got = read(fd, text + size, (size_t)st.st_size - size);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		size += (size_t)got;
	}
	close(fd);
	if (got < 0) {
		free(text);
		text = NULL;
	}
	*size_r = size;
	return text;
}

static bool has_our_keys(const char *text, size_t size)
{
	return guest_config_has_key(text, size, "dt_passthrough");
}

/* argv[0] is the command. */
static bool creates_ours(int argc, char **argv)
{
	struct create_args args;
	bool ours = false;
	char *text;
	size_t size;
	int i;

	if (create_args_parse(&args, argc, argv))
		return false;
	if (!args.help && args.file) {
		/* /dev/null is xl's way to say that all of it is in the arguments */
		text = read_config(args.file, &size);
		ours = text && has_our_keys(text, size);
		free(text);
		for (i = 0; i < args.n_extra && !ours; i++)
			ours = has_our_keys(args.extra[i], strlen(args.extra[i]));
	}
	create_args_free(&args);
	return ours;
}

/* ---- to our program -------------------------------------------------------- */

/* xl-passthrough lies beside this file, as in the build folder, or where it was installed. */
static char *program(void)
{
	char self[PATH_MAX], *slash, *file;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len > 0) {
		self[len] = '\0';
		slash = strrchr(self, '/');
		if (slash && asprintf(&file, "%.*s/xl-passthrough", (int)(slash - self), self) >= 0) {
			if (!access(file, X_OK))
				return file;
			free(file);
		}
	}
	return strdup(PROGRAM_FILE);
}

/*
 * Become `xl-passthrough ARGUMENTS`, with xl's global options handed to
 * `create` one by one: it will need them for the xl behind us.
 */
static int become_ours(char **globals, int n_globals, int argc, char **argv)
{
	char *file = program(), **all = calloc((size_t)(argc + n_globals) + 2, sizeof(*all));
	char *option = NULL;
	int error = ENOMEM, i, n = 0, n_options = 0;

	if (!file || !all)
		goto out;
	all[n++] = (char[]){ "xl-passthrough" };
	if (argc)
		all[n++] = argv[0];
	for (i = 0; i < n_globals && argc && !strcmp(argv[0], "create"); i++) {
		if (!strcmp(globals[i], "--"))
			continue;
		if (asprintf(&option, "--xl=%s", globals[i]) < 0)
			goto out;
		all[n++] = option;
		n_options++;
	}
	for (i = 1; i < argc; i++)
		all[n++] = argv[i];
	execv(file, all);
	error = errno;
out:
	fprintf(stderr, SELF ": cannot run %s: %s\n", file ? file : "xl-passthrough",
		strerror(error));
	while (n_options)
		free(all[1 + n_options--]);
	free(all);
	free(file);
	return 127;
}

/* ---- help ------------------------------------------------------------------ */

/* xl's own list, and our line below it in the same columns. */
static int help(char **argv)
{
	int status = 0;
	pid_t child = fork();

	if (child < 0)
		return next_xl_exec(SELF, argv, false);
	if (!child)
		_exit(next_xl_exec(SELF, argv, false));
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILURE;
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
		return 128 + WTERMSIG(status);
	}
	if (WEXITSTATUS(status))
		return WEXITSTATUS(status);
	printf(" %-19s %s\n", "passthrough", "Pass devices of the host's device tree to guests");
	return fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	int at = next_xl_passed_on() ? 0 : command_index(argc, argv);
	const char *word = at ? argv[at] : "", *next = at && at + 1 < argc ? argv[at + 1] : NULL;

	if (!strcmp(word, "passthrough"))
		return become_ours(argv + 1, at - 1, argc - at - 1, argv + at + 1);
	if (!strcmp(word, "help") && next && !strcmp(next, "passthrough"))
		return become_ours(NULL, 0, 1, argv + at);
	if (!strcmp(word, "help") && (!next || !strcmp(next, "help")))
		return help(argv);
	if (means_create(word) && creates_ours(argc - at, argv + at)) {
		argv[at] = (char[]){ "create" };
		return become_ours(argv + 1, at - 1, argc - at, argv + at);
	}
	return next_xl_exec(SELF, argv, false);
}
