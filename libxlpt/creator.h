/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who makes a guest, and whether he still does: what tells a create in
 * progress, or a guest that is between two of its boots, from one that was
 * killed. Reads /proc.
 */
#ifndef XLPT_CREATOR_H
#define XLPT_CREATOR_H

/* A process, told from a later one with the same number by its start. */
struct creator {
	long pid;			/* 0: none */
	unsigned long long started;	/* field 22 of /proc/PID/stat */
};

/* This process; whatever it will exec stays the same one. */
int creator_self(struct creator *creator_r);
/* When a process started; -ESRCH also for one that has ended and was not waited for. */
int creator_start(long pid, unsigned long long *started_r);
/* 1, 0, or -errno where it cannot be told: what he claimed must not be taken for left behind. */
int creator_alive(const struct creator *creator);

/*
 * Is there a process with XLPT_CREATOR_VARIABLE=uuid in the environment it was
 * started with? xl inherits it, and so does the monitor it leaves behind,
 * which makes the guest anew when that reboots. 1, 0 or -errno, as above.
 */
int creator_left_monitor(const char *uuid);

#endif
