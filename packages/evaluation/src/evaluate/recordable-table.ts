// Timer tables whose accesses can be recorded, and what passes the accesses on.
import { type TypedArray, trace } from '@idspace/mem-trace';
import { createTimerTable, type DesignName, type TimerTable, type TimerTableOptions } from '@idspace/posix-timers';
import { createTimerTable as createInstrumented, DESIGN as INSTRUMENTED, watch } from '#tables';

/** Takes the accesses to one array, each when it is made. */
export type Taker = (element: number, isWrite: boolean, raw: TypedArray) => void;

/** Passes the accesses to a table's arrays on; nothing before `resume`. */
export interface Tracer {
  readonly recording: boolean;
  resume(): void;
  pause(): void;
  /** Ends it: the table is as it was. */
  stop(): void;
  /** Returns the arrays as they are now, by name: 'hash.heads'. */
  arrays(): Map<string, TypedArray>;
}

/** Tables of instrumented code. */
const instrumented = new WeakSet<TimerTable>();

/** Makes a table as `createTimerTable` does. Its code is instrumented, unless the design is one that was added to ours: stand-ins see that. */
export function recordableTable(design: DesignName, options: TimerTableOptions): TimerTable {
  if (!Object.hasOwn(INSTRUMENTED, design)) return createTimerTable(design, options);
  const table = createInstrumented(design, options);
  instrumented.add(table);
  return table;
}

/**
 * Traces a table.
 *
 * @param takerOf Says who takes the accesses to an array: asked when it is met first.
 */
export function tracerOf(table: TimerTable, takerOf: (name: string, raw: TypedArray) => Taker): Tracer {
  const parts = withArrays(table.parts());
  return instrumented.has(table) ? watched(parts, takerOf) : standIns(parts, takerOf);
}

function watched(parts: Readonly<Record<string, object>>, takerOf: (name: string, raw: TypedArray) => Taker): Tracer {
  const takers = new Map<TypedArray, Taker>();
  const fields = Object.entries(parts).flatMap(([name, part]) =>
    Object.keys(part).map((field) => ({ name: `${name}.${field}`, part: part as Record<string, unknown>, field })),
  );
  const arrays = (): Map<string, TypedArray> => {
    const found = new Map<string, TypedArray>();
    for (const { name, part, field } of fields) {
      const value = part[field];
      if (isArray(value)) found.set(name, value);
    }
    return found;
  };
  const watching = watch((array) => {
    const known = takers.get(array);
    if (known !== undefined) return known;
    // Met for the first time, it or a part of it, perhaps since it replaced one that was full.
    const { buffer } = array;
    for (const { name, part, field } of fields) {
      const raw = part[field];
      if (isArray(raw) && raw.buffer === buffer && !takers.has(raw)) takers.set(raw, takerOf(name, raw));
    }
    return takers.get(array) ?? partOfKnown(array, takers);
  });
  return Object.assign(watching, { arrays });
}

/** Who takes the accesses to a part of an array, as `subarray` gives it; null where it is none, such as an array on its way into a field. */
function partOfKnown(array: TypedArray, takers: ReadonlyMap<TypedArray, Taker>): Taker | null {
  for (const [raw, taker] of takers) {
    if (raw.buffer !== array.buffer) continue;
    const from = (array.byteOffset - raw.byteOffset) / raw.BYTES_PER_ELEMENT;
    return (element, isWrite) => taker(from + element, isWrite, raw);
  }
  return null;
}

function standIns(parts: Record<string, object>, takerOf: (name: string, raw: TypedArray) => Taker): Tracer {
  const takers = new Map<TypedArray, Taker>();
  const tracing = trace(parts, (name, element, isWrite, raw) => {
    let taker = takers.get(raw);
    if (taker === undefined) takers.set(raw, (taker = takerOf(name, raw)));
    taker(element, isWrite, raw);
  });
  tracing.pause();
  return tracing;
}

/** Leaves objects out that hold no typed array, which a trace refuses. */
function withArrays(parts: Record<string, object>): Record<string, object> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => Object.values(part).some(ArrayBuffer.isView)));
}

function isArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
