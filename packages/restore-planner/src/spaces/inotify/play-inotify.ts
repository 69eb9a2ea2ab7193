// Makes the calls by which CRIU gets watch descriptors.
import type { WatchCalls } from '../id-calls.ts';
import type { Playing } from '../playing.ts';
import type { InotifyFile } from './inotify-file.ts';

/**
 * Plays the watches of all files; ascending in each, as CRIU does.
 *
 * @param asks Whether the next descriptor is asked for; else watches are added and removed until it comes.
 */
export async function playInotify(
  files: readonly InotifyFile[],
  calls: WatchCalls,
  playing: Playing,
  asks: boolean,
): Promise<void> {
  for (const { wds } of files) {
    const file = calls.open();
    if (file < 0) return void playing.miss(0, 'inotify_init1', 0, file);
    for (const wd of Float64Array.from(wds).sort()) {
      if (!(await (asks ? ask : danceTo)(wd, file, calls, playing))) return;
      playing.restored++;
    }
  }
}

async function ask(wd: number, file: number, calls: WatchCalls, playing: Playing): Promise<boolean> {
  if (await playing.isStopped()) return false;
  playing.asks++;
  if (!playing.expect(wd, 'INOTIFY_IOC_SETNEXTWD', 0, calls.setNextId(file, wd))) return false;
  playing.creates++;
  return playing.expect(wd, 'inotify_add_watch', wd, calls.add(file));
}

async function danceTo(wd: number, file: number, calls: WatchCalls, playing: Playing): Promise<boolean> {
  while (!(await playing.isStopped())) {
    const got = calls.add(file);
    playing.creates++;
    if (got === wd) return true;
    if (got < 0 || got > wd) return playing.miss(wd, 'inotify_add_watch', wd, got);
    playing.deletes++;
    if (!playing.expect(wd, 'inotify_rm_watch', 0, calls.remove(file, got))) return false;
  }
  return false;
}
