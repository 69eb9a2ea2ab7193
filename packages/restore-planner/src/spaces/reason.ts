// Why a restore does not simply succeed: a stable code, the IDs, one sentence, CRIU's words, and a way out.
import type { Outcome } from '../outcome.ts';
import type { SpaceName } from './space-name.ts';

/** What each code means. Codes are stable; new ones may come. */
export const REASON_CODES = {
  'pid-taken': 'a process ID of the checkpoint is in use on the target',
  'helper-taken':
    'a number that CRIU needs for a helper process (a dead session or group leader, or one that it makes up) is in use',
  'tid-taken': 'a thread ID is in use on the target',
  'criu-in-the-way': 'CRIU itself, or its session, has a number that the checkpoint needs',
  'pid-limit': "a process ID is not below the target's pid_max, and CRIU does not raise it",
  'tid-limit': "a thread ID is not below the target's pid_max; CRIU does not look at threads when it raises the limit",
  'shell-job-number': "with --shell-job: the number of CRIU's session is in the checkpoint",
  'shell-job-unknown': 'the root process leads no session: it depends on --shell-job',
  'no-session-leader': 'no ancestor of a process leads its session, so CRIU cannot tell how it came into it',
  'two-sessions': 'a process would have to be born in two sessions',
  'group-leader-left':
    'a process group has the number of a process that is in another group, so that CRIU waits forever for it to lead the group',
  'no-parent': 'the parent of a process is not in the checkpoint before it',
  'namespace-without-init': 'the checkpoint has a PID namespace of its own, and its first process is not 1',
  'numbers-unknown': 'which process IDs are in use on the target is not known',
  'pid-max-unknown': "the target's pid_max is not known",
  'watch-twice': 'two watches of one inotify file have the same descriptor',
  'watch-range': 'a watch descriptor that no kernel hands out',
  'watch-limit': "more watches than the target's fs.inotify.max_user_watches leaves",
  'instance-limit': "more inotify files than the target's fs.inotify.max_user_instances",
  'watches-unknown': "whether the target's limits on watches are enough is not known",
  'slot-taken': 'the slot of a SysV ID is taken, so that the kernel gives another ID',
  'slot-range': 'the slot of a SysV ID is past the last one of the target',
  'key-taken': 'the key of a SysV object is in use',
  'sysctl-limit': "a saved SysV limit is above the target's maximum",
  'too-many-objects': 'more SysV objects than the saved limit allows',
  'slots-unknown': 'whether the target has ipcmni_extend is not known, and two IDs share a slot without it',
  'joined-unknown': 'what the joined IPC namespace holds is not known',
  'pty-taken': 'the index of a pseudo-terminal is in use on the target',
  'pty-too-far': 'the index of a pseudo-terminal is more than 31 above the lowest free one',
  'pty-order': 'whether a pseudo-terminal is within reach depends on which process CRIU restores first',
  'ptys-unknown': 'which pseudo-terminals are in use on the target is not known',
  'ring-size': 'the kernel of the target makes an AIO ring of another size, because of its number of possible CPUs',
  'ring-damaged': 'the head or tail in the memory of an AIO ring is past its end',
  'aio-limit': "the rings need more requests than the target's fs.aio-max-nr leaves",
  'cpus-unknown': 'the number of possible CPUs of the target is not known',
  'aio-unknown': "the target's fs.aio-nr or fs.aio-max-nr is not known",
  'not-read': 'what tells of these IDs is missing or damaged, or the input shows only timers',
  'timers-limit': "more timers than RLIMIT_SIGPENDING allows CRIU's user",
  'timers-hang':
    'CRIU creates and deletes the same timers again and again, because this kernel does not hand out their IDs in ascending order',
  'timers-fail': 'a timer cannot be restored: the warnings of its process say why',
  'timers-depend':
    'whether a timer can be restored depends on what is not known: the warnings of its process say on what',
  'node-timers': 'the timers of all checkpoints that can go to a node are more than RLIMIT_SIGPENDING allows',
  'node-watches':
    'the watches of all checkpoints that can go to a node are more than its fs.inotify.max_user_watches leaves',
  'node-instances':
    'the inotify files of all checkpoints that can go to a node are more than its fs.inotify.max_user_instances',
  'node-aio': 'the AIO rings of all checkpoints that can go to a node need more requests than its fs.aio-max-nr leaves',
  'node-unknown': 'whether all checkpoints that can go to a node fit there depends on a limit that is not known',
} as const;

/** A stable name of a reason. */
export type ReasonCode = keyof typeof REASON_CODES;

/** One reason why a space's outcome is not ok. */
export interface Reason {
  space: SpaceName;
  code: ReasonCode;
  /** Which outcome it leads to. */
  outcome: Exclude<Outcome, 'ok'>;
  /** The IDs meant, ascending; at most 16 of them. */
  ids: number[];
  /** One sentence that a person on call understands. */
  text: string;
  /** What CRIU prints, lines joined by \n; null if it says nothing, or where it has not failed. */
  words: string | null;
  /** A way out, or how to find out. */
  remedy: string;
  /** In a checkpoint of several containers: the name of its own. */
  container?: string;
}

/** Most IDs that one reason names, and most reasons of one code that a space gives. */
export const MOST_NAMED = 16;
