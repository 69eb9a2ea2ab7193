// The courses of the spaces that one process plays: what is called, with which numbers, and the model that must agree.

import { PtyIndices, SysvIds, WatchDescriptors } from '@idspace/kernel-ids';
import type { Random } from '@idspace/testkit';
import { INT_MAX } from '../../../src/probe/int-max.ts';
import type { Course, ModelSpace, Step } from './course.ts';
import { PIDS } from './pids.ts';

const SLOTS = 2 ** 15;

/**
 * All courses but that of timers.
 *
 * @param ipcmniExtend The machine was booted with ipcmni_extend.
 */
export function coursesOn(ipcmniExtend: boolean): readonly Course[] {
  return [
    { space: 'inotify', title: 'inotify watch descriptors', drawLimit: few(0), limitsUser: true, model: watches },
    ...(['shm', 'sem', 'msg'] as const).map((space) => ({
      space,
      title: `SysV IDs, ${space}`,
      drawLimit: few(0),
      model: (limit: number) => sysv(limit, ipcmniExtend),
    })),
    { space: 'pty', title: 'pseudoterminals', drawLimit: few(1), model: ptys },
    PIDS,
  ];
}

/** The kernel's own limit as a rule; else one that scripts reach. */
function few(least: number): (random: Random) => number {
  return (random) => (random.chance(0.7) ? -1 : random.between(least, 6));
}

function watches(limit: number): ModelSpace {
  const wds = new WatchDescriptors(limit < 0 ? {} : { max: limit });
  const known: number[] = [];
  return {
    draw(random) {
      const kind = random.below(12);
      if (kind < 6) return ['add'];
      if (kind < 9) return ['remove', known.length > 0 && random.chance(0.9) ? random.pick(known) : number(random, 12)];
      return ['next', number(random, 12)];
    },
    play([op, id = 0]: Step) {
      if (op === 'next') return wds.setNextId(id);
      if (op === 'remove') return wds.remove(id);
      const wd = wds.add();
      if (wd > 0) known.push(wd);
      return wd;
    },
  };
}

function sysv(limit: number, extended: boolean): ModelSpace {
  const ids = new SysvIds(limit < 0 ? { extended } : { extended, max: limit });
  const known: number[] = [];
  return {
    draw(random) {
      const kind = random.below(14);
      if (kind < 7) return ['create'];
      if (kind < 11)
        return ['remove', known.length > 0 && random.chance(0.9) ? random.pick(known) : number(random, 70)];
      if (kind < 13) return ['next', wish(random, known)];
      return ['read'];
    },
    play([op, id = 0]: Step) {
      if (op === 'next') return ids.setNextId(id);
      if (op === 'remove') return ids.remove(id);
      if (op === 'read') return ids.nextId;
      const created = ids.create();
      if (created >= 0) known.push(created);
      return created;
    },
  };
}

/** An ID to ask for: often one whose slot is taken, or the last slot of all. */
function wish(random: Random, known: readonly number[]): number {
  if (random.chance(0.4)) return number(random, 70);
  const slot = known.length > 0 && random.chance(0.7) ? random.pick(known) % SLOTS : SLOTS - 1 - random.below(2);
  return slot + SLOTS * random.pick([0, 1, 2, 65_535]);
}

function ptys(limit: number): ModelSpace {
  const indices = new PtyIndices(limit < 0 ? {} : { max: limit });
  return {
    draw: (random) => (random.chance(0.6) ? ['open'] : ['close', random.below(12)]),
    play: ([op, index = 0]: Step) => (op === 'open' ? indices.open() : Number(indices.close(index))),
  };
}

/** A number: small as a rule, and sometimes at or past an end. */
function number(random: Random, below: number): number {
  return random.chance(0.75) ? random.below(below) : random.pick([-1, 0, 1, INT_MAX - 1, INT_MAX, INT_MAX + 1]);
}
