// Looks at the IDs of a running process again and again.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LiveKernelError } from '../live-kernel-error.ts';
import { refused } from '../misuse.ts';
import type { Sighting } from './restore-debt.ts';
import { type IdSighting, seeIds } from './see-ids.ts';

/** Between two readings, seconds: often, as timers that come and go are seen only while they are there. */
const PAUSE = 0.1;

/**
 * Reads /proc/PID/timers, its inotify files, threads and children for some time.
 *
 * @param interval Seconds between the first and the last reading.
 * @throws RangeError for a PID or an interval that is none.
 * @throws LiveKernelError (process) if there is no such process, it ends meanwhile, or its timers may not be read.
 */
export async function watchProcess(
  pid: number,
  interval: number,
  onProgress: (done: number) => void,
): Promise<(Sighting & IdSighting)[]> {
  if (!(Number.isInteger(pid) && pid >= 1)) throw refused('pid', pid, 'a process ID, 1 or more');
  if (!(interval >= 0 && Number.isFinite(interval))) throw refused('interval', interval, 'seconds, 0 or more');
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const sightings = [{ at: elapsed(), ids: await timerIds(pid), ...seeIds(pid) }];
  while (elapsed() < interval) {
    await sleep(1000 * Math.min(PAUSE, interval - elapsed()));
    const at = elapsed();
    sightings.push({ at, ids: await timerIds(pid, at), ...seeIds(pid) });
    onProgress(Math.min(at / interval, 1));
  }
  return sightings;
}

async function timerIds(pid: number, after?: number): Promise<number[]> {
  try {
    const text = await readFile(`/proc/${pid}/timers`, 'latin1');
    return Array.from(text.matchAll(/^ID: (\d+)$/gm), ([, id]) => Number(id));
  } catch (cause) {
    throw new LiveKernelError('process', await reason(pid, cause as NodeJS.ErrnoException, after), { cause });
  }
}

async function reason(pid: number, { code }: NodeJS.ErrnoException, after: number | undefined): Promise<string> {
  if (code === 'EACCES' || code === 'EPERM') return `pid ${pid}: its timers may be read by its user and by root only`;
  const lives = await readFile(`/proc/${pid}/stat`).then(
    () => true,
    () => false,
  );
  if (lives) return `pid ${pid}: this kernel does not list timers (built without CONFIG_CHECKPOINT_RESTORE)`;
  return after === undefined ? `pid ${pid}: no such process` : `pid ${pid}: it ended after ${after.toFixed(1)} s`;
}
