/*
 * Restores POSIX timers in child processes of this program by the planned calls, and verifies them.
 *
 * `idspace plan --emit c` writes this file with the tables of a plan in place of those between the two marks, and a comment of its own in
 * place of this one. As it stands it restores one process: timers 3 and 5, by create and delete.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef PR_TIMER_CREATE_RESTORE_IDS
#define PR_TIMER_CREATE_RESTORE_IDS 77
#endif
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid /* the GNU C library has no name for it */
#endif

/* The C library hands out timer numbers of its own: these calls go past it. IDs are ints. */
struct timer {
	int id;
	int clock;
	int notify; /* SIGEV_SIGNAL 0, SIGEV_NONE 1, SIGEV_THREAD 2, SIGEV_THREAD_ID 4 (this program's thread) */
	int signo;
	unsigned long long sival;
	struct itimerspec setting;
	const char *substitute; /* what differs from the checkpoint, or NULL */
};

enum op { RESTORE_MODE, DANCE, CREATE, DELETE };

/* RESTORE_MODE: first 1 on, 0 off. DANCE: count pairs, IDs from first on. CREATE: one timer, ID first. DELETE: count IDs from first on. */
struct step {
	enum op op;
	int timer;
	int first;
	long long count;
};

struct process {
	int pid;
	const char *plan;
	const struct timer *timers;
	int timer_count;
	const struct step *steps;
	int step_count;
};

/* Tables of a plan. */

static const struct timer timers_0[] = {
	{ 3, 1, 1, 0, 0ULL, { { 0LL, 0 }, { 0LL, 0 } }, NULL },
	{ 5, 1, 1, 0, 7ULL, { { 2LL, 500 }, { 1000LL, 0 } }, NULL },
};

static const struct step steps_0[] = {
	{ DANCE, 0, 0, 3LL },
	{ CREATE, 0, 3, 1 },
	{ DANCE, 1, 4, 1LL },
	{ CREATE, 1, 5, 1 },
};

static const struct process processes[] = {
	{ 1, "2 timers by create and delete", timers_0, 2, steps_0, 4 },
};

/* End of the tables. */

enum { VERIFIED = 0, DIFFERS = 1, CANNOT = 2, STOPPED = 130 };

static volatile sig_atomic_t stopped;

static void stop(int signo)
{
	(void)signo;
	stopped = 1;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Returns the ID or -errno. In restore mode the kernel reads the wanted ID from where it writes the result. */
static int create(const struct timer *timer)
{
	struct sigevent event;
	int id = timer->id;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = timer->notify;
	event.sigev_signo = timer->signo;
	memcpy(&event.sigev_value, &timer->sival, sizeof(event.sigev_value));
	event.sigev_notify_thread_id = (int)syscall(SYS_gettid);
	return syscall(SYS_timer_create, timer->clock, &event, &id) == 0 ? id : -errno;
}

static int delete(int id)
{
	return syscall(SYS_timer_delete, id) == 0 ? 0 : -errno;
}

static int differs(const char *call, int wanted, int got)
{
	if (got < 0)
		printf("  DIFFERS: %s, ID %d: %s\n", call, wanted, strerror(-got));
	else
		printf("  DIFFERS: %s gave ID %d, expected %d\n", call, got, wanted);
	return DIFFERS;
}

static int restore_mode(int on)
{
	if (prctl(PR_TIMER_CREATE_RESTORE_IDS, on, 0, 0, 0) == 0) {
		printf("  restore mode %s\n", on ? "on" : "off");
		return VERIFIED;
	}
	printf("  prctl(PR_TIMER_CREATE_RESTORE_IDS): %s: this kernel has no restore mode (Linux 6.15 has)\n", strerror(errno));
	return CANNOT;
}

static void show_progress(const struct step *step, long long done, double started)
{
	double seconds = now() - started;
	double left = seconds / (double)done * (double)(step->count - done);

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r  %5.1f %%, ID %lld, %.0f s to go   ", 100.0 * (double)done / (double)step->count,
			step->first + done, left);
}

static int dance(const struct timer *timer, const struct step *step)
{
	double started = now();
	long long done;

	for (done = 0; done < step->count; done++) {
		int wanted = (int)(step->first + done);
		int got = create(timer);
		int result;

		if (got != wanted)
			return differs("timer_create", wanted, got);
		result = delete(got);
		if (result != 0)
			return differs("timer_delete", got, result);
		if (stopped) {
			printf("  stopped at ID %d\n", got);
			return STOPPED;
		}
		if ((done & 0xfffff) == 0xfffff)
			show_progress(step, done + 1, started);
	}
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%60s\r", "");
	printf("  %lld create+delete pairs to reach ID %d: %.3f s\n", done, timer->id, now() - started);
	return VERIFIED;
}

static int delete_range(const struct step *step)
{
	long long done;

	for (done = 0; done < step->count; done++) {
		int id = (int)(step->first + done);
		int result = delete(id);

		if (result != 0)
			return differs("timer_delete", id, result);
	}
	return VERIFIED;
}

static int play(const struct process *process, const struct step *step)
{
	const struct timer *timer = &process->timers[step->timer];
	int got;

	switch (step->op) {
	case RESTORE_MODE:
		return restore_mode(step->first);
	case DANCE:
		return dance(timer, step);
	case CREATE:
		got = create(timer);
		return got == step->first ? VERIFIED : differs("timer_create", step->first, got);
	case DELETE:
		return delete_range(step);
	}
	return DIFFERS;
}

/* timer_create turns the two CPU clocks of the caller into these numbers. */
static int shown_clock(int clock)
{
	return clock == CLOCK_PROCESS_CPUTIME_ID ? -6 : clock == CLOCK_THREAD_CPUTIME_ID ? -2 : clock;
}

/* The kernel lists the newest timer first. */
static int verify_listing(const struct process *process)
{
	FILE *file = fopen("/proc/self/timers", "r");
	int left = process->timer_count;
	int id, signo, clock;
	char value[32];

	if (file == NULL) {
		printf("  /proc/self/timers: %s: listing not verified\n", strerror(errno));
		return VERIFIED;
	}
	while (fscanf(file, " ID: %d signal: %d/%31s notify: %*s ClockID: %d", &id, &signo, value, &clock) == 4) {
		const struct timer *timer = left > 0 ? &process->timers[left - 1] : NULL;

		left--;
		if (timer == NULL || timer->id != id || timer->signo != signo || shown_clock(timer->clock) != clock ||
		    strtoull(value, NULL, 16) != timer->sival) {
			printf("  DIFFERS: /proc/self/timers shows ID %d, signal %d/%s, clock %d\n", id, signo, value, clock);
			left = -1;
			break;
		}
	}
	fclose(file);
	if (left != 0) {
		printf("  DIFFERS: /proc/self/timers does not show the %d timers of the plan\n", process->timer_count);
		return DIFFERS;
	}
	printf("  /proc/self/timers shows %d timers: IDs, signals, values and clocks as planned\n", process->timer_count);
	return VERIFIED;
}

static int is_after(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

/* The time left must not be more than it was set to; what is set to a second and more must be running still. */
static int is_as_set(const struct itimerspec *set, const struct itimerspec *got)
{
	struct timespec most = is_after(set->it_value, set->it_interval) ? set->it_value : set->it_interval;
	int armed = set->it_value.tv_sec != 0 || set->it_value.tv_nsec != 0;

	/* The kernel counts 2^63 ns at most. */
	if (set->it_interval.tv_sec < 9223372036LL &&
	    (set->it_interval.tv_sec != got->it_interval.tv_sec || set->it_interval.tv_nsec != got->it_interval.tv_nsec))
		return 0;
	if (!armed)
		return got->it_value.tv_sec == 0 && got->it_value.tv_nsec == 0;
	if (set->it_value.tv_sec > 1 && got->it_value.tv_sec == 0 && got->it_value.tv_nsec == 0)
		return 0;
	return !is_after(got->it_value, most);
}

/* Arms the timers as they were. All signals are blocked by then: what fires stays pending and ends with the process. */
static int arm(const struct process *process)
{
	int armed = 0;
	int i;

	for (i = 0; i < process->timer_count; i++) {
		const struct timer *timer = &process->timers[i];
		struct itimerspec got;

		if (syscall(SYS_timer_settime, timer->id, 0, &timer->setting, NULL) != 0 ||
		    syscall(SYS_timer_gettime, timer->id, &got) != 0) {
			printf("  DIFFERS: timer %d cannot be set: %s\n", timer->id, strerror(errno));
			return DIFFERS;
		}
		if (!is_as_set(&timer->setting, &got)) {
			printf("  DIFFERS: timer %d was not set as planned\n", timer->id);
			return DIFFERS;
		}
		armed += timer->setting.it_value.tv_sec != 0 || timer->setting.it_value.tv_nsec != 0;
	}
	printf("  timer_gettime: %d armed, %d disarmed, as planned\n", armed, process->timer_count - armed);
	return VERIFIED;
}

static int restore(const struct process *process)
{
	sigset_t all;
	int result = VERIFIED;
	int i;

	printf("process %d: %s\n", process->pid, process->plan);
	for (i = 0; i < process->timer_count; i++)
		if (process->timers[i].substitute != NULL)
			printf("  timer %d: %s\n", process->timers[i].id, process->timers[i].substitute);
	for (i = 0; i < process->step_count && result == VERIFIED; i++)
		result = play(process, &process->steps[i]);
	if (result == VERIFIED) {
		printf("  %d timers made, each under its ID\n", process->timer_count);
		result = verify_listing(process);
	}
	if (result == VERIFIED) {
		sigfillset(&all);
		sigprocmask(SIG_BLOCK, &all, NULL);
		printf("  signals blocked: what the timers send stays pending\n");
		result = arm(process);
	}
	printf("  %s\n", result == VERIFIED ? "verified" : "NOT VERIFIED");
	return result;
}

int main(void)
{
	int count = (int)(sizeof(processes) / sizeof(processes[0]));
	int worst = VERIFIED;
	int i;

	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("A rehearsal: makes the timers in processes of its own and ends with them; nothing is restored.\n");
	for (i = 0; i < count && worst == VERIFIED; i++) {
		int status = 0;
		pid_t child;

		fflush(stdout);
		child = fork(); /* a fresh process counts its IDs from 0 */
		if (child == 0) {
			worst = restore(&processes[i]);
			fflush(stdout);
			_exit(worst);
		}
		if (child < 0) {
			perror("fork");
			return CANNOT;
		}
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		worst = WIFEXITED(status) ? WEXITSTATUS(status) : DIFFERS;
		if (!WIFEXITED(status))
			printf("  NOT VERIFIED: ended by signal %d\n", WTERMSIG(status));
	}
	return worst;
}
