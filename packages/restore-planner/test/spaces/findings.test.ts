// docs/what-restores-lose.md: every row of its tables is what a plan says of that checkpoint, and no smaller checkpoint shows the same.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, parseTarget, planRestore, readCheckpoint } from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../docs/what-restores-lose.md'), 'utf8');
const GIVEN = join(import.meta.dirname, '../ground-truth');

/** A row: a checkpoint by its folder, or made by hand from the numbers of its tasks. */
interface Row {
  checkpoint: string;
  target: object;
  outcome: string;
  says: string;
}

const code = (cell: string): string => /^`(.*)`$/.exec(cell.trim())?.[1] ?? '';

/** Findings by their titles. */
const findings = PAGE.split(/^## /m)
  .slice(1)
  .map((section): [title: string, rows: Row[]] => {
    const lines = section.split('\n').filter((line) => /^\| `/.test(line));
    const rows = lines.map((line) => {
      const [checkpoint, target, outcome, says] = line.split('|').slice(1) as [string, string, string, string];
      return {
        checkpoint: code(checkpoint),
        target: JSON.parse(code(target)) as object,
        outcome: outcome.trim(),
        says: code(says),
      };
    });
    return [section.split('\n')[0]!, rows];
  });

/** An idle machine, of which all is known. */
// biome-ignore format: what belongs together stands in a row
const IDLE = {
  format: 'idspace-target', version: 1, pidMax: 4_194_304, taken: [], criuPid: 20_000, criuSid: 20_000,
  shellJob: false, cannotAsk: [], ptysTaken: [], ipcmniExtend: false, shmmniMax: 16_777_216, aioNr: 0,
  aioMaxNr: 65_536, possibleCpus: 2, rtc: true, capWakeAlarm: true, sigqOfCriuUser: 0, maxUserWatches: 100_000,
  maxUserInstances: 128, userWatches: 0,
};

async function checkpointOf(name: string): Promise<Checkpoint> {
  if (!name.startsWith('[')) return readCheckpoint(join(GIVEN, name));
  const tasks = (JSON.parse(name) as [number, number, number, number][]).map(([pid, ppid, pgid, sid]) => {
    return { pid, ppid, pgid, sid, threads: [pid] };
  });
  const processes = tasks.map(({ pid, ppid, threads }) => ({ pid, ppid, threads, timers: [], rlimitSigpending: null }));
  const ids = [{ pids: { tasks, namespace: 'shared' as const }, inotify: [], sysv: null, pty: [], aio: [] }];
  return { source: 'by hand', format: 'criu-v1.1', processes, ids };
}

/** What a plan says of a checkpoint on the target of a row: its outcome, and all lines that the last column may quote. */
function told(checkpoint: Checkpoint, { target }: Row): { outcome: string; lines: string[] } {
  const on = parseTarget(JSON.stringify({ ...IDLE, ...narrowed(target) }));
  const { outcome, reasons, spaces } = planRestore(checkpoint, { kernel: '6.18', criu: '4.2', target: on });
  const words = reasons.flatMap(({ words }) => words?.split('\n') ?? []);
  const counts = spaces.map((one) => `${one.space} asks ${one.asks}, creates ${one.creates}, deletes ${one.deletes}`);
  return { outcome, lines: [...words, ...counts, ...spaces.flatMap(({ left }) => left)] };
}

/** Where slots are said to be fewer, so are the objects that shmmni can be set to. */
function narrowed(target: object): object {
  return 'ipcmniExtend' in target && target.ipcmniExtend === false ? { shmmniMax: 32_768, ...target } : target;
}

function isTrue(checkpoint: Checkpoint, row: Row): boolean {
  const { outcome, lines } = told(checkpoint, row);
  return outcome === row.outcome && lines.some((line) => line.includes(row.says));
}

test('there are findings, each with a checkpoint', () => {
  expect(findings.length).toBeGreaterThanOrEqual(10);
  for (const [title, rows] of findings) expect(rows.length, title).toBeGreaterThan(0);
});

describe.each(findings)('%s', (_, rows) => {
  test.each(rows.map((row) => [`${row.checkpoint} on ${JSON.stringify(row.target)}`, row] as const))(
    '%s',
    async (_, row) => {
      const { outcome, lines } = told(await checkpointOf(row.checkpoint), row);
      expect(outcome).toBe(row.outcome);
      if (row.says !== '') expect(lines.join('\n')).toContain(row.says);
      else expect(outcome).toBe('ok');
    },
  );
});

function sizeOf(name: string): number {
  const files = readdirSync(join(GIVEN, name)).filter((file) => file.endsWith('.img'));
  return files.reduce((sum, file) => sum + statSync(join(GIVEN, name, file)).size, 0);
}

/** Recorded checkpoints, the smallest first. */
const recorded = ['criu', 'criu-ids']
  .flatMap((group) => readdirSync(join(GIVEN, group), { withFileTypes: true }).map((one) => ({ group, one })))
  .filter(({ one }) => one.isDirectory())
  .map(({ group, one }) => ({ name: `${group}/${one.name}`, size: sizeOf(`${group}/${one.name}`) }))
  .filter(({ size }) => size > 0)
  .sort((a, b) => a.size - b.size);

test('no recorded checkpoint that is smaller shows a finding', async () => {
  const checkpoints = await Promise.all(recorded.map(({ name }) => checkpointOf(name).catch(() => undefined)));
  for (const [title, rows] of findings) {
    for (const shown of new Set(rows.map(({ checkpoint }) => checkpoint))) {
      if (shown.startsWith('[')) continue;
      const own = rows.filter(({ checkpoint }) => checkpoint === shown);
      const smaller = recorded.filter(({ size }, at) => size < sizeOf(shown) && checkpoints[at] !== undefined);
      const also = smaller.filter(({ name }) => {
        const checkpoint = checkpoints[recorded.findIndex((one) => one.name === name)]!;
        return own.every((row) => isTrue(checkpoint, row));
      });
      expect(
        also.map(({ name }) => name),
        `${title}: ${shown}`,
      ).toEqual([]);
    }
  }
});
