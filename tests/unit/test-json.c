/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON as documented, read back by json-c; and what json-c leaves to its callers. */
#include <json-c/json.h>

#include "fixture.h"
#include "json.h"

static void assert_string(const char *s, const char *expected)
{
	struct json json = { 0 };
	struct text out;

	text_init(&out);
	json_write(&json, json_new_string(&json, s), &out);
	assert_false(out.failed);
	assert_string_equal(out.s, expected);
	text_free(&out);
}

static void strings(void **state)
{
	(void)state;
	assert_string(NULL, "null");
	assert_string("", "\"\"");
	assert_string("/soc/a,b@1", "\"/soc/a,b@1\"");
	assert_string("a\"b\\c\n\x01", "\"a\\\"b\\\\c\\n\\u0001\"");
	assert_string("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
	/* No UTF-8: a stray byte, a cut character, overlong, a surrogate, too large. */
#define BAD "\xef\xbf\xbd"
	assert_string("a\x80z", "\"a" BAD "z\"");
	assert_string("a\xe2\x82", "\"a" BAD BAD "\"");
	assert_string("\xc0\xaf", "\"" BAD BAD "\"");
	assert_string("\xe0\x80\xaf", "\"" BAD BAD BAD "\"");
	assert_string("\xed\xa0\x80", "\"" BAD BAD BAD "\"");
	assert_string("\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\"");
	assert_string("\xff\xfe", "\"" BAD BAD "\"");
}

static void numbers(void **state)
{
	struct json json = { 0 };
	struct text out;

	(void)state;
	text_init(&out);
	json_write(&json, json_new_number(&json, UINT64_MAX), &out);
	assert_string_equal(out.s, "18446744073709551615");
	text_free(&out);
}

static void failure_sticks(void **state)
{
	struct json json = { .failed = true };
	struct text out;

	(void)state;
	text_init(&out);
	json_write(&json, json_new_object(&json), &out);
	assert_true(out.failed);
	text_free(&out);
	json_add(&json, NULL, "key", json_new_number(&json, 1));
	json_append(&json, NULL, json_new_number(&json, 1));
	assert_true(json.failed);
	json_write(&json, NULL, &out);
	assert_true(out.failed);
	text_free(&out);
}

/* The keys of an object, in order. */
static void assert_keys(struct json_object *object, const char *expected)
{
	char keys[512] = "";

	assert_true(json_object_is_type(object, json_type_object));
	json_object_object_foreach(object, key, value) {
		(void)value;
		strcat(keys, *keys ? " " : "");
		strcat(keys, key);
	}
	assert_string_equal(keys, expected);
}

static struct json_object *get(struct json_object *object, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, key, &value));
	return value;
}

static struct json_object *plan_json(struct fixture *f, bool with_speaker)
{
	struct json_object *root;
	char *text;

	assert_int_equal(xlpt_emit_json(f->plan, with_speaker, &text), 0);
	assert_null(strchr(text, '\n'));
	root = json_tokener_parse(text);
	assert_non_null(root);
	free(text);
	return root;
}

static void plan(void **state)
{
	struct json_object *root, *device, *reg, *diag, *iomem;
	struct fixture f;

	(void)state;
	fixture_open(&f, fixture_board);
	fixture_plan(&f, "/soc/ethernet@5000000,allow=dma-unprotected,gfn=0x4100", NULL);
	root = plan_json(&f, false);
	assert_keys(root, "xen ok devices iomem irqs dtdev mark diagnostics");
	assert_string_equal(json_object_get_string(get(root, "xen")), "4.17");
	assert_true(json_object_get_boolean(get(root, "ok")));
	assert_int_equal(json_object_array_length(get(root, "devices")), 1);
	device = json_object_array_get_idx(get(root, "devices"), 0);
	assert_keys(device, "path guest_path regs irqs");
	assert_string_equal(json_object_get_string(get(device, "path")), "/soc/ethernet@5000000");
	reg = json_object_array_get_idx(get(device, "regs"), 0);
	assert_keys(reg, "host guest size");
	assert_int_equal(json_object_get_uint64(get(reg, "host")), 0x5000000);
	assert_int_equal(json_object_get_uint64(get(reg, "guest")), 0x4100000);
	assert_int_equal(json_object_get_uint64(get(reg, "size")), 0x10000);
	iomem = json_object_array_get_idx(get(root, "iomem"), 0);
	assert_string_equal(json_object_to_json_string_ext(iomem, JSON_C_TO_STRING_PLAIN),
			    "{\"start\":20480,\"count\":16,\"gfn\":16640}");
	assert_string_equal(json_object_to_json_string_ext(get(root, "irqs"), JSON_C_TO_STRING_PLAIN),
			    "[112,113,114]");
	assert_string_equal(json_object_to_json_string_ext(get(root, "dtdev"), JSON_C_TO_STRING_PLAIN), "[]");
	assert_int_equal(json_object_array_length(get(root, "mark")), 1);
	diag = json_object_array_get_idx(get(root, "diagnostics"), 0);
	assert_keys(diag, "id severity node property message hint");
	assert_string_equal(json_object_get_string(get(diag, "severity")), "warning");
	json_object_put(root);

	root = plan_json(&f, true);
	diag = json_object_array_get_idx(get(root, "diagnostics"), 0);
	assert_keys(diag, "id severity speaker node property message hint");
	assert_string_equal(json_object_get_string(get(diag, "speaker")), "tree");
	json_object_put(root);
	fixture_close(&f);
}

/* All keys stay where there is nothing to say. */
static void plan_with_errors(void **state)
{
	struct json_object *root, *diag;
	struct fixture f;

	(void)state;
	fixture_open(&f, fixture_board);
	xlpt_settings_init(&f.settings);
	fixture_plan(&f, "/nowhere", NULL);
	root = plan_json(&f, false);
	assert_keys(root, "xen ok devices iomem irqs dtdev mark diagnostics");
	assert_string_equal(json_object_get_string(get(root, "xen")), "any");
	assert_false(json_object_get_boolean(get(root, "ok")));
	assert_int_equal(json_object_array_length(get(root, "devices")), 0);
	assert_int_equal(json_object_array_length(get(root, "iomem")), 0);
	diag = json_object_array_get_idx(get(root, "diagnostics"), 0);
	assert_keys(diag, "id severity node property message hint");
	assert_null(get(diag, "node"));
	assert_null(get(diag, "property"));
	json_object_put(root);
	fixture_close(&f);
}

static void xen_range(void **state)
{
	struct json_object *root;
	struct fixture f;

	(void)state;
	fixture_open(&f, fixture_board);
	f.settings.xen_first = 17;
	f.settings.xen_last = 19;
	fixture_plan(&f, "&rtc", NULL);
	root = plan_json(&f, false);
	assert_string_equal(json_object_get_string(get(root, "xen")), "4.17-4.19");
	json_object_put(root);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings),
		cmocka_unit_test(numbers),
		cmocka_unit_test(failure_sticks),
		cmocka_unit_test(plan),
		cmocka_unit_test(plan_with_errors),
		cmocka_unit_test(xen_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
