// The pseudo-terminals of a checkpoint.

/** A master, or a slave whose master is not in the checkpoint: CRIU makes one for it. */
export interface PtyMaster {
  /** Its number in /dev/pts. */
  index: number;
  /** The ID of its file in the images. */
  fileId: number;
  /** Where CRIU opens it first: the process that has it, and the descriptor there. */
  pid: number;
  fd: number;
  /** The path of the ptmx that it was opened by, where the images tell. */
  path: string | null;
  /** Whether only its slave is in the checkpoint. */
  isOrphan?: true;
}
