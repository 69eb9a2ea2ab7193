// Pseudo-terminals: CRIU opens ptmx and keeps what comes until the wanted index does.
import { MOST_NAMED } from '../reason.ts';
import { type Conditions, type Space, type SpacePlan, worstOf } from '../space.ts';
import { SECONDS_PER_OPEN } from './about.ts';
import { Devpts, indexSet } from './devpts.ts';
import type { PtyMaster } from './pty-master.ts';
import { type Chance, chances } from './reach.ts';
import { chanceReason, unknownReason } from './reasons.ts';
import { wayOutOf } from './way-out.ts';

/** Plans pseudo-terminals. */
export const PTY: Space<readonly PtyMaster[]> = {
  name: 'pty',
  ids: 'pseudo-terminals',
  reads: ['tty-info.img', 'files.img', 'fdinfo-ID.img', 'ids-PID.img'],
  dependsOn: ['ptysTaken', 'shellJob'],
  plan,
};

function plan(all: readonly PtyMaster[], { target }: Conditions): SpacePlan | undefined {
  const instances = terminalsToOpen(all, target);
  if (instances.length === 0) return undefined;
  const masters = instances.flat();
  const found: (Chance & { wayOut: string })[] = [];
  let opens = 0;
  for (const instance of instances) {
    const unsure = chances(instance, target.ptysTaken).filter(({ chance }) => chance !== 'ok');
    const wayOut = unsure.length === 0 ? '' : wayOutOf(instance, target.ptysTaken);
    for (const chance of unsure) found.push({ ...chance, wayOut });
    opens += opensFor(instance, target.ptysTaken);
  }
  const reasons = found.slice(0, MOST_NAMED).map((one) => chanceReason(one, one.wayOut));
  const more = found[MOST_NAMED];
  if (more !== undefined) {
    const text = `and ${found.length - MOST_NAMED} more for such reasons`;
    reasons.push({ ...chanceReason(more, more.wayOut), ids: [], text, words: null });
  }
  if (target.ptysTaken === undefined && worstOf(reasons) === 'ok') reasons.push(unknownReason(masters));
  const deletes = opens - (masters.length - found.filter(({ chance }) => chance !== 'depends').length);
  const left = ['the next terminal gets the lowest free index'];
  const counts = { asks: 0, creates: opens, deletes: Math.max(0, deletes), seconds: opens * SECONDS_PER_OPEN };
  return { space: 'pty', outcome: worstOf(reasons), ...counts, left, reasons };
}

/** The terminals that CRIU opens, by devpts: each hands out indices of its own. In each, a process opens its own by descriptor. */
export function terminalsToOpen(all: readonly PtyMaster[], { shellJob }: Conditions['target']): PtyMaster[][] {
  // The terminal that a shell job was started from is not made: CRIU hands on its own.
  const masters = all.filter(({ isOrphan }) => shellJob !== true || isOrphan !== true);
  return byInstance(masters.sort((a, b) => a.pid - b.pid || a.fd - b.fd));
}

function byInstance(masters: readonly PtyMaster[]): PtyMaster[][] {
  const groups = new Map<string, PtyMaster[]>();
  for (const master of masters) {
    const instance = instanceOf(master.path);
    const group = groups.get(instance);
    if (group === undefined) groups.set(instance, [master]);
    else group.push(master);
  }
  return [...groups.values()];
}

/** The folder of a devpts, from the path of its ptmx ('/dev/ptmx' leads to '/dev/pts') or of a slave. */
function instanceOf(path: string | null): string {
  const folder = (path ?? '/dev/pts/ptmx').replace(/\/[^/]*$/, '');
  return folder.endsWith('/pts') ? folder : `${folder}/pts`;
}

const NONE_TAKEN: readonly number[] = [];

/** Opens if the processes are restored one after the other. */
function opensFor(masters: readonly PtyMaster[], taken: readonly number[] = NONE_TAKEN): number {
  const devpts = new Devpts(indexSet(taken));
  let opens = 0;
  for (const { index } of masters) {
    const reached = devpts.reach(index);
    if (typeof reached === 'number') opens += reached;
  }
  return opens;
}
