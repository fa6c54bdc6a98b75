/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command up to one of its points and does something to it there. A
 * point is the entry of a system call or the return from one: between two of
 * them nobody outside can tell the difference. The first part of the command
 * ends when it executes another program; its children are not followed.
 *
 *	stop-at count COMMAND...	prints how many points the two parts have
 *	stop-at kill PART POINT COMMAND...	kills it there
 *	stop-at hold PART POINT FILE COMMAND...	waits there until FILE is gone
 *
 * PART is 1 or 2. The exit status is the command's; 137: it was killed here;
 * 125: it ended before the point; 126: this program failed.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAILED 126
#define MISSED 125
#define KILLED 137

struct point {
	unsigned part;
	unsigned long nr;
};

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (ptrace(PTRACE_TRACEME, 0, 0, 0) || raise(SIGSTOP))
		_exit(FAILED);
	execvp(argv[0], argv);
	_exit(FAILED);
}

/* Until the point, or the end: then true, and *status_r is what wait() says. */
static int run_to(pid_t pid, const struct point *point, unsigned long n[3], int *status_r)
{
	unsigned part = 0;
	int sig = 0;

	if (waitpid(pid, status_r, 0) != pid || !WIFSTOPPED(*status_r) ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL))
		exit(FAILED);
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, sig) || waitpid(pid, status_r, 0) != pid)
			exit(FAILED);
		sig = 0;
		if (!WIFSTOPPED(*status_r))
			return 1;
		if (*status_r >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
			/* an interpreter's own exec of the real xl belongs to the second part */
			part = part < 2 ? part + 1 : 2;
		} else if (WSTOPSIG(*status_r) != (SIGTRAP | 0x80)) {
			sig = WSTOPSIG(*status_r);
			continue;
		}
		if (part && ++n[part] == point->nr && part == point->part)
			return 0;
	}
}

static int finish(pid_t pid, int status)
{
	if (!WIFEXITED(status) && !WIFSIGNALED(status) && waitpid(pid, &status, 0) != pid)
		return FAILED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct point point = { 0 };
	unsigned long n[3] = { 0 };
	const char *what = argc > 2 ? argv[1] : "";
	const char *file = NULL;
	int status, ended, i = 2;
	pid_t pid;

	if (strcmp(what, "count")) {
		if (argc < 5 || (strcmp(what, "kill") && strcmp(what, "hold")))
			return FAILED;
		point.part = (unsigned)atoi(argv[i++]);
		point.nr = strtoul(argv[i++], NULL, 0);
		if (*what == 'h')
			file = argv[i++];
	}
	if (i >= argc)
		return FAILED;
	pid = start(&argv[i]);
	if (pid < 0)
		return FAILED;
	ended = run_to(pid, &point, n, &status);
	if (!strcmp(what, "count")) {
		printf("%lu %lu\n", n[1], n[2]);
		return finish(pid, status);
	}
	if (ended)
		return MISSED;
	if (!file) {
		kill(pid, SIGKILL);
		do {
			if (waitpid(pid, &status, 0) != pid)
				return FAILED;
		} while (WIFSTOPPED(status));
		return KILLED;
	}
	printf("held\n");
	fflush(stdout);
	while (!access(file, F_OK))
		usleep(20000);
	if (ptrace(PTRACE_DETACH, pid, 0, 0))
		return FAILED;
	return finish(pid, status);
}
