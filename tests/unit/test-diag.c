/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue, and overriding severities. */
#include "fixture.h"

#include <errno.h>

#include "diag.h"

static void catalogue(void **state)
{
	size_t n, i, k;
	const struct xlpt_diag_info *info = xlpt_diag_catalogue(&n);

	(void)state;
	assert_int_equal(n, N_DIAGS);
	for (i = 0; i < n; i++) {
		assert_non_null(info[i].title);
		assert_non_null(info[i].remedy);
		assert_int_equal(strspn(info[i].id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(info[i].id));
		assert_int_equal(diag_find(info[i].id, strlen(info[i].id)), i);
		for (k = 0; k < i; k++)
			assert_string_not_equal(info[i].id, info[k].id);
		if (info[i].allowable)
			assert_int_equal(info[i].severity, XLPT_ERROR);
	}
	/* What the contract fixes. */
	assert_false(info[DIAG_IRQ_SHARED].allowable);
	assert_false(info[DIAG_STREAM_SHARED].allowable);
	assert_false(info[DIAG_GFN_OVERLAP].allowable);
	assert_true(info[DIAG_IOMEM_SHARED_PAGE].allowable);
	assert_true(info[DIAG_DMA_UNPROTECTED].allowable);
	assert_true(info[DIAG_GFN_RESERVED].allowable);
}

static enum xlpt_severity severity_of(struct xlpt_diags *diags, enum diag_id id)
{
	diags_clear(diags);
	diag_add(diags, id, 0, "/n", NULL, NULL, "m");
	return diags->list[0].severity;
}

static void overrides(void **state)
{
	struct diag_set here = { { 0, 0 } };
	struct xlpt_diags diags;

	(void)state;
	diags_init(&diags);
	assert_int_equal(severity_of(&diags, DIAG_DMA_UNPROTECTED), XLPT_ERROR);
	assert_true(diags.decision);
	assert_int_equal(xlpt_diags_allow(&diags, "dma-unprotected"), 0);
	assert_int_equal(severity_of(&diags, DIAG_DMA_UNPROTECTED), XLPT_WARNING);
	assert_int_equal(xlpt_diags_allow(&diags, "irq-shared"), -EPERM);
	assert_int_equal(xlpt_diags_allow(&diags, "no-such-id"), -ENOENT);
	assert_int_equal(severity_of(&diags, DIAG_IRQ_SHARED), XLPT_ERROR);

	diag_set_add(&here, DIAG_GFN_RESERVED);
	diags.allowed_here = here;
	assert_int_equal(severity_of(&diags, DIAG_GFN_RESERVED), XLPT_WARNING);
	diags.allowed_here = (struct diag_set){ { 0, 0 } };
	assert_int_equal(severity_of(&diags, DIAG_GFN_RESERVED), XLPT_ERROR);

	/* Strict raises warnings, but not what was allowed by name. */
	xlpt_diags_strict(&diags);
	assert_int_equal(severity_of(&diags, DIAG_REG_EMPTY), XLPT_ERROR);
	assert_int_equal(severity_of(&diags, DIAG_SELECTION_SKIPPED), XLPT_NOTE);
	assert_int_equal(severity_of(&diags, DIAG_DMA_UNPROTECTED), XLPT_WARNING);

	assert_int_equal(severity_of(&diags, DIAG_DEVICE_RESERVED), XLPT_ERROR);
	assert_true(diags.impossible);
	diags_fini(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(catalogue),
		cmocka_unit_test(overrides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
