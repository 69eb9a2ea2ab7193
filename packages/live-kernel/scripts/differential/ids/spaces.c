/* Watch descriptors, System V IPC and pseudoterminals: spaces that one process can play. */
#include "driver.h"
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#define SETNEXTWD _IOW('I', 0, int32_t)
#define PTS "/dev/pts"

/* ---- inotify watch descriptors ---- */

static int inotify_fd, memfd[MOST], watch_of[MOST];

static long begin_wd(const struct space *space, long limit)
{
	(void)space;
	if (own_user)
		write_number("/proc/sys/user/max_inotify_watches", limit < 0 ? INT_MAX : limit);
	inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (inotify_fd < 0)
		return -errno;
	memset(watch_of, 0, sizeof watch_of);
	return 0;
}

/* Watches a file that has no watch yet. */
static long add_watch(void)
{
	char path[64];
	int i = 0;
	while (i < MOST && watch_of[i] != 0)
		i++;
	if (i == MOST)
		return -ENFILE;
	snprintf(path, sizeof path, "/proc/self/fd/%d", memfd[i]);
	long wd = result_of(inotify_add_watch(inotify_fd, path, IN_ATTRIB));
	if (wd > 0)
		watch_of[i] = wd;
	return wd;
}

static long play_wd(const struct step *step)
{
	if (is(step, "add"))
		return add_watch();
	if (is(step, "next"))
		return result_of(ioctl(inotify_fd, SETNEXTWD, step->a));
	if (!is(step, "remove"))
		return unknown(step);
	long result = result_of(inotify_rm_watch(inotify_fd, step->a));
	for (int i = 0; result == 0 && i < MOST; i++)
		if (watch_of[i] == step->a)
			watch_of[i] = 0;
	return result;
}

static void end_wd(void)
{
	close(inotify_fd);
}

static const char *try_wd(const struct space *space)
{
	for (int i = 0; i < MOST; i++) {
		memfd[i] = memfd_create("watched", MFD_CLOEXEC);
		if (memfd[i] < 0)
			return strerror(errno);
	}
	if (begin_wd(space, -1) < 0)
		return strerror(errno);
	const char *why = ioctl(inotify_fd, SETNEXTWD, 1) < 0 ? "the kernel has no INOTIFY_IOC_SETNEXTWD" : NULL;
	end_wd();
	return why;
}

const struct space WATCHES = { "inotify", try_wd, begin_wd, play_wd, end_wd };

/* ---- System V IPC ---- */

static const char *kind; /* shm, sem or msg */
static char next_id[64];

static long begin_sysv(const struct space *space, long limit)
{
	char path[64], text[64];
	kind = space->name;
	if (unshare(CLONE_NEWIPC) < 0)
		return -errno;
	snprintf(next_id, sizeof next_id, "/proc/sys/kernel/%s_next_id", kind);
	if (limit < 0)
		return 0;
	snprintf(path, sizeof path, "/proc/sys/kernel/%s", kind[1] == 'h' ? "shmmni" : kind[1] == 'e' ? "sem" : "msgmni");
	snprintf(text, sizeof text, kind[1] == 'e' ? "32000 1024000000 500 %ld" : "%ld", limit);
	return write_text(path, text);
}

static long create_object(void)
{
	switch (kind[1]) {
	case 'h':
		return result_of(shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600));
	case 'e':
		return result_of(semget(IPC_PRIVATE, 1, IPC_CREAT | 0600));
	default:
		return result_of(msgget(IPC_PRIVATE, IPC_CREAT | 0600));
	}
}

static long remove_object(int id)
{
	switch (kind[1]) {
	case 'h':
		return result_of(shmctl(id, IPC_RMID, NULL));
	case 'e':
		return result_of(semctl(id, 0, IPC_RMID));
	default:
		return result_of(msgctl(id, IPC_RMID, NULL));
	}
}

static long play_sysv(const struct step *step)
{
	if (is(step, "create"))
		return create_object();
	if (is(step, "remove"))
		return remove_object(step->a);
	if (is(step, "next"))
		return write_number(next_id, step->a);
	return is(step, "read") ? read_number(next_id) : unknown(step);
}

/* The next script's namespace replaces this one's. */
static void end_sysv(void)
{
}

static const char *try_sysv(const struct space *space)
{
	long result = begin_sysv(space, -1);
	if (result == 0)
		result = write_number(next_id, 0);
	return result == 0 ? NULL : strerror(-result);
}

const struct space SHM = { "shm", try_sysv, begin_sysv, play_sysv, end_sysv };
const struct space SEM = { "sem", try_sysv, begin_sysv, play_sysv, end_sysv };
const struct space MSG = { "msg", try_sysv, begin_sysv, play_sysv, end_sysv };

/* ---- pseudoterminals ---- */

static int master[MOST]; /* by index; -1: not open */

static long mount_pts(long limit)
{
	char options[64];
	snprintf(options, sizeof options, limit < 0 ? "newinstance,ptmxmode=0666" : "newinstance,ptmxmode=0666,max=%ld", limit);
	return mount("devpts", PTS, "devpts", MS_NOSUID | MS_NOEXEC, options);
}

static long begin_pty(const struct space *space, long limit)
{
	(void)space;
	memset(master, -1, sizeof master);
	return result_of(mount_pts(limit));
}

static long play_pty(const struct step *step)
{
	if (is(step, "open")) {
		unsigned index;
		int fd = open(PTS "/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (fd < 0)
			return -errno;
		if (ioctl(fd, TIOCGPTN, &index) < 0 || index >= MOST)
			die("TIOCGPTN");
		master[index] = fd;
		return index;
	}
	if (!is(step, "close"))
		return unknown(step);
	if (step->a < 0 || step->a >= MOST || master[step->a] < 0)
		return 0;
	close(master[step->a]);
	master[step->a] = -1;
	return 1;
}

static void end_pty(void)
{
	for (int i = 0; i < MOST; i++)
		if (master[i] >= 0)
			close(master[i]);
	if (umount2(PTS, MNT_DETACH) < 0)
		die("umount devpts");
}

static const char *try_pty(const struct space *space)
{
	(void)space;
	if (mount_pts(-1) < 0)
		return strerror(errno);
	umount2(PTS, MNT_DETACH);
	return NULL;
}

const struct space PTYS = { "pty", try_pty, begin_pty, play_pty, end_pty };
