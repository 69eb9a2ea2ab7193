/*
 * Plays the steps of a script on the kernel it runs on: processes, threads, users, limits, execve.
 *
 *   driver                    reads one request per line from stdin, answers each with one line on stdout
 *   driver --actor "FD FD FD" what execve starts: goes on as "exec", with the ends of exec, child and grandchild
 *
 * Requests:  begin UID        a fresh process, "main", whose user is UID (charged for nothing else); answers its pid
 *            WHO STEP…        a step; answers a JSON object in the form of the recordings
 *            end              ends every process of the script; answers "ended"
 * Steps:     create CLOCK SIGEVENT POINTER ID, with SIGEVENT: null | bad | NOTIFY,SIGNO,self|leader|other|0
 *            delete ID · gettime ID · getoverrun ID · settime ID FLAGS VALUE_MS INTERVAL_MS · pairs COUNT
 *            prctl ARG2 ARG3 ARG4 ARG5 · setrlimit N · setuid UID · read
 *            fork INDEX · waitpid · thread · join · exec · exit
 *
 * Each actor is a process or thread that waits at a socket of its own, made before any of them: the driver passes a step
 * to the actor it is for, and the answer on. Every signal but SIGCHLD is blocked, so that no timer does harm and no child's exit
 * leaves a charge.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RESTORE_IDS 77
#define SIGVAL 0x5a5a
#define FOREIGN_TID 1
#define LINE 65536

static const char *const NAMES[] = { "main", "thread1", "child", "grandchild", "exec" };
enum { MAIN, THREAD1, CHILD, GRANDCHILD, EXEC, ACTORS };

/* For each actor: where the driver writes steps and reads answers, and the actor's end. */
static int driver_end[ACTORS], actor_end[ACTORS];
static const char *program;
/* The thread of this process. */
static pthread_t thread;
/* A page that can be read but not written, and one that can be neither. */
static int *read_only;
static void *unmapped;

static void die(const char *what)
{
	fprintf(stderr, "driver: %s: %s\n", what, strerror(errno));
	exit(3);
}

static const char *errno_name(int error)
{
	const char *name = strerrorname_np(error);
	return error == EOPNOTSUPP ? "EOPNOTSUPP" : name ? name : "unknown";
}

/* One answer, one line. */
static void answer(int fd, const char *format, ...)
{
	char line[LINE];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line - 1, format, arguments);
	va_end(arguments);
	line[length++] = '\n';
	if (write(fd, line, length) != length)
		die("answer");
}

static void answer_result(int fd, long result)
{
	if (result < 0)
		answer(fd, "{\"ret\":-1,\"errno\":\"%s\"}", errno_name(errno));
	else
		answer(fd, "{\"ret\":%ld}", result);
}

static void make_pages(void)
{
	long size = sysconf(_SC_PAGESIZE);
	read_only = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unmapped = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (read_only == MAP_FAILED || unmapped == MAP_FAILED)
		die("mmap");
}

static void write_read_only(int value)
{
	long size = sysconf(_SC_PAGESIZE);
	if (mprotect(read_only, size, PROT_READ | PROT_WRITE) != 0)
		die("mprotect");
	*read_only = value;
	if (mprotect(read_only, size, PROT_READ) != 0)
		die("mprotect");
}

static void create(int fd, char *save)
{
	int clock = atoi(strtok_r(NULL, " ", &save));
	char *how = strtok_r(NULL, " ", &save);
	char *pointer = strtok_r(NULL, " ", &save);
	int wanted = atoi(strtok_r(NULL, " ", &save));
	struct sigevent event;
	void *event_pointer = &event;
	memset(&event, 0, sizeof event);
	if (strcmp(how, "null") == 0) {
		event_pointer = NULL;
	} else if (strcmp(how, "bad") == 0) {
		event_pointer = unmapped;
	} else {
		char whom[16] = "0";
		if (sscanf(how, "%d,%d,%15s", &event.sigev_notify, &event.sigev_signo, whom) != 3)
			die("sigevent");
		event.sigev_value.sival_ptr = (void *)SIGVAL;
		int tid = strcmp(whom, "self") == 0 ? (int)syscall(SYS_gettid)
			: strcmp(whom, "leader") == 0 ? getpid()
			: strcmp(whom, "other") == 0 ? FOREIGN_TID : 0;
		memcpy((char *)&event + 16, &tid, sizeof tid);
	}
	int buffer[2] = { wanted, 0 };
	void *id = buffer;
	if (strcmp(pointer, "NULL") == 0)
		id = NULL;
	else if (strcmp(pointer, "unmapped") == 0)
		id = unmapped;
	else if (strcmp(pointer, "read-only") == 0)
		write_read_only(wanted), id = read_only;
	if (syscall(SYS_timer_create, clock, event_pointer, id) == 0) {
		answer(fd, "{\"ret\":0,\"id\":%d}", buffer[0]);
		return;
	}
	const char *error = errno_name(errno);
	if (buffer[0] == wanted)
		answer(fd, "{\"ret\":-1,\"errno\":\"%s\",\"id_buf_after\":\"unchanged\"}", error);
	else
		answer(fd, "{\"ret\":-1,\"errno\":\"%s\",\"id_buf_after\":%d}", error, buffer[0]);
}

static struct timespec of_ms(long long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
	return time;
}

static void settime(int fd, char *save)
{
	int id = atoi(strtok_r(NULL, " ", &save));
	int flags = atoi(strtok_r(NULL, " ", &save));
	struct itimerspec setting;
	setting.it_value = of_ms(atoll(strtok_r(NULL, " ", &save)));
	setting.it_interval = of_ms(atoll(strtok_r(NULL, " ", &save)));
	answer_result(fd, syscall(SYS_timer_settime, id, flags, &setting, NULL));
}

static void gettime(int fd, int id)
{
	struct itimerspec now;
	if (syscall(SYS_timer_gettime, id, &now) != 0) {
		answer_result(fd, -1);
		return;
	}
	int armed = now.it_value.tv_sec != 0 || now.it_value.tv_nsec != 0;
	long long interval = now.it_interval.tv_sec * 1000000000LL + now.it_interval.tv_nsec;
	answer(fd, "{\"ret\":0,\"armed\":%s,\"interval_ns\":%lld}", armed ? "true" : "false", interval);
}

static void pairs(int fd, int count)
{
	int last = -1, failures = 0;
	for (int i = 0; i < count; i++) {
		struct sigevent none = { .sigev_notify = SIGEV_NONE };
		int id = -1;
		if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &none, &id) != 0 || syscall(SYS_timer_delete, id) != 0)
			failures++;
		else
			last = id;
	}
	answer(fd, "{\"last_id\":%d,\"failures\":%d}", last, failures);
}

/* The list of timers, with the line breaks as JSON writes them. */
static void read_list(int fd)
{
	char text[LINE / 4], json[LINE / 2];
	int list = open("/proc/self/timers", O_RDONLY);
	if (list < 0)
		die("/proc/self/timers");
	size_t length = 0, written = 0;
	for (ssize_t got; (got = read(list, text + length, sizeof text - length)) > 0;)
		length += got;
	close(list);
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			json[written++] = '\\';
		json[written++] = text[i] == '\n' ? 'n' : text[i];
	}
	json[written] = 0;
	answer(fd, "{\"pid\":%d,\"text\":\"%s\"}", getpid(), json);
}

static void *act(void *fd);

static void fork_actor(int fd, char *save)
{
	int who = atoi(strtok_r(NULL, " ", &save));
	pid_t child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		act((void *)(long)actor_end[who]);
		_exit(0);
	}
	answer(fd, "{\"ret\":0}");
}

static void wait_child(int fd)
{
	int status = -1;
	if (waitpid(-1, &status, 0) < 0) /* the one child; who calls may have been replaced by execve since */
		die("waitpid");
	answer(fd, "{\"ret\":0,\"status\":%d}", status);
}

static void execute(void)
{
	char ends[64];
	snprintf(ends, sizeof ends, "%d %d %d", actor_end[EXEC], actor_end[CHILD], actor_end[GRANDCHILD]);
	execl("/proc/self/exe", program, "--actor", ends, (char *)NULL);
	die("execve");
}

/* Takes one step; returns 0 when the actor is to end. */
static int take(int fd, char *line)
{
	char *save = NULL;
	char *op = strtok_r(line, " \n", &save);
	if (op == NULL)
		die("empty step");
	if (strcmp(op, "exit") == 0)
		return 0;
	if (strcmp(op, "create") == 0)
		create(fd, save);
	else if (strcmp(op, "delete") == 0)
		answer_result(fd, syscall(SYS_timer_delete, atoi(save)));
	else if (strcmp(op, "getoverrun") == 0)
		answer_result(fd, syscall(SYS_timer_getoverrun, atoi(save)));
	else if (strcmp(op, "gettime") == 0)
		gettime(fd, atoi(save));
	else if (strcmp(op, "settime") == 0)
		settime(fd, save);
	else if (strcmp(op, "pairs") == 0)
		pairs(fd, atoi(save));
	else if (strcmp(op, "prctl") == 0) {
		long arg[4];
		for (int i = 0; i < 4; i++)
			arg[i] = strtol(save, &save, 10);
		answer_result(fd, prctl(RESTORE_IDS, arg[0], arg[1], arg[2], arg[3]));
	} else if (strcmp(op, "setrlimit") == 0) {
		struct rlimit limit;
		getrlimit(RLIMIT_SIGPENDING, &limit); /* the hard limit stays: raising it takes a privilege */
		limit.rlim_cur = strtoul(save, NULL, 10);
		answer_result(fd, setrlimit(RLIMIT_SIGPENDING, &limit));
	} else if (strcmp(op, "setuid") == 0)
		answer_result(fd, setresuid(atoi(save), 0, 0)); /* the real user pays, the effective one may change it again */
	else if (strcmp(op, "read") == 0)
		read_list(fd);
	else if (strcmp(op, "fork") == 0)
		fork_actor(fd, save);
	else if (strcmp(op, "waitpid") == 0)
		wait_child(fd);
	else if (strcmp(op, "thread") == 0) {
		errno = pthread_create(&thread, NULL, act, (void *)(long)actor_end[THREAD1]);
		answer_result(fd, errno == 0 ? 0 : -1);
	} else if (strcmp(op, "join") == 0) {
		errno = pthread_join(thread, NULL);
		answer_result(fd, errno == 0 ? 0 : -1);
	} else if (strcmp(op, "exec") == 0)
		execute();
	else
		die(op);
	return 1;
}

/* An actor: steps come one by one, each a line no longer than a packet. */
static void *act(void *end)
{
	int fd = (int)(long)end;
	char line[512];
	for (ssize_t got; (got = read(fd, line, sizeof line - 1)) > 0;) {
		line[got] = 0;
		if (!take(fd, line))
			return NULL;
	}
	return NULL;
}

/* Starts main in a process group of its own, which `end` kills. */
static pid_t begin(uid_t uid)
{
	for (int i = 0; i < ACTORS; i++) {
		int ends[2];
		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
			die("socketpair");
		driver_end[i] = ends[0];
		actor_end[i] = ends[1];
		fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	}
	pid_t main_pid = fork();
	if (main_pid < 0)
		die("fork");
	if (main_pid == 0) {
		setpgid(0, 0);
		if (uid != 0 && setresuid(uid, 0, 0) != 0)
			die("setresuid");
		make_pages();
		act((void *)(long)actor_end[MAIN]);
		_exit(0);
	}
	setpgid(main_pid, main_pid);
	return main_pid;
}

static void end(pid_t main_pid)
{
	kill(-main_pid, SIGKILL);
	for (int i = 0; i < ACTORS; i++)
		close(driver_end[i]), close(actor_end[i]);
	waitpid(main_pid, NULL, 0);
}

static int actor_of(const char *name)
{
	for (int i = 0; i < ACTORS; i++)
		if (strcmp(NAMES[i], name) == 0)
			return i;
	die(name);
	return -1;
}

static void send_step(int who, const char *step)
{
	if (write(driver_end[who], step, strlen(step)) < 0)
		die("send");
}

/* Passes a step on. Who is to end is told first; what execve answers comes from what it started. */
static void direct(int who, const char *step)
{
	char line[LINE];
	int from = who;
	if (strncmp(step, "waitpid", 7) == 0)
		send_step(who == CHILD ? GRANDCHILD : CHILD, "exit");
	if (strncmp(step, "join", 4) == 0)
		send_step(THREAD1, "exit");
	if (strncmp(step, "exec", 4) == 0)
		from = EXEC;
	send_step(who, step);
	ssize_t got = read(driver_end[from], line, sizeof line - 1);
	if (got <= 0)
		die("an actor is gone");
	line[got] = 0;
	fputs(line, stdout);
}

int main(int count, char **arguments)
{
	sigset_t all;
	sigfillset(&all);
	sigdelset(&all, SIGCHLD);
	sigprocmask(SIG_BLOCK, &all, NULL);
	program = arguments[0];
	if (count == 3 && strcmp(arguments[1], "--actor") == 0) {
		char *ends = arguments[2];
		actor_end[EXEC] = strtol(ends, &ends, 10);
		actor_end[CHILD] = strtol(ends, &ends, 10);
		actor_end[GRANDCHILD] = strtol(ends, &ends, 10);
		make_pages();
		answer(actor_end[EXEC], "{\"ret\":0}");
		act((void *)(long)actor_end[EXEC]);
		return 0;
	}
	char line[512];
	pid_t main_pid = 0;
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = 0;
		if (strncmp(line, "begin ", 6) == 0) {
			main_pid = begin(atoi(line + 6));
			printf("%d\n", main_pid);
		} else if (strcmp(line, "end") == 0) {
			end(main_pid);
			puts("ended");
		} else {
			char *step = strchr(line, ' ');
			if (step == NULL)
				die("request");
			*step = 0;
			direct(actor_of(line), step + 1);
		}
		fflush(stdout);
	}
	return 0;
}
