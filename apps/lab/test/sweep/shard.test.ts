// Which part of a sweep a run does: by flag, by Slurm, by Kubernetes.

import { DEFAULT_GRID, placeOf } from '@idspace/evaluation';
import { describe, expect, test } from 'vitest';
import { parseShard, scheduledShard } from '../../src/cli/shard.ts';
import { cellsOf } from '../../src/sweep/cells-of.ts';

test.each([1, 2, 3, 7, 100])('%i shards hold every cell once, none much more than another', (of) => {
  const shards = Array.from({ length: of }, (_, i) => cellsOf({ index: i + 1, of }, 50));
  expect(shards.flat().sort((a, b) => a - b)).toEqual(cellsOf(null, 50));
  for (const shard of shards) {
    expect(shard).toEqual([...shard].sort((a, b) => a - b));
    expect(Math.abs(shard.length - 50 / of)).toBeLessThan(1);
  }
});

test('each shard has its share of every design', () => {
  for (let index = 1; index <= 4; index++) {
    const designs = cellsOf({ index, of: 4 }, 384).map((cell) => placeOf(DEFAULT_GRID, cell).design);
    for (const design of DEFAULT_GRID.designs) {
      expect(designs.filter((name) => name === design).length).toBeGreaterThan(3);
    }
  }
});

test('a shard is named I/N', () => {
  expect(parseShard('2/4')).toEqual({ index: 2, of: 4 });
  for (const text of ['0/4', '5/4', '2', '2/', '-1/4', '1/10001', 'a/b']) {
    expect(() => parseShard(text)).toThrow(/shard: got '.*', expected I\/N/);
  }
});

function slurm(id: number, count: number, more: Record<string, string> = {}): Record<string, string> {
  return { SLURM_ARRAY_TASK_ID: `${id}`, SLURM_ARRAY_TASK_COUNT: `${count}`, ...more };
}

describe('the scheduler says', () => {
  test.each([
    ['an array from 0', slurm(3, 4), undefined, '4/4'],
    ['an array from 10', slurm(12, 4, { SLURM_ARRAY_TASK_MIN: '10' }), undefined, '3/4'],
    [
      'an array with a step',
      slurm(8, 3, { SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_MAX: '8', SLURM_ARRAY_TASK_STEP: '4' }),
      undefined,
      '3/3',
    ],
    ['an array, and so do we', slurm(0, 4), 4, '1/4'],
    ['an indexed Job', { JOB_COMPLETION_INDEX: '0' }, 8, '1/8'],
    ['the last of an indexed Job', { JOB_COMPLETION_INDEX: '7' }, 8, '8/8'],
  ])('%s', (_, env, shards, expected) => {
    const { shard, from } = scheduledShard(env, shards)!;
    expect(`${shard.index}/${shard.of}`).toBe(expected);
    expect(from).toMatch(/^(SLURM_ARRAY_TASK_ID|JOB_COMPLETION_INDEX) \d/);
  });

  test('nothing, and then it is the whole', () => {
    expect(scheduledShard({ SLURM_ARRAY_TASK_ID: '', JOB_COMPLETION_INDEX: '' }, undefined)).toBeNull();
  });

  test.each([
    ['a Job without its completions', { JOB_COMPLETION_INDEX: '3' }, undefined, /expected --shards N as in the Job/],
    ['an index beyond them', { JOB_COMPLETION_INDEX: '8' }, 8, /got a position outside 0…7/],
    ['no index', { JOB_COMPLETION_INDEX: 'x' }, 8, /JOB_COMPLETION_INDEX: got 'x', expected a whole number/],
    ['parts of nothing', {}, 8, /--shards: got 8 outside an array or an indexed Job/],
    ['another number than the array', slurm(3, 1), 4, /got an array of 1 tasks and --shards 4/],
    [
      'an array with gaps',
      slurm(7, 3, { SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_MAX: '7' }),
      undefined,
      /gaps, up to 7/,
    ],
    ['a task without its array', { SLURM_ARRAY_TASK_ID: '3' }, undefined, /SLURM_ARRAY_TASK_COUNT: got '', expected a/],
  ])('and is refused: %s', (_, env, shards, message) => {
    expect(() => scheduledShard(env, shards)).toThrow(message);
  });
});
