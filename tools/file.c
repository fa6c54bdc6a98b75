/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "print.h"
#include "trust.h"

static int cannot(const char *what, const char *path, int error)
{
	print_error("cannot %s %s: %s", what, path, strerror(error));
	return -error;
}

/* The size in the inode is a hint only: /sys and /proc show 0 or a page. */
static int read_all(int fd, const char *path, size_t hint, char **data_r, size_t *size_r)
{
	size_t room = hint + 1, size = 0;
	char *data = malloc(room + 1);

	while (data) {
		ssize_t got = read(fd, data + size, room - size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			int error = errno;

			free(data);
			return cannot("read", path, error);
		}
		if (!got) {
			data[size] = '\0';
			*data_r = data;
			*size_r = size;
			return 0;
		}
		size += (size_t)got;
		if (size > FILE_MAX_BYTES) {
			print_error("%s: larger than %u MiB", path, FILE_MAX_BYTES >> 20);
			free(data);
			return -EFBIG;
		}
		if (size == room) {
			char *more;

			room *= 2;
			more = realloc(data, room + 1);
			if (!more)
				free(data);
			data = more;
		}
	}
	return cannot("read", path, ENOMEM);
}

enum read_flag {
	READ_OPTIONAL = 1,
	READ_TRUSTED = 2,
};

static int read_file(const char *path, unsigned flags, char **data_r, size_t *size_r)
{
	struct stat st;
	int fd, rc;

	/* O_NONBLOCK: a FIFO without a writer must not hold us up */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return (flags & READ_OPTIONAL) && (errno == ENOENT || errno == ENOTDIR) ?
		       -ENOENT : cannot("open", path, errno);
	if (fstat(fd, &st)) {
		rc = cannot("read", path, errno);
	} else if (!S_ISREG(st.st_mode)) {
		print_error("cannot read %s: %s", path,
			    S_ISDIR(st.st_mode) ? "is a directory" : "not a regular file");
		rc = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	} else if (st.st_size > (off_t)FILE_MAX_BYTES) {
		print_error("%s: larger than %u MiB", path, FILE_MAX_BYTES >> 20);
		rc = -EFBIG;
	} else if ((flags & READ_TRUSTED) && trust_file(path, &st)) {
		rc = -EPERM;
	} else {
		rc = read_all(fd, path, st.st_size > 4096 ? (size_t)st.st_size : 4096, data_r, size_r);
	}
	close(fd);
	return rc;
}

int file_read(const char *path, char **data_r, size_t *size_r)
{
	return read_file(path, 0, data_r, size_r);
}

int file_read_optional(const char *path, char **data_r, size_t *size_r)
{
	return read_file(path, READ_OPTIONAL, data_r, size_r);
}

int file_read_trusted(const char *path, char **data_r, size_t *size_r)
{
	return read_file(path, READ_TRUSTED, data_r, size_r);
}

int file_trusted(const char *path)
{
	struct stat st;

	return stat(path, &st) ? cannot("use", path, errno) : trust_file(path, &st);
}

/* ---- out ------------------------------------------------------------------ */

static int refuse(const struct output *output, const char *name, const char *reason)
{
	print_error("will not write %s%s%s: %s", output->path, name ? "/" : "", name ? name : "",
		    reason);
	return -EPERM;
}

/* Root must not be led to write where others decide what a name means. */
static int check_folder(const struct output *output)
{
	struct stat st;

	if (fstat(output->fd, &st))
		return cannot("use", output->path, errno);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return refuse(output, NULL, "the directory belongs to somebody else");
	if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		return refuse(output, NULL, "anybody may write to the directory");
	return 0;
}

/* 1: there is a file of ours with this name; 0: none; -errno */
static int check_present(const struct output *output, const char *name)
{
	struct stat st;

	if (fstatat(output->fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : cannot("look at", name, errno);
	if (S_ISLNK(st.st_mode))
		return refuse(output, name, "it is a symbolic link");
	if (!S_ISREG(st.st_mode))
		return refuse(output, name, "it is not a regular file");
	if (st.st_uid != geteuid())
		return refuse(output, name, "it belongs to somebody else");
	return 1;
}

int output_open(struct output *output, const char *path)
{
	int rc;

	*output = (struct output){ .path = path, .fd = -1 };
	if (mkdir(path, 0755) && errno != EEXIST)
		return cannot("create", path, errno);
	output->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (output->fd < 0)
		return cannot("open", path, errno);
	rc = check_folder(output);
	if (rc)
		output_close(output);
	return rc;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t put = write(fd, data, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		data += put;
		size -= (size_t)put;
	}
	return 0;
}

/* A new file under a name of its own; the descriptor, or -errno. */
static int open_temp(const struct output *output, char temp[24])
{
	static unsigned count;
	int fd, tries = 0;

	do {
		snprintf(temp, 24, ".xlpt.%x.%x", (unsigned)getpid(), count++);
		fd = openat(output->fd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    0600);
	} while (fd < 0 && errno == EEXIST && ++tries < 100);
	return fd < 0 ? -errno : fd;
}

int output_add(struct output *output, const char *name, const void *data, size_t size)
{
	struct output_file *file = &output->file[output->n];
	int fd, rc;

	rc = check_present(output, name);
	if (rc < 0)
		return rc;
	fd = open_temp(output, file->temp);
	if (fd < 0)
		return cannot("write", name, -fd);
	file->name = name;
	output->n++;
	rc = write_all(fd, data, size);
	if (!rc && (fchmod(fd, 0644) || fsync(fd)))
		rc = -errno;
	if (close(fd) && !rc)
		rc = -errno;
	return rc ? cannot("write", name, -rc) : 0;
}

int output_remove(struct output *output, const char *name)
{
	int rc = check_present(output, name);

	if (rc > 0) {
		output->file[output->n++] = (struct output_file){ .name = name };
		rc = 0;
	}
	return rc;
}

int output_commit(struct output *output)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < output->n; i++) {
		struct output_file *file = &output->file[i];

		if (!file->temp[0])
			rc = unlinkat(output->fd, file->name, 0) && errno != ENOENT ? -errno : 0;
		else
			rc = renameat(output->fd, file->temp, output->fd, file->name) ? -errno : 0;
		if (rc)
			break;
	}
	if (rc) {
		cannot("write", output->file[i].name, -rc);
		/* Half a set, or one half old and half new, would be taken for a whole one. */
		if (i)
			for (i = 0; i < output->n; i++)
				unlinkat(output->fd, output->file[i].name, 0);
		return rc;
	}
	output->n = 0;
	return fsync(output->fd) && errno != EINVAL ? cannot("write", output->path, errno) : 0;
}

void output_close(struct output *output)
{
	size_t i;

	for (i = 0; i < output->n; i++)
		if (output->file[i].temp[0])
			unlinkat(output->fd, output->file[i].temp, 0);
	output->n = 0;
	if (output->fd >= 0)
		close(output->fd);
	output->fd = -1;
}

int file_write_atomic(const char *path, const void *data, size_t size)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct output output;
	char *folder;
	int rc;

	if (!*name) {
		print_error("cannot write %s: is a directory", path);
		return -EISDIR;
	}
	folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	if (!folder)
		return cannot("write", path, ENOMEM);
	output = (struct output){ .path = folder };
	output.fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	rc = output.fd < 0 ? cannot("write", path, errno) : check_folder(&output);
	if (!rc)
		rc = output_add(&output, name, data, size);
	if (!rc)
		rc = output_commit(&output);
	output_close(&output);
	free(folder);
	return rc;
}
