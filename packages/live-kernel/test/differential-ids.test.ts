// The models of all IDs but timers against the running kernel: random scripts, and what becomes of a difference.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { budget, random } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { describe, expect, test } from 'vitest';
import { compareIds, isPlayable, randomIdScript, type Script } from '../scripts/differential/ids/course.ts';
import { coursesOn } from '../scripts/differential/ids/courses.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COURSES = coursesOn(false);
const CASES = COURSES.map((course) => [course.space, course] as const);

describe.each(CASES)('%s', (_, course) => {
  test('a seed gives one script, and every script can be played', () => {
    for (let seed = 0; seed < budget(300); seed++) {
      const script = randomIdScript(course, random(seed), true);
      expect(randomIdScript(course, random(seed), true)).toEqual(script);
      expect(isPlayable(course, script)).toBe(true);
    }
  });

  test('a kernel that does the same makes no difference, and one that does not is found out at its step', async () => {
    const play = ({ limit, steps }: Script): number[] => {
      const model = course.model(limit);
      return steps.map((step) => model.play(step)!);
    };
    for (let seed = 0; seed < budget(100); seed++) {
      const script = randomIdScript(course, random(seed), true);
      expect(await compareIds(course, script, async () => play(script))).toBeNull();
      const at = random(seed).below(script.steps.length);
      const wrong = play(script).with(at, 4711);
      expect(await compareIds(course, script, async () => wrong)).toMatchObject({ at, kernel: 4711 });
    }
  });

  test('scripts reach refusals and successes of every call', () => {
    const seen = new Map<string, Set<boolean>>();
    const rng = random(1);
    for (let i = 0; i < 300; i++) {
      const { limit, steps } = randomIdScript(course, rng, true);
      const model = course.model(limit);
      for (const step of steps) {
        const outcomes = seen.get(step[0]) ?? new Set();
        seen.set(step[0], outcomes.add(model.play(step)! < 0));
      }
    }
    const never = [...seen].filter(([, outcomes]) => outcomes.size < 2).map(([op]) => op);
    expect(never.sort()).toEqual(NEVER_BOTH[course.space] ?? []);
  });
});

/** Calls that always succeed in scripts, or answer without an errno. */
const NEVER_BOTH: Readonly<Record<string, string[]>> = {
  pty: ['close'],
  pids: ['exit', 'exitthread', 'lastpid', 'reap'],
};

test('a script without the processes that make its calls cannot be played', () => {
  const pids = COURSES.find(({ space }) => space === 'pids')!;
  const script = (...steps: Script['steps']): Script => ({ space: 'pids', limit: -1, steps });
  expect(isPlayable(pids, script(['fork', 1], ['exit', 2], ['reap', 2]))).toBe(true);
  expect(isPlayable(pids, script(['exit', 2]))).toBe(false);
  expect(isPlayable(pids, script(['fork', 1], ['reap', 2]))).toBe(false);
  expect(isPlayable(pids, script(['fork', 1], ['exitthread', 2]))).toBe(false);
});

const SCRIPTS = budget(200);

test(`the running kernel does the same in ${SCRIPTS} scripts of each space`, () => {
  const scripts = ['packages/live-kernel/scripts/differential.ts', '--scripts', `${SCRIPTS}`, '--seed', '1'];
  const args = [...FROM_SOURCES, ...scripts, '--spaces', COURSES.map(({ space }) => space).join()];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const [, ...lines] = stdout.trimEnd().split('\n');
  for (const line of lines) {
    if (line.startsWith('SKIPPED')) console.warn(line);
    else expect(line).toMatch(new RegExp(`: ${SCRIPTS} scripts, \\d+ calls, each result compared, 0 differences;`));
  }
  if (!stdout.includes('SKIPPED')) expect(lines).toHaveLength(COURSES.length);
});

test('a space that there is none of is refused', () => {
  const args = [...FROM_SOURCES, 'packages/live-kernel/scripts/differential.ts', '--spaces', 'pids,sockets'];
  const { stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain("--spaces: got 'sockets', expected some of timers, inotify, shm, sem, msg, pty, pids");
});
