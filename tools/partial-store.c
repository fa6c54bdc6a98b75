/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "partial-store.h"
#include "print.h"

#define UUID_LEN 36
#define SUFFIX ".dtb"
/* Unfinished; whoever holds the lock may remove it. */
#define TEMP ".new"

static int cannot(const char *what, int error)
{
	print_error("cannot %s %s: %s", what, PARTIAL_STORE, strerror(error));
	return -error;
}

const char *partial_store_path(const char *uuid)
{
	static char path[sizeof(PARTIAL_STORE) + 1 + UUID_LEN + sizeof(SUFFIX)];

	snprintf(path, sizeof(path), "%s/%.*s%s", PARTIAL_STORE, UUID_LEN, uuid, SUFFIX);
	return path;
}

/* The folder and the one it is in, which Xen's own tools make otherwise. */
static int make_folder(void)
{
	static const char folder[] = PARTIAL_STORE;
	char *parent;
	int rc;

	if (!mkdir(folder, 0700) || errno == EEXIST)
		return 0;
	if (errno != ENOENT)
		return -errno;
	parent = strndup(folder, (size_t)(strrchr(folder, '/') - folder));
	if (!parent)
		return -ENOMEM;
	rc = mkdir(parent, 0755) && errno != EEXIST ? -errno : 0;
	free(parent);
	return rc ? rc : mkdir(folder, 0700) && errno != EEXIST ? -errno : 0;
}

/* Ours, and nobody else's; also after somebody was generous with chmod. */
static int check_folder(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return cannot("use", errno);
	if (st.st_uid != geteuid()) {
		print_error("will not use %s: it belongs to somebody else", PARTIAL_STORE);
		return -EPERM;
	}
	if ((st.st_mode & 077) && fchmod(fd, 0700))
		return cannot("use", errno);
	return 0;
}

/* Opened and locked: one writer or sweeper at a time. The descriptor or -errno, printed. */
static int open_folder(bool make)
{
	int fd, rc;

	rc = make ? make_folder() : 0;
	if (rc)
		return cannot("create", -rc);
	fd = open(PARTIAL_STORE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return make ? cannot("use", errno) : -errno;
	rc = check_folder(fd);
	while (!rc && flock(fd, LOCK_EX))
		if (errno != EINTR)
			rc = cannot("lock", errno);
	if (rc)
		close(fd);
	return rc ? rc : fd;
}

/* ---- files that nobody needs ----------------------------------------------- */

static bool is_temp(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(TEMP) && !strcmp(name + len - strlen(TEMP), TEMP);
}

/* The uuid that the name of a file stands for; false: not one of ours. */
static bool name_uuid(const char *name, char uuid[UUID_LEN + 1])
{
	if (strlen(name) != UUID_LEN + strlen(SUFFIX) || strcmp(name + UUID_LEN, SUFFIX) ||
	    strspn(name, "0123456789abcdef-") < UUID_LEN)
		return false;
	memcpy(uuid, name, UUID_LEN);
	uuid[UUID_LEN] = '\0';
	return true;
}

static void drop_unneeded(int folder, struct dirent **entry, int n, const char *own,
			  const struct partial_sweep *sweep)
{
	char uuid[UUID_LEN + 1];
	bool begun = false;
	int i;

	for (i = 0; i < n; i++) {
		const char *name = entry[i]->d_name;

		if (is_temp(name)) {
			unlinkat(folder, name, 0);
			continue;
		}
		if (!name_uuid(name, uuid) || !strcmp(uuid, own))
			continue;
		if (!begun && sweep->begin(sweep->opaque))
			return;
		begun = true;
		if (!sweep->needed(sweep->opaque, uuid))
			unlinkat(folder, name, 0);
	}
}

/*
 * Under the lock, and in this order: a file whose guest is claimed after the
 * look into the folder is written after the lock is gone. What cannot be read
 * or removed now will be the next time.
 */
static void sweep_folder(int folder, const char *own, const struct partial_sweep *sweep)
{
	struct dirent **entry;
	int n = scandirat(folder, ".", &entry, NULL, NULL);
	int i;

	if (n < 0)
		return;
	drop_unneeded(folder, entry, n, own, sweep);
	for (i = 0; i < n; i++)
		free(entry[i]);
	free(entry);
}

/* ---- writing ----------------------------------------------------------------- */

static int write_temp(int folder, const char *temp, const void *blob, size_t size)
{
	const char *data = blob;
	int fd, rc = 0;

	/* What is there under this name is a dead writer's: we have the lock. */
	unlinkat(folder, temp, 0);
	fd = openat(folder, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	while (size && !rc) {
		ssize_t put = write(fd, data, size);

		if (put >= 0) {
			data += put;
			size -= (size_t)put;
		} else if (errno != EINTR) {
			rc = -errno;
		}
	}
	if (!rc && fsync(fd))
		rc = -errno;
	if (close(fd) && !rc)
		rc = -errno;
	return rc;
}

int partial_store_write(const char *uuid, const void *blob, size_t size,
			const struct partial_sweep *sweep)
{
	char name[UUID_LEN + sizeof(SUFFIX)], temp[sizeof(name) + sizeof(TEMP)];
	int folder, rc;

	snprintf(name, sizeof(name), "%.*s%s", UUID_LEN, uuid, SUFFIX);
	snprintf(temp, sizeof(temp), "%s%s", name, TEMP);
	folder = open_folder(true);
	if (folder < 0)
		return folder;
	sweep_folder(folder, uuid, sweep);
	rc = write_temp(folder, temp, blob, size);
	if (!rc && renameat(folder, temp, folder, name))
		rc = -errno;
	if (rc)
		unlinkat(folder, temp, 0);
	else if (fsync(folder) && errno != EINVAL)
		rc = -errno;
	close(folder);
	return rc ? cannot("write to", -rc) : 0;
}

void partial_store_remove(const char *uuid)
{
	char name[UUID_LEN + sizeof(SUFFIX)];
	int folder = open_folder(false);

	if (folder < 0)
		return;
	snprintf(name, sizeof(name), "%.*s%s", UUID_LEN, uuid, SUFFIX);
	unlinkat(folder, name, 0);
	close(folder);
}
