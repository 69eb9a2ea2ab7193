// Which places in the source take cache lines from each other's threads.
import type { CacheSim } from '@idspace/cache-sim';
import type { Field, Place } from '@idspace/mem-trace/recording';
import type { Buffers } from './buffers.ts';
import type { SharedLineProfile, SharingPlace } from './profile.ts';

/** Cache lines whose places are kept, and those that are told. */
const [MOST_LINES, TOLD] = [4096, 20];

interface Spot {
  field: number;
  /** Bytes of the line. */
  from: number;
  to: number;
  lost: number;
  invalidated: number;
}

/** What numbers stand for. */
interface Meaning {
  placeOf(site: number): Place | undefined;
  fieldOf(field: number): Field | undefined;
  threadOf(site: number): number;
}

/** Bytes of a cache line. */
const LINE = 64;

export class SharingTally {
  /** By address of the line and by site. */
  private readonly spots = new Map<number, Map<number, Spot>>();

  note(site: number, field: number, address: number, bytes: number, lost: boolean, invalidated: number): void {
    const from = address % LINE;
    const line = address - from;
    let sites = this.spots.get(line);
    if (sites === undefined) {
      if (this.spots.size === MOST_LINES) return;
      sites = new Map();
      this.spots.set(line, sites);
    }
    const spot = sites.get(site) ?? { field, from, to: from, lost: 0, invalidated: 0 };
    sites.set(site, spot);
    spot.from = Math.min(spot.from, from);
    spot.to = Math.max(spot.to, Math.min(LINE, from + bytes));
    spot.lost += lost ? 1 : 0;
    spot.invalidated += invalidated;
  }

  /** The lines that move most. */
  lines(sim: CacheSim, buffers: Buffers, meaning: Meaning): SharedLineProfile[] {
    return sim
      .sharedLines(TOLD)
      .filter(({ address, trueSharing, falseSharing }) => trueSharing + falseSharing > 0 && this.spots.has(address))
      .map(({ address, trueSharing, falseSharing, invalidations }) => {
        const places = [...this.spots.get(address)!].map(([site, spot]) => placeFor(site, spot, meaning));
        places.sort((a, b) => weight(b) - weight(a) || a.thread - b.thread || a.line - b.line);
        const offset = address - buffers.starts[buffers.find(address)]!;
        const [{ array }] = places.toSorted((a, b) => a.from - b.from || weight(b) - weight(a)) as [SharingPlace];
        return { array, offset, trueSharing, falseSharing, invalidations, places };
      });
  }
}

function placeFor(site: number, { field, from, to, lost, invalidated }: Spot, meaning: Meaning): SharingPlace {
  const { file = '', line = 0 } = meaning.placeOf(site) ?? {};
  const array = meaning.fieldOf(field)?.label ?? '';
  const thread = meaning.threadOf(site);
  return { thread, file, line, array, from, to, coherenceMisses: lost, invalidations: invalidated };
}

function weight({ coherenceMisses, invalidations }: SharingPlace): number {
  return coherenceMisses + invalidations;
}
