/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims on a recorded Xen: who gets a device, and what becomes of the claims of those who are gone. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <libfdt.h>

#include "diag.h"
#include "record.h"
#include "running.h"

#define A "aaaaaaaa-0000-4000-8000-000000000001"
#define B "bbbbbbbb-0000-4000-8000-000000000002"
#define C "cccccccc-0000-4000-8000-000000000003"

static char blob[8192];
static char script[] = "/tmp/test-claim-XXXXXX";

struct fixture {
	struct xlpt_diags *diags;
	struct xlpt_tree *tree;
	struct xlpt_settings settings;
	struct xlpt_plan *plan;
	struct xlpt_xen *xen;
};

/* A GIC, memory and two RTCs. */
static void make_tree(void)
{
	static const struct {
		const char *name, *compatible;
		uint32_t base, irq;
	} nodes[] = {
		{ "rtc@9010000", "arm,pl031", 0x9010000, 2 }, { "rtc@9020000", "arm,pl031", 0x9020000, 3 },
	};
	size_t i;

	fdt_create(blob, sizeof(blob));
	fdt_finish_reservemap(blob);
	fdt_begin_node(blob, "");
	fdt_property_u32(blob, "#address-cells", 1);
	fdt_property_u32(blob, "#size-cells", 1);
	fdt_property_u32(blob, "interrupt-parent", 1);
	fdt_begin_node(blob, "gic@8000000");
	fdt_property_string(blob, "compatible", "arm,gic-v3");
	fdt_property(blob, "interrupt-controller", NULL, 0);
	fdt_property_u32(blob, "#interrupt-cells", 3);
	fdt_property_u32(blob, "phandle", 1);
	fdt_property(blob, "reg", (uint32_t[]){ cpu_to_fdt32(0x8000000), cpu_to_fdt32(0x10000) }, 8);
	fdt_end_node(blob);
	for (i = 0; i < sizeof(nodes) / sizeof(*nodes); i++) {
		fdt_begin_node(blob, nodes[i].name);
		fdt_property_string(blob, "compatible", nodes[i].compatible);
		fdt_property(blob, "reg",
			     (uint32_t[]){ cpu_to_fdt32(nodes[i].base), cpu_to_fdt32(0x1000) }, 8);
		fdt_property(blob, "interrupts", (uint32_t[]){ 0, cpu_to_fdt32(nodes[i].irq),
							       cpu_to_fdt32(4) }, 12);
		fdt_end_node(blob);
	}
	fdt_end_node(blob);
	assert_int_equal(fdt_finish(blob), 0);
}

static void begin(struct fixture *f, const char *answers, const char *device)
{
	const char *selection[] = { device };
	FILE *file = fopen(script, "w");

	fputs(answers, file);
	fclose(file);
	make_tree();
	assert_int_equal(xlpt_diags_new(&f->diags), 0);
	assert_int_equal(xlpt_tree_parse(blob, sizeof(blob), f->diags, &f->tree), 0);
	xlpt_settings_init(&f->settings);
	assert_int_equal(xlpt_plan_make(f->tree, &f->settings, selection, 1, f->diags, &f->plan), 0);
	assert_int_equal(xlpt_xen_open(f->diags, &f->xen), 0);
}

static void end(struct fixture *f)
{
	xlpt_xen_close(f->xen);
	xlpt_plan_free(f->plan);
	xlpt_tree_free(f->tree);
	xlpt_diags_free(f->diags);
}

static int claim(struct fixture *f, const char *uuid)
{
	return xlpt_xen_claim(f->xen, uuid, "web", f->plan, NULL, f->diags);
}

static bool said(struct fixture *f, const char *id, const char *word)
{
	size_t n, i;
	const struct xlpt_diag *list = xlpt_diags_list(f->diags, &n);

	for (i = 0; i < n; i++)
		if (!strcmp(list[i].id, id) && strstr(list[i].message, word))
			return list[i].speaker == XLPT_SPEAKER_HYPERVISOR;
	return false;
}

/* The uuids that have a record, one behind the other. */
static void records(struct fixture *f, char *all)
{
	struct record *list;
	struct arena arena;
	size_t n, i;

	arena_init(&arena);
	assert_int_equal(xen_store_begin(f->xen->seam), 0);
	assert_int_equal(records_read(f->xen->seam, &arena, &list, &n), 0);
	assert_int_equal(xen_store_end(f->xen->seam, false), 0);
	*all = '\0';
	for (i = 0; i < n; i++) {
		assert_true(list[i].readable);
		strcat(all, list[i].uuid);
	}
	arena_free(&arena);
}

static void assert_records(struct fixture *f, const char *want)
{
	char all[512];

	records(f, all);
	assert_string_equal(all, want);
}

/* This process is the creator of the first, so the second finds a live claim. */
static void test_second(void **state)
{
	struct fixture f;

	begin(&f, "", "/rtc@9010000");
	assert_int_equal(claim(&f, A), 0);
	assert_records(&f, A);
	assert_int_equal(claim(&f, B), -EBUSY);
	assert_true(said(&f, "device-busy", "guest 'web'"));
	assert_records(&f, A);
	assert_int_equal(claim(&f, A), -EBUSY);
	assert_true(said(&f, "guest-exists", A));
	assert_int_equal(xlpt_xen_release(f.xen, A), 0);
	assert_int_equal(xlpt_xen_release(f.xen, A), 0);
	assert_records(&f, "");
	assert_int_equal(claim(&f, B), 0);
	assert_records(&f, B);
	end(&f);
}

static void test_uuid(void **state)
{
	struct fixture f;

	begin(&f, "", "/rtc@9010000");
	assert_int_equal(claim(&f, "AAAAAAAA-0000-4000-8000-000000000001"), 0);
	assert_records(&f, A);
	assert_int_equal(claim(&f, "../../local/domain/0"), -EINVAL);
	assert_int_equal(claim(&f, A "0"), -EINVAL);
	assert_int_equal(xlpt_xen_release(f.xen, A), 0);
	assert_int_equal(xlpt_xen_claim(f.xen, B, "two\nlines", f.plan, NULL, f.diags), -EINVAL);
	assert_records(&f, "");
	end(&f);
}

/* Killed creates are swept, one whose guest lives is not, wherever its creator is. */
static void test_sweep(void **state)
{
	struct fixture f;

	begin(&f, "store " RECORDS_PATH "/" A "/0 name dead\\ncreator 1 1\\ndevice /rtc@9010000\\nirq 34\\n\n"
		  "store " RECORDS_PATH "/" C "/0 scribble\n",
	      "/rtc@9010000");
	assert_int_equal(claim(&f, B), 0);
	assert_records(&f, B);
	end(&f);

	begin(&f, "domain 7 " A " alive\n"
		  "store " RECORDS_PATH "/" A "/0 name dead\\ncreator 1 1\\ndevice /rtc@9010000\\nirq 34\\n\n",
	      "/rtc@9010000");
	assert_int_equal(claim(&f, B), -EBUSY);
	assert_true(said(&f, "device-busy", "(domid 7)"));
	end(&f);

	begin(&f, "domain 7 " A " alive\n"
		  "store " RECORDS_PATH "/" A "/0 name dead\\ncreator 1 1\\ndevice /rtc@9010000\\nirq 34\\n\n",
	      "/rtc@9020000");
	assert_int_equal(claim(&f, B), 0);
	assert_records(&f, A B);
	end(&f);
}

/* What the configuration gives by itself is claimed with the plan. */
static void test_own(void **state)
{
	static const struct xlpt_iomem iomem = { 0x9020, 1, 0x9020 };
	struct xlpt_own_lists own = { .iomem = &iomem, .n_iomem = 1 };
	struct fixture f;

	begin(&f, "", "/rtc@9010000");
	assert_int_equal(xlpt_xen_claim(f.xen, A, "web", f.plan, &own, f.diags), 0);
	assert_int_equal(xlpt_xen_release(f.xen, A), 0);
	end(&f);
	begin(&f, "store " RECORDS_PATH "/" A "/0 name other\\n\\self\\nown\\niomem 9010 2 9010\\n\n",
	      "/rtc@9010000");
	assert_int_equal(claim(&f, B), -EBUSY);
	assert_true(said(&f, "device-busy", "0x9010"));
	end(&f);
}

/* A bus above devices of both guests, by another spelling that Xen takes for the same node. */
static void test_own_dtdev(void **state)
{
	static const char *const dtdev[] = { "/bus" };
	struct xlpt_own_lists own = { .dtdev = dtdev, .n_dtdev = 1 };
	size_t n, i;
	const struct xlpt_diag *list;
	struct fixture f;

	begin(&f, "store " RECORDS_PATH "/" A "/0 name other\\n\\self\\ndtdev /BUS\\nown\\n\n", "/rtc@9010000");
	assert_int_equal(xlpt_xen_claim(f.xen, B, "web", f.plan, &own, f.diags), -EBUSY);
	assert_true(said(&f, "device-busy", "guest 'other'"));
	list = xlpt_diags_list(f.diags, &n);
	for (i = 0; i < n; i++)
		if (!strcmp(list[i].id, "device-busy"))
			assert_string_equal(list[i].node, "/bus");
	end(&f);
}

static void test_conflicts(void **state)
{
	struct fixture f;

	begin(&f, "conflicts 7\n", "/rtc@9010000");
	assert_int_equal(claim(&f, A), 0);
	assert_records(&f, A);
	end(&f);
	begin(&f, "conflicts 100000\n", "/rtc@9010000");
	assert_int_equal(claim(&f, A), -EAGAIN);
	assert_true(said(&f, "xen-failed", "changed by others"));
	end(&f);
}

/* Whatever call fails, there is the whole claim or none. */
static void test_failures(void **state)
{
	struct fixture f;
	char nth[16];
	int i, rc = -EIO;

	for (i = 3; rc; i++) {	/* the first two calls open */
		begin(&f, "", "/rtc@9010000");
		snprintf(nth, sizeof(nth), "%d", i);
		setenv("XLPT_REPLAY_FAIL", nth, 1);
		rc = claim(&f, A);
		unsetenv("XLPT_REPLAY_FAIL");
		if (rc)
			assert_true(said(&f, "xen-failed", "cannot claim"));
		assert_records(&f, rc ? "" : A);
		end(&f);
		assert_true(i < 100);
	}
	assert_true(i > 6);
}

/* Alive, ended and not waited for, gone, and another one with its number. */
static void test_creator(void **state)
{
	struct creator creator, other;
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(0);
	}
	assert_int_equal(creator_self(&creator), 0);
	assert_true(creator_alive(&creator));
	other = creator;
	other.started++;
	assert_false(creator_alive(&other));

	other = (struct creator){ .pid = pid };
	assert_int_equal(creator_start(pid, &other.started), 0);
	assert_true(creator_alive(&other));
	kill(pid, SIGKILL);
	while (creator_alive(&other))
		usleep(1000);
	waitpid(pid, NULL, 0);
	assert_false(creator_alive(&other));
	assert_false(creator_alive(&(struct creator){ 0 }));
}

/* What xl leaves behind to watch a guest has the variable in its environment. */
static pid_t begin_monitor(const char *uuid)
{
	pid_t pid = fork();
	int tries;

	if (!pid) {
		setenv(XLPT_CREATOR_VARIABLE, uuid, 1);
		execlp("sleep", "sleep", "60", NULL);
		_exit(127);
	}
	for (tries = 0; tries < 1000 && !creator_left_monitor(uuid); tries++)
		usleep(10000);
	assert_true(tries < 1000);
	return pid;
}

static void end_monitor(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_monitor(void **state)
{
	pid_t pid;

	assert_false(creator_left_monitor(B));
	pid = begin_monitor(B);
	assert_false(creator_left_monitor(A));
	end_monitor(pid);
	assert_false(creator_left_monitor(B));
}

/* One process made two guests and ended: the monitor of the one speaks for that one alone. */
static void test_two_of_one_creator(void **state)
{
	pid_t pid = begin_monitor(B);
	struct fixture f;

	begin(&f, "store " RECORDS_PATH "/" A "/0 name one\\ncreator 1 1\\ndevice /rtc@9020000\\nirq 35\\n\n"
		  "store " RECORDS_PATH "/" B "/0 name two\\ncreator 1 1\\ndevice /rtc@9010000\\nirq 34\\n\n",
	      "/rtc@9010000");
	assert_int_equal(claim(&f, C), -EBUSY);
	assert_true(said(&f, "device-busy", "guest 'two'"));
	end_monitor(pid);
	assert_int_equal(claim(&f, C), 0);
	assert_records(&f, C);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_second),
		cmocka_unit_test(test_uuid),
		cmocka_unit_test(test_sweep),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_own_dtdev),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_creator),
		cmocka_unit_test(test_monitor),
		cmocka_unit_test(test_two_of_one_creator),
	};
	int fd = mkstemp(script), failed;

	if (fd < 0)
		return 99;
	close(fd);
	setenv("XLPT_REPLAY", script, 1);
	failed = cmocka_run_group_tests_name("claim", tests, NULL, NULL);
	unlink(script);
	return failed;
}
