/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <pthread.h>

#include "xen-load.h"

/* XEN_RELEASE: of the headers this was compiled with. libxenstore is the one that keeps its soname. */
static const char *const soname[N_XEN_LIBRARIES] = {
	[LIBXENCTRL] = "libxenctrl.so." XEN_RELEASE,
	[LIBXENLIGHT] = "libxenlight.so." XEN_RELEASE,
	[LIBXENSTORE] = "libxenstore.so.4",
};

static const struct {
	const char *name;
	enum xen_library library;
	size_t offset;
} symbols[] = {
#define SYMBOL(library, name) { #name, library, offsetof(struct xen_libs, name) },
#include "xen-symbols.def"
#undef SYMBOL
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* They stay open: libxl leaves fork handlers behind that must not dangle. */
static bool load(enum xen_library library, struct xen_libs *libs, struct text *log)
{
	void *handle = dlopen(soname[library], RTLD_NOW | RTLD_LOCAL), *address = handle;
	size_t i;

	for (i = 0; address && i < sizeof(symbols) / sizeof(*symbols); i++) {
		if (symbols[i].library != library)
			continue;
		address = dlsym(handle, symbols[i].name);
		*(void **)((char *)libs + symbols[i].offset) = address;
	}
	if (!address)
		text_printf(log, "%s\n", dlerror());
	return address;
}

const struct xen_libs *xen_load(enum xen_library library, struct text *log)
{
	static struct xen_libs libs;
	static bool loaded[N_XEN_LIBRARIES];
	bool ok;

	pthread_mutex_lock(&lock);
	if (!loaded[library])
		loaded[library] = load(library, &libs, log);
	ok = loaded[library];
	pthread_mutex_unlock(&lock);
	return ok ? &libs : NULL;
}
