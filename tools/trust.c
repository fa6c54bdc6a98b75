/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may replace a folder, a link or a file on the way decides what is read.
 * So the way is gone as the kernel goes it, link by link.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "print.h"
#include "trust.h"

/* As in the kernel. */
#define MAX_LINKS 40

static const char *why_not(const struct stat *st)
{
	if (st->st_uid)
		return "belongs to somebody else";
	/* In /tmp and its like nobody replaces what is another's. */
	if (!S_ISLNK(st->st_mode) && (st->st_mode & S_IWOTH) &&
	    !(S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX)))
		return "may be written by anybody";
	return NULL;
}

static int cannot(const char *path, int error)
{
	print_error("cannot use %s: %s", path, strerror(error));
	return -error;
}

/* The way with the target for the link `part`, which `behind` follows. 0 or an errno. */
static int take_link(char way[PATH_MAX], const char *part, const char *behind)
{
	char target[PATH_MAX], next[PATH_MAX];
	ssize_t len = readlink(part, target, sizeof(target) - 1);
	int folder, size;

	if (len < 0)
		return errno;
	target[len] = '\0';
	folder = target[0] == '/' ? 0 : (int)(strrchr(part, '/') - part) + 1;
	size = snprintf(next, sizeof(next), "%.*s%s%s", folder, part, target, behind);
	if (size < 0 || size >= PATH_MAX)
		return ENAMETOOLONG;
	memcpy(way, next, (size_t)size + 1);
	return 0;
}

/*
 * The next name of the way, up to `*end_r`: a folder or link that is root's.
 * 1: it was a link, the way is another one; 0; -errno, printed.
 */
static int step(const char *path, char way[PATH_MAX], const char **end_r)
{
	char part[PATH_MAX];
	const char *reason;
	struct stat st;
	int error;

	*end_r += strspn(*end_r, "/");
	*end_r += strcspn(*end_r, "/");
	snprintf(part, sizeof(part), "%.*s", (int)(*end_r - way), way);
	if (lstat(part, &st))
		return cannot(path, errno);
	/* The file itself was looked at when it was open. */
	reason = S_ISLNK(st.st_mode) || S_ISDIR(st.st_mode) ? why_not(&st) : NULL;
	if (reason) {
		print_error("will not use %s: %s is on the way and %s, and this runs as root", path, part,
			    reason);
		return -EPERM;
	}
	if (!S_ISLNK(st.st_mode))
		return 0;
	error = take_link(way, part, *end_r);
	return error ? cannot(path, error) : 1;
}

static int trust_way(const char *path)
{
	char way[PATH_MAX], folder[PATH_MAX] = "";
	const char *end = way;
	unsigned links = 0;
	int rc;

	if (path[0] != '/' && !getcwd(folder, sizeof(folder)))
		return cannot(path, errno);
	if (snprintf(way, sizeof(way), "%s/%s", folder, path) >= PATH_MAX)
		return cannot(path, ENAMETOOLONG);
	while (end[strspn(end, "/")]) {
		rc = step(path, way, &end);
		if (rc < 0)
			return rc;
		if (rc) {
			if (++links > MAX_LINKS)
				return cannot(path, ELOOP);
			end = way;
		}
	}
	return 0;
}

int trust_file(const char *path, const struct stat *st)
{
	const char *reason;

	if (geteuid())
		return 0;
	reason = why_not(st);
	if (reason) {
		print_error("will not use %s: it %s, and this runs as root", path, reason);
		return -EPERM;
	}
	return trust_way(path);
}
