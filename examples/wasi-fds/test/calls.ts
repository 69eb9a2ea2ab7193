// A WebAssembly module that exports the calls it imports, so that a test makes them as a program would.
const I32 = 0x7f;
const I64 = 0x7e;

/** What is used of WebAssembly: TypeScript knows it as a part of browsers only. */
interface Engine {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
}
const { Module, Instance } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

/** What a program sees of a WASI host, with a memory of its own. */
export interface Calls {
  memory: { readonly buffer: ArrayBuffer };
  path_open: (
    dir: number,
    lookup: number,
    path: number,
    length: number,
    flags: number,
    rights: bigint,
    inherited: bigint,
    fdFlags: number,
    out: number,
  ) => number;
  fd_close: (fd: number) => number;
  fd_renumber: (from: number, to: number) => number;
}

/** Parameters of each; all return an errno. */
const CALLS: Record<string, number[]> = {
  path_open: [I32, I32, I32, I32, I32, I64, I64, I32, I32],
  fd_close: [I32],
  fd_renumber: [I32, I32],
};

const vector = (items: number[][]): number[] => [items.length, ...items.flat()];
const text = (string: string): number[] => vector([...string].map((char) => [char.charCodeAt(0)]));
const section = (id: number, content: number[]): number[] => {
  // Lengths below 2¹⁴ in LEB128.
  return [id, (content.length & 127) | 128, content.length >> 7, ...content];
};

/** Makes a program of the calls of a host: types, imports, a memory of one page, exports. */
export function program(host: object): { exports: Calls } {
  const names = Object.keys(CALLS);
  const types = names.map((name) => [0x60, ...vector(CALLS[name]!.map((type) => [type])), 1, I32]);
  const imports = names.map((name, i) => [...text('wasi_snapshot_preview1'), ...text(name), 0, i]);
  const exports = [[...text('memory'), 2, 0], ...names.map((name, i) => [...text(name), 0, i])];
  const bytes = [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, vector(types)),
    section(2, vector(imports)),
    section(5, vector([[0, 1]])),
    section(7, vector(exports)),
  ];
  const module = new Module(Uint8Array.from(bytes.flat()));
  return new Instance(module, { wasi_snapshot_preview1: host }) as { exports: Calls };
}

/** Opens a path below a directory, as `open(path, O_CREAT)`. Returns the number, or −errno. */
export function open({ memory, path_open }: Calls, dir: number, path: string, oflags: number = 1): number {
  const bytes = new TextEncoder().encode(path);
  new Uint8Array(memory.buffer).set(bytes, 16);
  // Rights to read and to write.
  const errno = path_open(dir, 0, 16, bytes.length, oflags, 0x42n, 0n, 0, 0);
  return errno === 0 ? new DataView(memory.buffer).getUint32(0, true) : -errno;
}
