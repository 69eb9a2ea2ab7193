// docs/id-spaces.md: its tables are made of what the ID spaces say of themselves, and what they say is what plans do.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AioContexts, PidNamespace, PtyIndices, SysvIds, WatchDescriptors } from '@idspace/kernel-ids';
import { Kernel } from '@idspace/posix-timers';
import { type Checkpoint, planRestore, SPACES, type Target } from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import type { HandsOut, SpaceAbout, WayBack } from '../../src/spaces/about.ts';
import { ATLAS } from '../../src/spaces/atlas.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../../docs/id-spaces.md', import.meta.url)), 'utf8');

const WAYS: readonly WayBack[] = ['ask', 'dance', 'fill', 'cannot'];
const HANDED: readonly HandsOut[] = ['next', 'cyclic', 'lowest free', 'slot + sequence', 'must be free'];

function version(since: readonly number[] | null): string {
  return since === null ? '–' : since.join('.');
}

function duration(seconds: number): string {
  if (seconds < 1e-6) return `${Number((seconds * 1e9).toPrecision(3))} ns`;
  if (seconds < 1e-3) return `${Number((seconds * 1e6).toPrecision(3))} µs`;
  if (seconds < 1) return `${Number((seconds * 1e3).toPrecision(3))} ms`;
  return seconds < 7200
    ? `${Number((seconds / 60).toPrecision(2))} min`
    : `${Number((seconds / 3600).toPrecision(2))} h`;
}

/** What the longest way to one ID takes. */
function longest({ longest, longestText, cost }: SpaceAbout): string {
  if (longest === null || longest === 0) return longestText;
  return `${longest.toLocaleString('en-US')} ${longestText}: ${duration(longest * cost.seconds)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function spacesTable(): string {
  const heads = [
    'IDs',
    'numbered per',
    'handed out',
    'way back',
    'since Linux, CRIU',
    'before that',
    'cost of one',
    'longest way to one ID',
    'lost',
  ];
  return [
    row(heads),
    row(heads.map(() => '---')),
    ...ATLAS.map((about) =>
      row([
        about.ids,
        about.scope,
        about.handsOut,
        `${about.way}: ${about.call}`,
        `${version(about.since.kernel)}, ${version(about.since.criu)}`,
        about.before === null ? '–' : `${about.before.way}: ${about.before.how}`,
        `${duration(about.cost.seconds)} (${about.cost.of})`,
        longest(about),
        about.lost,
      ]),
    ),
  ].join('\n');
}

/** Five ways to hand out by four ways to get one back; in brackets what older kernels and CRIUs have to do. */
function waysTable(): string {
  const cell = (handsOut: HandsOut, way: WayBack): string => {
    const here = ATLAS.filter((about) => about.handsOut === handsOut);
    const names = here.flatMap(({ ids, way: now, before }) => {
      if (now === way) return [ids];
      return before?.way === way ? [`(${ids})`] : [];
    });
    return names.join(' · ') || '–';
  };
  return [
    row(['handed out', ...WAYS]),
    row(['---', ...WAYS.map(() => '---')]),
    ...HANDED.map((handsOut) => row([handsOut, ...WAYS.map((way) => cell(handsOut, way))])),
  ].join('\n');
}

test.each([
  ['spaces', spacesTable],
  ['ways', waysTable],
] as const)('the table of %s is what the spaces say', (name, made) => {
  const [, shown] = new RegExp(`<!-- ${name} -->\n(.*?)\n<!-- end -->`, 's').exec(PAGE) ?? [];
  expect(shown).toBe(made());
});

test('every space that is judged is in it', () => {
  expect(ATLAS.slice(1).map(({ space, ids }) => ({ space, ids }))).toEqual(
    SPACES.map(({ name, ids }) => ({ space: name, ids })),
  );
  for (const { space, ids } of ATLAS) {
    expect(PAGE, space).toMatch(new RegExp(`^## .*${ids.split(/[ ,]/)[0]}`, 'm'));
  }
});

/** A checkpoint with one ID of each space, as far from the first as its kind allows. */
function farCheckpoint(): Checkpoint {
  const zero = { sec: 0n, nsec: 0n };
  const timer = { id: INT_MAX, clock: 1, clockName: 'CLOCK_MONOTONIC', notify: 'none', signo: 0, sival: 0n } as const;
  const timers = [{ ...timer, interval: zero, value: zero, overrun: 0 }];
  return {
    source: 'test',
    format: 'criu-v1.1',
    processes: [{ pid: 700, ppid: 0, threads: [700], timers, rlimitSigpending: null }],
    ids: [
      {
        pids: { tasks: [{ pid: 700, ppid: 0, pgid: 700, sid: 700, threads: [700] }], namespace: 'shared' },
        inotify: [{ id: 1, wds: [INT_MAX] }],
        sysv: {
          objects: { shm: [{ id: INT_MAX, key: 0 }], msg: [], sem: [] },
          limits: { shm: null, msg: null, sem: null },
          nextIds: { shm: null, msg: null, sem: null },
        },
        pty: [{ pid: 700, fd: 3, fileId: 1, index: 31, path: null }],
        aio: [{ pid: 700, nrReq: 62, ringLen: 4096, head: null, tail: null }],
      },
    ],
  };
}

const INT_MAX = 2 ** 31 - 1;
// biome-ignore format: what belongs together stands in a row
const FREE: Target = {
  pidMax: 4_194_304, taken: [], ptysTaken: [], possibleCpus: 2, aioNr: 0, aioMaxNr: 65_536, ipcmniExtend: false,
};

const spacesOn = (
  kernel: string,
  criu: string,
): Map<string, { outcome: string; asks: number; creates: number; deletes: number; seconds: number }> => {
  const { spaces } = planRestore(farCheckpoint(), { kernel, criu, target: FREE });
  return new Map(spaces.map((space) => [space.space, space]));
};

describe('what the spaces say is what plans do', () => {
  test.each(ATLAS.map((about) => [about.space, about] as const))(
    '%s: since when it is asked for',
    (space, { way, since, before }) => {
      if (way !== 'ask' || before?.way !== 'dance') return;
      const [kernel, criu] = [since.kernel!, since.criu!];
      const older = ([major, minor]: readonly number[]): string =>
        minor === 0 ? `${major! - 1}.19` : `${major}.${minor! - 1}`;
      const asked = spacesOn(kernel.join('.'), criu.join('.')).get(space)!;
      expect(asked).toMatchObject({ outcome: 'ok', asks: 1, creates: 1, deletes: 0 });
      for (const [one, other] of [
        [older(kernel), criu.join('.')],
        [kernel.join('.'), older(criu)],
      ]) {
        expect(spacesOn(one!, other!).get(space), `${one}, ${other}`).toMatchObject({ asks: 0 });
      }
    },
  );

  test('the longest way', () => {
    // No space can be asked on this pair; for process numbers that shows when one is taken.
    const old = spacesOn('4.15', '3.8');
    for (const { space, longest, cost } of ATLAS) {
      if (longest === null) continue;
      const { deletes, outcome, seconds } = old.get(space)!;
      expect({ space, deletes, outcome }).toEqual({ space, deletes: longest, outcome: 'ok' });
      if (longest > 1000) expect(seconds / (longest * cost.seconds)).toBeCloseTo(1, 3);
    }
    expect(old.get('aio')).toMatchObject({ creates: 253 });
  });

  test('process numbers: since when they are asked for', () => {
    const target = { ...FREE, taken: [{ number: 700, as: 'pid' as const }] };
    const words = (kernel: string, criu: string): string | null | undefined =>
      planRestore(farCheckpoint(), { kernel, criu, target }).reasons.find(({ space }) => space === 'pids')?.words;
    const { kernel, criu } = ATLAS[1]!.since;
    expect([kernel, criu]).toEqual([
      [5, 5],
      [3, 14],
    ]);
    expect(words('5.5', '3.14')).toBe("Can't fork for 700: File exists");
    for (const pair of [
      ['5.4', '3.14'],
      ['5.5', '3.13'],
    ] as const)
      expect(words(pair[0], pair[1])).toBe('Pid 701 do not match expected 700');
  });
});

/** Makes three, frees the second, and makes one more. */
const MODELS: Partial<Record<SpaceAbout['space'], () => [second: number, fourth: number]>> = {
  timers: () => {
    const process = new Kernel({ release: '6.18' }).spawn();
    const ids = [0, 1, 2].map(() => process.timerCreate(1, null));
    process.timerDelete(ids[1]!);
    return [ids[1]!, process.timerCreate(1, null)];
  },
  pids: () => {
    const pids = new PidNamespace();
    const forked = [0, 1, 2].map(() => pids.fork(1));
    pids.exit(forked[1]!);
    pids.reap(forked[1]!);
    return [forked[1]!, pids.fork(1)];
  },
  inotify: () => {
    const file = new WatchDescriptors();
    const wds = [0, 1, 2].map(() => file.add());
    file.remove(wds[1]!);
    return [wds[1]!, file.add()];
  },
  sysv: () => {
    const ids = new SysvIds();
    const made = [0, 1, 2].map(() => ids.create());
    ids.remove(made[1]!);
    return [made[1]!, ids.create()];
  },
  pty: () => {
    const devpts = new PtyIndices();
    const made = [0, 1, 2].map(() => devpts.open());
    devpts.close(made[1]!);
    return [made[1]!, devpts.open()];
  },
};

test.each(ATLAS.filter(({ space }) => space in MODELS).map((about) => [about.space, about] as const))(
  '%s are handed out in that way by the model of the kernel',
  (space, { handsOut }) => {
    const [freed, next] = MODELS[space]!();
    if (handsOut === 'lowest free') expect(next).toBe(freed);
    else expect(next).toBe(freed + 2);
  },
);

test('cyclic ones come again at the end, slots with another sequence, and rings are chosen by their size alone', () => {
  const file = new WatchDescriptors();
  file.setNextId(INT_MAX);
  expect([file.add(), file.add()]).toEqual([INT_MAX, 1]);
  const ids = new SysvIds();
  const first = ids.create();
  ids.remove(first);
  let again = ids.create();
  for (let round = 0; round < 1000 && again % 32_768 !== first % 32_768; round++) {
    ids.remove(again);
    again = ids.create();
  }
  expect(again).toBe(first + 32_768);
  // The same requests: another ring, as the number of possible CPUs decides.
  expect(new AioContexts({ possibleCpus: 15 }).setUp(62)).toEqual({ pages: 1, events: 127 });
  expect(new AioContexts({ possibleCpus: 16 }).setUp(62)).toEqual({ pages: 2, events: 255 });
});
