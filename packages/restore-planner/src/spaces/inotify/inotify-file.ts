// What a checkpoint tells of its inotify files.

/** One inotify file (an open file description): processes that share it count once. */
export interface InotifyFile {
  /** Its ID in the images. */
  id: number;
  /** Watch descriptors, in any order: CRIU sorts them. */
  wds: readonly number[];
}
