// The numbers of a checkpoint's processes.

/** The numbers of one process, as pstree.img has them. */
export interface TaskIds {
  pid: number;
  /** 0 for the root of the tree. */
  ppid: number;
  /** 0 if the leader was outside the checkpoint's PID namespace. */
  pgid: number;
  sid: number;
  /** Thread IDs; the first is the leader's, whatever it says. */
  threads: readonly number[];
}

/** The processes of one checkpoint. */
export interface TreeIds {
  /** In the order of pstree.img: parents before their children. */
  tasks: readonly TaskIds[];
  /** Whether CRIU makes a PID namespace for them: 'own', or restores them into its own: 'shared'. */
  namespace: 'own' | 'shared' | 'unknown';
}
