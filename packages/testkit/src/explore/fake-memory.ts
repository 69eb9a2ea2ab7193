// Stand-ins for Atomics and typed arrays that report every access to the explored memory before it happens.
import { type Access, ASLEEP } from './access.ts';

/** What the stand-ins tell and ask. */
export interface Observer {
  /** What an access returned when its actor made it before; undefined for one that is new. */
  again(address: number): number | string | undefined;
  /** Makes an access that is new, sooner or later. */
  access(access: Access): number | string;
  /** Whether an access of this name is made in two: a read, then a write. */
  isInTwo(name: string): boolean;
  now(): number;
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
  const scope = globalThis as unknown as Record<string, unknown>;
  const views = new Views(buffer, observer);
  const saved = Object.fromEntries([...VIEWS, 'Atomics'].map((name) => [name, scope[name]]));
  for (const name of VIEWS) scope[name] = views.fakeClass(scope[name] as ViewClass);
  scope.Atomics = fakeAtomics(observer, views);
  const { now } = performance;
  performance.now = () => observer.now();
  try {
    return run();
  } finally {
    Object.assign(scope, saved);
    performance.now = now;
  }
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

const addressOf = (view: View, index: number): number => view.byteOffset + index * view.BYTES_PER_ELEMENT;

function read(view: View, index: number, observer: Observer): number {
  const address = addressOf(view, index);
  const told = observer.again(address);
  if (told !== undefined) return told as number;
  const peek = (): number => view[index]!;
  return observer.access({
    label: observer.nameOf(address),
    address,
    size: view.BYTES_PER_ELEMENT,
    kind: 'read',
    peek,
    changes: () => false,
    perform: peek,
  }) as number;
}

function write(view: View, index: number, value: number, observer: Observer): void {
  const address = addressOf(view, index);
  if (observer.again(address) !== undefined) return;
  observer.access({
    label: `${observer.nameOf(address)} = ${value}`,
    address,
    size: view.BYTES_PER_ELEMENT,
    kind: 'write',
    peek: () => view[index]!,
    changes: () => view[index] !== value,
    perform: () => (view[index] = value),
  });
}

type Operation = (view: View, index: number, ...operands: number[]) => number;
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

function fakeAtomics(observer: Observer, views: Views): object {
  const fake: Record<string, unknown> = {
    isLockFree: RealAtomics.isLockFree,
    wait: (view: Int32Array, index: number, value: number, timeout?: number) => {
      const target = views.behind(view);
      if (target === undefined) return RealAtomics.wait(view, index, value, timeout);
      return observer.again(addressOf(target, index)) ?? observer.access(waiting(target, index, value, observer));
    },
    notify: (view: Int32Array, index: number, count = Infinity) => {
      const target = views.behind(view);
      if (target === undefined) return RealAtomics.notify(view, index, count);
      return observer.again(addressOf(target, index)) ?? observer.access(notifying(target, index, count, observer));
    },
  };
  for (const [name, update] of Object.entries(UPDATES)) {
    const original = RealAtomics[name as 'add'] as Operation;
    fake[name] = (view: View, index: number, ...operands: number[]) => {
      const target = views.behind(view);
      if (target === undefined) return original(view, index, ...operands);
      if (isChange(name) && observer.isInTwo(`${name}(${observer.nameOf(addressOf(target, index))})`)) {
        const old = read(target, index, observer);
        const value = update(old, ...operands);
        if (name !== 'compareExchange' || old === operands[0]) write(target, index, value, observer);
        return old;
      }
      const told = observer.again(addressOf(target, index));
      if (told !== undefined) return told;
      const perform = (): number => original(target, index, ...operands);
      const changes = (): boolean => (update(target[index]!, ...operands) | 0) !== (target[index]! | 0);
      return observer.access({ ...operation(target, index, name, operands, observer), changes, perform });
    };
  }
  return fake;
}

/** Says whether a call of Atomics may read and write. */
const isChange = (name: string): boolean => name !== 'load' && name !== 'store';

function operation(
  view: View,
  index: number,
  name: string,
  operands: readonly number[],
  observer: Observer,
): Pick<Access, 'label' | 'address' | 'size' | 'kind' | 'peek'> {
  const address = addressOf(view, index);
  const label = `${name}(${[observer.nameOf(address), ...operands].join(', ')})`;
  const kind = name === 'load' || name === 'store' ? name : 'update';
  return { label, address, size: view.BYTES_PER_ELEMENT, kind, peek: () => view[index]! };
}

function waiting(view: View, index: number, value: number, observer: Observer): Access {
  const isThere = (): boolean => view[index] === value;
  return {
    ...operation(view, index, 'wait', [value], observer),
    peek: () => (isThere() ? 'asleep' : 'not-equal'),
    changes: isThere,
    perform: () => (isThere() ? ASLEEP : 'not-equal'),
  };
}

function notifying(view: View, index: number, count: number, observer: Observer): Access {
  const access = operation(view, index, 'notify', [count], observer);
  return { ...access, changes: () => true, perform: () => observer.wake(access.address, count) };
}
