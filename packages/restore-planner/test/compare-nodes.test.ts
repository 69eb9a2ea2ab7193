// A checkpoint on several nodes is what planRestore says of each, with the best first.
import {
  bestFirst,
  type CandidateNode,
  compareNodes,
  decisiveReason,
  isPossible,
  type NodeOutcome,
  planRestore,
  restoreCost,
} from '@idspace/restore-planner';
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { checkpointOf } from './support/checkpoints.ts';

const KERNELS = ['3.9', '6.1', '6.18', 'xarray', 'dense'];
const CRIUS = ['3.18', '4.1', '4.2'];
/** From best to worst. */
const OUTCOMES = ['ok', 'depends', 'exceeds-limit', 'hangs', 'fails'];

test(`${budget(100)} random fleets of nodes: as planned for each, best by outcome and then by time`, () => {
  const rng = random(31);
  for (let round = 0; round < budget(100); round++) {
    const ids = Array.from({ length: 1 + rng.below(4) }, () => rng.below(2000));
    const checkpoint = checkpointOf([[...new Set(ids)].sort((a, b) => a - b)]);
    const nodes = Array.from({ length: 1 + rng.below(6) }, (_, index): CandidateNode => {
      const limit = rng.pick([2, 1000]);
      return {
        name: `node-${index}`,
        kernel: rng.pick(KERNELS),
        criu: rng.pick(CRIUS),
        target: { criuRlimitSigpending: limit },
      };
    });
    const where = `seed ${rng.seed}, round ${round}`;
    const seen: string[] = [];
    const compared = compareNodes(checkpoint, nodes, { nsPerPair: 1000 }, (_, { name }) => seen.push(name));
    const planned = nodes.map(({ name, ...node }) => {
      const plan = planRestore(checkpoint, { nsPerPair: 1000, ...node });
      return { node: name, outcome: plan.outcome, reason: decisiveReason(plan) ?? null, ...restoreCost(plan) };
    });
    expect(compared.nodes, where).toEqual(planned);
    expect(seen, where).toEqual(nodes.map(({ name }) => name));
    expect(compared.best, where).toEqual(
      OUTCOMES.flatMap((outcome) =>
        planned.filter((one) => one.outcome === outcome).sort((a, b) => a.seconds - b.seconds),
      )[0],
    );
    expect(compared.nodes.filter(isPossible).length, where).toBe(
      planned.filter(({ outcome }) => outcome === 'ok' || outcome === 'depends').length,
    );
  }
});

test('by outcome first, then by time', () => {
  const of = (outcome: NodeOutcome['outcome'], seconds: number): NodeOutcome =>
    ({ node: 'a', outcome, seconds }) as NodeOutcome;
  const sorted = [of('fails', 0), of('ok', 3), of('depends', 1), of('ok', 2), of('depends', 0)].sort(bestFirst);
  expect(sorted.map(({ outcome, seconds }) => `${outcome} ${seconds}`)).toEqual([
    ...['ok 2', 'ok 3', 'depends 0', 'depends 1', 'fails 0'],
  ]);
});

test('equal reasons are one object', () => {
  const node = { kernel: 'dense', criu: '4.2', target: { criuRlimitSigpending: 2 } };
  const { nodes } = compareNodes(checkpointOf([[0, 900]]), [
    { name: 'a', ...node },
    { name: 'b', ...node },
  ]);
  expect(nodes[0]!.reason).not.toBeNull();
  expect(nodes[1]!.reason).toBe(nodes[0]!.reason);
});

test('misuse', () => {
  const one = checkpointOf([[0]]);
  expect(() => compareNodes(one, [])).toThrow('nodes: got [], expected a list of one node or more');
  expect(() => compareNodes({} as never, [{ name: 'a', kernel: '6.18', criu: '4.2', target: {} }])).toThrow(
    'checkpoint',
  );
  expect(() => compareNodes(one, [{ name: 'a', kernel: 'x', criu: '4.2', target: {} }])).toThrow('kernel: got');
});
