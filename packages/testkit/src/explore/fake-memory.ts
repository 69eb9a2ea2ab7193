// Stand-ins for Atomics and typed arrays that report every access to the explored memory before it happens.
import { type Access, ASLEEP } from './access.ts';

/** What the stand-ins tell and ask. */
export interface Observer {
  /** What an access returned when its actor made it before; undefined for one that is new. */
  again(address: number): number | string | undefined;
  /** Makes an access that is new, sooner or later. */
  access(access: Access): ReturnType<Access['perform']>;
  /** Whether a call of Atomics on a byte is made in two: a read, then a write. */
  isInTwo(call: string, address: number): boolean;
  now(): number;
  /** What `Atomics.waitAsync` of a sleeping actor promises; an observer without it plays no actor that waits so. */
  sleeps?(address: number): Promise<string>;
  /** Wakes up to `count` actors that sleep on a byte; returns how many. */
  wake(address: number, count: number): number;
  /** Name of a byte in schedules. */
  nameOf(address: number): string;
}

type View = Int32Array | Uint32Array | Uint8Array | Uint16Array | Int16Array | Int8Array;
type ViewClass = new (buffer: SharedArrayBuffer, byteOffset?: number, length?: number) => View;

const VIEWS = ['Int32Array', 'Uint32Array', 'Uint8Array', 'Uint16Array', 'Int16Array', 'Int8Array'] as const;
const RealAtomics = Atomics;
const INDEX = /^\d+$/;

/** Replaces Atomics, the typed arrays and the clock while `run` runs. Memory other than `buffer` is left alone. */
export function withFakes<T>(buffer: SharedArrayBuffer, observer: Observer, run: () => T): T {
  const restore = useFakes(buffer, observer);
  try {
    return run();
  } finally {
    restore();
  }
}

/** Replaces the same. @returns Puts back what was there. */
export function useFakes(buffer: SharedArrayBuffer, observer: Observer): () => void {
  const scope = globalThis as unknown as Record<string, unknown>;
  const views = new Views(buffer, observer);
  const saved = Object.fromEntries([...VIEWS, 'Atomics'].map((name) => [name, scope[name]]));
  for (const name of VIEWS) scope[name] = views.fakeClass(scope[name] as ViewClass);
  scope.Atomics = fakeAtomics(observer, views);
  const { now } = performance;
  performance.now = () => observer.now();
  return () => {
    Object.assign(scope, saved);
    performance.now = now;
  };
}

/** The views that actors make of the memory: elements are read and written one access each, methods go by elements. */
class Views {
  private readonly buffer: SharedArrayBuffer;
  private readonly observer: Observer;
  private readonly real = new WeakMap<View, View>();
  /** One stand-in for all views of the same elements: every run of every actor makes them again. */
  private readonly made = new Map<string, View>();

  constructor(buffer: SharedArrayBuffer, observer: Observer) {
    this.buffer = buffer;
    this.observer = observer;
  }

  /** The view behind a stand-in; undefined for any other view. */
  behind(view: View): View | undefined {
    return this.real.get(view);
  }

  fakeClass(Real: ViewClass): ViewClass {
    return new Proxy(Real, {
      construct: (target, args) => this.watched(Reflect.construct(target, args) as View),
    });
  }

  private watched(view: View): View {
    if (view.buffer !== (this.buffer as ArrayBufferLike)) return view;
    const key = `${view.constructor.name} ${view.byteOffset} ${view.length}`;
    let proxy = this.made.get(key);
    if (proxy === undefined) {
      proxy = this.proxyOf(view);
      this.made.set(key, proxy);
      this.real.set(proxy, view);
    }
    return proxy;
  }

  private proxyOf(view: View): View {
    const { observer } = this;
    const proxy: View = new Proxy(view, {
      get: (target, key) => {
        if (typeof key === 'string' && INDEX.test(key)) return read(target, Number(key), observer);
        if (key === 'subarray') return (...bounds: number[]) => this.watched(target.subarray(...bounds));
        if (key === 'set') return (source: ArrayLike<number>, at = 0) => setEach(proxy, source, at);
        const generic = (Array.prototype as unknown as Record<PropertyKey, unknown>)[key];
        return typeof generic === 'function' && key !== 'constructor' ? generic : Reflect.get(target, key, target);
      },
      set: (target, key, value) => {
        if (typeof key !== 'string' || !INDEX.test(key)) return Reflect.set(target, key, value, target);
        write(target, Number(key), value, observer);
        return true;
      },
    });
    return proxy;
  }
}

function setEach(proxy: View, source: ArrayLike<number>, at: number): void {
  for (let i = 0; i < source.length; i++) proxy[at + i] = source[i]!;
}

/**
 * An access to an element of a view. A class, and its label made when it is asked for: most accesses of an exploration are looked at
 * many times before they are made, and only one in a few is shown.
 */
class ElementAccess implements Access {
  readonly address: number;
  readonly kind: Access['kind'];
  protected readonly view: View;
  protected readonly index: number;
  protected readonly observer: Observer;

  constructor(view: View, index: number, kind: Access['kind'], observer: Observer) {
    this.address = addressOf(view, index);
    this.view = view;
    this.index = index;
    this.kind = kind;
    this.observer = observer;
  }

  get size(): number {
    return this.view.BYTES_PER_ELEMENT;
  }

  get label(): string {
    return this.observer.nameOf(this.address);
  }

  peek(): number | string {
    return this.view[this.index]!;
  }

  changes(): boolean {
    return false;
  }

  perform(): ReturnType<Access['perform']> {
    return this.view[this.index]!;
  }
}

class PlainWrite extends ElementAccess {
  private readonly value: number;

  constructor(view: View, index: number, value: number, observer: Observer) {
    super(view, index, 'write', observer);
    this.value = value;
  }

  override get label(): string {
    return `${super.label} = ${this.value}`;
  }

  override changes(): boolean {
    return this.view[this.index] !== this.value;
  }

  override perform(): number {
    this.view[this.index] = this.value;
    return this.value;
  }
}

type Operation = (view: View, index: number, ...operands: number[]) => number;
type WithWaitAsync = { waitAsync: (view: View, index: number, value: number, timeout?: number) => unknown };
type Update = (old: number, ...operands: number[]) => number;

/** The calls of Atomics on one element: what they make of the old value. */
const UPDATES: Record<string, Update> = {
  load: (old) => old,
  store: (_, value) => value,
  exchange: (_, value) => value,
  compareExchange: (old, expected, value) => (old === expected ? value : old),
  add: (old, value) => old + value,
  sub: (old, value) => old - value,
  and: (old, value) => old & value,
  or: (old, value) => old | value,
  xor: (old, value) => old ^ value,
};

class AtomicCall extends ElementAccess {
  protected readonly name: string;
  protected readonly operands: readonly number[];

  constructor(view: View, index: number, name: string, operands: readonly number[], observer: Observer) {
    super(view, index, isChange(name) ? 'update' : (name as 'load' | 'store'), observer);
    this.name = name;
    this.operands = operands;
  }

  override get label(): string {
    return `${this.name}(${[super.label, ...this.operands].join(', ')})`;
  }

  override changes(): boolean {
    const old = this.view[this.index]!;
    return (UPDATES[this.name]!(old, ...this.operands) | 0) !== (old | 0);
  }

  override perform(): ReturnType<Access['perform']> {
    return (RealAtomics[this.name as 'add'] as Operation)(this.view, this.index, ...this.operands);
  }
}

class Wait extends AtomicCall {
  override peek(): string {
    return this.changes() ? 'asleep' : 'not-equal';
  }

  override changes(): boolean {
    return this.view[this.index] === this.operands[0];
  }

  override perform(): ReturnType<Access['perform']> {
    return this.changes() ? ASLEEP : 'not-equal';
  }
}

class Notify extends AtomicCall {
  override changes(): boolean {
    return true;
  }

  override perform(): number {
    return this.observer.wake(this.address, this.operands[0]!);
  }
}

const addressOf = (view: View, index: number): number => view.byteOffset + index * view.BYTES_PER_ELEMENT;

function read(view: View, index: number, observer: Observer): number | undefined {
  // Beyond the view nothing is: code that strays there is told so.
  if (index >= view.length) return undefined;
  const told = observer.again(addressOf(view, index));
  return (told ?? observer.access(new ElementAccess(view, index, 'read', observer))) as number;
}

function write(view: View, index: number, value: number, observer: Observer): void {
  if (index < view.length && observer.again(addressOf(view, index)) === undefined)
    observer.access(new PlainWrite(view, index, value, observer));
}

function fakeAtomics(observer: Observer, views: Views): object {
  const fake: Record<string, unknown> = {
    isLockFree: RealAtomics.isLockFree,
    wait: (view: Int32Array, index: number, value: number, timeout?: number) => {
      const target = views.behind(view);
      if (target === undefined) return RealAtomics.wait(view, index, value, timeout);
      const told = observer.again(addressOf(target, index));
      return told ?? observer.access(new Wait(target, index, 'wait', [value], observer));
    },
    waitAsync: (view: Int32Array, index: number, value: number, timeout?: number) => {
      const target = views.behind(view);
      if (target === undefined) return (RealAtomics as unknown as WithWaitAsync).waitAsync(view, index, value, timeout);
      if (observer.sleeps === undefined) throw new Error('Atomics.waitAsync is not played here');
      const told = observer.access(new Wait(target, index, 'waitAsync', [value], observer));
      if (told !== ASLEEP) return { async: false, value: told };
      return { async: true, value: observer.sleeps(addressOf(target, index)) };
    },
    notify: (view: Int32Array, index: number, count = Infinity) => {
      const target = views.behind(view);
      if (target === undefined) return RealAtomics.notify(view, index, count);
      const told = observer.again(addressOf(target, index));
      return told ?? observer.access(new Notify(target, index, 'notify', [count], observer));
    },
  };
  for (const [name, update] of Object.entries(UPDATES)) {
    const original = RealAtomics[name as 'add'] as Operation;
    fake[name] = (view: View, index: number, ...operands: number[]) => {
      const target = views.behind(view);
      if (target === undefined) return original(view, index, ...operands);
      const address = addressOf(target, index);
      if (isChange(name) && observer.isInTwo(name, address)) {
        const old = read(target, index, observer)!;
        const value = update(old, ...operands);
        if (name !== 'compareExchange' || old === operands[0]) write(target, index, value, observer);
        return old;
      }
      return observer.again(address) ?? observer.access(new AtomicCall(target, index, name, operands, observer));
    };
  }
  return fake;
}

/** Says whether a call of Atomics may read and write. */
const isChange = (name: string): boolean => name !== 'load' && name !== 'store';
