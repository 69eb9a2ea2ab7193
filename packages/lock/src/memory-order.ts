// Words that threads read and write without a lock, in an order that all of them see.
//
// `Atomics` keep the order of the program everywhere. Where plain accesses keep as much of it, these functions make plain ones: in V8,
// a call of `Atomics` takes as long as ten of them. That is known of V8 on x86: V8 neither moves nor merges accesses to shared
// typed arrays, and x86 keeps the order of reads and that of writes. Structures that use these functions are the same code everywhere.
//
// Source: ECMA-262 §29 (memory model); Intel SDM volume 3A, §9.2.2 (P6 and later: reads are not reordered with reads, nor writes with
// writes, nor writes with earlier reads).

/** The little of Node's `process` that is looked at; browsers have none. */
interface Runtime {
  process?: { arch?: string; versions?: { node?: string; v8?: string; bun?: string } };
}

/** What is exported: methods of an object, so that they have names. A function with a branch in it is not inlined as often. */
interface Accesses {
  readOrdered(words: Int32Array, index: number): number;
  writeOrdered(words: Int32Array, index: number, value: number): void;
  writeFenced(words: Int32Array, index: number, value: number): void;
}

const PLAIN: Accesses = {
  readOrdered(words, index) {
    return words[index];
  },
  writeOrdered(words, index, value) {
    words[index] = value;
  },
  writeFenced(words, index, value) {
    words[index] = value;
  },
};

const ATOMIC: Accesses = {
  readOrdered(words, index) {
    return Atomics.load(words, index);
  },
  writeOrdered(words, index, value) {
    Atomics.store(words, index, value);
  },
  writeFenced(words, index, value) {
    Atomics.store(words, index, value);
    // A call that reads: it comes after the one that writes, and no later write comes before it.
    Atomics.load(words, index);
  },
};

/** The access of a name that does here. A pure call, so that a bundle can leave it out. */
function chosen<Name extends keyof Accesses>(name: Name): Accesses[Name] {
  return (keepsOrder((globalThis as Runtime).process) ? PLAIN : ATOMIC)[name];
}

/**
 * Reads a word before anything that the thread reads or writes later, as other threads see it. The arguments are trusted.
 *
 * @param words Int32Array over a SharedArrayBuffer.
 * @param index An element of `words`.
 * @returns The word.
 *
 * Cost: a plain read in V8 on x86, otherwise `Atomics.load`.
 */
export const readOrdered: (words: Int32Array, index: number) => number = /* @__PURE__ */ chosen('readOrdered');

/**
 * Writes a word after all that the thread has read or written before, as other threads see it. What it writes later may be seen
 * earlier: use {@link writeFenced} where that matters. The arguments are trusted.
 *
 * @param words Int32Array over a SharedArrayBuffer.
 * @param index An element of `words`.
 * @param value An int32.
 *
 * Cost: a plain write in V8 on x86, otherwise `Atomics.store`.
 */
export const writeOrdered: (words: Int32Array, index: number, value: number) => void =
  /* @__PURE__ */ chosen('writeOrdered');

/**
 * Writes a word as {@link writeOrdered} does, and before anything that the thread writes later, as other threads see it. The
 * arguments are trusted.
 *
 * @param words Int32Array over a SharedArrayBuffer.
 * @param index An element of `words`.
 * @param value An int32.
 *
 * Cost: a plain write in V8 on x86, otherwise `Atomics.store` and `Atomics.load`.
 */
export const writeFenced: (words: Int32Array, index: number, value: number) => void =
  /* @__PURE__ */ chosen('writeFenced');

function keepsOrder(process: Runtime['process']): boolean {
  const { arch, versions } = process ?? {};
  const isNode = versions?.node !== undefined && versions.v8 !== undefined && versions.bun === undefined;
  // Deno has a `process` of Node's shape and V8 too.
  return isNode && (arch === 'x64' || arch === 'ia32');
}
