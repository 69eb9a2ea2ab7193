// One of a thing is one thing: no text counts '1 timers'.
import { evaluate } from '@idspace/evaluation';
import { planRestore } from '@idspace/restore-planner';
import { expect, test } from 'vitest';
import { verdictCounts } from '../src/claims/claims-exhibits.ts';
import type { ClaimResult } from '../src/claims/run-claims.ts';
import { evaluationText } from '../src/evaluate/command.ts';
import { planText } from '../src/plan/plan-text.ts';
import type { SweepDocument } from '../src/sweep/sweep-document.ts';
import { sweepLine } from '../src/sweep/sweep-exhibits.ts';
import { madeCheckpoint, madeTimer } from './support/made-checkpoint.ts';
import { Collector } from './support/run.ts';

/** '1 timers', and not '2,001 timers', '1.00 lines' or '1 misses' of a mean. */
const WRONG =
  /(?<![\d.,])1 (timers|processes|threads|creates|deletes|calls|lines|nodes|cells|IDs|others|reasons|checkpoints|locks|pairs|claims|accesses|times|columns|cores)\b/g;
const terminal = { out: new Collector(), err: new Collector(), folder: '/', env: {} };
// biome-ignore format: what belongs together stands in a row
const claim = (verdict: ClaimResult['verdict']): ClaimResult => ({
  id: 'S1', claim: '', source: '', measured: {}, text: '', verdict, condition: null, command: '',
});

test('of claims', () => {
  expect(verdictCounts(['holds', 'no', 'no', 'holds only if'].map((one) => claim(one as ClaimResult['verdict'])))).toBe(
    'Of 4 claims 1 holds, 1 holds only under a condition, 2 do not hold here, 0 do not hold at all.',
  );
  expect(verdictCounts([claim('does not hold')])).toBe(
    'Of 1 claim 0 hold, 0 hold only under a condition, 0 do not hold here, 1 does not hold at all.',
  );
});

test('of an evaluation of one timer', () => {
  const text = evaluationText(evaluate({ designs: ['xarray'], timers: 1, cpus: 1 }), terminal);
  expect(text).toContain('1 timer');
  expect(text.match(WRONG)).toBeNull();
});

test('of plans of one timer, wherever it is restored', () => {
  for (const kernel of ['3.9', '6.1', '6.18', 'dense', 'restricted:4']) {
    for (const criu of ['3.18', '4.2', 'native']) {
      const plan = planRestore(madeCheckpoint([madeTimer(1)]), { kernel, criu });
      expect(planText('x', plan, terminal).match(WRONG)).toBeNull();
    }
  }
});

test('of a sweep of one cell', () => {
  const one = { timers: [1], processes: [1], strides: [1], designs: ['xarray'], cpus: [1], machines: ['desktop'] };
  const document = { grid: { ...one, seed: 1, sample: 1 }, gridCells: 1, shard: null, cells: [] };
  const text = sweepLine(document as unknown as SweepDocument);
  expect(text).toMatch(/^1 cell: 1 value of timers × 1 of processes × .*, at most 1 operation of each/);
  expect(text.match(WRONG)).toBeNull();
});
