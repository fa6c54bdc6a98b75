/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* disk= and virtio= entries of a domain config as the virtio-mmio devices libxl makes of them. */
#include <stdlib.h>
#include <string.h>

#include "merge-virtio.h"

/* The value of a field of "a=b,c=d", up to the comma; NULL if it is absent. */
static const char *field(const char *entry, const char *key, size_t *len_r)
{
	size_t len = strlen(key);
	const char *s = entry;

	while (s) {
		s += strspn(s, " \t");
		if (!strncmp(s, key, len) && s[len] == '=') {
			s += len + 1;
			*len_r = strcspn(s, ",");
			return s;
		}
		s = strchr(s, ',');
		s = s ? s + 1 : NULL;
	}
	return NULL;
}

static bool field_is(const char *entry, const char *key, const char *value)
{
	size_t len;
	const char *s = field(entry, key, &len);

	return s && len == strlen(value) && !strncmp(s, value, len);
}

/* Is the backend another domain than dom0? Of one that is named, the number is not known here. */
static bool is_remote(const char *entry, uint32_t *domid_r)
{
	size_t len;
	const char *s = field(entry, "backend", &len);

	*domid_r = 0;
	if (!s || !len || (len == strlen("Domain-0") && !strncmp(s, "Domain-0", len)))
		return false;
	if (strspn(s, "0123456789") < len)
		return true;
	*domid_r = (uint32_t)strtoul(s, NULL, 10);
	return *domid_r != 0;
}

static struct merge_virtio parse(const char *entry, bool disk, unsigned minor, struct arena *arena)
{
	static const char name[] = "virtio,device";
	struct merge_virtio device = { 0 };
	bool remote = is_remote(entry, &device.backend);
	const char *type = disk ? NULL : strstr(entry, name), *grants;
	size_t len;

	/* The type holds a comma itself. */
	if (type) {
		len = strlen(name) + strspn(type + strlen(name), "0123456789");
		device.type = arena_strndup(arena, type, len);
	} else if (!disk) {
		device.type = "virtio,device";
	}
	device.grants = remote;
	/* A number to xl, whatever its manual calls it: "true" is 0 (parse_virtio_config). */
	grants = minor >= 18 ? field(entry, "grant_usage", &len) : NULL;
	if (grants)
		device.grants = strtoul(grants, NULL, 0) != 0;
	return device;
}

const struct merge_virtio *merge_virtio_make(const char *const *entries, size_t n, unsigned minor,
					     struct arena *arena, unsigned *n_r)
{
	struct merge_virtio *out = arena_alloc(arena, n + 1, sizeof(*out));
	size_t i;

	*n_r = 0;
	for (i = 0; out && i < n; i++) {
		bool disk = field_is(entries[i], "specification", "virtio");

		/* virtio= is a key of 4.18; xl of 4.17 passes over it. */
		if (disk || minor >= 18)
			out[(*n_r)++] = parse(entries[i], disk, minor, arena);
	}
	return out;
}
