// What only the descriptors of processes tell: inotify watches of a user, and terminals in use that /dev/pts does not list.
import { statSync } from 'node:fs';
import { processesIn } from './numbers-in-use.ts';
import { countLines, readLink, readNames, readText, Unreadable } from './proc-text.ts';
import { effectiveUser } from './self.ts';

/** What the descriptors of all processes tell. */
export interface OpenFiles {
  /** Watches in the inotify files of a user's processes; a file that several processes share counts for each. */
  watches: number;
  /** Terminals whose master is closed while their slave is open: gone from /dev/pts, and their index is in use. */
  orphans: Set<number>;
}

const INOTIFY = /^(?:anon_inode:)?\[?inotify\]?$/;
const ORPHAN = /^.*\/(\d{1,7}) \(deleted\)$/;

/**
 * Looks through the descriptors of all processes.
 *
 * @param own The process that asks: left out.
 * @param user Whose watches are counted.
 * @param pts The folder of the devpts.
 * @param isLate Ends the search when it says so.
 * @returns A text where not all can be told, which says why.
 */
export function openFiles(
  proc: string,
  own: number,
  user: number | undefined,
  pts: string,
  isLate: () => boolean,
): OpenFiles | string {
  const processes = processesIn(proc);
  if (typeof processes === 'string') return processes;
  const found: OpenFiles = { watches: 0, orphans: new Set() };
  const device = deviceOf(pts);
  let hidden = 0;
  for (const [at, pid] of processes.entries()) {
    if (pid === own) continue;
    const folder = `${proc}/${pid}`;
    const descriptors = readNames(`${folder}/fd`);
    if (descriptors instanceof Unreadable) {
      if (!descriptors.isGone) hidden++;
      continue;
    }
    for (const descriptor of descriptors) {
      if (isLate()) return `the time was up after the descriptors of ${at} of ${processes.length} processes`;
      const link = readLink(`${folder}/fd/${descriptor}`);
      if (link instanceof Unreadable) continue;
      const index = ORPHAN.exec(link)?.[1];
      if (index !== undefined && device !== undefined && deviceOf(`${folder}/fd/${descriptor}`) === device) {
        found.orphans.add(Number(index));
      }
      if (!INOTIFY.test(link) || !isOf(user, folder)) continue;
      const watches = countLines(`${folder}/fdinfo/${descriptor}`, 'inotify wd:', isLate);
      if (typeof watches === 'number') found.watches += watches;
    }
  }
  if (hidden > 0) return `the descriptors of ${hidden} of ${processes.length} processes cannot be read`;
  return isLate() ? 'the time was up' : found;
}

function isOf(user: number | undefined, folder: string): boolean {
  const status = readText(`${folder}/status`);
  return !(status instanceof Unreadable) && effectiveUser(status) === user;
}

function deviceOf(path: string): number | undefined {
  try {
    return statSync(path).dev;
  } catch {
    return undefined;
  }
}
