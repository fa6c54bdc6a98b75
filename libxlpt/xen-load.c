/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <pthread.h>

#include "xen-load.h"

enum library {
	LIBXENCTRL,
	LIBXENLIGHT,
	LIBXENSTORE,
	N_LIBRARIES,
};

/* XEN_RELEASE: of the headers this was compiled with. libxenstore is the one that keeps its soname. */
static const char *const soname[N_LIBRARIES] = {
	[LIBXENCTRL] = "libxenctrl.so." XEN_RELEASE,
	[LIBXENLIGHT] = "libxenlight.so." XEN_RELEASE,
	[LIBXENSTORE] = "libxenstore.so.4",
};

static const struct {
	const char *name;
	enum library library;
	size_t offset;
} symbols[] = {
#define SYMBOL(library, name) { #name, library, offsetof(struct xen_libs, name) },
#include "xen-symbols.def"
#undef SYMBOL
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* They stay open: libxl leaves fork handlers behind that must not dangle. */
static bool load(struct xen_libs *libs, struct text *log)
{
	void *handle[N_LIBRARIES], *address;
	size_t i;

	for (i = 0; i < N_LIBRARIES; i++) {
		handle[i] = dlopen(soname[i], RTLD_NOW | RTLD_LOCAL);
		if (!handle[i]) {
			text_printf(log, "%s\n", dlerror());
			return false;
		}
	}
	for (i = 0; i < sizeof(symbols) / sizeof(*symbols); i++) {
		address = dlsym(handle[symbols[i].library], symbols[i].name);
		if (!address) {
			text_printf(log, "%s\n", dlerror());
			return false;
		}
		*(void **)((char *)libs + symbols[i].offset) = address;
	}
	return true;
}

const struct xen_libs *xen_load(struct text *log)
{
	static struct xen_libs libs;
	static bool loaded;
	bool ok;

	pthread_mutex_lock(&lock);
	if (!loaded)
		loaded = load(&libs, log);
	ok = loaded;
	pthread_mutex_unlock(&lock);
	return ok ? &libs : NULL;
}
