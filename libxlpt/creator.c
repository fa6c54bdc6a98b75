/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
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
	int field;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	n = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
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

bool creator_alive(const struct creator *creator)
{
	unsigned long long started = 0;

	return creator->pid > 0 && !creator_start(creator->pid, &started) && started == creator->started;
}

/* Does the file hold this NUL-terminated entry? */
static bool has_entry(FILE *f, const char *entry)
{
	char *line = NULL;
	size_t room = 0;
	bool found = false;

	while (!found && getdelim(&line, &room, '\0', f) >= 0)
		found = !strcmp(line, entry);
	free(line);
	return found;
}

bool creator_left_monitor(const char *uuid)
{
	char entry[128], path[288];
	struct dirent *process;
	bool found = false;
	DIR *proc;
	FILE *f;

	snprintf(entry, sizeof(entry), "%s=%s", XLPT_CREATOR_VARIABLE, uuid);
	proc = opendir("/proc");
	if (!proc)
		return false;
	while (!found && (process = readdir(proc))) {
		if (!isdigit((unsigned char)process->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/environ", process->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		found = has_entry(f, entry);
		fclose(f);
	}
	closedir(proc);
	return found;
}
