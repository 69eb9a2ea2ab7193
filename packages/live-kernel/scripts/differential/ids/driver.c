/*
 * Plays scripts of calls that hand out IDs on the kernel it runs on: watch descriptors, System V IPC, pseudoterminals,
 * process and thread numbers. It works in user, mount and IPC namespaces of its own, so that nothing outside
 * sees or disturbs it; each script begins with an empty space.
 *
 * First it prints one line for each space: "SPACE ok", or "SPACE" and why it cannot be played; then "limits 1" if limits
 * of the user's can be set, else "limits 0"; then "ready". After that it reads one script per line from stdin and answers
 * with one line of results, one for each step: a number, or -errno.
 *
 *   SPACE LIMIT;STEP;STEP…     LIMIT is -1 for the kernel's own
 *
 *   inotify         add · remove WD · next WD                                   limit: user.max_inotify_watches
 *   shm, sem, msg   create · remove ID · next ID · read (the ID asked for next)   limit: objects
 *   pty             open · close INDEX (1 if it was open)                        limit: mount option max=
 *   pids            fork PID [ASK] · thread PID [ASK] · setsid PID · setpgid PID PGID · exit PID · exitthread TID
 *                   reap PID · last PID · lastpid                                 limit: kernel.pid_max
 */
#include "driver.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#define LINE 65536
#define SPACES (sizeof SPACE / sizeof *SPACE)

static const struct space *const SPACE[] = { &WATCHES, &SHM, &SEM, &MSG, &PTYS, &PIDS };
int own_user;

void die(const char *what)
{
	fprintf(stderr, "driver: %s: %s\n", what, strerror(errno));
	exit(3);
}

long result_of(long value)
{
	return value < 0 ? -errno : value;
}

/* Writes a text to a file of /proc/sys. Returns 0 or -errno. */
long write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	long result = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	close(fd);
	return result;
}

long write_number(const char *path, long number)
{
	char text[32];
	snprintf(text, sizeof text, "%ld", number);
	return write_text(path, text);
}

long read_number(const char *path)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	long got = read(fd, text, sizeof text - 1);
	close(fd);
	return got < 0 ? -errno : atol(text);
}

int is(const struct step *step, const char *op)
{
	return strcmp(step->op, op) == 0;
}

long unknown(const struct step *step)
{
	fprintf(stderr, "driver: there is no step \"%s\" in this space\n", step->op);
	exit(2);
}

static const struct space *space_of(const char *name)
{
	for (size_t i = 0; i < SPACES; i++)
		if (strcmp(SPACE[i]->name, name) == 0)
			return SPACE[i];
	fprintf(stderr, "driver: there is no space \"%s\"\n", name);
	exit(2);
}

static void play_script(char *line)
{
	char *rest = NULL, name[8] = "";
	long limit = -1;
	char *word = strtok_r(line, ";\n", &rest);
	if (word == NULL || sscanf(word, "%7s %ld", name, &limit) != 2)
		exit(2);
	const struct space *space = space_of(name);
	long begun = space->begin(space, limit);
	if (begun < 0) {
		errno = -begun;
		die("a script cannot begin");
	}
	while ((word = strtok_r(NULL, ";\n", &rest)) != NULL) {
		struct step step = { 0 };
		step.count = sscanf(word, "%15s %ld %ld", step.op, &step.a, &step.b) - 1;
		printf("%ld ", space->play(&step));
	}
	printf("\n");
	space->end();
}

static void tell(const char *space, const char *why)
{
	printf("%s %s\n", space, why == NULL ? "ok" : why);
	fflush(stdout); /* before the next fork, which would print it again */
}

/* Moves to namespaces of its own. Returns why that is not allowed, or NULL. */
static const char *leave(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char map[64];
	own_user = unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC) == 0;
	if (own_user) {
		write_text("/proc/self/setgroups", "deny");
		snprintf(map, sizeof map, "0 %u 1", uid);
		write_text("/proc/self/uid_map", map);
		snprintf(map, sizeof map, "0 %u 1", gid);
		write_text("/proc/self/gid_map", map);
	} else if (unshare(CLONE_NEWNS | CLONE_NEWIPC) < 0) {
		return strerror(errno);
	}
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? strerror(errno) : NULL;
}

int main(void)
{
	static char line[LINE];
	const char *why = leave();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < SPACES; i++)
		tell(SPACE[i]->name, why != NULL ? why : SPACE[i]->try(SPACE[i]));
	printf("limits %d\nready\n", own_user);
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL) {
		play_script(line);
		fflush(stdout);
	}
	return 0;
}