/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Preloaded into a program, makes one call of it fail, once:
 *
 *	XLPT_FAULT=memory:N	its N-th allocation, of whatever library
 *	XLPT_FAULT=call:N	its N-th call for a file, a process or the like
 *	XLPT_FAULT=call:N:ERRNO	the same with this errno (a number); 0: it reads or writes half
 *	XLPT_FAULT_LOG=FILE	gets a line for what failed, and how often there was a chance
 *
 * N = 0 only counts, with a line for each call. From main() on; what the program becomes by exec is left alone. A backend of
 * the tests is part of the test: between faults_hold(true) and faults_hold(false) nothing fails.
 * Works beside ASan too, whose allocator is then the one behind this. It knows the dynamic linker's
 * own memory, which it does not take for leaked, by the caller: compile this with -O2, so that the
 * next allocator is jumped to.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { MEMORY, CALL, N_KINDS };

static const char *const names[N_KINDS] = { "memory", "call" };
static unsigned long count[N_KINDS], fail_at;
static enum kind fail_kind;
static int fail_errno = -1;	/* each call has one of its own */
static bool armed;
static int held, log_fd = -1;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void faults_hold(bool hold);

void faults_hold(bool hold)
{
	held += hold ? 1 : -1;
}

static void put(const char *s)
{
	static ssize_t (*write_it)(int, const void *, size_t);

	if (!write_it)
		write_it = NEXT(write);
	if (log_fd >= 0 && s && write_it(log_fd, s, strlen(s)) < 0)
		_exit(98);
}

/* Where in which object, for addr2line. */
static void put_callers(void)
{
	void *at[12];
	char text[512];
	Dl_info own, info;
	int n = backtrace(at, 12), i;

	if (!dladdr((void *)put, &own))
		return;
	for (i = 0; i < n; i++) {
		if (!dladdr(at[i], &info) || !info.dli_fname || info.dli_fbase == own.dli_fbase)
			continue;
		snprintf(text, sizeof(text), "from %s +0x%lx %s\n", info.dli_fname,
			 (unsigned long)((char *)at[i] - (char *)info.dli_fbase) - 1,
			 info.dli_sname ? info.dli_sname : "");
		put(text);
	}
}

/* Is it this one's turn? */
static bool fails(enum kind kind, const char *name, const char *what, int error)
{
	char text[512];

	if (!armed || held)
		return false;
	count[kind]++;
	if (!fail_at && kind == CALL) {
		snprintf(text, sizeof(text), "chance %s\n", name);
		put(text);
	}
	if (count[kind] != fail_at || kind != fail_kind)
		return false;
	if (fail_errno >= 0)
		error = fail_errno;
	held++;
	snprintf(text, sizeof(text), "failed %s %d %.400s\n", name, error, what ? what : "");
	put(text);
	put_callers();
	held--;
	errno = error;
	return true;
}

static bool fails_fd(const char *name, int fd, int error)
{
	char link[64], path[256];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	path[len < 0 ? 0 : len] = '\0';
	return fails(CALL, name, path, error);
}

static void put_counts(void)
{
	char text[64];
	int i;

	for (i = 0; i < N_KINDS; i++) {
		snprintf(text, sizeof(text), "count %s %lu\n", names[i], count[i]);
		put(text);
	}
}

/* ---- memory ------------------------------------------------------------------------ */

void *malloc(size_t size)
{
	static void *(*next)(size_t);

	if (!next)
		next = NEXT(malloc);
	return fails(MEMORY, "malloc", NULL, ENOMEM) ? NULL : next(size);
}

/* dlerror() of some releases allocates, while its allocator is being looked for. */
void *calloc(size_t n, size_t size)
{
	static void *(*next)(size_t, size_t);
	static bool looking;

	if (!next) {
		if (looking)
			return NULL;
		looking = true;
		next = NEXT(calloc);
	}
	return fails(MEMORY, "calloc", NULL, ENOMEM) ? NULL : next(n, size);
}

void *realloc(void *p, size_t size)
{
	static void *(*next)(void *, size_t);

	if (!next)
		next = NEXT(realloc);
	return fails(MEMORY, "realloc", NULL, ENOMEM) ? NULL : next(p, size);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	static void *(*next)(void *, size_t, size_t);

	if (!next)
		next = NEXT(reallocarray);
	return fails(MEMORY, "reallocarray", NULL, ENOMEM) ? NULL : next(p, n, size);
}

/* ---- files and processes ----------------------------------------------------------- */

static mode_t mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

#define MODE(flags) ({ va_list ap; mode_t mode; va_start(ap, flags); mode = mode_of(flags, ap); \
		       va_end(ap); mode; })

int open(const char *path, int flags, ...)
{
	mode_t mode = MODE(flags);

	return fails(CALL, "open", path, EMFILE) ? -1 : NEXT(open)(path, flags, mode);
}

int openat(int fd, const char *path, int flags, ...)
{
	mode_t mode = MODE(flags);

	return fails(CALL, "openat", path, EMFILE) ? -1 : NEXT(openat)(fd, path, flags, mode);
}

/* Of files that every process has, three stand for the rest. */
static FILE *one_of_many;

static bool is_one_of_many(const char *path)
{
	static unsigned n;
	size_t len = strlen(path);

	return len > 8 && !strcmp(path + len - 8, "/environ") && ++n > 3;
}

FILE *fopen(const char *path, const char *mode)
{
	FILE *f;

	if (!is_one_of_many(path))
		return fails(CALL, "fopen", path, EMFILE) ? NULL : NEXT(fopen)(path, mode);
	faults_hold(true);
	f = NEXT(fopen)(path, mode);
	if (f)
		one_of_many = f;
	else
		faults_hold(false);
	return f;
}

int fclose(FILE *f)
{
	bool was = f == one_of_many;
	int rc = NEXT(fclose)(f);

	if (was) {
		one_of_many = NULL;
		faults_hold(false);
	}
	return rc;
}

DIR *opendir(const char *path)
{
	return fails(CALL, "opendir", path, EMFILE) ? NULL : NEXT(opendir)(path);
}

static size_t half(size_t size)
{
	return size > 1 ? size / 2 : size;
}

ssize_t read(int fd, void *data, size_t size)
{
	if (fails_fd("read", fd, EIO)) {
		if (errno)
			return -1;
		size = half(size);
	}
	return NEXT(read)(fd, data, size);
}

ssize_t write(int fd, const void *data, size_t size)
{
	if (fails_fd("write", fd, ENOSPC)) {
		if (errno)
			return -1;
		size = half(size);
	}
	return NEXT(write)(fd, data, size);
}

int fsync(int fd)
{
	return fails_fd("fsync", fd, EIO) ? -1 : NEXT(fsync)(fd);
}

int fchmod(int fd, mode_t mode)
{
	return fails_fd("fchmod", fd, EPERM) ? -1 : NEXT(fchmod)(fd, mode);
}

int flock(int fd, int operation);
int flock(int fd, int operation)
{
	return fails_fd("flock", fd, ENOLCK) ? -1 : NEXT(flock)(fd, operation);
}

/* As Linux does it: the descriptor is gone all the same. */
int close(int fd)
{
	bool fail = fails_fd("close", fd, EIO);
	int error = errno, rc = NEXT(close)(fd);

	if (fail)
		errno = error;
	return fail ? -1 : rc;
}

int fstat(int fd, struct stat *st)
{
	return fails_fd("fstat", fd, EIO) ? -1 : NEXT(fstat)(fd, st);
}

int fstatat(int fd, const char *path, struct stat *st, int flags)
{
	return fails(CALL, "fstatat", path, EIO) ? -1 : NEXT(fstatat)(fd, path, st, flags);
}

int stat(const char *path, struct stat *st)
{
	return fails(CALL, "stat", path, EIO) ? -1 : NEXT(stat)(path, st);
}

int access(const char *path, int mode)
{
	return fails(CALL, "access", path, EIO) ? -1 : NEXT(access)(path, mode);
}

int mkdir(const char *path, mode_t mode)
{
	return fails(CALL, "mkdir", path, ENOSPC) ? -1 : NEXT(mkdir)(path, mode);
}

int renameat(int from, const char *path, int to, const char *name)
{
	return fails(CALL, "renameat", name, EIO) ? -1 : NEXT(renameat)(from, path, to, name);
}

int unlinkat(int fd, const char *path, int flags)
{
	return fails(CALL, "unlinkat", path, EIO) ? -1 : NEXT(unlinkat)(fd, path, flags);
}

char *realpath(const char *path, char *resolved)
{
	return fails(CALL, "realpath", path, EIO) ? NULL : NEXT(realpath)(path, resolved);
}

int scandirat(int fd, const char *path, struct dirent ***list,
	      int (*filter)(const struct dirent *),
	      int (*compare)(const struct dirent **, const struct dirent **))
{
	return fails(CALL, "scandirat", path, EMFILE) ? -1 :
	       NEXT(scandirat)(fd, path, list, filter, compare);
}

int getentropy(void *data, size_t size)
{
	return fails(CALL, "getentropy", NULL, ENOSYS) ? -1 : NEXT(getentropy)(data, size);
}

int setenv(const char *name, const char *value, int overwrite)
{
	return fails(CALL, "setenv", name, ENOMEM) ? -1 : NEXT(setenv)(name, value, overwrite);
}

/* Of the standard files only the output; what is said of a failure must come through. */
size_t fwrite(const void *data, size_t size, size_t n, FILE *f)
{
	if (f == stdout && fails(CALL, "fwrite", "stdout", ENOSPC))
		return 0;
	return NEXT(fwrite)(data, size, n, f);
}

int fflush(FILE *f)
{
	if (f == stdout && fails(CALL, "fflush", "stdout", ENOSPC))
		return EOF;
	return NEXT(fflush)(f);
}

int execv(const char *path, char *const argv[])
{
	if (fails(CALL, "execv", path, EIO))
		return -1;
	put_counts();
	return NEXT(execv)(path, argv);
}

void *dlopen(const char *path, int flags)
{
	static void *(*next)(const char *, int);

	/* The dynamic linker's own allocations: it gives up in ways of its own. */
	if (!next)
		next = NEXT(dlopen);
	return next(path, flags);
}

/* ---- around main() ----------------------------------------------------------------- */

static int (*real_main)(int, char **, char **);

static void set_up(void)
{
	const char *fault = getenv("XLPT_FAULT"), *log = getenv("XLPT_FAULT_LOG");
	char *end;
	void *at[2];
	int fd;

	if (!fault)
		return;
	backtrace(at, 2);	/* the first one loads a library */
	fd = log ? NEXT(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
	log_fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 900);
	if (fd >= 0)
		NEXT(close)(fd);
	fail_kind = strncmp(fault, "call:", 5) ? MEMORY : CALL;
	fail_at = strtoul(strchr(fault, ':') + 1, &end, 10);
	if (*end == ':')
		fail_errno = (int)strtol(end + 1, NULL, 10);
	unsetenv("LD_PRELOAD");
	unsetenv("XLPT_FAULT");
	unsetenv("XLPT_FAULT_LOG");
	armed = true;
}

static int main_with_faults(int argc, char **argv, char **envp)
{
	int status;

	set_up();
	status = real_main(argc, argv, envp);
	armed = false;
	put_counts();
	return status;
}

int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
		      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *stack);
int __libc_start_main(int (*program)(int, char **, char **), int argc, char **argv,
		      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void), void *stack)
{
	real_main = program;
	return NEXT(__libc_start_main)(main_with_faults, argc, argv, init, fini, rtld_fini, stack);
}
