// idspace plan on checkpoints that a real CRIU made.
import { readdirSync, readFileSync } from 'node:fs';
import { planRestore, readCheckpoint } from '@idspace/restore-planner';
import { expect, test } from 'vitest';
import { planText } from '../src/plan/plan-text.ts';
import { forgottenText } from '../src/plan/warnings-text.ts';
import { madeCheckpoint, madeTimer } from './support/made-checkpoint.ts';
import { CHECKPOINTS, idspace, PLAIN } from './support/run.ts';

interface CritCore {
  entries: [{ tc?: { timers?: { posix?: { it_id: number }[] } } }];
}

const plan = (...args: string[]): ReturnType<typeof idspace> => idspace(['plan', ...args], { folder: CHECKPOINTS });

// biome-ignore lint/suspicious/noExplicitAny: JSON.
type Json = any;

/** The plan in the JSON of one checkpoint. */
function onlyPlan(out: string): Json {
  const { checkpoints } = JSON.parse(out);
  expect(checkpoints).toHaveLength(1);
  return checkpoints[0].plan;
}

/** What the JSON tells of the folders here, which name neither kernel nor container. */
const ORIGIN = { format: 'criu-v1.1', kernelRelease: null, criuVersion: null, containers: [], pod: null };
const TIME = { sec: expect.stringMatching(/^\d+$/), nsec: expect.stringMatching(/^\d+$/) };

function isTimed({ interval, value }: Json): boolean {
  expect({ interval, value }).toEqual({ interval: TIME, value: TIME });
  return true;
}

/** The timer IDs that crit's own decoding of a checkpoint shows, ascending. */
function critIds(checkpoint: string): number[] {
  const folder = `${CHECKPOINTS}/${checkpoint}`;
  return readdirSync(folder)
    .filter((name) => /^core-.*\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as CritCore)
    .flatMap(({ entries: [core] }) => (core.tc?.timers?.posix ?? []).map((timer) => timer.it_id))
    .sort((a, b) => a - b);
}

test.each(readdirSync(CHECKPOINTS))('%s: every timer crit shows is planned, in restore order', async (checkpoint) => {
  const { exitCode, out, err } = await plan(checkpoint, '--json');
  const { processes } = onlyPlan(out);
  expect(processes.flatMap((p: { timers: { id: number }[] }) => p.timers.map(({ id }) => id))).toEqual(
    critIds(checkpoint),
  );
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
});

test('the JSON of one checkpoint has the promised form', async () => {
  const { out } = await plan('ids-1e6-2e6', '--kernel', '6.18', '--criu', '4.2', '--json');
  const json = onlyPlan(out);
  // biome-ignore format: what belongs together stands in a row
  expect(Object.keys(json)).toEqual([
    'kernel', 'criu', 'nsPerPair', 'nsPerRestore', 'outcome', 'reasons', 'spaces', 'processes', 'totals',
  ]);
  expect(json).toMatchObject({ kernel: '6.18', criu: '4.2', nsPerPair: 894, nsPerRestore: 485 });
  expect(json.processes).toHaveLength(1);
  // biome-ignore format: what belongs together stands in a row
  expect(json.processes[0]).toMatchObject({
    pid: 12010,
    strategy: 'restore-ids',
    outcome: 'ok',
    error: null, errno: null, creates: 2, deletes: 0, prctls: 2, peakTimers: 2, nextId: 2_000_001,
    seconds: (2 * 485) / 1e9,
  });
  expect(json.processes[0].timers[0]).toMatchObject({
    id: 1_000_000,
    notify: expect.any(String),
    sival: expect.any(String),
    overrun: 0,
  });
  expect(json.processes[0].timers.every(isTimed)).toBe(true);
});

test('6.1 takes the dance: 2,000,001 creates and 1,999,999 deletes', async () => {
  const { out } = await plan('ids-1e6-2e6', '--kernel', '6.1', '--json');
  expect(onlyPlan(out).totals).toMatchObject({ creates: 2_000_001, deletes: 1_999_999, outcome: 'ok' });
});

test('several checkpoints give one document with a plan each', async () => {
  const { out, exitCode } = await plan('sparse', 'int-max', '--json', '--kernel', '6.1');
  const { checkpoints } = JSON.parse(out);
  expect(checkpoints.map(({ path }: { path: string }) => path)).toEqual(['sparse', 'int-max']);
  expect(checkpoints[1].plan.totals.creates).toBe(2 ** 31);
  expect(exitCode).toBe(0);
});

test('the text says it in a sentence, shows the neighbours and stays within 100 columns', async () => {
  const { out } = await plan('ids-1e6-2e6', '--kernel', '6.1');
  expect(out).toContain(
    'On Linux 6.1, CRIU 4.2 creates and deletes 1,999,999 timers to reach ID 2,000,000: about 1.8 s at',
  );
  expect(out).toContain('The same checkpoint elsewhere');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(out.split('').filter((character) => character.charCodeAt(0) === 27)).toEqual([]); // no escape sequences
});

test('one process that hangs makes the whole endless', async () => {
  const checkpoint = await readCheckpoint(`${CHECKPOINTS}/sparse`);
  const [process] = checkpoint.processes;
  const two = { ...checkpoint, processes: [process!, { ...process!, pid: process!.pid + 1, timers: [] }] };
  const text = planText('two', planRestore(two, { kernel: 'dense', criu: '3.18' }), PLAIN);
  expect(text).toContain('\nTimers of all processes: without end, as 1 of 2 processes hangs.\n');
});

test('the neighbours name the cure, and the caption fits the rows', async () => {
  const old = (await plan('three-timers', '--kernel', '6.1', '--criu', '3.18')).out;
  expect(old).toMatch(/^4\.2 +6\.18 +ok /m);
  expect(old).toMatch(/CRIU 4\.2 on 6\.18 asks for each ID/);
  expect(old.trimEnd().replace(/\s+/g, ' ')).toMatch(
    /The calls for IDs take 1\.46 µs with CRIU ≥ 4\.2 on Linux ≥ 6\.15\. /,
  );
  const today = (await plan('three-timers', '--kernel', '6.18.44-fc')).out;
  expect(today).not.toMatch(/^4\.2 +6\.18 /m);
  expect(today).toMatch(/CRIU 4\.2 on xarray asks for each ID/);
});

test.each([
  ['v6.1', 'v4.2', '6.1', '4.2'],
  ['Dense', '3.18', 'dense', '3.18'],
  [' XARRAY', 'V4.1.1', 'xarray', '4.1.1'],
])('--kernel %s --criu %s are %s and %s', async (kernel, criu, plainKernel, plainCriu) => {
  const args = ['sparse', '--kernel', kernel, '--criu', criu];
  expect(onlyPlan((await plan(...args, '--json')).out)).toMatchObject({ kernel: plainKernel, criu: plainCriu });
  const { out } = await plan(...args);
  const pairs = out
    .split('\n')
    .flatMap((line) => /^(\d\.\S+) +(\S+) +(?:ok|fails|hangs)/.exec(line)?.slice(1, 3).join(' ') ?? []);
  expect(pairs).toEqual([...new Set(pairs)]);
  expect(pairs).not.toContain(`${plainCriu} ${plainKernel}`);
});

test.each([
  ['99.0', '4.2', 'idspace plan: Linux 99.0 is newer than 6.18, the newest recorded: taken to behave like it\n'],
  ['6.18.44', '5.0', 'idspace plan: CRIU 5.0 is newer than 4.2, the newest recorded: taken to behave like it\n'],
  ['dense', '4.2.1', ''],
])('on Linux %s with CRIU %s a note says %j', async (kernel, criu, note) => {
  const { err, exitCode } = await plan('sparse', '--kernel', kernel, '--criu', criu, '--json');
  expect({ err, exitCode }).toEqual({ err: note, exitCode: 0 });
});

test('what CRIU would print is printed; a plan that fails is an answer', async () => {
  const { out, exitCode } = await plan('sparse', '--kernel', 'dense', '--criu', '3.19');
  expect(out).toMatch(/CRIU prints:\n {2}11884: Can't create timers/);
  expect(out).toContain('gives up after 2 creates');
  expect(exitCode).toBe(0);
});

test('a restore that hangs is said to never end, in words and figures', async () => {
  const { out } = await plan('int-max', '--kernel', 'dense', '--criu', '3.18');
  expect(out.replace(/\s+/g, ' ')).toContain('never ends');
  expect(out).toMatch(/^12111 .* hangs +∞ +∞ +0 +1 +– +∞$/m);
});

test('--sigpending and --nspp change what they say', async () => {
  const limited = onlyPlan((await plan('ids-1e6-2e6', '--sigpending', '1', '--json')).out);
  expect(limited.totals.outcome).toBe('exceeds-limit');
  const slow = onlyPlan((await plan('ids-1e6-2e6', '--kernel', '6.1', '--nspp', '1934', '--json')).out);
  expect(slow.totals.seconds).toBeCloseTo((1_999_999 * 1934 + 2 * 485) / 1e9, 9);
});

test('warnings stand in the text, worst first, what every image forgets last', async () => {
  const { out } = await plan('clocks-and-notify-kinds');
  const words = out.replace(/\s+/g, ' ');
  expect(words).toContain(
    'Warnings: thread-cpu-clock (the restore succeeds, and may be wrong): process 11924, timer 6. The clock is the CPU',
  );
  expect(words).toMatch(
    /counter-lost, mode-lost: no image holds .* process 11924 goes on from ID 10, restore mode off\./,
  );
  expect(out.indexOf('Warnings:')).toBeLessThan(out.indexOf('counter-lost'));
  expect(out.match(/counter-lost/g)).toHaveLength(1);
  expect((await plan('sparse')).out).not.toContain('Warnings:');
});

test('warnings stand in the JSON', async () => {
  const { out } = await plan('clocks-and-notify-kinds', '--json');
  const [process] = onlyPlan(out).processes;
  expect(process.warnings.map(({ code, ids }: { code: string; ids: number[] }) => [code, ids])).toEqual([
    ['thread-cpu-clock', [6]],
    ['wall-clock', [0]],
    ['counter-lost', []],
    ['mode-lost', []],
  ]);
  expect(process.warnings[0].text).toContain('CPU time of the thread that creates the timer');
});

test('many warnings are abridged', () => {
  const timers = (process: number) =>
    Array.from({ length: 7 }, (_, id) => madeTimer(id + process, { clock: (~99 << 3) | 2 }));
  const plan = planRestore(madeCheckpoint(...Array.from({ length: 10 }, (_, process) => timers(process))), {
    kernel: '6.18',
    criu: '4.2',
  });
  const text = planText('many', plan, PLAIN);
  expect(text).toMatch(/dead-cpu-clock \(the restore fails\): process 6, timers 0, 1, 2, 3, 4 and 2 more\. The clock/);
  expect(text).toContain('\n  … and 2 more, all in --json.\n');
  expect(forgottenText(plan, PLAIN)).not.toContain('After this restore');
});

test('the same warning of several processes is said once', () => {
  const timers = [madeTimer(3, { clock: 10 })];
  const plan = planRestore(madeCheckpoint(...Array.from({ length: 8 }, () => timers)), { kernel: '6.18', criu: '4.2' });
  const text = planText('many', plan, PLAIN).replace(/\s+/g, ' ');
  expect(text).toContain('timerless-clock (the restore fails): processes 6, 8, 9, 10, 11 and 3 more, timer 3 of each.');
  expect(text.match(/timerless-clock/g)).toHaveLength(1);
});

test('fleet, plan and gate take a checkpoint to cost the same', async () => {
  const one = await plan('three-timers', '--kernel', '6.18');
  const time = /^together .* (\S+ µs)$/m.exec(one.out)?.[1];
  const many = await plan('three-timers', 'three-timers', '--kernel', '6.18', '--all');
  expect(many.out).toMatch(new RegExp(`^three-timers .* ${time} +0$`, 'm'));
});

test.each([
  [
    '6.18',
    'CRIU 4.2 on xarray asks for each ID; the others try to create and delete timers until the ID comes, except for CRIU 3.18 on 6.18, which does not start.',
  ],
  [
    '6.1',
    'CRIU 4.2 on 6.18 and xarray asks for each ID; the others try to create and delete timers until the ID comes.',
  ],
])('the neighbours of %s: who asks, who does not, who does not start', async (kernel, said) => {
  const { out } = await plan('sparse', '--kernel', kernel);
  expect(out.replace(/\s+/g, ' ')).toContain(said);
});

test('neighbours that give up before they create a timer are not said to create any', async () => {
  const { out } = await plan('../criu-field/old-images', '--kernel', '6.18');
  expect(out.replace(/\s+/g, ' ')).toContain('CRIU 3.18 on 6.18 does not start.');
  expect(out).not.toContain('until the ID comes');
});

test('the matrix as JSON: a row for each pair, the pair asked for among them', async () => {
  const { out, exitCode } = await plan(
    'ids-1e6-2e6',
    '--matrix',
    '--json',
    '--kernel',
    'restricted:1024',
    '--criu',
    '3.0',
  );
  const { rows } = JSON.parse(out).checkpoints[0];
  expect(rows).toHaveLength(12 * 5);
  expect(Object.keys(rows[0])).toEqual(
    expect.arrayContaining(['criu', 'kernel', 'outcome', 'creates', 'deletes', 'error', 'seconds']),
  );
  const row = (criu: string, kernel: string): unknown =>
    rows.find((one: { criu: string; kernel: string }) => one.criu === criu && one.kernel === kernel);
  expect(row('4.2', '6.1')).toMatchObject({ outcome: 'ok', creates: 2_000_001, deletes: 1_999_999, error: null });
  expect(row('3.0', 'restricted:1024')).toMatchObject({ outcome: 'hangs', creates: 1_024 });
  expect(row('native', 'dense')).toMatchObject({ outcome: 'exceeds-limit', refusedCreate: 96_366 });
  expect(exitCode).toBe(0);
  const several = JSON.parse((await plan('sparse', 'int-max', '--matrix', '--json')).out);
  expect(several.checkpoints.map(({ path, rows }: { path: string; rows: [] }) => [path, rows.length])).toEqual([
    ['sparse', 44],
    ['int-max', 44],
  ]);
});

test('the matrix keeps its form where one of several checkpoints cannot be read', async () => {
  const { out, err, exitCode } = await plan('sparse', 'nowhere', '--matrix', '--json');
  expect(JSON.parse(out).checkpoints).toEqual([
    { ...ORIGIN, path: 'sparse', plan: expect.objectContaining({ nsPerPair: 894 }), rows: expect.any(Array) },
    { path: 'nowhere', error: { code: expect.any(String), message: expect.stringContaining('nowhere') } },
  ]);
  expect(err).toContain('nowhere');
  expect(exitCode).toBe(3);
});

test.each(readdirSync(CHECKPOINTS))('%s: the matrix explains itself within 100 columns', async (checkpoint) => {
  const { out } = await plan(checkpoint, '--matrix', '--sigpending', '1000');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(out).toMatch(/^Kernel +CRIU 3\.18 +CRIU 4\.1 +CRIU 4\.2 +native$/m);
  for (const kernel of ['3.9', '6.18', 'restricted:65536', 'sigev-bit'])
    expect(out).toMatch(new RegExp(`^${kernel} `, 'm'));
  expect(out).toMatch(/filling: to\s+create all/);
  expect(out.replace(/\s+/g, ' ')).toContain('Times: 894 ns per create+delete pair');
});

test('the matrix of a far ID names what is printed, and what is fastest', async () => {
  const out = (await plan('int-max', '--matrix')).out;
  expect(out).toMatch(/^6\.18 +no start +ok 32\.0 min +ok 970 ns +ok 970 ns$/m);
  expect(out.replace(/\s+/g, ' ')).toContain('"no start": CRIU before 4.1 does not start on Linux 6.13 and later');
  expect(out).toMatch(/^dense +hangs +fails \(a\) +fails \(a\) +limit \(b\)\n +lowest free +from 1 +2 +2 +at 96,366$/m);
  expect(out).toContain("(b)  Can't get timer ID 2147483646: timer_create fails with EAGAIN");
  expect(out.replace(/\s+/g, ' ')).toContain('Fastest of what is released: CRIU 4.2 on Linux 6.18, 970 ns.');
});

test.each([
  ['cursor-sysctl', 'sets the cursor to each ID before its create: 3 creates'],
  ['create-at-id', 'names the ID in each create: 3 creates'],
  ['dense', 'creates all timers up to ID 4,999 and deletes the 4,997 in between, 5,000 alive at the same time'],
  ['restricted:4096', 'gives up after 4,097 creates and 4,094 deletes: the restore fails'],
])('a native restorer on %s, in words', async (kernel, words) => {
  const { out } = await plan('sparse', '--criu', 'native', '--kernel', kernel);
  expect(out.replace(/\s+/g, ' ')).toContain(words);
  expect(out).toContain(`a native restorer on ${kernel} kernel`);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('the help lists every kernel and restorer', async () => {
  const { out } = await plan('--help');
  for (const kernel of ['… 3.9', '3.10 … 6.14', '6.15 …', 'dense', 'xarray-cyclic', 'restricted:N', 'sigev-bit']) {
    expect(out).toMatch(new RegExp(`^ {2}${kernel} +`, 'm'));
  }
  for (const criu of ['0.6 … 3.18', '3.19 … 4.1', '4.2 …', 'native'])
    expect(out).toMatch(new RegExp(`^ {2}${criu} +`, 'm'));
});
