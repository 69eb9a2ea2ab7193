// One access to shared memory: what a schedule is made of.

/** An access that an actor is about to make. The closures look at the memory as it is when they are called. */
export interface Access {
  /** How a schedule shows it, such as 'Atomics.load(lock)'. */
  readonly label: string;
  /** Byte of the memory that it reads or writes; −1 for none. */
  readonly address: number;
  /** Bytes from there. */
  readonly size: number;
  /** A plain read or write; Atomics.load or Atomics.store; or any other call, which may read and write. */
  readonly kind: 'read' | 'write' | 'load' | 'store' | 'update';
  /** The value it would find there. */
  peek(): number | string;
  /** Whether it would change memory, or put its actor to sleep. */
  changes(): boolean;
  /** Makes the access and returns its result. */
  perform(): number | string | typeof ASLEEP;
}

/** What an access returned when it was made: all that an actor ever learns from the outside. */
export interface Entry {
  /** The access, as a schedule shows it. */
  readonly label: string;
  readonly address: number;
  readonly value: number | string;
  readonly changed: boolean;
}

/** The address of an entry that is a look at the clock. */
export const CLOCK = -1;
/** The address of an entry that is a part of an actor: its value is the result, as JSON. */
export const PART = -3;
/** The label of an entry that ends a sleep. */
export const WOKEN = 'wait';
/** Result of a wait that found what it waits on: the actor goes on when it is woken. */
export const ASLEEP: unique symbol = Symbol('asleep');
/** Thrown out of an actor at the access where its step ends. */
export const PAUSE: unique symbol = Symbol('pause');
