// The ID spaces by name.

/** The ID spaces that are judged, in the order in which they are shown. */
export type SpaceName = 'timers' | 'pids' | 'inotify' | 'sysv' | 'pty' | 'aio';
