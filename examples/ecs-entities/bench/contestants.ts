// Removes a random entity and adds one, with a number of them alive; or asks whether random ones are alive.
import { random } from '@idspace/testkit';
import type { Contestants, Workload } from '@idspace/testkit/bench';
import { EntityIndex } from '../src/entity-index.ts';
import { bitECS, type Entities } from '../test/bitecs-entities.ts';

const OPS = 1_000;

function replaceAll(entities: Entities, live: number[], picks: Uint32Array): void {
  for (let i = 0; i < picks.length; i++) {
    const pick = picks[i]!;
    entities.remove(live[pick]!);
    live[pick] = entities.add();
  }
}

function askAll(entities: Entities, live: number[], picks: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < picks.length; i++) if (entities.has(live[picks[i]!]!)) count++;
  return count;
}

function workloads(make: () => Entities): Record<string, Workload> {
  const states = new Map<number, { entities: Entities; live: number[] }>();
  const on =
    (run: (entities: Entities, live: number[], picks: Uint32Array) => unknown): Workload =>
    ({ alive }) => {
      const count = Number(alive);
      if (!states.has(count)) {
        const entities = make();
        states.set(count, { entities, live: Array.from({ length: count }, () => entities.add()) });
      }
      const { entities, live } = states.get(count)!;
      const rng = random(7);
      const picks = Uint32Array.from({ length: OPS }, () => rng.below(count));
      return { ops: OPS, run: () => run(entities, live, picks) };
    };
  return { replace: on(replaceAll), ask: on(askAll) };
}

export const contestants: Contestants = {
  EntityIndex: workloads(() => new EntityIndex()),
  'bitECS, no versions': workloads(() => bitECS()),
  'bitECS, 8 version bits': workloads(() => bitECS(8)),
};
