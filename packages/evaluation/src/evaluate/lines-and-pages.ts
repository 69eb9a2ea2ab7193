// LinesAndPages: how much of each line is used while it is in a core's first cache, and which pages its first TLB does not know.
import { CacheSim, cpuPreset } from '@idspace/cache-sim';
import type { Hardware } from '../hardware/hardware.ts';
import { PAGE } from '../layouts/sizes.ts';
import type { Watcher } from './cost-meter.ts';
import { LatestLines } from './latest-lines.ts';

/** Watches the references of each core by itself: a line that another core takes stays here. */
export class LinesAndPages implements Watcher {
  private readonly lines: readonly CacheSim[];
  private readonly pages: readonly CacheSim[];
  /** By core: of its TLB. */
  private readonly latest: readonly LatestLines[];

  constructor({ cpu, levels: [first] }: Hardware, cores: number) {
    const { entries, ways } = cpuPreset(cpu).dataTlb.value;
    const each = (make: () => CacheSim): CacheSim[] => Array.from({ length: cores }, make);
    this.lines = each(() => new CacheSim({ levels: [first], usage: true }));
    const tlb = { name: 'TLB', size: entries * PAGE, ways, line: PAGE };
    this.pages = each(() => new CacheSim({ levels: [tlb] }));
    this.latest = Array.from({ length: cores }, () => new LatestLines(tlb));
  }

  /** @returns Whether the first TLB knew the page. */
  access(core: number, address: number, bytes: number, isWrite: boolean): boolean {
    if (isWrite) this.lines[core].write(address, bytes);
    else this.lines[core].read(address, bytes);
    return this.latest[core].use(address, bytes) || this.pages[core].read(address, bytes) === 0;
  }

  /** A skipped operation has used a page; how much of its lines is used is not counted. */
  pass(core: number, address: number): void {
    if (!this.latest[core].use(address, 1)) this.pages[core].read(address, 1);
  }

  /** Counts the lines that come from now on. */
  reset(): void {
    for (const sim of this.lines) sim.resetCounters();
  }

  /** Bytes used of a line that came in while it was there, mean; 0 when none came. */
  get usefulBytesPerLine(): number {
    let lines = 0;
    let bytes = 0;
    for (const sim of this.lines) {
      const usage = sim.stats().usage!;
      lines += usage.lines;
      bytes += usage.bytes;
    }
    return lines === 0 ? 0 : bytes / lines;
  }
}
