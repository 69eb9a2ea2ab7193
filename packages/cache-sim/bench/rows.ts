// The headline rows: `pnpm bench keep cache-sim`, `pnpm bench compare REV cache-sim`. `pnpm bench cache-sim` compares with C.
import { type AccessBatch, CacheSim, parseGeometry } from '@idspace/cache-sim';
import type { Prepared, Row } from '@idspace/testkit/bench';
import { TRACES } from './traces.ts';

/** Accesses that one run plays. */
const OPS = 1 << 18;

/** What programs write by hand: for each set a list of lines, the last one used first. Returns the accesses that missed the first level. */
class Lists {
  private readonly levels = [
    { mask: 32768 / 64 / 8 - 1, ways: 8, sets: new Map<number, number[]>() },
    { mask: 8388608 / 64 / 16 - 1, ways: 16, sets: new Map<number, number[]>() },
  ];

  play({ addresses, length }: AccessBatch): number {
    let misses = 0;
    for (let i = 0; i < length; i++) {
      const line = Math.floor(addresses[i]! / 64);
      if (this.misses(0, line)) {
        misses++;
        this.misses(1, line);
      }
    }
    return misses;
  }

  private misses(level: number, line: number): boolean {
    const { mask, ways, sets } = this.levels[level]!;
    let set = sets.get(line & mask);
    if (!set) sets.set(line & mask, (set = []));
    const at = set.indexOf(line);
    if (at === 0) return false;
    if (at > 0) set.splice(at, 1);
    else if (set.length === ways) set.pop();
    set.unshift(line);
    return at < 0;
  }
}

const levels = () => [parseGeometry('32768,8,64', 'D1'), parseGeometry('8388608,16,64', 'LL')];

/** The beginning of a trace. */
function beginning(name: string): AccessBatch {
  const { addresses, bytes, kinds } = TRACES[name]!();
  return { addresses: addresses.slice(0, OPS), bytes: bytes.slice(0, OPS), kinds: kinds.slice(0, OPS), length: OPS };
}

function playing(name: string, make: () => { play(batch: AccessBatch): unknown }): () => Prepared {
  let state: { batch: AccessBatch; sim: { play(batch: AccessBatch): unknown } } | undefined;
  return () => {
    const { batch, sim } = (state ??= { batch: beginning(name), sim: make() });
    return { ops: OPS, run: () => sim.play(batch) };
  };
}

export const rows: readonly Row[] = ['sequential', 'random in 512 KiB', 'radix descents'].map((name) => ({
  name: `CacheSim: play, ${name}`,
  setup: playing(name, () => new CacheSim({ levels: levels() })),
  peer: { name: 'a list of lines for each set', setup: playing(name, () => new Lists()) },
}));
