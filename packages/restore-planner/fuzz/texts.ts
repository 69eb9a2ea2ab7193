// Texts: JSON of crit, listings of /proc, targets, plans.
import { deepStrictEqual } from 'node:assert';
import { type FuzzTargets, json, lines } from '@idspace/testkit/fuzz';
import type { ImageKind } from '../src/image/image-name.ts';
import { imageName } from '../src/image/image-name.ts';
import { readCritJson } from '../src/json/crit-json.ts';
import { chargesOf, parsePlan, parseTarget, planDocument, planNode, planRestore } from '../src/plan.ts';
import { type Checkpoint, readCheckpointBlob } from '../src/read.ts';
import { readCheckpoint } from '../src/read-checkpoint.ts';
import { MemoryBytes } from '../test/support/memory-bytes.ts';
import { dumps, filesOf, planAll, unlessRefused } from './support.ts';

const LONGEST_SEED = 12_000; // bytes
const decode = (input: Uint8Array): string => new TextDecoder().decode(input);
const encode = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

/** Checkpoints as crit writes them. */
function jsonFiles(): [string, Uint8Array][] {
  return dumps()
    .flatMap((folder) => Object.entries(filesOf(folder, '.json')))
    .filter(([name, { length }]) => imageName(name, 'json') !== undefined && length <= LONGEST_SEED);
}

async function planned(folder: string): Promise<ReturnType<typeof planRestore> | undefined> {
  const images = Object.entries(filesOf(folder, '.img'));
  const core = images.find(([name]) => name.startsWith('core-'))!;
  const checkpoint = await readCheckpointBlob(new Blob([core[1] as Uint8Array<ArrayBuffer>]), core[0]);
  return planRestore(checkpoint, { kernel: '6.1', criu: '4.2' });
}

const plans: Uint8Array[] = [];
for (const folder of dumps().slice(0, 8)) {
  const plan = await planned(folder).catch(() => undefined);
  if (plan !== undefined) plans.push(encode(planDocument(plan)));
}

/** Checkpoints with IDs of every space. */
const checkpoints: Checkpoint[] = [];
for (const folder of dumps().filter((folder) => folder.includes('criu-ids')))
  checkpoints.push(await readCheckpoint(folder));

const LISTING = 'ID: 0\nsignal: 14/000000000000000a\nnotify: signal/pid.7\nClockID: 1\n';

export const TARGETS: FuzzTargets = {
  'crit-json': {
    seeds: () =>
      jsonFiles().map(([name, bytes]) =>
        Buffer.concat([Buffer.from([KINDS.indexOf(imageName(name, 'json')!.kind)]), bytes]),
      ),
    structures: [
      (input, draw) => {
        const changed = json(input.subarray(1), { ...draw, other: draw.other.subarray(1) });
        return changed && Buffer.concat([input.subarray(0, 1), changed]);
      },
    ],
    run: async (input) => {
      const kind = KINDS[(input[0] ?? 0) % KINDS.length];
      await unlessRefused(() => readCritJson(new MemoryBytes(input.subarray(1), { pieceSize: 64 }), kind));
    },
  },
  'timers-listing': {
    seeds: () => [
      encode(LISTING),
      encode(LISTING.replace('ID: 0', 'ID: 5').replace('signal/pid', 'none/tid') + LISTING),
    ],
    structures: [lines],
    run: async (input) => {
      const checkpoint = await unlessRefused(() =>
        readCheckpointBlob(new Blob([input as Uint8Array<ArrayBuffer>]), '/proc/7/timers'),
      );
      if (checkpoint !== undefined) planAll(checkpoint);
    },
  },
  target: {
    isSlow: true,
    seeds: () => TARGET_FILES.map(encode),
    structures: [json],
    run: async (input) => {
      const target = await unlessRefused(() => parseTarget(decode(input)));
      if (target === undefined) return;
      const again = parseTarget(JSON.stringify({ format: 'idspace-target', version: 1, ...target }));
      deepStrictEqual(again, target);
      for (const checkpoint of checkpoints) planRestore(checkpoint, { kernel: '6.1', criu: '4.2', target });
      planNode(
        checkpoints.map((checkpoint) => chargesOf(checkpoint)),
        { target },
      );
    },
  },
  plan: {
    seeds: () => plans,
    structures: [json],
    run: async (input) => {
      const plan = await unlessRefused(() => parsePlan(decode(input)));
      if (plan === undefined) return;
      const document = JSON.stringify(planDocument(plan));
      deepStrictEqual(JSON.stringify(planDocument(parsePlan(document))), document);
    },
  },
};

const KINDS: readonly ImageKind[] = [
  ...(['inventory', 'pstree', 'core', 'posix-timers', 'rlimit', 'files', 'tty-info'] as const),
  ...(['fdinfo', 'ids', 'mm', 'ipcns-var', 'ipcns-shm', 'ipcns-msg', 'ipcns-sem'] as const),
];

const TARGET_FILES = [
  { format: 'idspace-target', version: 1 },
  {
    ...{
      format: 'idspace-target',
      version: 1,
      kernel: '6.18.44',
      criu: '4.2',
      pidMax: 32_768,
      pidMaxWhereCriuRuns: 4_194_304,
    },
    taken: [
      { number: 1, as: 'pid', command: 'init' },
      { number: 7, as: 'tid', pid: 1, kernelThread: true },
    ],
    ...{
      lastPid: 5,
      criuPid: 9,
      criuSid: 1,
      shellJob: true,
      cannotAsk: ['clone3-set-tid', 'inotify-next-wd'],
      ptysTaken: [0, 3],
    },
    joinedIpc: { shm: [{ id: 0, key: 0 }], sem: [], msg: [{ id: 32_768, key: 5 }] },
    ...{
      ipcmniExtend: false,
      shmmniMax: 32_768,
      aioNr: 1,
      aioMaxNr: 65_536,
      possibleCpus: 4,
      rtc: true,
      capWakeAlarm: false,
    },
    ...{ sigqOfCriuUser: 3, criuRlimitSigpending: 100, maxUserWatches: 8192, maxUserInstances: 128, userWatches: 1 },
    ...{ unseen: [{ key: 'taken', why: 'no' }], assumed: [] },
  },
];
