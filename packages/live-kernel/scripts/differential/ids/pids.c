/* Numbers of processes and threads: each script has a PID namespace of its own, and a first process that waits for all others. */
#include "driver.h"
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define WAIT_SECONDS 20
#define STACK 32768

/* A process or thread of the script, and the letter box at which it waits. Only one acts at a time. */
struct task {
	int tid, pid; /* in its namespace; 0: unused */
	uint32_t turn; /* 0: it waits; 1: it has a request; 2: it has answered */
	struct step request;
	int slot; /* where its child is to live */
	long answer;
};

static struct task *task; /* shared by all processes */
static char stacks[MOST][STACK] __attribute__((aligned(16)));
static int init_pid; /* as the driver sees it */

static void await(uint32_t *word, uint32_t wanted)
{
	struct timespec patience = { .tv_sec = WAIT_SECONDS }, *limit = wanted == 2 ? &patience : NULL;
	uint32_t now;
	while ((now = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != wanted)
		if (syscall(SYS_futex, word, FUTEX_WAIT, now, limit, NULL, 0) < 0 && errno == ETIMEDOUT)
			die("a process of the script does not answer");
}

static void set(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void serve(struct task *me);

/* clone3 for a thread: it begins on a stack of its own, in serve(). */
static long clone_thread(struct clone_args *args, struct task *child)
{
#ifdef __x86_64__
	long result = SYS_clone3;
	register void *own asm("r12") = child;
	register void (*body)(struct task *) asm("r13") = serve;
	asm volatile("syscall\n\t"
		     "test %%rax, %%rax\n\t"
		     "jnz 1f\n\t"
		     "xor %%ebp, %%ebp\n\t"
		     "mov %%r12, %%rdi\n\t"
		     "call *%%r13\n\t"
		     "1:"
		     : "+a"(result)
		     : "D"(args), "S"(sizeof *args), "r"(own), "r"(body)
		     : "rcx", "r11", "memory");
	return result;
#else
	(void)args, (void)child;
	return -ENOSYS;
#endif
}

static long start_task(struct task *me, const struct step *step)
{
	int is_thread = is(step, "thread"), slot = me->slot, ask = step->b;
	struct clone_args args = {
		/* Every process is a child of the first one, which waits for all of them. */
		.flags = is_thread ? CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM
			: me->pid == 1 ? 0 : CLONE_PARENT,
		.exit_signal = is_thread || me->pid != 1 ? 0 : SIGCHLD,
		.set_tid = step->count > 1 ? (uintptr_t)&ask : 0,
		.set_tid_size = step->count > 1,
	};
	if (is_thread) {
		args.stack = (uintptr_t)stacks[slot];
		args.stack_size = STACK;
		return clone_thread(&args, &task[slot]);
	}
	long child = syscall(SYS_clone3, &args, sizeof args);
	if (child != 0)
		return result_of(child);
	serve(&task[slot]);
	_exit(0);
}

/* Waits until a number is free again: a thread gives its own back after everything else of it is gone. Only asking tells. */
static long await_free(int number)
{
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&number, .set_tid_size = 1 };
	for (int tries = 0; tries < 100000; tries++) {
		long child = syscall(SYS_clone3, &args, sizeof args);
		if (child == 0)
			_exit(0);
		if (child > 0)
			return waitpid(child, NULL, 0) == child ? 0 : -errno;
		if (errno != EEXIST)
			return -errno;
		sched_yield();
	}
	return -ETIMEDOUT;
}

static long act(struct task *me, const struct step *step)
{
	siginfo_t info;
	if (is(step, "fork") || is(step, "thread"))
		return start_task(me, step);
	if (is(step, "setsid"))
		return result_of(setsid());
	if (is(step, "setpgid"))
		return result_of(setpgid(0, step->b));
	if (is(step, "exit"))
		syscall(SYS_exit_group, 0);
	if (is(step, "exitthread")) {
		set(&me->turn, 2); /* now: afterwards its letter box is another's */
		syscall(SYS_exit, 0);
	}
	if (is(step, "zombie"))
		return result_of(waitid(P_PID, step->a, &info, WEXITED | WNOWAIT));
	if (is(step, "reap"))
		return result_of(waitpid(step->a, NULL, WNOHANG));
	if (is(step, "free"))
		return await_free(step->a);
	if (is(step, "last"))
		return write_number("/proc/sys/kernel/ns_last_pid", step->a);
	if (is(step, "lastpid"))
		return read_number("/proc/sys/kernel/ns_last_pid");
	if (is(step, "max"))
		return write_number("/proc/sys/kernel/pid_max", step->a);
	return unknown(step);
}

static void serve(struct task *me)
{
	for (;;) {
		await(&me->turn, 1);
		me->answer = act(me, &me->request);
		set(&me->turn, 2);
	}
}

static long request(struct task *who, const struct step *step)
{
	who->request = *step;
	set(&who->turn, 1);
	await(&who->turn, 2);
	__atomic_store_n(&who->turn, 0, __ATOMIC_RELEASE);
	return who->answer;
}

static long request_init(const char *op, long a)
{
	struct step step = { .count = 1, .a = a };
	strcpy(step.op, op);
	return request(&task[0], &step);
}

static struct task *task_of(int tid)
{
	for (int i = 0; i < MOST; i++)
		if (task[i].tid == tid)
			return &task[i];
	return NULL;
}

static long begin_pid(const struct space *space, long limit)
{
	(void)space;
	struct clone_args args = { .flags = CLONE_NEWPID, .exit_signal = SIGCHLD };
	memset(task, 0, MOST * sizeof *task);
	task[0].tid = task[0].pid = 1;
	init_pid = syscall(SYS_clone3, &args, sizeof args);
	if (init_pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setsid();
		serve(&task[0]);
	}
	if (init_pid < 0)
		return -errno;
	return limit < 0 ? 0 : request_init("max", limit);
}

static long new_task(struct task *by, const struct step *step)
{
	int slot = 0;
	while (slot < MOST && task[slot].tid != 0)
		slot++;
	if (slot == MOST)
		return -ENFILE;
	by->slot = slot;
	long tid = request(by, step);
	if (tid > 0) {
		task[slot].tid = tid;
		task[slot].pid = is(step, "thread") ? by->pid : tid;
	}
	return tid;
}

/* Ends a process or one thread, and waits until that is all over. */
static long end_task(struct task *who, const struct step *step)
{
	int pid = who->pid, whole = is(step, "exit");
	if (whole) {
		who->request = *step;
		set(&who->turn, 1);
		request_init("zombie", pid);
	} else {
		request(who, step);
	}
	for (int i = 0; i < MOST; i++) {
		struct task *gone = &task[i];
		if (whole ? gone->pid != pid : gone != who)
			continue;
		int tid = gone->tid;
		memset(gone, 0, sizeof *gone);
		long result = tid == pid || tid == 0 ? 0 : request_init("free", tid);
		if (result < 0)
			return result;
	}
	return 0;
}

static long play_pid(const struct step *step)
{
	if (is(step, "reap") || is(step, "last") || is(step, "lastpid"))
		return request_init(step->op, step->a);
	struct task *who = task_of(step->a);
	if (who == NULL)
		return -ESRCH;
	if (is(step, "exit") || is(step, "exitthread"))
		return end_task(who, step);
	return is(step, "fork") || is(step, "thread") ? new_task(who, step) : request(who, step);
}

static void end_pid(void)
{
	kill(init_pid, SIGKILL);
	waitpid(init_pid, NULL, 0);
}

static const char *try_pid(const struct space *space)
{
#ifndef __x86_64__
	(void)space;
	return "threads are asked for on x86-64 only";
#endif
	struct step ask = { .op = "fork", .count = 2, .a = 1, .b = 50 };
	task = mmap(NULL, MOST * sizeof *task, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (task == MAP_FAILED)
		return strerror(errno);
	long result = begin_pid(space, -1);
	if (result < 0)
		return strerror(-result);
	if ((result = play_pid(&ask)) == 50 && (result = request_init("last", 100)) == 0)
		result = request_init("max", 400);
	end_pid();
	/* Until Linux 6.13 all namespaces had one pid_max: a script would lower the machine's. */
	return result < 0 ? strerror(-result) : read_number("/proc/sys/kernel/pid_max") == 400 ? "pid_max is the machine's" : NULL;
}

const struct space PIDS = { "pids", try_pid, begin_pid, play_pid, end_pid };
