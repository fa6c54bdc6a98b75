/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>

#include "links.h"
#include "prop-names.h"

/* One line that says what is wrong and where. */
#define INVALID(diags, ...) \
	(diag_add(diags, DIAG_HOST_TREE_INVALID, 0, NULL, NULL, NULL, __VA_ARGS__), -EINVAL)

/*
 * Names end up in paths, scripts and configurations, so what could change
 * their meaning there is refused here, once. dtc accepts none of these.
 */
bool name_is_clean(const char *name, size_t len)
{
	static const bool forbidden[0x80] = {
		['"'] = true, ['\''] = true, ['`'] = true, ['$'] = true, [';'] = true, ['&'] = true,
		['|'] = true, ['<'] = true, ['>'] = true, ['/'] = true, ['\\'] = true,
	};
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c <= ' ' || c >= 0x7f || forbidden[c])
			return false;
	}
	return true;
}

static uint32_t name_hash(uint32_t offset)
{
	return (offset * 2654435761u) ^ (offset >> 15);
}

static struct prop_class *find_slot(struct prop_class *slot, uint32_t n_slots, uint32_t offset)
{
	uint32_t i = name_hash(offset) & (n_slots - 1);

	while (slot[i].offset_plus_1 && slot[i].offset_plus_1 != offset + 1)
		i = (i + 1) & (n_slots - 1);
	return &slot[i];
}

static int grow(struct prop_names *names)
{
	uint32_t i, n_slots = names->n_slots ? names->n_slots * 2 : 512;
	struct prop_class *slot = calloc(n_slots, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	for (i = 0; i < names->n_slots; i++)
		if (names->slot[i].offset_plus_1)
			*find_slot(slot, n_slots, names->slot[i].offset_plus_1 - 1) = names->slot[i];
	free(names->slot);
	names->slot = slot;
	names->n_slots = n_slots;
	return 0;
}

int prop_names_classify(struct prop_names *names, uint32_t offset, struct xlpt_diags *diags,
			const struct prop_class **class_r)
{
	uint32_t strings = fdt_off_dt_strings(names->blob);
	uint32_t size = fdt_size_dt_strings(names->blob);
	struct prop_class *slot;
	const struct link *link;
	const char *name;
	size_t len, max;
	unsigned i;
	bool plain;

	if (names->n * 2 >= names->n_slots && grow(names))
		return -ENOMEM;
	slot = find_slot(names->slot, names->n_slots, offset);
	if (slot->offset_plus_1) {
		*class_r = slot;
		return 0;
	}
	if (offset >= size)
		return INVALID(diags, "a property's name is at %u of a strings block of %u bytes",
			       offset, size);
	name = (const char *)names->blob + strings + offset;
	max = size - offset < TREE_NAME_MAX + 1 ? size - offset : TREE_NAME_MAX + 1;
	len = strnlen(name, max);
	if (len == max)
		return INVALID(diags, "the property name at byte %u does not end within %u characters",
			       strings + offset, TREE_NAME_MAX);
	if (!len || !name_is_clean(name, len))
		return INVALID(diags, "the property name at byte %u is empty or has a character that no name may have",
			       strings + offset);
	slot->offset_plus_1 = offset + 1;
	for (i = 1; i < N_PROP_NAMES; i++)
		if (tree_prop_names[i][0] == name[0] && !strcmp(tree_prop_names[i], name))
			slot->known = (uint16_t)i;
	/* Asked once a name, since guest.c would ask at every property. */
	link = link_classify(name, &plain);
	slot->link = link ? (uint16_t)(link - links + 1) : 0;
	if (!slot->known && plain)
		slot->known = P_PLAIN;
	names->n++;
	*class_r = slot;
	return 0;
}
