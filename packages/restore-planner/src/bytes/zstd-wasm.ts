// The reference decoder of zstd, compiled to WebAssembly, for what has none of its own: Node before 22.15. It checks all that
// it reads, and does a bounded amount of work in one call. The package `zstddec` ships it; of that package only the compiled
// module is used, as its own functions wait forever on damaged data and never free a decoder that is not used up.
import { ZSTDDecoder } from 'zstddec/stream';

const IN_BYTES = 256 * 1024; // of a piece, at most
const OUT_BYTES = 128 * 1024; // that come out in one piece
const MOST_ERRORS = 256; // results this close below 2³² are errors
const KEPT_BYTES = 32 * 2 ** 20; // of memory: with more, a decoder is not kept for the next file

/** What is used of WebAssembly, which Node's types leave out. */
declare const WebAssembly: {
  instantiate(module: CompiledModule, imports: object): Promise<{ exports: unknown }>;
};
type CompiledModule = object;

/** What the module exports; numbers are addresses or sizes. */
interface Exports {
  memory: { buffer: ArrayBuffer };
  malloc: (bytes: number) => number;
  ZSTD_createDCtx: () => number;
  ZSTD_freeDCtx: (context: number) => number;
  ZSTD_decompressStream: (context: number, output: number, input: number) => number;
}

/** Says why the reference decoder refuses data. */
export class ZstdWasmError extends Error {
  override readonly name = 'ZstdWasmError';
}

/** zstddec compiles one time for a process: all copies of this package share what that gave, and a failure is not kept. */
const COMPILED = Symbol.for('@idspace/restore-planner zstd');
const shared = globalThis as { [COMPILED]?: Promise<CompiledModule> | undefined };
/** The decoder that was let go last. To make one takes milliseconds. */
let idle: ZstdWasm | undefined;

/** A decoder of any number of frames, with a memory of its own. */
export class ZstdWasm {
  private readonly exports: Exports;
  private context: number;
  private readonly input: number;
  private readonly output: number;
  /** Two structures of three words: input and output, each { address, size, position }. */
  private readonly buffers: number;

  private constructor(exports: Exports) {
    this.exports = exports;
    this.context = exports.ZSTD_createDCtx();
    this.input = exports.malloc(IN_BYTES);
    this.output = exports.malloc(OUT_BYTES);
    this.buffers = exports.malloc(24);
    if ([this.context, this.input, this.output, this.buffers].includes(0)) throw new ZstdWasmError('no memory');
  }

  static async create(): Promise<ZstdWasm> {
    const kept = idle;
    idle = undefined;
    if (kept !== undefined) return kept;
    shared[COMPILED] ??= compile().catch((error: unknown) => {
      shared[COMPILED] = undefined;
      throw error;
    });
    const env = { emscripten_notify_memory_growth: () => {} };
    const { exports } = await WebAssembly.instantiate(await shared[COMPILED], { env });
    return new ZstdWasm(exports as Exports);
  }

  /** Lets the decoder go, wherever it stands. */
  close(): void {
    const { exports } = this;
    if (exports.memory.buffer.byteLength > KEPT_BYTES) return;
    exports.ZSTD_freeDCtx(this.context);
    this.context = exports.ZSTD_createDCtx();
    if (this.context !== 0) idle = this;
  }

  /**
   * Decodes the bytes that follow those given before.
   *
   * @param piece At most 256 KiB.
   * @throws ZstdWasmError for data that is damaged.
   */
  *decode(piece: Uint8Array): Generator<Uint8Array> {
    const { exports, context, input, output, buffers } = this;
    new Uint8Array(exports.memory.buffer, input, IN_BYTES).set(piece);
    new Uint32Array(exports.memory.buffer, buffers, 3).set([input, piece.length, 0]);
    while (true) {
      new Uint32Array(exports.memory.buffer, buffers + 12, 3).set([output, OUT_BYTES, 0]);
      const result = exports.ZSTD_decompressStream(context, buffers + 12, buffers) >>> 0;
      if (result > 2 ** 32 - MOST_ERRORS) throw new ZstdWasmError(wordsOf(2 ** 32 - result));
      const made = new Uint32Array(exports.memory.buffer, buffers + 20, 1)[0]!;
      const isUsedUp = new Uint32Array(exports.memory.buffer, buffers + 8, 1)[0]! === piece.length;
      if (made > 0) yield new Uint8Array(exports.memory.buffer, output, made).slice();
      if (isUsedUp && made < OUT_BYTES) return;
    }
  }
}

/** Takes the module out of the package, which instantiates it once and hands the result to this method. */
async function compile(): Promise<CompiledModule> {
  let module: CompiledModule | undefined;
  class Loader extends ZSTDDecoder {
    override _init(result: { module: CompiledModule }): void {
      module = result.module;
      super._init(result as never);
    }
  }
  await withoutFetch(() => new Loader().init());
  if (module === undefined) throw new ZstdWasmError('the decoder was loaded by other code before');
  return module;
}

/**
 * Calls a function that fetches a data: URL, which a page may forbid (`connect-src 'none'`), though nothing is sent: it gets its bytes from here.
 * Other code does not see that, as nothing else runs before the function returns.
 */
function withoutFetch<Result>(start: () => Result): Result {
  const host = globalThis as { fetch?: unknown };
  const own = Object.getOwnPropertyDescriptor(host, 'fetch');
  const decode = async (url: string): Promise<unknown> => {
    const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (character) => character.charCodeAt(0));
    return { arrayBuffer: async () => bytes.buffer };
  };
  Object.defineProperty(host, 'fetch', { value: decode, configurable: true, writable: true });
  try {
    return start();
  } finally {
    if (own === undefined) delete host.fetch;
    else Object.defineProperty(host, 'fetch', own);
  }
}

/** Errors that damaged data leads to. Source: zstd_errors.h, 1.5.7. */
function wordsOf(error: number): string {
  if (error === 22) return 'wrong checksum';
  if (error === 64) return 'no memory';
  return error === 20 ? 'corruption detected' : `error ${error}`;
}
