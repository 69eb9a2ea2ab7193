// What one look at a process tells of its watch descriptors and of process numbers.
import { readLink, readNames, readText, Unreadable } from '../facts/proc-text.ts';

/** Watch descriptors and process numbers at one time. What cannot be read is a sentence that says why. */
export interface IdSighting {
  /** Highest watch descriptor and number of watches of each inotify file, by descriptor. */
  readonly watches: ReadonlyMap<number, { readonly highest: number; readonly count: number }> | string;
  /** Numbers of its threads and its children. */
  readonly tasks: readonly number[] | string;
  /** kernel.ns_last_pid and kernel.pid_max: of the PID namespace that this program is in. */
  readonly lastPid: number | null;
  readonly pidMax: number | null;
}

const MOST_BYTES = 16 * 2 ** 20; // of one inotify file: some 100,000 watches
const MOST_TASKS = 10_000;
const INOTIFY = 'anon_inode:inotify';

/** Looks at a process. Cost: a read for each descriptor and thread. */
export function seeIds(pid: number, proc = '/proc'): IdSighting {
  return {
    watches: watchesOf(`${proc}/${pid}`),
    tasks: tasksOf(`${proc}/${pid}`),
    lastPid: numberIn(`${proc}/sys/kernel/ns_last_pid`),
    pidMax: numberIn(`${proc}/sys/kernel/pid_max`),
  };
}

function watchesOf(folder: string): IdSighting['watches'] {
  const names = readNames(`${folder}/fd`);
  if (names instanceof Unreadable) return `its descriptors cannot be read (${names.code})`;
  const found = new Map<number, { highest: number; count: number }>();
  for (const name of names) {
    if (readLink(`${folder}/fd/${name}`) !== INOTIFY) continue;
    const text = readText(`${folder}/fdinfo/${name}`, MOST_BYTES);
    if (text instanceof Unreadable) continue; // closed meanwhile
    const wds = Array.from(text.matchAll(/^inotify wd:([\da-f]+) /gm), ([, wd]) => Number.parseInt(wd!, 16));
    found.set(Number(name), { highest: wds.reduce((a, b) => Math.max(a, b), 0), count: wds.length });
  }
  return found;
}

function tasksOf(folder: string): IdSighting['tasks'] {
  const names = readNames(`${folder}/task`);
  if (names instanceof Unreadable) return `its threads cannot be read (${names.code})`;
  const tasks = names.slice(0, MOST_TASKS).map(Number);
  for (const tid of [...tasks]) {
    const children = readText(`${folder}/task/${tid}/children`);
    if (!(children instanceof Unreadable)) tasks.push(...(children.match(/\d+/g) ?? []).map(Number));
  }
  return tasks;
}

function numberIn(path: string): number | null {
  const text = readText(path);
  return text instanceof Unreadable ? null : Number.parseInt(text, 10);
}
