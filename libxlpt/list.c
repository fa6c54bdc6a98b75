/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which guest has which devices, told of the domains there are. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "list-table.h"
#include "owners.h"
#include "running.h"

/* A device whose only trace is its entry in dtdev. */
static bool is_listed(const struct holding *holding, const char *dtdev)
{
	size_t i, len;

	for (i = 0; i < holding->n_devices; i++) {
		const char *path = holding->device[i].path;

		len = path ? strlen(path) : 0;
		/* The node itself, or one inside the device, or a bus above that carries its stream. */
		if (path && holding->device[i].iommu && (same_xen_path(path, dtdev) ||
		    (!strncmp(path, dtdev, len) && dtdev[len] == '/') ||
		    (!strncmp(path, dtdev, strlen(dtdev)) && path[strlen(dtdev)] == '/')))
			return true;
	}
	return false;
}

void list_each_device(const struct holding *holding, list_device_fn fn, void *opaque)
{
	size_t i;

	for (i = 0; i < holding->n_devices; i++)
		fn(opaque, &holding->device[i]);
	for (i = 0; i < holding->n_dtdev; i++) {
		struct held held = { .path = holding->dtdev[i] };

		if (!is_listed(holding, holding->dtdev[i]))
			fn(opaque, &held);
	}
}

struct json_list {
	struct json json;
	struct json_object *devices;
};

static void json_device(void *opaque, const struct held *held)
{
	struct json_list *list = opaque;
	struct json *json = &list->json;
	struct json_object *device = json_new_object(json);
	struct json_object *iomem = json_new_array(json, held->n_iomem);
	size_t i;

	for (i = 0; i < held->n_iomem; i++) {
		struct json_object *run = json_new_object(json);

		json_add(json, run, "start", json_new_number(json, held->iomem[i].start));
		json_add(json, run, "count", json_new_number(json, held->iomem[i].count));
		json_add(json, run, "gfn", json_new_number(json, held->iomem[i].gfn));
		json_append(json, iomem, run);
	}
	json_add(json, device, "path", json_new_string(json, held->path));
	json_add(json, device, "iomem", iomem);
	json_add(json, device, "irqs", json_new_numbers(json, held->irqs, held->n_irqs));
	json_add(json, device, "iommu", json_new_string(json, held->iommu));
	json_append(json, list->devices, device);
}

static void write_json(const struct owner *const *owner, size_t n, struct text *text)
{
	struct json_list list = { 0 };
	struct json *json = &list.json;
	struct json_object *domains = json_new_array(json, n);
	size_t i;

	for (i = 0; i < n; i++) {
		struct json_object *domain = json_new_object(json);

		list.devices = json_new_array(json, owner[i]->holding.n_devices);
		list_each_device(&owner[i]->holding, json_device, &list);
		json_add(json, domain, "domid", json_new_number(json, owner[i]->domain->domid));
		json_add(json, domain, "name", json_new_string(json, *owner[i]->name ? owner[i]->name : NULL));
		json_add(json, domain, "uuid", json_new_string(json, owner[i]->uuid));
		json_add(json, domain, "devices", list.devices);
		json_append(json, domains, domain);
	}
	json_write(json, domains, text);
}

/* By name, domid or uuid, as xl takes a domain; a number is a domid first. */
static bool is_asked(const struct owner *owner, const char *domain)
{
	char *end, uuid[XEN_UUID_LEN + 1];
	unsigned long domid;

	errno = 0;
	domid = strtoul(domain, &end, 10);
	if (*domain >= '0' && *domain <= '9' && !*end && !errno)
		return owner->domain->domid == domid;
	return !strcmp(owner->name, domain) ||
	       (record_uuid(domain, uuid) && !strcmp(owner->uuid, uuid));
}

static int write_list(const struct owners *owners, const char *domain, bool as_json,
		      struct arena *arena, struct text *text)
{
	const struct owner **chosen = arena_alloc(arena, owners->n, sizeof(*chosen));
	size_t i, n = 0;

	if (!chosen)
		return -ENOMEM;
	for (i = 0; i < owners->n; i++) {
		const struct owner *owner = &owners->list[i];

		if (!owner->domain)
			continue;
		if (domain ? is_asked(owner, domain) :
		    owner->holding.n_devices || owner->holding.n_dtdev)
			chosen[n++] = owner;
	}
	if (domain && !n)
		return -ENOENT;
	if (as_json)
		write_json(chosen, n, text);
	else
		list_write_table(chosen, n, arena, text);
	return 0;
}

int xlpt_xen_list(struct xlpt_xen *xen, const char *domain, bool json, struct xlpt_diags *diags,
		  char **text_r)
{
	struct owners owners;
	struct arena arena;
	struct text text;
	int rc;

	*text_r = NULL;
	arena_init(&arena);
	text_init(&text);
	rc = owners_read(xen, &arena, &owners);
	if (rc && rc != -ENOMEM)
		running_failed(xen, diags, rc == -ENOENT ? -EIO : rc, NULL,
			       "cannot read who has which devices");
	if (!rc)
		rc = write_list(&owners, domain, json, &arena, &text);
	if (!rc) {
		*text_r = text_take(&text, NULL);
		if (!*text_r)
			rc = -ENOMEM;
	}
	text_free(&text);
	arena_free(&arena);
	return rc;
}
