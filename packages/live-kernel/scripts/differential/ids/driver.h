/* What the parts of the driver share. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 256 /* objects alive at a time */

/* A step of a script: a word and up to two numbers. */
struct step {
	char op[16];
	int count; /* numbers given */
	long a, b;
};

/* An ID space. */
struct space {
	const char *name;
	/* Returns why it cannot be played here, or NULL. */
	const char *(*try)(const struct space *space);
	/* Makes it empty, with a limit on what it hands out; -1 is the kernel's own. Returns 0 or -errno. */
	long (*begin)(const struct space *space, long limit);
	/* Makes a step. Returns its result or -errno. */
	long (*play)(const struct step *step);
	void (*end)(void);
};

extern const struct space WATCHES, SHM, SEM, MSG, PTYS, PIDS;
/* The driver is in a user namespace of its own, so that limits of the user's are its own, too. */
extern int own_user;

void die(const char *what);
int is(const struct step *step, const char *op);
long unknown(const struct step *step);
/* A call's result, or -errno. */
long result_of(long value);
/* Write and read a file of /proc/sys. Return 0 or the number, or -errno. */
long write_text(const char *path, const char *text);
long write_number(const char *path, long number);
long read_number(const char *path);
