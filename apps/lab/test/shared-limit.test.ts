// RLIMIT_SIGPENDING shared by processes, as idspace plan tells of it: two processes with 3,000 timers and a limit of 4,000 each, which a real CRIU failed on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRestore } from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { madeCheckpoint, madeTimer } from './support/made-checkpoint.ts';
import { CHECKPOINTS, idspace } from './support/run.ts';

const plan = (...args: string[]): ReturnType<typeof idspace> => idspace(['plan', ...args], { folder: CHECKPOINTS });

describe('the limit that processes share', () => {
  const FIELD = join(CHECKPOINTS, '..', 'criu-field', 'shared-limit');
  const flat = (text: string): string => text.replace(/\s+/g, ' ');

  test.each([
    ['as saved', [], '4,000', '4,001'],
    ['for all', ['--sigpending', '5999'], '5,999', '6,000'],
    ['beside what is charged', ['--sigq', '1000'], '4,000', '3,001'],
  ])('is the headline, with one way out: %s', async (_, args, limit, creates) => {
    const gate = ['--fail-over', '9', '--kernel', '6.18', '--criu', '4.2'];
    const { out, err, exitCode } = await plan(FIELD, ...args, ...gate);
    const before = args[0] === '--sigq' ? ', beside 1,000 charged before' : '';
    const needed = args[0] === '--sigq' ? '7,000' : '6,000';
    const why = `6,000 timers of 2 processes are charged to CRIU's user${before}, and RLIMIT_SIGPENDING is ${limit}`;
    expect(flat(out)).toContain(`Will fail: ${why}; CRIU will say: Can't create posix timer - N: -11. Way out: `);
    expect(flat(err)).toContain(`a gate passes 'ok' alone: ${why}`);
    const ways = [...flat(out).matchAll(/Way out: ([^.]*)\./g)].map(([, way]) => way);
    expect(ways).toHaveLength(2);
    expect(new Set(ways).size).toBe(1);
    expect(ways[0]).toContain(`to ${needed} or more`);
    expect(flat(out)).not.toContain('Also: ');
    expect(flat(out)).toContain(`Timers of all processes: ${creates} creates, 0 deletes,`);
    expect(out).toMatch(new RegExp(`^timers +exceeds-limit +\\S+ +${creates} `, 'm'));
    expect(exitCode).toBe(1);
  });

  test('a fleet adds what a target has charged before', async () => {
    const target = { format: 'idspace-target', version: 1, kernel: '6.18', criu: '4.2', sigqOfCriuUser: 5_000_000 };
    const folder = mkdtempSync(join(tmpdir(), 'idspace-limit-'));
    writeFileSync(join(folder, 'node.json'), JSON.stringify({ ...target, taken: [], pidMax: 4_194_304 }));
    const { out } = await plan(
      'three-timers',
      'three-timers',
      '--on',
      join(folder, 'node.json'),
      '--sigpending',
      '5000005',
    );
    expect(flat(out)).toContain(
      'beside 5,000,000 signals, are charged to one user, and the lowest RLIMIT_SIGPENDING is 5,000,005',
    );
    rmSync(folder, { recursive: true });
  });
});

test('a CRIU that may not raise limits: its own limit, and the ways out of that', () => {
  const timers = [madeTimer(0), madeTimer(1)];
  const checkpoint = madeCheckpoint(timers, timers);
  const target = { criuRlimitSigpending: 3 };
  const { reasons } = planRestore(checkpoint, { kernel: '6.18', criu: '4.2', target });
  expect(reasons).toMatchObject([
    {
      code: 'timers-limit',
      text: "4 timers of 2 processes are charged to CRIU's user, and CRIU's own RLIMIT_SIGPENDING, which it may not raise, is 3",
      remedy: 'give CRIU CAP_SYS_RESOURCE, or a limit of 4 or more (ulimit -i)',
    },
  ]);
});
