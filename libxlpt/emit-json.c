/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The plan as the object that xl-passthrough(1) documents. */
#include "emit.h"
#include "json.h"
#include "plan.h"

static struct json_object *xen_name(struct json *json, const struct xlpt_settings *settings)
{
	struct json_object *name;
	struct text text;

	text_init(&text);
	emit_xen_name(&text, settings);
	json->failed |= text.failed;
	name = json_new_string(json, text.s);
	text_free(&text);
	return name;
}

static struct json_object *device(struct json *json, const struct xlpt_plan_device *device)
{
	struct json_object *object = json_new_object(json);
	struct json_object *regs = json_new_array(json, device->n_regs);
	size_t i;

	for (i = 0; i < device->n_regs; i++) {
		struct json_object *reg = json_new_object(json);

		json_add(json, reg, "host", json_new_number(json, device->regs[i].host));
		json_add(json, reg, "guest", json_new_number(json, device->regs[i].guest));
		json_add(json, reg, "size", json_new_number(json, device->regs[i].size));
		json_append(json, regs, reg);
	}
	json_add(json, object, "path", json_new_string(json, device->path));
	json_add(json, object, "guest_path", json_new_string(json, device->guest_path));
	json_add(json, object, "regs", regs);
	json_add(json, object, "irqs", json_new_numbers(json, device->irqs, device->n_irqs));
	return object;
}

static struct json_object *devices(struct json *json, const struct xlpt_plan *plan)
{
	size_t n, i;
	const struct xlpt_plan_device *list = xlpt_plan_devices(plan, &n);
	struct json_object *array = json_new_array(json, n);

	for (i = 0; i < n; i++)
		json_append(json, array, device(json, &list[i]));
	return array;
}

static struct json_object *iomem(struct json *json, const struct xlpt_plan *plan)
{
	size_t n, i;
	const struct xlpt_iomem *list = xlpt_plan_iomem(plan, &n);
	struct json_object *array = json_new_array(json, n);

	for (i = 0; i < n; i++) {
		struct json_object *object = json_new_object(json);

		json_add(json, object, "start", json_new_number(json, list[i].start));
		json_add(json, object, "count", json_new_number(json, list[i].count));
		json_add(json, object, "gfn", json_new_number(json, list[i].gfn));
		json_append(json, array, object);
	}
	return array;
}

struct json_object *emit_plan_object(struct json *json, const struct xlpt_plan *plan,
				     bool with_speaker)
{
	struct json_object *root = json_new_object(json);
	const struct xlpt_diag *diags;
	size_t n;

	json_add(json, root, "xen", xen_name(json, plan->settings));
	json_add(json, root, "ok", json_new_bool(json, xlpt_plan_ok(plan)));
	json_add(json, root, "devices", devices(json, plan));
	json_add(json, root, "iomem", iomem(json, plan));
	json_add(json, root, "irqs", json_new_numbers(json, plan->irqs, plan->n_irqs));
	json_add(json, root, "dtdev", json_new_strings(json, plan->dtdev, plan->n_dtdev));
	json_add(json, root, "mark", json_new_strings(json, plan->mark, plan->n_mark));
	diags = xlpt_diags_list(plan->diags, &n);
	json_add(json, root, "diagnostics", json_new_diags(json, diags, n, with_speaker));
	return root;
}

int xlpt_emit_json(const struct xlpt_plan *plan, bool with_speaker, char **text_r)
{
	struct json json = { 0 };
	struct json_object *root = emit_plan_object(&json, plan, with_speaker);
	struct text out;

	text_init(&out);
	json_write(&json, root, &out);
	return emit_take(&out, text_r);
}
