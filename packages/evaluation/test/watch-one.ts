// A single reference, shown to a watcher.
import { READ, References, WRITE } from '../src/evaluate/references.ts';
import { Tally } from '../src/evaluate/tally.ts';
import type { Watcher } from '../src/evaluate/watcher.ts';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';
import { LINE } from '../src/layouts/sizes.ts';

/** @returns Whether the first TLB knew the page. */
export function watchOne(watcher: Watcher, core: number, address: number, bytes: number, isWrite: boolean): boolean {
  const references = new References(new Tally([hardwareNamed(HARDWARE_NAMES[0]!)]), LINE);
  references.add(isWrite ? WRITE : READ, 0, address, bytes, 0, 0);
  return watcher.watch(core, references, 0, 1) === 0;
}
