// A small thread pool: each worker gets a CPU timer from the control thread; the pool is torn down and set up again.
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define WORKERS 4
#define ROUNDS 6

static atomic_int stop, started;

static void *work(void *unused)
{
	(void)unused;
	started++;
	while (!stop)
		usleep(200);
	return NULL;
}

static int make_timer(clockid_t clock)
{
	struct sigevent event;
	int id = -1;
	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_NONE;
	if (syscall(SYS_timer_create, clock, &event, &id) != 0)
		return -1;
	return id;
}

static void arm(int id)
{
	struct itimerspec when = { { 0, 0 }, { 5, 0 } };
	struct itimerspec now;
	syscall(SYS_timer_settime, id, 0, &when, NULL);
	syscall(SYS_timer_gettime, id, &now);
	syscall(SYS_timer_getoverrun, id);
}

static void pool(void)
{
	pthread_t threads[WORKERS];
	int timers[WORKERS];
	stop = started = 0;
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	while (started < WORKERS)
		usleep(100);
	for (int i = 0; i < WORKERS; i++) {
		clockid_t clock;
		pthread_getcpuclockid(threads[i], &clock);
		timers[i] = make_timer(clock);
		arm(timers[i]);
	}
	stop = 1;
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < WORKERS; i++)
		syscall(SYS_timer_delete, timers[i]);
}

int main(void)
{
	int kept = make_timer(CLOCK_MONOTONIC);
	for (int round = 0; round < ROUNDS; round++)
		pool();
	if (fork() == 0) {
		make_timer(CLOCK_REALTIME);
		make_timer(CLOCK_REALTIME);
		syscall(SYS_timer_delete, 77);
		_exit(0);
	}
	wait(NULL);
	arm(kept);
	return 0;
}
