// The ID spaces by name.

/** The ID spaces that are judged, in the order in which they are shown. */
export type SpaceName = 'timers' | 'pids' | 'inotify' | 'sysv' | 'pty' | 'aio';

/** What each ID space is called in a sentence or in the row of a table: `pids` are 'processes'. */
export const SPACE_TITLES: Readonly<Record<SpaceName, string>> = {
  timers: 'timers',
  pids: 'processes',
  inotify: 'inotify watches',
  sysv: 'SysV IPC',
  pty: 'terminals',
  aio: 'AIO rings',
};
