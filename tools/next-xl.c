/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "next-xl.h"

#define MARK "XL_PASSTHROUGH_PID"

/* Without one, where an administrator's shell would look. */
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

bool next_xl_passed_on(void)
{
	const char *mark = getenv(MARK);
	char pid[24];

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	return mark && !strcmp(mark, pid);
}

static void pass_on(void)
{
	char pid[24];

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	setenv(MARK, pid, 1);
}

/* This program's own file; /proc may not be mounted yet. */
static bool own_file(struct stat *st)
{
	const char *name = (const char *)getauxval(AT_EXECFN);

	return !stat("/proc/self/exe", st) || (name && !stat(name, st));
}

/* Of one entry of PATH: its xl as a file that can be run, malloc'd, or NULL. */
static char *entry_file(struct next_xl *next, const char *entry, size_t len, struct stat *st)
{
	char *file;

	if (!len || entry[0] != '/')
		return NULL;
	if (asprintf(&file, "%.*s/xl", (int)len, entry) < 0) {
		next->error = ENOMEM;
		return NULL;
	}
	if (stat(file, st))
		next->error = errno == ENOENT || errno == ENOTDIR ? next->error : errno;
	else if (S_ISREG(st->st_mode) && !faccessat(AT_FDCWD, file, X_OK, AT_EACCESS))
		return file;
	free(file);
	return NULL;
}

static const char *entry_end(const char *entry)
{
	return entry + strcspn(entry, ":");
}

static const char *next_entry(const char *entry)
{
	entry = entry_end(entry);
	return *entry ? entry + 1 : entry;
}

/* This program, or the front end that was installed with it and would come back here. */
static bool is_self(const struct next_xl *next, const struct stat *st)
{
#ifdef FRONT_END_FILE
	struct stat front;

	if (!stat(FRONT_END_FILE, &front) && st->st_dev == front.st_dev && st->st_ino == front.st_ino)
		return true;
#endif
	return next->known && st->st_dev == next->dev && st->st_ino == next->ino;
}

void next_xl_begin(struct next_xl *next)
{
	const char *path = getenv("PATH"), *entry;
	struct stat st;

	if (!path || !*path)
		path = DEFAULT_PATH;
	*next = (struct next_xl){ .path = path, .at = path, .only_later = next_xl_passed_on() };
	next->known = own_file(&st);
	if (!next->known)
		return;
	next->dev = st.st_dev;
	next->ino = st.st_ino;
	for (entry = path; *entry; entry = next_entry(entry)) {
		char *file = entry_file(next, entry, (size_t)(entry_end(entry) - entry), &st);

		if (file && is_self(next, &st))
			next->at = next_entry(entry);
		free(file);
	}
	next->own = next->at;
}

char *next_xl_candidate(struct next_xl *next)
{
	for (;;) {
		const char *entry = next->at;
		struct stat st;
		char *file;

		if (next->wrapped && entry >= next->own)
			return NULL;
		if (!*entry) {
			if (next->wrapped || next->only_later)
				return NULL;
			next->wrapped = true;
			next->at = next->path;
			continue;
		}
		next->at = next_entry(entry);
		file = entry_file(next, entry, (size_t)(entry_end(entry) - entry), &st);
		if (file && !is_self(next, &st))
			return file;
		free(file);
	}
}

int next_xl_exec(const char *self, char *const argv[], bool final)
{
	struct next_xl next;
	char *file;

	next_xl_begin(&next);
	while ((file = next_xl_candidate(&next))) {
		if (final || next.wrapped)
			pass_on();
		execv(file, argv);
		fprintf(stderr, "%s: cannot run %s: %s\n", self, file, strerror(errno));
		free(file);
	}
	if (next.error)
		fprintf(stderr, "%s: cannot look for another xl on PATH: %s\n", self, strerror(next.error));
	else
		fprintf(stderr, "%s: there is no other xl on PATH\n", self);
	return 127;
}
