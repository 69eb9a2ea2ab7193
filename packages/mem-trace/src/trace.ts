// Traces an object: its typed-array fields become accessors that hand out recording stand-ins. The traced code is untouched.
import { type Session, type Sink, unwrap } from './recorder.ts';
import { standIn } from './stand-in.ts';
import { isTypedArray, type TypedArray } from './typed-array.ts';

/** One field that was taken over. */
class Field {
  readonly name: string;
  private readonly owner: object;
  private readonly key: PropertyKey;
  private readonly descriptor: PropertyDescriptor;
  private readonly session: Session;
  private value: unknown;
  private shown: TypedArray | undefined;

  constructor(objectName: string, owner: object, key: string | symbol, session: Session) {
    this.name = `${objectName}.${String(key)}`;
    this.owner = owner;
    this.key = key;
    this.descriptor = Object.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor;
    this.session = session;
    this.assign(this.descriptor.value);
  }

  /** The plain array the field holds now, if it holds one. */
  get array(): TypedArray | undefined {
    return isTypedArray(this.value) ? this.value : undefined;
  }

  takeOver(): void {
    const { session } = this;
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
    this.shown = isTypedArray(plain) ? standIn(this.name, plain, plain, this.session) : undefined;
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
   * Puts plain arrays back for good. A stand-in somebody kept goes on working, unrecorded. A second call does nothing.
   *
   * The engine does not optimise the object as well as before: measure times in a process that never traced.
   */
  stop(): void;

  /** Returns the plain arrays the fields hold now, by the names the sink gets. Growth puts others in their place. */
  arrays(): Map<string, TypedArray>;
}

class FieldTrace implements Trace {
  private readonly session: Session;
  private readonly fields: readonly Field[];
  private stopped = false;

  constructor(session: Session, fields: readonly Field[]) {
    this.session = session;
    this.fields = fields;
  }

  get recording(): boolean {
    return this.session.recording;
  }

  pause(): void {
    this.session.recording = false;
  }

  resume(): void {
    if (this.stopped) throw new RangeError('mem-trace: resume() after stop(); expected a trace that was not stopped');
    this.session.recording = true;
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.session.recording = false;
    for (const field of this.fields) field.restore();
  }

  arrays(): Map<string, TypedArray> {
    const arrays = new Map<string, TypedArray>();
    for (const { name, array } of this.fields) if (array !== undefined) arrays.set(name, array);
    return arrays;
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
 * @returns The running trace.
 * @throws RangeError when an object has no field to watch, is given twice, is itself a typed array, or cannot be changed.
 *
 * Cost: 0.1–0.3 µs for each recorded access, a few nanoseconds for one of `fill` and other bulk calls; see the README.
 */
export function trace(objects: Record<string, object>, sink: Sink): Trace {
  if (typeof sink !== 'function') throw new RangeError(`mem-trace: sink is ${typeof sink}; expected a function`);
  const session: Session = { sink, recording: true };
  const seen = new Set<object>();
  const fields: Field[] = [];
  for (const [name, object] of Object.entries(objects)) {
    checkObject(name, object, seen);
    const keys = watchable(name, object);
    for (const key of keys) fields.push(new Field(name, object, key, session));
  }
  for (const field of fields) field.takeOver();
  return new FieldTrace(session, fields);
}

function checkObject(name: string, object: unknown, seen: Set<object>): void {
  const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function';
  if (!isObject) throw new RangeError(`mem-trace: '${name}' is ${String(object)}; expected an object`);
  if (isTypedArray(object)) {
    throw new RangeError(`mem-trace: '${name}' is a typed array; expected the object that has it as a field`);
  }
  if (seen.has(object)) throw new RangeError(`mem-trace: '${name}' was given before under another name`);
  seen.add(object);
}

/** The own fields that hold a typed array, or nothing yet. */
function watchable(name: string, object: object): (string | symbol)[] {
  const keys = Reflect.ownKeys(object).filter((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
    if (!('value' in descriptor)) return false;
    if (descriptor.configurable === true) return descriptor.value == null || isTypedArray(descriptor.value);
    if (!isTypedArray(descriptor.value)) return false;
    throw new RangeError(
      `mem-trace: ${name}.${String(key)} is not configurable; expected an object that is not frozen`,
    );
  });
  if (keys.length > 0) return keys;
  throw new RangeError(
    `mem-trace: '${name}' has no own field with a typed array; expected one (is it deeper down, #private, or traced already?)`,
  );
}
