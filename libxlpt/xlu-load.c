/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

#include "xlu-load.h"

#define LIBRARY "libxlutil.so." XEN_RELEASE

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
#define SYMBOL(name) { #name, offsetof(struct xlu_lib, name) },
	XLU_SYMBOLS(SYMBOL)
#undef SYMBOL
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool load(struct xlu_lib *lib, char *error, size_t size)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *address = handle;
	size_t i;

	for (i = 0; address && i < sizeof(symbols) / sizeof(*symbols); i++) {
		address = dlsym(handle, symbols[i].name);
		*(void **)((char *)lib + symbols[i].offset) = address;
	}
	if (!address)
		snprintf(error, size, "this build reads configurations with %s: %s", LIBRARY, dlerror());
	return address;
}

const struct xlu_lib *xlu_load(char *error, size_t size)
{
	static struct xlu_lib lib;
	static bool loaded;
	bool ok;

	pthread_mutex_lock(&lock);
	if (!loaded)
		loaded = load(&lib, error, size);
	ok = loaded;
	pthread_mutex_unlock(&lock);
	return ok ? &lib : NULL;
}
