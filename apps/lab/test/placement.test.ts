// `idspace plan --on` with several nodes: the matrix against plans of each pair, what a node is charged for, shards, gates, inputs that are none.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  type Charges,
  decisiveReason,
  OUTCOMES,
  type Outcome,
  type PlanJson,
  planNode,
  type Reason,
} from '@idspace/restore-planner';
import { random } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandError } from '../src/cli/failure.ts';
import { printableLines } from '../src/format/printable.ts';
import { isPlaced } from '../src/plan/placement/document.ts';
import { mergePlacements } from '../src/plan/placement/merge-placements.ts';
import { nodesAt } from '../src/plan/placement/nodes.ts';
import { checkDocument } from '../src/plan/placement/parse-document.ts';
import { placeCheckpoint } from '../src/plan/placement/place-checkpoint.ts';
import { readEach } from '../src/plan/read-fleet.ts';
import { Collector, idspace, type Ran, ROOT } from './support/run.ts';

const CASES = `${ROOT}packages/restore-planner/test/ground-truth/criu-ids`;
const folder = mkdtempSync(join(tmpdir(), 'idspace-placement-'));
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore format: what belongs together stands in a row
const FREE = {
  format: 'idspace-target', version: 1, kernel: '6.18', criu: '4.2', pidMax: 4_194_304, taken: [] as object[],
  criuPid: 20_000, criuSid: 20_000, ptysTaken: [] as number[], possibleCpus: 2, aioNr: 0, aioMaxNr: 65_536,
  maxUserWatches: 100_000, maxUserInstances: 128, userWatches: 0, sigqOfCriuUser: 2,
};

/** Five machines, each of another kind. */
const NODES: Record<string, object> = {
  busy: { taken: [{ number: 7001, as: 'pid', command: 'postgres', pid: 7001 }] },
  empty: {},
  large: { possibleCpus: 64, ptysTaken: [0, 1, 2] },
  old: { kernel: '6.1', criu: '3.19' },
  unknown: { taken: null, ptysTaken: null, aioNr: null },
};

const FLEET = ['mixed', 'pids', 'pty', 'aio', 'timers-two-processes-limit', 'inotify-high', 'sysv-ipc'];

function writeNodes(name: string, nodes: Record<string, object>): void {
  mkdirSync(join(folder, name), { recursive: true });
  for (const [node, facts] of Object.entries(nodes)) {
    writeFileSync(join(folder, name, `${node}.json`), JSON.stringify({ ...FREE, ...facts }));
  }
}

beforeAll(() => {
  for (const name of FLEET) cpSync(join(CASES, name), join(folder, name), { recursive: true });
  writeNodes('nodes', NODES);
});

const run = (...args: string[]): Promise<Ran> => idspace(args, { folder });
const plan = (...args: string[]): Promise<Ran> => run('plan', ...args);

interface Pair {
  node: string;
  outcome: Outcome;
  reason: Reason | null;
  asks: number;
  creates: number;
  deletes: number;
  seconds: number;
}
interface Entry {
  path: string;
  best: string;
  plan: PlanJson;
  charges: Charges;
  nodes: Pair[];
}
interface Node {
  node: string;
  kernel: string;
  together: { ok: number; depends: number; outcome: Outcome; reasons: Reason[]; fit: number; aioRequests: number };
}

async function placed(...args: string[]): Promise<{ checkpoints: Entry[]; placement: { nodes: Node[] } }> {
  return JSON.parse((await plan(...args, '--json')).out);
}

describe('the matrix', () => {
  test('is what a plan of each pair says', async () => {
    const { checkpoints } = await placed(...FLEET, '--on', 'nodes');
    expect(checkpoints.map(({ path }) => path)).toEqual(FLEET);
    const outcomes = new Set<string>();
    for (const { path, nodes, best, plan: bestPlan } of checkpoints) {
      expect(nodes.map(({ node }) => node)).toEqual(Object.keys(NODES));
      for (const pair of nodes) {
        const { out } = await plan(path, '--on', `nodes/${pair.node}.json`, '--json');
        const one = JSON.parse(out).checkpoints[0].plan as PlanJson;
        const sum = (key: 'asks' | 'creates' | 'deletes' | 'seconds'): number =>
          one.spaces.reduce((so, space) => so + space[key], 0);
        // biome-ignore format: what belongs together stands in a row
        expect(pair, `${path} on ${pair.node}`).toMatchObject({
          outcome: one.outcome, reason: decisiveReason(one) ?? null,
          asks: sum('asks'), creates: sum('creates'), deletes: sum('deletes'), seconds: sum('seconds'),
        });
        outcomes.add(pair.outcome);
        if (pair.node === best) expect(bestPlan).toEqual(one);
      }
      const rank = ({ outcome }: Pair): number => OUTCOMES.indexOf(outcome);
      const least = [...nodes].sort((a, b) => rank(a) - rank(b) || a.seconds - b.seconds)[0]!;
      expect(best).toBe(least.node);
    }
    expect(outcomes).toEqual(new Set(['ok', 'depends', 'exceeds-limit', 'fails']));
  });

  test('of files, folders and names given several times, in the order given', async () => {
    const { placement, checkpoints } = await placed('pids', '--on', 'nodes/old.json', '--on', 'nodes/empty.json');
    expect(placement.nodes.map(({ node, kernel }) => [node, kernel])).toEqual([
      ['old', '6.1'],
      ['empty', '6.18'],
    ]);
    expect(checkpoints[0]).toMatchObject({ best: 'old', format: 'criu-v1.1', containers: [] });
    const stated = await placed('pids', '--on', 'nodes/', '--kernel', '5.10', '--criu', '3.18');
    expect(new Set(stated.placement.nodes.map(({ kernel }) => kernel))).toEqual(new Set(['5.10']));
  });

  test('reads a checkpoint once: a pipe has it for all nodes', async () => {
    const listing = 'ID: 3\nsignal: 14/0000000000000000\nnotify: none/pid.7\nClockID: 1\n';
    const { out } = await idspace(['plan', '-', '--on', 'nodes', '--json'], {
      folder,
      input: Readable.from([Buffer.from(listing)]),
    });
    const { checkpoints } = JSON.parse(out) as { checkpoints: Entry[] };
    expect(checkpoints[0]!.nodes.map(({ outcome }) => outcome)).toEqual(Array(5).fill('ok'));
  });

  test('has the same form for a folder with one node', async () => {
    writeNodes('alone', { only: {} });
    expect((await placed('pids', '--on', 'alone')).checkpoints[0]).toMatchObject({ best: 'only' });
  });

  test('is the same by worker threads as here', async () => {
    const nodes = await nodesAt(['nodes'], {}, { folder });
    const data = { nodes, rates: {}, given: {}, gate: { failOver: 1e-9 }, keepsPlan: true };
    const terminal = { folder, env: {}, out: new Collector(), err: new Collector() };
    const each = {
      take: (checkpoint: Parameters<typeof placeCheckpoint>[0]) => placeCheckpoint(checkpoint, data),
      module: 'plan/placement/place-worker',
      data,
    };
    const here = await readEach(FLEET, terminal, each, { jobs: 1 });
    const there = await readEach(FLEET, terminal, each, { jobs: 2, workersFrom: 0, execArgv: FROM_SOURCES });
    expect(there).toEqual(here);
  });
});

describe('a node', () => {
  test('is charged for all that can or may go there', async () => {
    const { checkpoints, placement } = await placed(...FLEET, '--on', 'nodes');
    for (const [at, { node, together }] of placement.nodes.entries()) {
      const going = checkpoints.filter(({ nodes }) => ['ok', 'depends'].includes(nodes[at]!.outcome));
      const ok = going.filter(({ nodes }) => nodes[at]!.outcome === 'ok').length;
      const { kernel: _, ...facts } = { ...FREE, ...NODES[node] } as Record<string, unknown>;
      const { sigqOfCriuUser, maxUserWatches, userWatches, maxUserInstances, aioNr, aioMaxNr } = facts as never;
      const target = {
        sigqOfCriuUser,
        maxUserWatches,
        userWatches,
        maxUserInstances,
        ...(aioNr !== null && { aioNr }),
        aioMaxNr,
      };
      const expected = planNode(
        going.map(({ charges }) => charges),
        { target },
      );
      expect(together, node).toEqual({ ok, depends: going.length - ok, ...expected });
    }
  });

  test('each fits and all do not: a reason of the node, and no outcome of a pair', async () => {
    writeNodes('small', { small: { aioMaxNr: 500 }, wide: {} });
    for (const copy of ['aio-b', 'aio-c']) cpSync(join(CASES, 'aio'), join(folder, copy), { recursive: true });
    const { checkpoints, placement } = await placed('aio', 'aio-b', 'pids', 'aio-c', '--on', 'small');
    expect(checkpoints.flatMap(({ nodes }) => nodes.map(({ outcome }) => outcome))).toEqual(Array(8).fill('ok'));
    const [small, wide] = placement.nodes;
    expect(small!.together).toMatchObject({ ok: 4, aioRequests: 570, outcome: 'fails', fit: 3 });
    expect(small!.together.reasons).toMatchObject([
      { space: 'aio', code: 'node-aio', words: 'Ring setup failed with -11' },
    ]);
    expect(wide!.together).toMatchObject({ outcome: 'ok', reasons: [], fit: 4 });
    const { out, exitCode } = await plan('aio', 'aio-b', 'pids', 'aio-c', '--on', 'small');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^small +4 +0 .* 570 +the first 3 fit \(aio\)$/m);
    expect(out).toMatch(/^wide +4 +0 .* 570 +fit$/m);
    const said =
      'small: all AIO rings need 570 requests, and fs.aio-max-nr allows the machine 500, of which 0 are in use';
    expect(out.replace(/\s+/g, ' ')).toContain(said);
  });

  test('of a fleet on one target it is said, too', async () => {
    const said =
      'On one node all AIO rings need 570 requests, and fs.aio-max-nr allows the machine 500, of which 0 are in use: they do not all fit. Set fs.aio-max-nr to 570 or more.';
    const { out } = await plan('aio', 'aio-b', 'pids', 'aio-c', '--on', 'small/small.json');
    expect(out.replace(/\s+/g, ' ')).toContain(said);
    expect((await plan('aio', 'pids', '--on', 'small/small.json')).out).not.toContain('On one node');
  });

  test('limits that are stated count for all', async () => {
    const [one] = (await placed('timers-two-processes-limit', '--on', 'nodes', '--sigpending', '100')).placement.nodes;
    expect(one!.together).toMatchObject({ ok: 1, outcome: 'ok' });
    const charged = await placed('timers-two-processes-limit', '--on', 'nodes', '--sigpending', '100', '--sigq', '89');
    expect(charged.checkpoints[0]!.nodes[1]!.outcome).toBe('exceeds-limit');
  });
});

describe('shards', () => {
  const ALL = [...FLEET, 'absent', 'state'];
  /** The run that merged shards are like, in each form. */
  let whole: Ran;
  let wholeText: Ran;

  beforeAll(() => {
    // A full dump, and a pre-dump beside it that falls into another shard.
    mkdirSync(join(folder, 'state', '000'), { recursive: true });
    cpSync(join(CASES, 'pids', 'inventory.img'), join(folder, 'state', '000', 'inventory.img'));
    writeFileSync(join(folder, 'state', '000', 'pagemap-1.img'), 'x');
    cpSync(join(CASES, 'pids'), join(folder, 'state', 'final'), { recursive: true });
  });

  beforeAll(async () => {
    whole = await plan(...ALL, '--on', 'nodes', '--json');
    wholeText = await plan(...ALL, '--on', 'nodes');
  });

  async function shard(checkpoints: readonly string[], index: number, of: number, ...more: string[]): Promise<string> {
    const { out } = await plan(...checkpoints, '--on', 'nodes', '--shard', `${index}/${of}`, '--json', ...more);
    const name = `part-${index}-${of}.json`;
    writeFileSync(join(folder, name), out);
    return name;
  }

  test.each([1, 2, 3, 20])('%i merged are one run, byte for byte', async (of) => {
    const names: string[] = [];
    for (let index = 1; index <= of; index++) names.unshift(await shard(ALL, index, of));
    const merged = await run('merge', ...names, '--json', '--out', 'merged.json');
    expect(merged.out).toBe(whole.out);
    expect([whole.exitCode, merged.exitCode]).toEqual([3, 3]); // absent is not there
    const { out } = await run('merge', ...names);
    expect(out).toBe(wholeText.out);
    expect(JSON.parse(whole.out).checkpoints).toHaveLength(FLEET.length + 2);
  });

  test('a scheduler tells which', async () => {
    const env = { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '3', SLURM_ARRAY_TASK_MIN: '1' };
    const ran = await idspace(['plan', ...ALL, '--on', 'nodes', '--json'], { folder, env });
    expect(ran.out).toBe((await plan(...ALL, '--on', 'nodes', '--shard', '2/3', '--json')).out);
    expect(ran.err).toContain('Shard 2/3, from SLURM_ARRAY_TASK_ID 2');
    const job = { JOB_COMPLETION_INDEX: '1' };
    const indexed = await idspace(['plan', ...ALL, '--on', 'nodes', '--shards', '3', '--json'], { folder, env: job });
    expect(indexed.out).toBe(ran.out);
    expect((await plan(...ALL, '--on', 'nodes', '--shard', '2/3')).out).toMatch(
      /^Shard 2\/3: 3 of 10 checkpoints on 5 nodes\./,
    );
  });

  test('that do not belong together are refused, by name', async () => {
    const few = ['pids', 'pty', 'aio'];
    const [one, two] = [await shard(few, 1, 2), await shard(few, 2, 2)];
    const refused = async (expected: string, ...names: string[]): Promise<void> => {
      const { err, out, exitCode } = await run('merge', ...names, '--json');
      expect({ exitCode, out }, expected).toEqual({ exitCode: 3, out: '' });
      expect(err).toContain(expected);
    };
    await refused('shards: got 1 of 2, expected all: 2/2 missing', one);
    await refused('part-1-2.json: got shard 1/2, which part-1-2.json is already', one, two, one);
    await refused('part-1-3.json: got shard 1/3, expected one of 2', two, await shard(few, 1, 3));
    await refused('absent.json: got no such file', one, 'absent.json');
    const flags = await shard(few, 2, 2, '--sigq', '7');
    await refused('part-2-2.json: got a placement with other flags', one, flags);
    const facts = { ...NODES, empty: { possibleCpus: 4 } };
    writeNodes('nodes', facts);
    const other = await shard(few, 2, 2);
    writeNodes('nodes', NODES);
    await refused('part-2-2.json: got a placement with other nodes, or other facts of them', one, other);
    const { out: fewer } = await plan('pids', 'pty', '--on', 'nodes', '--shard', '2/2', '--json');
    writeFileSync(join(folder, 'fewer.json'), fewer);
    await refused('fewer.json: got a placement with another number of checkpoints', one, 'fewer.json');
    const { out: whole } = await plan('pids', '--on', 'nodes', '--json');
    writeFileSync(join(folder, 'whole.json'), whole);
    await refused('whole.json: got a whole placement, expected a shard', 'whole.json');
    writeFileSync(join(folder, 'cut.json'), fewer.slice(0, -40));
    await refused('cut.json: got no JSON', 'cut.json');
    writeFileSync(join(folder, 'sweep.json'), '{"idspace":"0.0.0","grid":{},"gridCells":1,"shard":"1/2","cells":[]}');
    await refused('sweep.json: got no placement', await shard(few, 1, 2), 'sweep.json');
  });

  test('crafted values are refused or make no difference, and nothing else happens', async () => {
    const text = (await plan('mixed', 'absent', '--on', 'nodes', '--shard', '1/1', '--json')).out;
    const rng = random(2026_11_30);
    const values = [null, 0, -1, 1e300, 'x', [], {}, true, [null], '1/1', '5/2'];
    let refused = 0;
    for (let round = 0; round < 600; round++) {
      const document = JSON.parse(text);
      const places: [object, string][] = [];
      const visit = (value: unknown): void => {
        if (typeof value !== 'object' || value === null) return;
        for (const key of Object.keys(value)) {
          places.push([value, key]);
          if (key !== 'plan') visit((value as Record<string, unknown>)[key]);
        }
      };
      visit(document);
      const [object, key] = rng.pick(places);
      if (rng.chance(0.2)) delete (object as Record<string, unknown>)[key];
      else (object as Record<string, unknown>)[key] = rng.pick(values);
      const terminal = { folder, env: {}, out: new Collector(), err: new Collector() };
      try {
        const merged = mergePlacements(
          [{ path: 'x', document: checkDocument(JSON.parse(JSON.stringify(document)), 'x') }],
          terminal,
        );
        expect(merged.checkpoints.length).toBeLessThanOrEqual(2);
        expect(merged.checkpoints.filter(isPlaced).every(({ nodes }) => nodes.length === 5)).toBe(true);
      } catch (error) {
        if (!(error instanceof CommandError)) throw new Error(`round ${round}: ${key}`, { cause: error });
        expect(error.message).toMatch(/^x\b/);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});

describe('a gate', () => {
  const GATE = ['--kernel', '6.18', '--criu', '4.2', '--fail-over', '60'];

  test('passes a checkpoint that passes on one node', async () => {
    expect(await plan('mixed', 'pids', '--on', 'nodes', ...GATE)).toMatchObject({ exitCode: 0, err: '' });
    const { exitCode, err } = await plan('mixed', 'timers-two-processes-limit', '--on', 'nodes', ...GATE);
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^idspace plan: timers-two-processes-limit passes on no node; on the best one: the outcome is 'exceeds-limit'/,
    );
    const slow = await plan('mixed', '--on', 'nodes', '--kernel', '6.18', '--criu', '4.2', '--fail-over', '0');
    expect(slow).toMatchObject({ exitCode: 1, err: expect.stringContaining('restoring the IDs takes up to 1.') });
  });

  test('what does not fit together does not trip it; what is not read does, before all', async () => {
    writeNodes('tiny', { tiny: { aioMaxNr: 200 } });
    expect((await plan('aio', 'aio-b', '--on', 'tiny', ...GATE)).exitCode).toBe(0);
    const { exitCode, out, err } = await plan('absent', 'timers-two-processes-limit', '--on', 'nodes', ...GATE);
    expect(exitCode).toBe(3);
    expect(out).toMatch(/^absent +not read/m);
    expect(out).toMatch(/^Not read:\n {2}.*absent/m);
    expect(err).toContain('passes on no node');
    expect((await plan('absent', '--on', 'nodes', '--json')).err).toContain('absent');
  });

  test('wants the pair of every node', async () => {
    writeNodes('pairs', { a: {}, b: { criu: null } });
    const { exitCode, err } = await plan('pids', '--on', 'pairs', '--fail-over', '60');
    expect(exitCode).toBe(2);
    expect(err).toContain('--fail-over: got no --criu of pairs/b.json, expected the pair to judge for: add --criu 4.2');
  });
});

describe('nodes that are none', () => {
  const refused = async (exitCode: number, text: string, ...args: string[]): Promise<void> => {
    const ran = await plan('pids', ...args);
    expect(ran, text).toMatchObject({ exitCode, out: '' });
    expect(ran.err).toContain(text);
  };

  test('a folder without targets; a file that is damaged, not there, or a folder', async () => {
    mkdirSync(join(folder, 'none', 'inner.json.d'), { recursive: true });
    writeFileSync(join(folder, 'none', '.hidden.json'), '{}');
    writeFileSync(join(folder, 'none', 'notes.txt'), 'x');
    await refused(3, '--on: none has no file *.json, expected one for each node', '--on', 'none');
    writeNodes('damaged', { a: {}, c: {} });
    writeFileSync(join(folder, 'damaged', 'b.json'), '{"format":"idspace-target","vers');
    await refused(3, 'damaged/b.json: got', '--on', 'damaged');
    writeNodes('other', { a: {}, b: { possibleCpus: -4 } });
    await refused(3, 'other/b.json: got possibleCpus: got -4', '--on', 'other');
    await refused(3, '--on: absent.json is not there', '--on', 'nodes', '--on', 'absent.json');
    writeNodes('inner', { a: {} });
    mkdirSync(join(folder, 'inner', 'b.json'));
    await refused(3, '--on: inner/b.json is a folder', '--on', 'inner');
    writeNodes('kernels', { a: { kernel: 'minix' }, b: {} });
    await refused(3, '--on: kernels/a.json: ', '--on', 'kernels');
  });

  test('two of one name', async () => {
    writeNodes('more', { old: {} });
    const text =
      '--on: got two nodes called old, nodes/old.json and more/old.json, expected a name of its own for each';
    await refused(2, text, '--on', 'nodes', '--on', 'more');
    await refused(2, 'got two nodes called old', '--on', 'nodes/old.json', '--on', 'nodes/old.json');
  });

  test('flags that do not go with them', async () => {
    await refused(2, '--matrix: got it with several nodes', '--on', 'nodes', '--matrix');
    await refused(2, '--emit: got it with several nodes', '--on', 'nodes', '--emit', 'json');
    await refused(2, '--shard: got it without several nodes', '--on', 'nodes/old.json', '--shard', '1/2');
    await refused(2, '--shards: got it without several nodes', '--shards', '2');
    await refused(2, "--shard: got '3/2', expected I/N", '--on', 'nodes', '--shard', '3/2');
    await refused(2, '--on: got live in a shard', '--on', 'nodes', '--on', 'live', '--shard', '1/2');
    await refused(2, '--shards: got 3 outside an array', '--on', 'nodes', '--shards', '3');
  });

  test('names and facts are shown as text', async () => {
    const evil = 'n\u001b[2J\u202e';
    writeNodes('evil', { [evil]: { taken: [{ number: 5003, as: 'pid', command: 'x\u001b[31m' }] }, b: {} });
    for (const args of [['pids', 'pty'], ['pids'], []]) {
      const { out, err } = await plan(...args, '--on', 'evil');
      expect(printableLines(out + err)).toBe(out + err);
      expect(out).toContain('n\\u001b[2J');
    }
  });
});

describe('as text', () => {
  test('one checkpoint on five nodes', async () => {
    const { out, exitCode } = await plan('mixed', '--on', 'nodes');
    expect(exitCode).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "mixed on 5 nodes: can be restored on 2 of them, best on empty.

      Node     Kernel  CRIU  Outcome         Asks  Creates  Temporary       Time
      ──────────────────────────────────────────────────────────────────────────
      empty    6.18    4.2   ok                14    ≤ 523          1  ≤ 1.14 ms
      old      6.1     3.19  ok                12    ≤ 524          2  ≤ 1.15 ms
      unknown  6.18    4.2   depends (pids)    14    ≤ 523          1  ≤ 1.14 ms
      large    6.18    4.2   fails (pty)       14    ≤ 520          0  ≤ 1.02 ms
      busy     6.18    4.2   fails (pids)      14    ≤ 523          1  ≤ 1.14 ms

      Why not everywhere:
        unknown (processes): which process numbers are in use on the target is not known.
          To find out: list the PIDs, threads, groups and sessions of all processes on the target
            (\`idspace probe --facts\` does), and give them with --on.
        large (terminals): pseudo-terminal 0 is in use on the target; CRIU will say: Unable to open
          tmp/recorder/pts/ptmx with specified index 0.
          Way out: close what has 0, 2, or restore into a mount namespace with a devpts of its own,
            where all are free.
        busy (processes): PID 7001 is held by postgres (pid 7001) on the target; CRIU will say: Can't
          fork for 7001: File exists.
          Way out: end what holds it, run CRIU in a fresh PID namespace (unshare --pid --fork
            --mount-proc criu restore …), or keep others out of the range: write 7004 to
            /proc/sys/kernel/ns_last_pid before they start, so that their numbers begin above.

      Times are kernel time of the IDs' system calls, of a restore that fails what it would take. \`idspace
      plan PATH --on NODE.json\` tells of one node all reasons and all spaces.

      Judges the IDs of timers, processes (PIDs, TIDs, groups, sessions), inotify watches, SysV IPC,
      terminals, AIO rings, as far as their images are there; not files, sockets, memory.
      "
    `);
  });

  test('several on few, and on many', async () => {
    const few = await plan(...FLEET, '--on', 'nodes/busy.json', '--on', 'nodes/empty.json');
    expect(few.out).toMatch(/^Checkpoint +busy +empty$/m);
    expect(few.out).toMatch(/^mixed +fails \(pids\) +ok ≤ 1\.\d\d ms$/m);
    writeNodes(
      'many',
      Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`n${index}`, { possibleCpus: 10 + index }])),
    );
    const { out } = await plan('mixed', 'pids', 'pty', '--on', 'many');
    expect(out).toMatch(/^3 checkpoints on 40 nodes: 3 can be restored on one at least, 0 on none\.$/m);
    expect(out).toMatch(/^mixed +6 ok +n0 +≤ 1\.\d\d ms +34 × fails \(aio\)$/m);
    expect(out).toMatch(/^21 other nodes +fit on each$/m);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    const all = await plan('mixed', 'pids', 'pty', '--on', 'many', '--all');
    expect(all.out).toMatch(/^n39 /m);
  });

  test('without a checkpoint the nodes are explained', async () => {
    const { out } = await plan('--on', 'nodes');
    expect(out).toMatch(/^5 nodes\n\nNode +Kernel/);
    expect(out).toMatch(/^large +6\.18 +4\.2 +\d+ of \d+ +0 +3 +64 +65,536$/m);
    expect(out).toMatch(/^Not known: /m);
    const { targets, checkpoints } = JSON.parse((await plan('--on', 'nodes', '--json')).out);
    expect(checkpoints).toEqual([]);
    expect(targets.map(({ node }: { node: string }) => node)).toEqual(Object.keys(NODES));
  });

  test('what is assumed of many nodes is said in few lines', async () => {
    writeNodes('bare', Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`n${index}`, { criu: null }])));
    const { err } = await plan('pids', '--on', 'bare');
    expect(err.match(/is assumed/g)).toHaveLength(6);
    expect(err).toContain('… and 3 notes like these');
  });
});
