// Sharing: what lines, pages and cores see of a whole workload.
import { CacheSim, presetOptions } from '@idspace/cache-sim';
import { READ, type References } from '../evaluate/references.ts';
import type { Watcher } from '../evaluate/watcher.ts';
import type { Hardware } from '../hardware/hardware.ts';
import { LINE, PAGE, REGION } from '../layouts/sizes.ts';

/** Over all counted events. */
export interface SharingCounts {
  /** By level: accesses that came to it and those it did not have, per event. */
  levels: { name: string; refs: number; misses: number }[];
  /** Bytes of a line that are used while it is in the first level, mean. */
  usefulBytesPerLine: number;
  /** Lookups in the first TLB that it had to ask further, per event; pages of 2 MiB. */
  tlbMisses: number;
  /** Page walks per event. */
  tlbWalks: number;
  /** Lines that came from another core, which had written them, or were taken for writing from others that held them; per event. */
  moved: number;
  /** Copies that cores lost to another's write, per event. */
  invalidations: number;
  /** Misses on lines so lost where the other core wrote what this one uses, and where it wrote something else; per event. */
  trueSharing: number;
  falseSharing: number;
  /** The share of `moved` that the line with most of it has, 0…1, and what lies there. */
  hottestShare: number;
  hottestLine: string;
}

/** Watches all references of a workload. */
export class Sharing implements Watcher {
  private readonly cache: CacheSim;

  constructor({ cpu, levels }: Hardware, cores: number) {
    const { tlb } = presetOptions(cpu, cores);
    this.cache = new CacheSim({ levels, cores, usage: true, tlb: { ...tlb!, page: PAGE } });
  }

  watch(core: number, { kinds, addresses, bytes }: References, from: number, to: number): number {
    const { cache } = this;
    let unknown = 0;
    for (let at = from; at < to; at++) {
      if (kinds[at] === READ) cache.read(addresses[at], bytes[at], core);
      else cache.write(addresses[at], bytes[at], core);
      if (cache.last.tlb !== 0) unknown++;
    }
    return unknown;
  }

  /** Counts from now on. */
  reset(): void {
    this.cache.resetCounters();
  }

  /** @param events Over which the counts are to be spread. */
  counts(events: number): SharingCounts {
    const { levels, usage, tlb, coherence } = this.cache.stats();
    const per = (n = 0): number => n / Math.max(events, 1);
    return {
      levels: levels.map(({ name, reads, writes, readMisses, writeMisses }) => ({
        name,
        refs: per(reads + writes),
        misses: per(readMisses + writeMisses),
      })),
      usefulBytesPerLine: (usage?.share ?? 0) * LINE,
      tlbMisses: per(tlb?.data.misses),
      tlbWalks: per(tlb?.walks),
      moved: per((coherence?.transfers ?? 0) + (coherence?.upgrades ?? 0)),
      invalidations: per(coherence?.invalidations),
      trueSharing: per(coherence?.trueSharing),
      falseSharing: per(coherence?.falseSharing),
      hottestShare: coherence?.hottestShare ?? 0,
      hottestLine: coherence === undefined || coherence.hottestLine < 0 ? '' : regionAt(coherence.hottestLine),
    };
  }
}

/** What lies where, for people, highest first. */
const NAMES: readonly (readonly [start: number, name: string])[] = [
  [REGION.bitmaps, 'bitmap of slots'],
  [REGION.slots, 'array of slots'],
  [REGION.timers, 'k_itimer'],
  [REGION.nodes, 'xa_node'],
  [REGION.sigqueues, 'sigqueue'],
  [REGION.sighands, 'siglock'],
  [REGION.signals, 'signal_struct'],
  [REGION.buckets, 'bucket'],
  [REGION.idr, 'idr'],
  [REGION.locks, 'hash_lock'],
];

function regionAt(address: number): string {
  return NAMES.find(([start]) => address >= start)?.[1] ?? 'elsewhere';
}
