/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The seam on libxl and libxenctrl: connecting, and what a running Xen is asked. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "xen-libxl.h"

static void log_message(xentoollog_logger *logger, xentoollog_level level, int errnoval,
			const char *context, const char *format, va_list al)
{
	struct text *log = ((struct xen_logger *)logger)->log;
	char line[1024];

	if (level < XTL_WARN)
		return;
	if (vsnprintf(line, sizeof(line), format, al) < 0)
		return;
	text_printf(log, "%s%s%s", context ? context : "", context ? ": " : "", line);
	if (errnoval >= 0)
		text_printf(log, ": %s", strerror(errnoval));
	text_puts(log, "\n");
}

/* The logger lies in struct xen and goes with it. */
static void log_destroy(xentoollog_logger *logger)
{
}

/* -EACCES and -EPERM tell more than what libxl makes of them, so this comes before it. */
static int open_hypervisor(struct xen *xen)
{
	const struct xen_libs *libs = xen->libs;
	int version;

	if (access("/dev/xen/privcmd", F_OK) && access("/proc/xen/privcmd", F_OK)) {
		text_puts(xen->logger.log, "there is no /dev/xen/privcmd\n");
		return -ENODEV;
	}
	errno = ENODEV;
	xen->xch = libs->xc_interface_open(&xen->logger.vtable, &xen->logger.vtable, 0);
	if (!xen->xch)
		return -errno;
	errno = ENODEV;
	version = libs->xc_version(xen->xch, XENVER_version, NULL);
	if (version < 0)
		return -errno;
	/* Its domctls would fail with EACCES, and its guests' layout may be another one. */
	if (version >> 16 != XEN_BUILT_MAJOR || (version & 0xffff) != XEN_BUILT_MINOR) {
		text_printf(xen->logger.log, "Xen %d.%d is running, this program was built for %s\n",
			    version >> 16, version & 0xffff, XEN_RELEASE);
		return -EPROTO;
	}
	return 0;
}

/*
 * Does xenstored listen? libxenstore falls back on the kernel's device, which
 * waits for ever where xenstored is gone (XS_OPEN_SOCKETONLY has no effect any
 * more), and on Arm xenstored always is a process of dom0.
 */
static int knock(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, rc = 0;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		rc = -errno;
	close(fd);
	return rc;
}

static int open_store(struct xen *xen)
{
	const char *path = xen->libs->xs_daemon_socket();
	int rc = path ? knock(path) : -ENOENT;

	if (!rc) {
		errno = EIO;
		xen->xsh = xen->libs->xs_open(0);
		rc = xen->xsh ? 0 : -errno;
	}
	if (!rc || rc == -EACCES || rc == -EPERM)
		return rc;
	text_printf(xen->logger.log, "%s: %s\n", path ? path : "no socket", strerror(-rc));
	return -ENOTCONN;
}

int xen_open(struct text *log, struct xen **xen_r)
{
	struct xen *xen;
	int rc;

	*xen_r = NULL;
	xen = calloc(1, sizeof(*xen));
	if (!xen)
		return -ENOMEM;
	xen->logger = (struct xen_logger){
		.vtable = { .vmessage = log_message, .destroy = log_destroy }, .log = log,
	};
	xen->transaction = XBT_NULL;
	xen->libs = xen_load(LIBXENSTORE, log);
	if (xen->libs)
		xen->libs = xen_load(LIBXENCTRL, log);
	rc = xen->libs ? open_hypervisor(xen) : -ELIBACC;
	if (!rc)
		rc = open_store(xen);
	if (rc)
		xen_close(xen);
	else
		*xen_r = xen;
	return rc;
}

void xen_close(struct xen *xen)
{
	if (!xen)
		return;
	if (xen->ctx)
		xen->libs->libxl_ctx_free(xen->ctx);
	if (xen->xch)
		xen->libs->xc_interface_close(xen->xch);
	if (xen->xsh)
		xen->libs->xs_close(xen->xsh);
	free(xen);
}

int xen_need_libxl(struct xen *xen)
{
	if (xen->ctx)
		return 0;
	if (!xen_load(LIBXENLIGHT, xen->logger.log))
		return -ELIBACC;
	return xen->libs->libxl_ctx_alloc(&xen->ctx, LIBXL_VERSION, 0, &xen->logger.vtable) ? -EIO : 0;
}

int xen_info(struct xen *xen, struct xen_info *info_r)
{
	const struct xen_libs *libs = xen->libs;
	xc_domaininfo_t dom0 = { 0 };
	xc_physinfo_t physinfo = { 0 };

	*info_r = (struct xen_info){ .major = XEN_BUILT_MAJOR, .minor = XEN_BUILT_MINOR };
	if (libs->xc_physinfo(xen->xch, &physinfo))
		return -EIO;
	/* libxl's cap_hvm_directio */
	info_r->iommu = physinfo.capabilities & XEN_SYSCTL_PHYSCAP_directio;

	if (libs->xc_domain_getinfolist(xen->xch, 0, 1, &dom0) != 1 || dom0.domain)
		return -EIO;
#ifdef LIBXL_HAVE_DOMINFO_GPADDR_BITS
	info_r->ipa_bits = dom0.gpaddr_bits;
#endif
	return 0;
}

int xen_test_device(struct xen *xen, const char *path)
{
	char *copy = strdup(path);	/* libxenctrl's declaration lacks a const */
	int rc = 0;

	if (!copy)
		return -ENOMEM;
	errno = EIO;
	if (xen->libs->xc_test_assign_dt_device(xen->xch, DOMID_INVALID, copy))
		rc = -errno;
	free(copy);
	return rc;
}

int xen_console_after(struct xen *xen, char key, char **text_r)
{
	const struct xen_libs *libs = xen->libs;
	libxl_xen_console_reader *reader;
	char keys[2] = { key, '\0' }, *line;
	struct text text;
	int rc;

	*text_r = NULL;
	rc = xen_need_libxl(xen);
	if (rc)
		return rc;
	/* Xen has written its answer when this returns: in a hypercall the key's handler runs at once. */
	if (libs->libxl_send_debug_keys(xen->ctx, keys))
		return -EIO;
	reader = libs->libxl_xen_console_read_start(xen->ctx, 0);
	if (!reader)
		return -EIO;
	text_init(&text);
	text_puts(&text, "");
	while ((rc = libs->libxl_xen_console_read_line(xen->ctx, reader, &line)) > 0)
		text_puts(&text, line);
	libs->libxl_xen_console_read_finish(xen->ctx, reader);
	if (rc) {
		text_free(&text);
		return -EIO;
	}
	*text_r = text_take(&text, NULL);
	return *text_r ? 0 : -ENOMEM;
}

const char *xen_dom0_tree_file(const struct xen *xen)
{
	return "/sys/firmware/fdt";
}

void xen_wait(struct xen *xen, unsigned ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}
