/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The distribution's xl, seen from programs that stand before it: the next
 * file of that name on PATH that is not the program itself.
 */
#ifndef XLPT_NEXT_XL_H
#define XLPT_NEXT_XL_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Walk over the candidates, in the absolute entries of PATH. First those
 * behind our own place there: whatever they are, handing over ends at the last
 * one, also between several front ends. Then, once, those before it.
 */
struct next_xl {
	const char *path, *at;
	const char *own;	/* the entry behind our own place, or the first */
	bool wrapped;		/* looking before our own place */
	bool only_later;	/* that was done already, see next_xl_passed_on() */
	bool known;		/* dev and ino are this program's */
	dev_t dev;
	ino_t ino;
	int error;		/* errno of an entry that could not be looked at */
};

void next_xl_begin(struct next_xl *next);
/*
 * malloc'd; NULL: no more. The link itself, not what it points to: Debian's
 * /usr/sbin/xl is a wrapper that goes by its own name.
 */
char *next_xl_candidate(struct next_xl *next);

/*
 * Replace the process by the next xl; argv goes as it is. `final`: a front end
 * that comes first is to pass it on without looking at it. Returns only when
 * there is none, with exit status 127, the reason printed with `self` before it.
 */
int next_xl_exec(const char *self, char *const argv[], bool final);

/* Was this process, by its id, told to pass on by a program of ours before it became this one? */
bool next_xl_passed_on(void);

#endif
