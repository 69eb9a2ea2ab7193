// Every ID space in a row.
import type { SpaceAbout } from './about.ts';
import { AIO_ABOUT } from './aio/about.ts';
import { INOTIFY_ABOUT } from './inotify/about.ts';
import { PIDS_ABOUT } from './pids/about.ts';
import { PTY_ABOUT } from './pty/about.ts';
import { SYSV_ABOUT } from './sysv/about.ts';
import { TIMERS_ABOUT } from './timers/about.ts';

/** The ID spaces, in the order in which they are shown. */
// biome-ignore format: what belongs together stands in a row
export const ATLAS: readonly SpaceAbout[] = [
  TIMERS_ABOUT, PIDS_ABOUT, INOTIFY_ABOUT, SYSV_ABOUT, PTY_ABOUT, AIO_ABOUT,
];
