// One word of shared memory: a plain read, one by Atomics, and one by a call into WebAssembly.

/** What of WebAssembly is used; its types come with those of pages alone. */
interface Assembly {
  Memory: new (of: { initial: number; maximum: number; shared: true }) => { buffer: SharedArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: { f(byte: number): number } };
}

const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly;
const WORDS = 1 << 14;
const memory = new Memory({ initial: 1, maximum: 1, shared: true });
const words = new Int32Array(memory.buffer, 0, WORDS);
const order = Int32Array.from(words, (_, i) => (i * 7919) & (WORDS - 1));

/** `(func (export "f") (param i32) (result i32) local.get 0  i32.atomic.load)` on an imported memory. */
// biome-ignore format: a section in a row
const MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 6, 1, 96, 1, 127, 1, 127,
  2, 13, 1, 3, 101, 110, 118, 3, 109, 101, 109, 2, 3, 1, 1,
  3, 2, 1, 0,
  7, 5, 1, 1, 102, 0, 0,
  10, 10, 1, 8, 0, 32, 0, 0xfe, 0x10, 2, 0, 11,
]);
const { f } = new Instance(new Module(MODULE), { env: { mem: memory } }).exports;

/** Loops of {@link CALLS} reads. */
export const ONE_WORD: Readonly<Record<string, () => number>> = {
  plain: () => {
    let sum = 0;
    for (let i = 0; i < WORDS; i++) sum = (sum + words[order[i]!]!) | 0;
    return sum;
  },
  'by Atomics': () => {
    let sum = 0;
    for (let i = 0; i < WORDS; i++) sum = (sum + Atomics.load(words, order[i]!)) | 0;
    return sum;
  },
  'by a call into WebAssembly': () => {
    let sum = 0;
    for (let i = 0; i < WORDS; i++) sum = (sum + f((order[i]! << 2) & 0xffff)) | 0;
    return sum;
  },
};

export const CALLS: number = WORDS;
