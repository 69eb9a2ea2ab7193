// Where accesses and misses are: counts by region and field.
import type { SharingSink } from './coherence.ts';
import { checkKeys, type Refusal, refusal, refused, show } from './misuse.ts';
import type { Field, Region } from './options.ts';

/** Counts of one field of one region; of the rest of memory under the names '' and ''. */
export interface RegionStats {
  region: string;
  /** '' for what lies in none of the region's fields. */
  field: string;
  fetches: number;
  reads: number;
  writes: number;
  /** Accesses that missed in each level, the first first; the last are those that memory served. */
  misses: number[];
  /** Accesses whose translation was in no TLB. */
  walks: number;
  /** Lines that came from another core that had modified them, and writes that had others give theirs up. */
  moves: number;
  trueSharing: number;
  falseSharing: number;
}

/** Columns of the table of counts before one for each level. */
const [WALKS, MOVES, LOST, TRUE] = [3, 4, 5, 6];
const COLUMNS = 7;
const FIRST_ROWS = 16;
/** The row of what is in no region. */
const ELSEWHERE = 0;
const ADDRESS_END = 2 ** 53;
const REGION_KEYS = 'name, start, bytes, stride, fields';

interface Placed {
  name: string;
  start: number;
  end: number;
  stride: number;
  fields: readonly Field[];
  /** Row of what lies in no field; those of the fields follow. */
  row: number;
}

/** The regions and their counts. An access belongs to the field of its first byte. */
export class Attribution implements SharingSink {
  private readonly columns: number;
  /** In ascending order of address. */
  private readonly regions: Placed[] = [];
  private readonly names: { region: string; field: string }[] = [{ region: '', field: '' }];
  /** Float64Array, shape [rows × columns]. */
  private counts: Float64Array;
  /** What names a region: in errors. */
  private call = 'new CacheSim';
  /** The region found last. */
  private recent: Placed | undefined;

  constructor(levels: number, regions: readonly Region[]) {
    this.columns = COLUMNS + levels;
    this.counts = new Float64Array(FIRST_ROWS * this.columns);
    for (const region of regions) this.add(region);
    this.call = 'CacheSim.addRegion';
  }

  /** @throws RangeError when it overlaps another, or its shape is impossible. */
  add(region: Region): void {
    const call = this.call;
    const { name, start, bytes, stride = bytes, fields = [] } = checkKeys(call, 'region', region, REGION_KEYS);
    if (typeof name !== 'string') throw refused(call, 'region name', name, 'a string');
    const isAddress = Number.isInteger(start) && start >= 0 && Number.isInteger(bytes) && bytes > 0;
    if (!isAddress || start > ADDRESS_END - bytes)
      throw refusal(
        call,
        `region ${name}`,
        `${show(bytes)} bytes at ${show(start)}`,
        '1 or more bytes within 0…9007199254740992',
      );
    if (!Number.isInteger(stride) || stride < 1) throw refused(call, `region ${name} stride`, stride, '1 or more');
    for (const field of fields) checkField(call, name, field, stride);
    const at = this.after(start);
    const neighbour = [this.regions[at - 1], this.regions[at]].find(
      (one) => one && one.start < start + bytes && one.end > start,
    );
    if (neighbour) throw refusal(call, `region ${name}`, `${start}…${start + bytes - 1}`, `none of ${neighbour.name}`);
    const row = this.names.length;
    this.growTo(row + 1 + fields.length);
    this.names.push({ region: name, field: '' }, ...fields.map((field) => ({ region: name, field: field.name })));
    this.regions.splice(at, 0, { name, start, end: start + bytes, stride, fields, row });
  }

  /** The row that an address is counted in. */
  rowOf(address: number): number {
    let region = this.recent;
    if (region === undefined || address < region.start || address >= region.end) {
      region = this.regions[this.after(address) - 1];
      if (region === undefined || address >= region.end) return ELSEWHERE;
      this.recent = region;
    }
    const { fields, row } = region;
    if (fields.length === 0) return row;
    const offset = (address - region.start) % region.stride;
    for (let field = 0; field < fields.length; field++) {
      const from = fields[field].offset;
      if (offset >= from && offset < from + fields[field].bytes) return row + 1 + field;
    }
    return row;
  }

  /** Counts an access. `kind` is 0 fetch, 1 read, 2 write; `level` served it. */
  count(row: number, kind: number, level: number, walked: boolean): void {
    const at = row * this.columns;
    this.counts[at + kind]++;
    if (walked) this.counts[at + WALKS]++;
    for (let missed = 0; missed < level; missed++) this.counts[at + COLUMNS + missed]++;
  }

  moved(row: number): void {
    this.counts[row * this.columns + MOVES]++;
  }

  lostLine(row: number): void {
    this.counts[row * this.columns + LOST]++;
  }

  trueSharing(row: number): void {
    this.counts[row * this.columns + TRUE]++;
  }

  /** 'region.field' of everything that lies in from…to−1, in order of address. */
  namesIn(from: number, to: number): string[] {
    const names = new Set<string>();
    for (let address = from; address < to; address++) {
      const row = this.rowOf(address);
      const { region, field } = this.names[row];
      if (row !== ELSEWHERE) names.add(field === '' ? region : `${region}.${field}`);
    }
    return [...names];
  }

  /** Every row that counted something, in the order in which the regions were added. */
  stats(): RegionStats[] {
    const rows: RegionStats[] = [];
    for (let row = 0; row < this.names.length; row++) {
      const counts = this.counts.subarray(row * this.columns, (row + 1) * this.columns);
      if (counts.every((count) => count === 0)) continue;
      const [fetches, reads, writes] = counts;
      // biome-ignore format: what belongs together stands in a row
      rows.push({
        ...this.names[row],
        fetches, reads, writes,
        misses: Array.from(counts.subarray(COLUMNS)),
        walks: counts[WALKS], moves: counts[MOVES],
        trueSharing: counts[TRUE], falseSharing: counts[LOST] - counts[TRUE],
      });
    }
    return rows;
  }

  resetCounters(): void {
    this.counts.fill(0);
  }

  /** Number of regions that start at or before an address. */
  private after(address: number): number {
    let low = 0;
    let high = this.regions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.regions[middle].start <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private growTo(rows: number): void {
    if (rows * this.columns <= this.counts.length) return;
    const counts = new Float64Array(Math.max(rows * this.columns, this.counts.length * 2));
    counts.set(this.counts);
    this.counts = counts;
  }
}

/** Makes the error for a region that no option asked for. */
export function noRegions(): Refusal {
  return refusal('CacheSim.addRegion', 'region', 'one', 'the option regions: [] when the simulation is made');
}

function checkField(call: string, region: string, field: Field, stride: number): void {
  const { name, offset, bytes } = checkKeys(call, `region ${region} field`, field, 'name, offset, bytes');
  const isInside = Number.isInteger(offset) && offset >= 0 && Number.isInteger(bytes) && bytes > 0;
  if (isInside && offset + bytes <= stride) return;
  throw refusal(
    call,
    `field ${region}.${name}`,
    `${show(bytes)} bytes at ${show(offset)}`,
    `bytes within the record, 0…${stride}`,
  );
}
