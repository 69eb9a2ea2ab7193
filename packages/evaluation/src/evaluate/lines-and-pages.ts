// LinesAndPages: how much of each line is used while it is in a core's first cache, and which pages its first TLB does not know.
import { cpuPreset } from '@idspace/cache-sim';
import type { Hardware } from '../hardware/hardware.ts';
import { LINE, PAGE } from '../layouts/sizes.ts';
import { LruCaches } from './lru-caches.ts';
import type { References } from './references.ts';
import { UsedLines } from './used-lines.ts';
import type { Watcher } from './watcher.ts';

const PAGE_LINES = PAGE / LINE;

/** Watches the references of each core by itself: a line that another core takes stays here. */
export class LinesAndPages implements Watcher {
  private readonly lines: UsedLines;
  private readonly pages: LruCaches;

  constructor({ cpu, levels: [first] }: Hardware, cores: number) {
    const { entries, ways } = cpuPreset(cpu).dataTlb.value;
    this.lines = new UsedLines(first, cores);
    this.pages = new LruCaches({ name: 'TLB', size: entries * PAGE, ways, line: PAGE }, cores);
  }

  watch(core: number, { addresses, bytes, firsts, lasts }: References, from: number, to: number): number {
    const { lines, pages } = this;
    for (let at = from; at < to; at++) lines.use(core, addresses[at], bytes[at]);
    let unknown = 0;
    let latest = -1;
    for (let at = from; at < to; at++) {
      const first = Math.floor(firsts[at] / PAGE_LINES);
      const last = Math.floor(lasts[at] / PAGE_LINES);
      // The page that was used last is the latest of its set already.
      if ((first !== latest || last !== latest) && !pages.useAll(core, first, last)) unknown++;
      latest = last;
    }
    return unknown;
  }

  /** Skipped operations have used pages; how much of their lines is used is not counted. */
  pass(core: number, lines: Float64Array, length: number): void {
    const { pages } = this;
    let last = -1;
    for (let at = 0; at < length; at++) {
      const page = Math.floor(lines[at] / PAGE_LINES);
      if (page !== last) pages.use(core, page);
      last = page;
    }
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
