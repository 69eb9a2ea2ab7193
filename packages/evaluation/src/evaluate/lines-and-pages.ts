// LinesAndPages: how much of each line is used while it is in a core's first cache, and which pages its first TLB does not know.
import { cpuPreset } from '@idspace/cache-sim';
import type { Hardware } from '../hardware/hardware.ts';
import { PAGE } from '../layouts/sizes.ts';
import type { Watcher } from './cost-meter.ts';
import { LruCaches } from './lru-caches.ts';
import type { References } from './references.ts';
import { UsedLines } from './used-lines.ts';

/** Watches the references of each core by itself: a line that another core takes stays here. */
export class LinesAndPages implements Watcher {
  private readonly lines: UsedLines;
  private readonly pages: LruCaches;

  constructor({ cpu, levels: [first] }: Hardware, cores: number) {
    const { entries, ways } = cpuPreset(cpu).dataTlb.value;
    this.lines = new UsedLines(first, cores);
    this.pages = new LruCaches({ name: 'TLB', size: entries * PAGE, ways, line: PAGE }, cores);
  }

  watch(core: number, { addresses, bytes }: References, from: number, to: number): number {
    const { lines, pages } = this;
    for (let at = from; at < to; at++) lines.use(core, addresses[at], bytes[at]);
    let unknown = 0;
    for (let at = from; at < to; at++) {
      const [first, last] = [Math.floor(addresses[at] / PAGE), Math.floor((addresses[at] + bytes[at] - 1) / PAGE)];
      if (!pages.useAll(core, first, last)) unknown++;
    }
    return unknown;
  }

  /** A skipped operation has used a page; how much of its lines is used is not counted. */
  pass(core: number, address: number): void {
    this.pages.use(core, Math.floor(address / PAGE));
  }

  /** Counts the lines that come from now on. */
  reset(): void {
    this.lines.reset();
  }

  /** Bytes used of a line that came in while it was there, mean; 0 when none came. */
  get usefulBytesPerLine(): number {
    return this.lines.mean;
  }
}
