/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files in, and artefacts out: complete under their names, or not there at all. */
#ifndef XLPT_FILE_H
#define XLPT_FILE_H

#include <stddef.h>

#define FILE_MAX_BYTES (256u << 20)

/*
 * Read a regular file of at most FILE_MAX_BYTES; a NUL follows the bytes and is
 * not counted. Anything else is refused without waiting for it. 0 or -errno,
 * the reason printed as one line. Quiet about a missing file (-ENOENT) if asked.
 */
int file_read(const char *path, char **data_r, size_t *size_r);
int file_read_optional(const char *path, char **data_r, size_t *size_r);

/*
 * Is the file fit to tell root what to do? As root only: one that somebody else
 * owns, or that anybody may write to, or replace by way of a folder or link, is
 * refused with -EPERM, printed.
 */
int file_trusted(const char *path);
/* The same for the file that is read. */
int file_read_trusted(const char *path, char **data_r, size_t *size_r);

#define OUTPUT_MAX_FILES 8

/*
 * A folder that gets some files, all of them or none: each is written beside
 * its final name and renamed by output_commit(). Symbolic links, other
 * people's files and folders that anybody may write to are refused.
 */
struct output {
	const char *path;
	int fd;
	size_t n;
	struct output_file {
		const char *name;
		char temp[24];	/* "": to be removed */
	} file[OUTPUT_MAX_FILES];
};

/* Open the folder, made if it is missing. The functions print what fails and return -errno. */
int output_open(struct output *output, const char *path);
/* `name` stays the caller's, until output_close(). */
int output_add(struct output *output, const char *name, const void *data, size_t size);
/* Remove an artefact of an earlier run, if there is one. */
int output_remove(struct output *output, const char *name);
int output_commit(struct output *output);
/* What was not committed is dropped. */
void output_close(struct output *output);

/* The same for one file anywhere. */
int file_write_atomic(const char *path, const void *data, size_t size);

#endif
