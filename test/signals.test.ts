// Signals: every command is stopped at a random moment; its exit code is as documented, old files are whole, and nothing is left behind.
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUDGET_SHARE, budget, HANG_MS, pairsWithinBudget, random, withinBudget } from '@idspace/testkit';
import { expect, test } from 'vitest';
import {
  contents,
  ended,
  filesOf,
  GRID,
  LEFTOVER,
  LINES,
  type Line,
  newFolder,
  nothingRuns,
  run,
  SLOW_LINES,
  start,
  useFolders,
} from './support/command-lines.ts';

useFolders();

/** A command line that is stopped. */
interface Stopped extends Line {
  /** Exit codes that it has besides, if it is stopped early. */
  readonly also?: readonly number[];
  /** It does not end by itself: moments up to so many milliseconds are drawn. */
  readonly endless?: number;
}

const REHEARSE = ['rehearse', 'checkpoint', '--criu'];
const STOPPED: Readonly<Record<string, Stopped>> = {
  ...LINES,
  ...SLOW_LINES,
  'sweep of three designs': {
    args: ['sweep', ...GRID.replace('xarray', 'xarray,idr,hash-512').split(' '), '--out', 'sweep.json'],
    out: 'sweep.json',
    journal: 'sweep.json.journal',
  },
  'evaluate of many timers': {
    args: ['evaluate', '--timers', '20000', '--designs', 'xarray', '--report', 'old.html'],
    out: 'old.html',
  },
  probe: { args: ['probe'] },
  'probe --interval': { args: ['probe', '--pid', String(process.pid), '--interval', '3'] },
  // A rehearsal that is stopped has verified nothing.
  'rehearse --on live': { args: [...REHEARSE, '4.2', '--on', 'live'], also: [1] },
  'rehearse --on model': { args: [...REHEARSE, '3.17', '--on', 'model:6.1'], also: [1] },
  // A program may have accessed nothing yet.
  'profile of an endless loop': { args: ['profile', 'endless.mjs'], also: [3], endless: 3000 },
  'profile of a program that waits': { args: ['profile', 'waiting.mjs'], also: [3], endless: 3000 },
  profile: { ...LINES.profile!, also: [3] },
  'the program of profile': { ...LINES['the program of profile']!, also: [3] },
  completion: { args: ['completion', 'bash'] },
  man: { args: ['man'] },
};

/** What takes seconds each time is stopped in the full budget only. */
const NAMES = Object.keys(STOPPED).filter((name) => BUDGET_SHARE >= 1 || !(name in SLOW_LINES));

/** SysV objects on the machine with the permissions of ours. All else of the kernel that commands make goes with their processes. */
function objects(): string[] {
  return ['shm', 'sem', 'msg'].flatMap((kind) => {
    const [, ...lines] = readFileSync(`/proc/sysvipc/${kind}`, 'utf8').trim().split('\n');
    const rows = lines.map((line) => line.trim().split(/\s+/));
    return rows
      .filter(([, , permissions]) => permissions === '0' || permissions === '600')
      .map(([key, id]) => `${kind} ${id}, key ${key}`);
  });
}

/** Waits until there are no other objects than before: those of other tests go, too. */
async function noObjectsBut(before: readonly string[]): Promise<void> {
  const left = (): string[] => objects().filter((one) => !before.includes(one));
  const since = performance.now();
  while (left().length > 0 && performance.now() - since < HANG_MS) await sleep(50);
  expect(left()).toEqual([]);
}

/** What a line makes if it is not stopped, and the milliseconds that it takes; it is run once. */
interface Whole {
  readonly made: string | null;
  readonly beside: string | null;
  readonly within: number;
}
const wholes = new Map<Stopped, Promise<Whole>>();

function whole(line: Stopped): Promise<Whole> {
  const found = wholes.get(line) ?? wholeRun(line);
  wholes.set(line, found);
  return found;
}

async function wholeRun({ args, out, beside, endless }: Stopped): Promise<Whole> {
  if (endless !== undefined) return { made: null, beside: null, within: endless };
  const folder = newFolder();
  const since = performance.now();
  const { code, err } = await run(args, folder);
  const within = performance.now() - since;
  expect({ code, err }).toMatchObject({ code: 0 });
  return { made: contents(folder, out), beside: contents(folder, beside), within };
}

test.each(pairsWithinBudget(withinBudget(NAMES, { least: 3 }), ['SIGINT', 'SIGTERM', 'SIGKILL'] as const))(
  '%s: %s at a random moment leaves nothing behind, and ends as documented',
  async (name, signal) => {
    const line = STOPPED[name]!;
    const { made, beside, within } = await whole(line);
    const seeded = random(name.length + signal.length);
    for (let round = 0; round < (name in SLOW_LINES ? 1 : budget(2)); round++) {
      const folder = newFolder();
      const [files, old, before] = [filesOf(folder), contents(folder, line.out), objects()];
      const child = start(line.args, folder, { FAULT_DEPTH: '9' });
      const end = ended(child, folder);
      await sleep(seeded.below(Math.ceil(within))); // any moment is right, also one after the end
      if (child.exitCode === null && child.signalCode === null)
        process.kill(signal === 'SIGINT' ? -child.pid! : child.pid!, signal);
      const ran = await end;
      expect([0, 130, 143, signal, ...(line.also ?? [])], ran.err).toContain(ran.signal ?? ran.code);
      expect(ran.err).not.toMatch(/^ {4}at /m); // a stack
      expect([old, made]).toContain(contents(folder, line.out));
      expect([null, beside]).toContain(contents(folder, line.beside));
      await nothingRuns(folder);
      await noObjectsBut(before);
      const own = [line.out, line.beside, line.journal, 'made'];
      const kept = filesOf(folder).filter((file) => !files.includes(file) && !own.includes(file));
      expect(kept.filter((file) => signal !== 'SIGKILL' || !LEFTOVER.test(file))).toEqual([]);
      rmSync(folder, { recursive: true });
    }
  },
);

test('every command is stopped', async () => {
  const { out } = await run(['--help'], newFolder());
  const commands = [...out.matchAll(/^ {2}(\w+) .*\[/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
  expect(commands).toContain('plan');
  expect(commands.filter((name) => !Object.values(STOPPED).some(({ args }) => args[0] === name))).toEqual([]);
});
