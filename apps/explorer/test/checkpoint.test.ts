// What the page says of a checkpoint: the planner's own numbers and words, bounded in size.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planMatrix, planRestore, planToJson, readCheckpoint } from '@idspace/restore-planner';
import { withinBudget } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { exampleImages } from '../build/example-images.ts';
import { checkpointCalls, type Found, MOST_FOUND } from '../src/checkpoint/checkpoint-calls.ts';
import { pageWords, verdictText } from '../src/checkpoint/sentences.ts';
import { openSpaces } from '../src/checkpoint/summary.ts';
import { FIELD_GROUPS } from '../src/checkpoint/target-form.ts';

const RECORDED = join(import.meta.dirname, '../../../packages/restore-planner/test/ground-truth');
const SETS = ['criu', 'criu-ids', 'criu-field'];
const FOLDERS = SETS.flatMap((set) =>
  readdirSync(join(RECORDED, set), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${set}/${name}`),
);
/** Flags and keys of the command line, which the page has not. */
const ABSENT = new RegExp(
  `--on\\b|\`|\\b(?:${FIELD_GROUPS.flatMap(({ fields }) => fields.map(({ key }) => key))
    .filter((key) => /[A-Z]/.test(key))
    .join('|')})\\b`,
);
const HERE = { kernel: '6.1', criu: '4.1' };

function filesIn(folder: string): Map<string, Blob> {
  const names = readdirSync(join(RECORDED, folder));
  return new Map(names.map((name) => [`${folder}/${name}`, new Blob([readFileSync(join(RECORDED, folder, name))])]));
}

/** The images of a folder as the page has them. */
function examplesOf(folder: string): Map<string, Blob> {
  const { load } = exampleImages() as { load: (id: string) => string };
  const images = readdirSync(folder).filter((name) => name.endsWith('.img'));
  return new Map(
    images.map((name) => {
      const [digits] = /(?<=')\w+(?=')/.exec(load(`${join(folder, name)}?hex`))!;
      return [`x/${name}`, new Blob([Buffer.from(digits, 'hex')])];
    }),
  );
}

test.each([join(RECORDED, 'criu-ids/mixed'), join(import.meta.dirname, '../../lab/examples/criu-ids-1e6-2e6')])(
  'what is left of the images of an example says what all of them say: %s',
  async (folder) => {
    const calls = checkpointCalls();
    const whole = await readCheckpoint(folder);
    await calls.readCheckpoint({ files: examplesOf(folder), path: 'x' }, () => {});
    for (const kernel of ['3.9', '6.1', '6.18', 'dense']) {
      const options = { kernel, criu: '4.2' };
      const [{ plan }] = (JSON.parse(calls.planJson(options)) as { checkpoints: [{ plan: object }] }).checkpoints;
      expect(plan).toEqual(JSON.parse(JSON.stringify(planToJson(planRestore(whole, options)))));
    }
  },
);

test.each(withinBudget(FOLDERS, { least: 4 }))(
  '%s: the plan of the planner on disk, number by number',
  async (folder) => {
    const calls = checkpointCalls();
    const files = filesIn(folder);
    expect(await calls.findCheckpoints({ files })).toEqual({ paths: [folder], isCut: false } satisfies Found);
    const onDisk = await readCheckpoint(join(RECORDED, folder));
    const summary = await calls.readCheckpoint({ files, path: folder }, () => {});
    expect(summary).toMatchObject({ source: folder, format: onDisk.format, processes: onDisk.processes.length });
    for (const options of [HERE, { kernel: '6.18', criu: '4.2', target: { pidMax: 32768, taken: [] } }]) {
      const plan = planRestore(onDisk, options);
      const json = JSON.parse(calls.planJson(options)) as { checkpoints: object[] };
      expect(json).toEqual({ checkpoints: [{ path: folder, plan: JSON.parse(JSON.stringify(planToJson(plan))) }] });
      const shown = calls.plan(options);
      expect(shown).toMatchObject({ outcome: plan.outcome, totals: plan.totals, spaces: plan.spaces });
      expect(shown.reasons.shown).toEqual(plan.reasons);
      for (const { remedy } of plan.reasons) expect(pageWords(remedy)).not.toMatch(ABSENT);
      expect(shown.decisive?.outcome ?? 'ok').toBe(plan.outcome);
      expect(shown.cost.seconds).toBe(plan.spaces.reduce((sum, { seconds }) => sum + seconds, 0));
      expect(new Set(shown.warnings.shown.map(({ code }) => code))).toEqual(
        new Set(plan.processes.flatMap(({ warnings }) => warnings.map(({ code }) => code))),
      );
    }
  },
);

test('the matrix is the planner’s, with the pair asked for', async () => {
  const calls = checkpointCalls();
  const folder = 'criu-ids/mixed';
  await calls.readCheckpoint({ files: filesIn(folder), path: folder }, () => {});
  const cells = (await calls.matrix({ kernel: '5.4', criu: '3.19' }))!;
  const { rows } = planMatrix(await readCheckpoint(join(RECORDED, folder)));
  for (const row of rows) {
    expect(cells.find(({ kernel, criu }) => kernel === row.kernel && criu === row.criu)).toMatchObject({
      outcome: row.outcome,
      seconds: row.seconds,
    });
  }
  expect(cells.some(({ kernel, criu }) => kernel === '5.4' && criu === '3.19')).toBe(true);
});

test('a matrix that another one replaces is given up', async () => {
  const calls = checkpointCalls();
  const folder = 'criu/sparse';
  await calls.readCheckpoint({ files: filesIn(folder), path: folder }, () => {});
  const [first, second] = await Promise.all([calls.matrix(HERE), calls.matrix(HERE)]);
  expect(first).toBeUndefined();
  expect(second!.length).toBeGreaterThan(40);
});

test('what depends on a machine is open without one, and counts with one', async () => {
  const calls = checkpointCalls();
  const folder = 'criu-ids/mixed';
  await calls.readCheckpoint({ files: filesIn(folder), path: folder }, () => {});
  const versions = { kernel: '6.18', criu: '4.2' };
  const open = calls.plan(versions);
  expect(open.outcome).toBe('ok');
  expect(openSpaces(open)).toEqual(['pids', 'pty', 'aio']);
  const known = calls.plan({ ...versions, target: { pidMax: 32768 } });
  expect(known.outcome).toBe('depends');
  expect(openSpaces(known)).toEqual([]);
  // One more fact makes no verdict worse: it is not known yet, and what was sure stays so.
  const { head, rest } = verdictText(known);
  expect(head).toBe('Not known yet.');
  expect(rest).toContain('timers');
});

test('a list of checkpoints has an end, and what is not open is not planned', async () => {
  const calls = checkpointCalls();
  const blob = new Blob(['x']);
  const many = new Map(Array.from({ length: MOST_FOUND + 1 }, (_, at) => [`fleet/${at}.tar`, blob]));
  const found = await calls.findCheckpoints({ files: many });
  expect({ ...found, paths: found.paths.length }).toEqual({ paths: MOST_FOUND, isCut: true });
  expect(() => calls.plan(HERE)).toThrow('no checkpoint is open');
  await expect(calls.readCheckpoint({ files: many, path: 'fleet/0.tar' }, () => {})).rejects.toMatchObject({
    code: 'unsupported-format',
  });
});

test('a plan of very many timers is shown in a bounded form', async () => {
  const calls = checkpointCalls();
  const lines = Array.from(
    { length: 60_000 },
    (_, id) => `ID: ${id * 2}\nsignal: 14/0\nnotify: signal/pid.7\nClockID: 1\n`,
  );
  const files = new Map([['pasted text', new Blob([lines.join('')])]]);
  const summary = await calls.readCheckpoint({ files, path: 'pasted text' }, () => {});
  expect(summary).toMatchObject({ timers: 60_000, isComplete: false, format: 'proc-timers' });
  const plan = calls.plan({ kernel: '6.18', criu: '4.2' });
  expect(JSON.stringify(plan).length).toBeLessThan(10_000);
  expect(plan.processes.shown[0]!.ids).toEqual({ count: 60_000, first: [0, 2, 4, 6, 8, 10], last: 119_998 });
  expect(() => calls.planJson({ kernel: '6.18', criu: '4.2' })).toThrow(/got 60000 timers, expected at most 50000/);
});
