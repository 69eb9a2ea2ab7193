// Traces an object: its typed-array fields become accessors that hand out recording stand-ins. The traced code is untouched.
import { AddressMap } from './address-map.ts';
import { endOfTrace, letStandInsPass } from './is-view.ts';
import { checkFunction, checkKeys, refusal, refused } from './misuse.ts';
import { type Session, type Sink, unwrap } from './recorder.ts';
import { FieldRegions, type Region } from './regions.ts';
import { standIn } from './stand-in.ts';
import { isTypedArray, type TypedArray } from './typed-array.ts';
import { type Unseen, unseenOf, type Watched } from './unseen.ts';

const CALL = 'trace';

/** The options of a trace. */
export interface TraceOptions {
  /** Where arrays lie; default: a map of the trace's own. Several traces that feed one simulator take one map. */
  addresses?: AddressMap | undefined;
}

/** What the fields of a trace share. */
interface Tracing {
  readonly session: Session;
  readonly regions: FieldRegions;
}

/** One field that was taken over. */
class Field {
  readonly name: string;
  private readonly owner: object;
  private readonly key: PropertyKey;
  private readonly descriptor: PropertyDescriptor;
  private readonly tracing: Tracing;
  private value: unknown;
  private shown: TypedArray | undefined;

  constructor(objectName: string, owner: object, key: string | symbol, tracing: Tracing) {
    this.name = `${objectName}.${String(key)}`;
    this.owner = owner;
    this.key = key;
    this.descriptor = Object.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor;
    this.tracing = tracing;
    this.assign(this.descriptor.value);
  }

  /** The plain array the field holds now, if it holds one. */
  get array(): TypedArray | undefined {
    return isTypedArray(this.value) ? this.value : undefined;
  }

  takeOver(): void {
    const { session } = this.tracing;
    const accessor: PropertyDescriptor = {
      configurable: true,
      enumerable: this.descriptor.enumerable === true,
      get: () => (session.recording && this.shown !== undefined ? this.shown : this.value),
    };
    if (this.descriptor.writable === true) accessor.set = (value: unknown) => this.assign(value);
    Object.defineProperty(this.owner, this.key, accessor);
  }

  restore(): void {
    Object.defineProperty(this.owner, this.key, { ...this.descriptor, value: this.value });
  }

  /** Keeps the plain array, under this field's name from now on, whichever field it came from. */
  private assign(value: unknown): void {
    const plain = unwrap(value);
    if (plain === this.value) return;
    this.value = plain;
    this.shown = undefined;
    if (!isTypedArray(plain)) return;
    const { session, regions } = this.tracing;
    regions.add(this.name, plain);
    this.shown = standIn(this.name, plain, plain, session);
  }
}

/** A running trace; made by {@link trace}. */
export interface Trace {
  /** Whether accesses are being reported. */
  readonly recording: boolean;

  /**
   * Stops reporting until {@link resume}; meanwhile the fields hand out the plain arrays.
   *
   * An array read from a field during the pause and kept is never recorded.
   *
   * Cost: about a tenth of a recorded access; the engine reads an accessor more slowly than a field.
   */
  pause(): void;

  /**
   * Reports again after {@link pause}.
   *
   * @throws RangeError after {@link stop}.
   */
  resume(): void;

  /**
   * Ends the trace and puts the plain arrays back. A stand-in that was kept still works, unrecorded. A second call does nothing.
   *
   * The engine does not optimise the object as well as before: measure times in a process that never traced.
   */
  stop(): void;

  /** Returns the plain arrays the fields hold now, by the names the sink gets. Growth puts others in their place. */
  arrays(): Map<string, TypedArray>;

  /**
   * Returns what the objects have, as they are now, that a trace does not see: DataViews and buffers, private fields, arrays deeper
   * down, fields that came later, getters, functions that may keep arrays in closures, and objects in which nothing is a typed array.
   *
   * What variables in closures hold cannot be listed by anything: a trace with fewer accesses than expected has most likely met one.
   *
   * Cost: looks at up to 10,000 objects that are reached from the traced ones.
   */
  unseen(): Unseen[];
}

class FieldTrace implements Trace {
  readonly regions: FieldRegions;
  private readonly session: Session;
  private readonly fields: readonly Field[];
  private readonly watched: readonly Watched[];
  private stopped = false;

  constructor({ session, regions }: Tracing, fields: readonly Field[], watched: readonly Watched[]) {
    this.session = session;
    this.regions = regions;
    this.fields = fields;
    this.watched = watched;
  }

  get recording(): boolean {
    return this.session.recording;
  }

  pause(): void {
    this.session.recording = false;
  }

  resume(): void {
    if (this.stopped) throw refusal('Trace.resume', 'trace', 'one that was stopped', 'one that was not');
    this.session.recording = true;
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.session.recording = false;
    for (const field of this.fields) field.restore();
    for (const { object } of this.watched) traced.delete(object);
    endOfTrace();
  }

  arrays(): Map<string, TypedArray> {
    const arrays = new Map<string, TypedArray>();
    for (const { name, array } of this.fields) if (array !== undefined) arrays.set(name, array);
    return arrays;
  }

  unseen(): Unseen[] {
    return unseenOf(this.watched, this.arrays());
  }

  /** Shows state and arrays in one line of `console.log`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const state = this.stopped ? 'stopped' : this.recording ? 'recording' : 'paused';
    return `Trace { ${[state, ...this.arrays().keys()].join(', ')} }`;
  }
}

/**
 * Reports every element access of the typed arrays that are own fields of `objects`, from now until `stop()`.
 *
 * TypeScript's `private` fields are seen, `#private` ones and variables in closures are not, nor are arrays deeper down: name
 * the object that holds them as one more object. A field that is null or undefined now is watched too, for an array assigned later.
 *
 * @param objects The objects to watch, by the name their arrays are reported under.
 * @param sink Called once for each access, in their order, a write when it is done; it must not touch the traced objects itself.
 * @returns The running trace. Until all traces are stopped, `ArrayBuffer.isView` is true of stand-ins too.
 * @param options `addresses`: the map of several traces that feed one simulator.
 * @throws RangeError when no object has a field to watch, or one is given twice, is traced already, is a typed array, or cannot be changed;
 *   if `sink` is not a function, or an option is not known.
 *
 * Cost: 0.1–0.3 µs for each recorded access, a few nanoseconds for one of `fill` and other bulk calls; see docs/seen.md. About 200 bytes
 * for every array that a field holds at some time.
 */
export function trace(objects: Record<string, object>, sink: Sink, options: TraceOptions = {}): Trace {
  const isObject = typeof objects === 'object' && objects !== null;
  if (!isObject) throw refused(CALL, 'objects', objects, 'an object of the objects to watch, by name');
  checkFunction(CALL, 'sink', sink);
  const { addresses = new AddressMap() } = checkKeys(CALL, 'options', options, 'addresses');
  if (typeof addresses?.addressOf !== 'function') throw refused(CALL, 'addresses', addresses, 'an AddressMap');
  const tracing = { session: { sink, addresses, recording: true }, regions: new FieldRegions(addresses) };
  const seen = new Set<object>();
  const fields: Field[] = [];
  const watched: Watched[] = [];
  for (const [name, object] of Object.entries(objects)) {
    checkObject(name, object, seen);
    const keys = watchable(name, object);
    watched.push({ name, object, keys: new Set(keys) });
    for (const key of keys) fields.push(new Field(name, object, key, tracing));
  }
  checkNotBlind(watched);
  for (const field of fields) field.takeOver();
  for (const object of seen) traced.add(object);
  letStandInsPass();
  return new FieldTrace(tracing, fields, watched);
}

/**
 * Returns the addresses of every array that a field has held since the trace began, by the names that the sink gets.
 *
 * The regions do not overlap: bytes that several views show belong to the field that showed them first, under its name as long as the
 * trace lasts. `@idspace/cache-sim` takes them as they are: `regionsOf(trace, (region) => sim.addRegion(region))`.
 *
 * @param added Is called with each region, now and whenever a field gets an array elsewhere, before the first access to it.
 * @throws RangeError when `trace` is not what `trace()` returned.
 */
export function regionsOf(trace: Trace, added?: (region: Region) => unknown): Region[] {
  if (!(trace instanceof FieldTrace)) throw refused('regionsOf', 'trace', trace, 'what trace() returned');
  return trace.regions.list(added);
}

/** Objects whose fields are taken over. */
const traced = new WeakSet<object>();

function checkObject(name: string, object: unknown, seen: Set<object>): void {
  const argument = `objects.${name}`;
  const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function';
  if (!isObject) throw refused(CALL, argument, object, 'an object');
  if (isTypedArray(unwrap(object))) {
    throw refusal(CALL, argument, 'a typed array', 'the object that has it as a field');
  }
  if (seen.has(object)) throw refusal(CALL, argument, 'an object that was given before', 'one name for each object');
  if (traced.has(object)) throw refusal(CALL, argument, 'an object that is traced already', 'stop() before');
  seen.add(object);
}

/** The own fields that hold a typed array, or nothing yet. */
function watchable(name: string, object: object): (string | symbol)[] {
  return Reflect.ownKeys(object).filter((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
    if (!('value' in descriptor)) return false;
    if (descriptor.configurable === true) return descriptor.value == null || isTypedArray(descriptor.value);
    if (!isTypedArray(descriptor.value)) return false;
    throw refusal(
      CALL,
      `objects.${name}.${String(key)}`,
      'a field that cannot be replaced',
      'one that is configurable: the object is frozen',
    );
  });
}

/** Reasons that an error shows. */
const SHOWN = 3;

/** Refuses a trace that would see nothing, and says what there is. */
function checkNotBlind(watched: readonly Watched[]): void {
  if (watched.some(({ keys }) => keys.size > 0)) return;
  const reasons = unseenOf(watched, new Map()).slice(0, SHOWN);
  const names = watched.map(({ name }) => `'${name}'`).join(', ');
  const what = watched.length === 0 ? 'no object' : `${names}, which has none`;
  const seen = reasons.map(({ name, why }) => `${name}: ${why}`).join('; ');
  throw refusal(CALL, 'objects', what, `one with a typed array in an own field${seen === '' ? '' : ` (${seen})`}`);
}
