// What is fuzzed: code that takes bytes, and what is known of the form of those bytes.
import type { Random } from '../random.ts';

/** What a mutator may draw from. */
export interface Draw {
  readonly random: Random;
  /** Strings and numbers that the instrumented code compares with. */
  readonly words: Words;
  /** Another input of the same target, to splice with. */
  readonly other: Uint8Array;
}

/** Constants of the code under test: what an input is compared with is likely among them. */
export interface Words {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/** Changes an input and keeps its form. Returns undefined where the bytes have not that form. */
export type Structure = (input: Uint8Array, draw: Draw) => Uint8Array | undefined;

/** One thing to fuzz. A module `fuzz/*.ts` of a package exports some as `TARGETS`, by name. */
export interface FuzzTarget {
  /** Inputs to begin with: real ones, small, of each kind. */
  readonly seeds: () => Iterable<Uint8Array>;
  /**
   * Feeds one input to the code under test. It returns where the input was refused as documented, and throws whatever else: that is a finding.
   * What it does depends on the input alone.
   */
  readonly run: (input: Uint8Array) => unknown;
  /** Forms of the input; without any, bytes are changed blindly. */
  readonly structures?: readonly Structure[];
  /** Whether an execution takes milliseconds: tests run a tenth as many. */
  readonly isSlow?: boolean;
  /** Longest input, bytes. Default 16,384. */
  readonly longest?: number;
  /** CPU time that one execution may take, ms. Default 2,000. */
  readonly milliseconds?: number;
  /** Memory that one execution may leave behind or hold, MiB. Default 256. */
  readonly mebibytes?: number;
}

/** The targets of a module. */
export type FuzzTargets = Readonly<Record<string, FuzzTarget>>;

export const DEFAULTS = { longest: 16_384, milliseconds: 2000, mebibytes: 256 } as const;
