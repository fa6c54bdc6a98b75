/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "creator.h"
#include "libxlpt.h"

#define FIELD_STARTED 22

/* Field 22; the name in field 2 may hold anything, so count from its last bracket. */
int creator_start(long pid, unsigned long long *started_r)
{
	char path[64], line[4096], *s;
	int field, error;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	errno = 0;
	n = fread(line, 1, sizeof(line) - 1, f);
	error = ferror(f) ? errno : 0;
	fclose(f);
	if (error)
		return -error;
	line[n] = '\0';
	s = strrchr(line, ')');
	for (field = 2; s && field < FIELD_STARTED; field++) {
		s = strchr(s, ' ');
		s = s ? s + 1 : NULL;
	}
	if (!s || !isdigit((unsigned char)*s))
		return -EIO;
	/* A zombie has ended, whatever its parent does about it. */
	if (strstr(strrchr(line, ')'), ") Z ") || strstr(strrchr(line, ')'), ") X "))
		return -ESRCH;
	*started_r = strtoull(s, NULL, 10);
	return 0;
}

int creator_self(struct creator *creator_r)
{
	creator_r->pid = getpid();
	return creator_start(creator_r->pid, &creator_r->started);
}

/* Gone before, or while it was looked at. */
static bool is_gone(int rc)
{
	return rc == -ENOENT || rc == -ESRCH;
}

int creator_alive(const struct creator *creator)
{
	unsigned long long started = 0;
	int rc;

	if (creator->pid <= 0)
		return 0;
	rc = creator_start(creator->pid, &started);
	if (rc)
		return is_gone(rc) ? 0 : rc;
	return started == creator->started;
}

/* Does the file hold this NUL-terminated entry? 1, 0 or -errno. */
static int has_entry(FILE *f, const char *entry)
{
	char *line = NULL;
	size_t room = 0;
	int rc = 0;

	errno = 0;
	while (!rc && getdelim(&line, &room, '\0', f) >= 0)
		rc = !strcmp(line, entry);
	if (!rc && !feof(f))
		rc = -errno;
	free(line);
	return rc;
}

/* Of one process. What is not ours to read is not an xl that we started. */
static int has_started_with(const char *pid, const char *entry)
{
	char path[288];
	FILE *f;
	int rc;

	snprintf(path, sizeof(path), "/proc/%s/environ", pid);
	f = fopen(path, "re");
	if (!f) {
		rc = -errno;
	} else {
		rc = has_entry(f, entry);
		fclose(f);
	}
	return is_gone(rc) || rc == -EACCES || rc == -EPERM ? 0 : rc;
}

int creator_left_monitor(const char *uuid)
{
	struct dirent *process;
	char entry[128];
	int rc = 0;
	DIR *proc;

	snprintf(entry, sizeof(entry), "%s=%s", XLPT_CREATOR_VARIABLE, uuid);
	proc = opendir("/proc");
	if (!proc)
		return is_gone(-errno) ? 0 : -errno;
	while (!rc && (process = readdir(proc)))
		if (isdigit((unsigned char)process->d_name[0]))
			rc = has_started_with(process->d_name, entry);
	closedir(proc);
	return rc;
}
