// The model of the running release against the running kernel: random scripts, and what becomes of a difference.

import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Step } from '@idspace/posix-timers/conformance';
import { budget, random } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { describe, expect, test } from 'vitest';
import { isPlayable } from '../scripts/differential/cast.ts';
import { compare } from '../scripts/differential/compare.ts';
import { LiveOracle } from '../scripts/differential/live-oracle.ts';
import { randomScript } from '../scripts/differential/random-script.ts';
import { shrink } from '../scripts/differential/shrink.ts';
import { openLiveProcess } from '../src/open-live-process.ts';
import { WHY_SKIPPED } from './support.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OPTIONS = { actors: false, limits: false, pids: [0, process.pid, 1] };
const SCRIPTS = budget(500);
const ALL = { ...OPTIONS, actors: true, limits: true };

test('a seed gives one script, and every script can be played', () => {
  for (let seed = 0; seed < budget(300); seed++) {
    const script = randomScript(random(seed), ALL);
    expect(randomScript(random(seed), ALL)).toEqual(script);
    expect(isPlayable(script)).toBe(true);
  }
});

test.each([
  ['no process acts before it is there', [{ who: 'child', op: 'prctl' }]],
  [
    'no process acts after its end',
    [
      { who: 'main', op: 'fork' },
      { who: 'main', op: 'waitpid' },
      { who: 'child', op: 'read' },
    ],
  ],
  [
    'exec leaves one',
    [
      { who: 'main', op: 'execve' },
      { who: 'main', op: 'prctl' },
    ],
  ],
])('%s', (_, steps) => {
  expect(isPlayable(steps)).toBe(false);
});

test('shrinking leaves what makes the difference', async () => {
  const script = randomScript(random(5), OPTIONS);
  script.splice(3, 0, { who: 'main', op: 'timer_delete', id: 12345 });
  script.push({ who: 'main', op: 'timer_delete', id: 54321 });
  const has = (steps: readonly Step[], id: number): boolean => steps.some((step) => step.id === id);
  const shortest = await shrink(script, async (steps) => has(steps, 12345) && has(steps, 54321));
  expect(shortest).toEqual([
    { who: 'main', op: 'timer_delete', id: 12345 },
    { who: 'main', op: 'timer_delete', id: 54321 },
  ]);
});

describe.skipIf(WHY_SKIPPED !== null)('on the running kernel', () => {
  test(`the model of its release does the same in ${SCRIPTS} scripts`, () => {
    const script = [
      'packages/live-kernel/scripts/differential.ts',
      '--spaces',
      'timers',
      '--scripts',
      `${SCRIPTS}`,
      '--seed',
      '1',
    ];
    const args = [...FROM_SOURCES, ...script];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const same = new RegExp(`: ${SCRIPTS} scripts, \\d+ calls, the list of timers read after each, 0 differences;`);
    const [, byFfi, byDriver = ''] = stdout.split('\n');
    expect(byFfi).toMatch(same);
    if (byDriver.startsWith('SKIPPED')) console.warn(byDriver);
    else expect(byDriver).toMatch(same);
  });

  test('the model of another release is found out, by the step that tells them apart', async () => {
    const oracle = new LiveOracle(await openLiveProcess());
    const differs = async (steps: readonly Step[], as: string) =>
      (await compare('test', steps, oracle, { release: as, rtc: false })).difference;
    const script = randomScript(random(2), OPTIONS);
    expect(await differs(script, release())).toBe(null);
    expect(await differs(script, '6.14')).not.toBe(null);
    const shortest = await shrink(script, async (steps) => (await differs(steps, '6.14')) !== null);
    expect(shortest).toHaveLength(1);
    expect(shortest[0]).toMatchObject({ op: 'prctl' });
    expect(await differs(shortest, '6.14')).toMatchObject({ op: 'prctl', got: { ret: -1, errno: 'EINVAL' } });
    oracle.close();
  });
});
