// The ID spaces beside timers: how each hands out IDs, what brings one back, and how long the longest dance is.

import { PidNamespace } from '@idspace/kernel-ids';
import type { SpaceProbe } from '@idspace/live-kernel';
import { count, duration } from '../../../format/number.ts';
import { INT_MAX } from '../../../int-max.ts';
import { type Claim, holdsIf } from '../../claim.ts';
import type { Lab } from '../../lab.ts';
import { BEFORE_ASKING, type Played, planned, play } from './played.ts';

const SLOTS = 2 ** 15;
const REACH = 31; // what CRIU opens on the way to a terminal
const FAR_WD = 50_000;
const KINDS = ['pid', 'zombie', 'tid', 'pgid', 'sid'] as const;
const CRIU = 'CRIU v4.2, criu/';

/** What a machine's kernel was found to do with a space; null where none was asked. */
type Here = { policy: SpaceProbe['policy']; seen: SpaceProbe['seen'] } | null;

function here({ liveSpaces }: Lab, space: SpaceProbe['space']): Here {
  const found = liveSpaces?.find((one) => one.space === space);
  return found === undefined ? null : { policy: found.policy, seen: found.seen };
}

function hereText(found: Here): string {
  return found?.seen == null ? '' : ` On this machine: ${found.seen}.`;
}

/** A policy that was seen here must be the one claimed. */
function isSo(found: Here, policy: SpaceProbe['policy']): boolean {
  return found?.policy == null || found.policy === policy;
}

export interface WatchFigures {
  wd: number;
  danced: Played;
  asked: Played;
  here: Here;
}

const watches: Claim<WatchFigures> = {
  id: 'I1',
  claim:
    'Inotify watch descriptors are handed out as timer IDs are, and CRIU danced for them in the same way, until they could be asked for',
  source: `${CRIU}fsnotify.c; inotify_add_to_idr, Linux fs/notify/inotify/inotify_user.c`,
  measure: async (lab) => {
    const ids = { inotify: [{ id: 1, wds: [FAR_WD] }] };
    const danced = await play('inotify', ids, {}, BEFORE_ASKING);
    return { wd: FAR_WD, danced, asked: await play('inotify', ids), here: here(lab, 'inotify') };
  },
  judge({ wd, danced, asked, here }) {
    const text =
      `To watch ${count(wd)}: ${count(danced.creates)} added and ${count(danced.deletes)} removed by CRIU 3.8; ` +
      `by CRIU 4.2 ${count(asked.asks)} asked for, ${count(asked.creates)} added.${hereText(here)}`;
    const isDance = danced.came && danced.creates === wd && danced.deletes === wd - 1 && danced.asPlanned;
    return holdsIf(isDance && asked.came && asked.creates === 1 && asked.asks === 1 && isSo(here, 'cyclic'), text);
  },
};

export interface NumberFigures {
  /** By what has the number: whether the model gives it once more. */
  holders: { as: string; came: boolean }[];
  asked: Played;
  here: Here;
}

/** Lets 600 be in use as this, and asks for it. */
function comesWhileTaken(as: (typeof KINDS)[number]): boolean {
  const namespace = new PidNamespace();
  const number = 600;
  if (as === 'tid') namespace.thread(namespace.fork(1), number);
  else {
    namespace.fork(1, number);
    if (as === 'pgid') namespace.setpgid(number, number);
    if (as === 'sid') namespace.setsid(number);
    if (as === 'pgid' || as === 'sid') namespace.fork(number);
    if (as !== 'pid') namespace.exit(number);
    if (as === 'pgid' || as === 'sid') namespace.reap(number);
  }
  if (namespace.holderOf(number) !== as)
    throw new Error(`${number} is held as ${namespace.holderOf(number)}, not as ${as}`);
  return namespace.fork(1, number) === number;
}

const numbers: Claim<NumberFigures> = {
  id: 'I2',
  claim:
    'A process number can be asked for, but not while anything is called by it: a process, a zombie, a thread, a group or a session',
  source: 'alloc_pid, free_pid, Linux kernel/pid.c; recorded restores of CRIU 4.2',
  measure: async (lab) => ({
    holders: KINDS.map((as) => ({ as, came: comesWhileTaken(as) })),
    asked: await play('pids', {}),
    here: here(lab, 'pids'),
  }),
  judge({ holders, asked, here }) {
    const refused = holders.filter(({ came }) => !came);
    const text =
      `Free: it comes with ${count(asked.creates)} fork. In use as ${holders.map(({ as }) => as).join(', ')}: ` +
      `refused in ${refused.length} of ${holders.length} cases. No dance brings it back.${hereText(here)}`;
    const isAsked = asked.came && asked.creates === 1 && asked.asPlanned;
    return holdsIf(isAsked && refused.length === holders.length && isSo(here, 'cyclic'), text);
  },
};

export interface ObjectFigures {
  ids: number[];
  alone: Played;
  /** Two IDs of one slot. */
  together: Played;
  extended: Played;
  here: Here;
}

const objects: Claim<ObjectFigures> = {
  id: 'I3',
  claim:
    'A SysV ID is a slot and a sequence: it comes when asked for, whatever its value, unless another one has its slot',
  source: `${CRIU}ipc_ns.c; ipc_idr_alloc, Linux ipc/util.c`,
  measure: async (lab) => {
    const [low, high] = [6 + SLOTS, 6 + 2 * SLOTS];
    const sysv = (...ids: number[]) => ({
      objects: { shm: ids.map((id) => ({ id, key: 0 })), msg: [], sem: [] },
      limits: { shm: null, msg: null, sem: null },
      nextIds: { shm: null, msg: null, sem: null },
    });
    return {
      ids: [low, high, INT_MAX],
      alone: await play('sysv', { sysv: sysv(INT_MAX) }),
      together: await play('sysv', { sysv: sysv(low, high) }),
      extended: await play('sysv', { sysv: sysv(low, high) }, { ipcmniExtend: true }),
      here: here(lab, 'sysv'),
    };
  },
  judge({ ids: [low, high, far], alone, together, extended, here }) {
    const tells = ({ came }: Played): string => (came ? 'comes' : 'does not come');
    const text =
      `${count(far!)} ${tells(alone)} with ${count(alone.creates)} create. ${count(low!)} and ${count(high!)} share slot 6: the second ` +
      `${tells(together)}; with ipcmni_extend it ${tells(extended)}.${hereText(here)}`;
    const isSlot = alone.came && alone.creates === 1 && !together.came && together.asPlanned && extended.came;
    return holdsIf(isSlot && isSo(here, 'slot-sequence'), text);
  },
};

export interface TerminalFigures {
  reach: number;
  /** Pairs of a lowest free index and a wanted one that were tried, and those in which the model did otherwise than the rule. */
  tried: number;
  exceptions: number;
  mostOpens: number;
  here: Here;
}

const MOST_TAKEN = 12;
const MOST_INDEX = 48;

async function reachOfTerminals(lab: Lab): Promise<TerminalFigures> {
  const figures = { reach: REACH, tried: 0, exceptions: 0, mostOpens: 0, here: here(lab, 'pty') };
  for (let lowest = 0; lowest <= MOST_TAKEN; lowest++) {
    const ptysTaken = Array.from({ length: lowest }, (_, index) => index);
    for (let index = 0; index <= MOST_INDEX; index++) {
      const master = { index, fileId: 1, pid: 5001, fd: 3, path: null };
      const { came, creates } = await play('pty', { pty: [master] }, { ptysTaken });
      const byRule = index >= lowest && index - lowest <= REACH;
      figures.tried++;
      if (came !== byRule) figures.exceptions++;
      if (came) figures.mostOpens = Math.max(figures.mostOpens, creates);
    }
  }
  return figures;
}

const terminals: Claim<TerminalFigures> = {
  id: 'I4',
  claim: `A terminal comes back if its index is free and at most ${REACH} above the lowest free one: it cannot be asked for, and the way is filled`,
  source: `${CRIU}tty.c; devpts_new_index, Linux fs/devpts/inode.c`,
  measure: reachOfTerminals,
  judge({ reach, tried, exceptions, mostOpens, here }) {
    const text =
      `${count(tried)} pairs of a lowest free index and a wanted one, ${count(exceptions)} exceptions; ` +
      `${count(mostOpens)} opens at most.${hereText(here)}`;
    return holdsIf(exceptions === 0 && mostOpens === reach + 1 && isSo(here, 'lowest'), text);
  },
};

export interface RingFigures {
  /** By pages of the ring: numbers of possible CPUs with which it comes back. */
  rings: { pages: number; most: number; isRange: boolean }[];
}

const MOST_CPUS = 140;
const PAGES = [1, 2, 3, 4, 8];

async function cpusOfRings(): Promise<RingFigures> {
  const rings: RingFigures['rings'] = [];
  for (const pages of PAGES) {
    const ring = { pid: 5001, nrReq: 64 * pages - 2, ringLen: 4096 * pages, head: 0, tail: 0 };
    const came: number[] = [];
    for (let possibleCpus = 1; possibleCpus <= MOST_CPUS; possibleCpus++) {
      if ((await play('aio', { aio: [ring] }, { possibleCpus })).came) came.push(possibleCpus);
    }
    rings.push({ pages, most: came.at(-1)!, isRange: came.length === came.at(-1) });
  }
  return { rings };
}

const rings: Claim<RingFigures> = {
  id: 'I5',
  claim: 'An AIO ring of P pages comes back on machines with fewer than 16·P possible CPUs, and on no other',
  source: `${CRIU}pie/restorer.c; ioctx_alloc, Linux fs/aio.c; CRIU issues 500, 1156 and 2677`,
  measure: (lab) => lab.once(cpusOfRings),
  judge({ rings }) {
    const told = rings.map(({ pages, most }) => `${pages}: up to ${most}`).join('; ');
    return holdsIf(
      rings.every(({ pages, most, isRange }) => isRange && most === 16 * pages - 1),
      `Possible CPUs by pages of the ring. ${told}.`,
    );
  },
};

export interface DanceFigures {
  /** By space: calls and seconds of the longest dance that its IDs allow, at the cost of one. */
  dances: { space: string; calls: number; seconds: number }[];
  from: string;
}

/** 2³¹ − 1 pairs, or as many calls as CRIU makes at most. */
function longestDances(lab: Lab): DanceFigures {
  const { rates, liveSpaces } = lab;
  const pair = liveSpaces?.find(({ space }) => space === 'inotify')?.costs[0]?.median;
  const wd = planned('inotify', { inotify: [{ id: 1, wds: [INT_MAX] }] }, BEFORE_ASKING);
  const pty = planned('pty', { pty: [{ index: REACH, fileId: 1, pid: 5001, fd: 3, path: null }] });
  const most = 1024; // pages of the largest ring that the usual fs.aio-max-nr, 65,536, allows
  const aio = planned('aio', { aio: [{ pid: 1, nrReq: 64 * most - 2, ringLen: 4096 * most, head: null, tail: null }] });
  return {
    dances: [
      { space: 'timers', calls: 2 * INT_MAX, seconds: (INT_MAX * rates.nsPerPair) / 1e9 },
      {
        space: 'inotify',
        calls: wd.creates + wd.deletes,
        seconds: pair === undefined ? wd.seconds : (wd.deletes * pair) / 1e9,
      },
      { space: 'pids', calls: 1, seconds: planned('pids', {}).seconds },
      { space: 'pty', calls: pty.creates, seconds: pty.seconds },
      { space: 'aio', calls: aio.creates, seconds: aio.seconds },
    ],
    from: pair === undefined ? rates.from : `${rates.from}; watches, too`,
  };
}

const dances: Claim<DanceFigures> = {
  id: 'I6',
  claim:
    'Of all IDs that CRIU brings back, only timers and watch descriptors have a dance that grows with the ID; that of watches is the longer one',
  source: `${CRIU}fsnotify.c, tty.c, pie/restorer.c; measured costs of one call`,
  measure: (lab) => lab.once(longestDances),
  judge({ dances, from }) {
    const told = dances.map(({ space, calls, seconds }) => `${space} ${count(calls)} (${duration(seconds)})`);
    const text = `Calls of the longest way to an ID. ${told.join('; ')}. SysV IDs: one create each. A pair of timers: ${from}.`;
    const of = (name: string): DanceFigures['dances'][number] => dances.find(({ space }) => space === name)!;
    const isLong = ({ space, calls }: DanceFigures['dances'][number]): boolean =>
      space === 'timers' || space === 'inotify' ? calls > INT_MAX : calls < 2 ** 20;
    return holdsIf(dances.every(isLong) && of('inotify').seconds > of('timers').seconds, text);
  },
};

export const OTHER_ID_CLAIMS: readonly Claim[] = [watches, numbers, objects, terminals, rings, dances];
