// Two random acknowledgements, then two new messages, with a number of messages in flight.
import { random } from '@idspace/testkit';
import type { Contestants, Workload } from '@idspace/testkit/bench';
import { UniqueMessageIdProvider } from 'mqtt';
import { PoolMessageIds } from '../src/pool-message-ids.ts';

interface Provider {
  allocate(): number | null;
  deallocate(id: number): void;
}

const PAIRS = 200;

/** The IDs in flight stay from one run to the next, as in a client that runs for long. */
function churn(make: () => Provider): Workload {
  const states = new Map<number, { provider: Provider; live: number[] }>();
  return ({ inFlight }) => {
    const count = Number(inFlight);
    const rng = random(7);
    if (!states.has(count)) {
      const provider = make();
      states.set(count, { provider, live: Array.from({ length: count }, () => provider.allocate()!) });
    }
    const { provider, live } = states.get(count)!;
    const picks = Uint32Array.from({ length: 2 * PAIRS }, () => rng.below(count));
    return { ops: 4 * PAIRS, run: () => acknowledgeAndSend(provider, live, picks) };
  };
}

function acknowledgeAndSend(provider: Provider, live: number[], picks: Uint32Array): void {
  for (let i = 0; i < picks.length; i += 2) {
    const a = picks[i]!;
    const b = picks[i + 1]!;
    provider.deallocate(live[a]!);
    if (b !== a) provider.deallocate(live[b]!);
    live[a] = provider.allocate()!;
    if (b !== a) live[b] = provider.allocate()!;
  }
}

export const contestants: Contestants = {
  PoolMessageIds: { churn: churn(() => new PoolMessageIds()) },
  "PoolMessageIds('lowest')": { churn: churn(() => new PoolMessageIds('lowest')) },
  UniqueMessageIdProvider: { churn: churn(() => new UniqueMessageIdProvider()) },
};
