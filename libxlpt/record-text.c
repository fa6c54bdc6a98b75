/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "record-text.h"

static int put_string(struct text *text, const char *key, const char *value)
{
	if (strchr(value, '\n') || !*value)
		return -EINVAL;
	text_printf(text, "%s %s\n", key, value);
	return 0;
}

static int put_device(struct text *text, const struct held *held)
{
	int rc = 0;
	size_t i;

	if (held->path)
		rc = put_string(text, "device", held->path);
	else
		text_puts(text, "own\n");
	if (!rc && held->iommu)
		rc = put_string(text, "iommu", held->iommu);
	for (i = 0; i < held->n_iomem; i++)
		text_printf(text, "iomem %" PRIx64 " %" PRIx64 " %" PRIx64 "\n", held->iomem[i].start,
			    held->iomem[i].count, held->iomem[i].gfn);
	for (i = 0; i < held->n_irqs; i++)
		text_printf(text, "irq %" PRIu32 "\n", held->irqs[i]);
	return rc;
}

int record_text_write(const struct record_text *record, struct text *text)
{
	const struct holding *holding = &record->holding;
	size_t i;
	int rc;

	rc = put_string(text, "name", record->name);
	text_printf(text, "creator %ld %llu\n", record->creator.pid, record->creator.started);
	for (i = 0; i < holding->n_dtdev && !rc; i++)
		rc = put_string(text, "dtdev", holding->dtdev[i]);
	for (i = 0; i < holding->n_devices && !rc; i++)
		rc = put_device(text, &holding->device[i]);
	return rc ? rc : text->failed ? -ENOMEM : 0;
}

/* A number and the blank or end behind it; moves on. */
static bool get_number(char **s, int base, uint64_t *value_r)
{
	char *end;

	if (!isxdigit((unsigned char)**s))
		return false;
	errno = 0;
	*value_r = strtoull(*s, &end, base);
	if (errno || (*end && *end != ' '))
		return false;
	*s = *end ? end + 1 : end;
	return true;
}

static int read_iomem(struct arena *arena, struct held *held, char *value)
{
	struct xlpt_iomem iomem;

	if (!held || !get_number(&value, 16, &iomem.start) || !get_number(&value, 16, &iomem.count) ||
	    !get_number(&value, 16, &iomem.gfn) || *value)
		return -EINVAL;
	return held_add_iomem(arena, held, &iomem, 1);
}

static int read_irq(struct arena *arena, struct held *held, char *value)
{
	uint64_t number;
	uint32_t irq;

	if (!held || !get_number(&value, 10, &number) || *value || number > UINT32_MAX)
		return -EINVAL;
	irq = (uint32_t)number;
	return held_add_irqs(arena, held, &irq, 1);
}

static int read_creator(struct creator *creator, char *value)
{
	uint64_t pid, started;

	if (!get_number(&value, 10, &pid) || !get_number(&value, 10, &started) || *value ||
	    pid > INT32_MAX)
		return -EINVAL;
	*creator = (struct creator){ .pid = (long)pid, .started = started };
	return 0;
}

static int read_line(struct arena *arena, char *line, struct record_text *record)
{
	struct holding *holding = &record->holding;
	struct held *held = holding->n_devices ? &holding->device[holding->n_devices - 1] : NULL;
	char *value = strchr(line, ' ');
	const char *path;

	if (value)
		*value++ = '\0';
	else
		value = line + strlen(line);
	path = value;
	if (!strcmp(line, "own") || !strcmp(line, "device"))
		return holding_add_device(arena, holding, *line == 'o' ? NULL : path) ? 0 : -ENOMEM;
	if (!strcmp(line, "name"))
		record->name = value;
	else if (!strcmp(line, "creator"))
		return read_creator(&record->creator, value);
	else if (!strcmp(line, "dtdev"))
		return holding_add_dtdev(arena, holding, &path, 1);
	else if (!strcmp(line, "iommu") && held)
		held->iommu = value;
	else if (!strcmp(line, "iomem"))
		return read_iomem(arena, held, value);
	else if (!strcmp(line, "irq"))
		return read_irq(arena, held, value);
	return 0;
}

int record_text_read(struct arena *arena, char *text, struct record_text *record_r)
{
	char *line, *rest = text;
	int rc = 0;

	*record_r = (struct record_text){ 0 };
	while (!rc && (line = strsep(&rest, "\n"))) {
		/* A last line without its end was cut off. */
		if (!rest && *line)
			rc = -EINVAL;
		else if (*line)
			rc = read_line(arena, line, record_r);
	}
	if (!rc && !record_r->name)
		rc = -EINVAL;
	return rc ? rc : holding_finish(arena, &record_r->holding);
}
