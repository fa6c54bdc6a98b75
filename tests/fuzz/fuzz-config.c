/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A domain configuration: by libxlutil where it is installed, and what is ours of it in any case. */
#include "fuzz.h"
#include "guest-config.h"
#include "merge-virtio.h"
#include "selector.h"

static const char *const keys[] = {
	"dt_passthrough", "dt_host", "device_tree", "irqs", "iomem", "dtdev", "name", "a",
};

/* What a configuration gives must be fit for what is done with it. */
static void use(const struct guest_config *config)
{
	struct xlpt_settings settings;
	struct xlpt_diags *diags;
	struct selector selector;
	struct arena arena;
	unsigned n = 0;
	size_t i;

	for (i = 0; i < config->n_iomem; i++)
		REQUIRE(config->iomem[i].count && config->iomem[i].start + config->iomem[i].count <= UINT64_C(1) << 52 &&
			config->iomem[i].gfn + config->iomem[i].count <= UINT64_C(1) << 52);
	REQUIRE(!config->n_dt_passthrough || config->has_dt_passthrough);
	REQUIRE(!config->trip_wire || !config->device_tree);
	xlpt_settings_init(&settings);
	guest_config_settings(config, &settings);
	REQUIRE(settings.vcpus && settings.memory_mib <= 1 << 24);
	REQUIRE(!xlpt_diags_new(&diags));
	arena_init(&arena);
	for (i = 0; i < config->n_dt_passthrough && i < 64; i++)
		selector_parse(&selector, config->dt_passthrough[i], &arena, diags);
	merge_virtio_make(config->virtio, config->n_virtio, 17, &arena, &n);
	merge_virtio_make(config->virtio, config->n_virtio, 20, &arena, &n);
	arena_free(&arena);
	xlpt_diags_free(diags);
}

/* Each line by itself as an entry of a list. */
static void use_lines(char *text)
{
	struct xlpt_iomem iomem;
	char *line;
	uint32_t irq;

	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (guest_config_iomem(line, &iomem))
			REQUIRE(iomem.count);
		guest_config_irq(line, &irq);
		guest_config_is_virtio(line);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct guest_config config;
	bool has[sizeof(keys) / sizeof(*keys)];
	char *text;
	size_t i;
	int rc;

	/* as file_read() gives it */
	text = malloc(size + 1);
	REQUIRE(text);
	memcpy(text, data, size);
	text[size] = '\0';
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		has[i] = guest_config_has_key(text, size, keys[i]);
	rc = guest_config_read(&config, "fuzz.cfg", text, size);
	if (!rc) {
		/* What the program goes by before it has read the values must not be wrong. */
		REQUIRE(!config.has_dt_passthrough || has[0]);
		REQUIRE(!config.dt_host || has[1]);
		REQUIRE(!config.device_tree || has[2]);
		REQUIRE(!config.name || has[6]);
		use(&config);
	} else {
		REQUIRE(config.error);
	}
	guest_config_free(&config);
	use_lines(text);
	free(text);
	return 0;
}
