// The program of a process that makes the calls it is told: machine code, because a fork of Node.js may not return into JavaScript.
//
// In words: wait at the letter box until there is a request; make the call; after clone3, the child goes to a letter box of its own;
// leave the result, and wake the one who waits for it. It uses no memory but the letter boxes, and no stack. `test/agent.s` is its
// source, and a test compares both.

/** x86-64. Its first function is `long start(struct clone_args *args, size_t size, struct letterbox *box)`. */
const X64 =
  '534889d3b8b30100000f054885c074025bc38b1383fa0174114889df31f64531d2b8ca0000000f05ebe8488b43084989c5488b7b10488b7318488b53204c8b53' +
  '284c8b43304c8b4b384c8b63400f054981fdb3010000750a4885c075054c89e3ebb048894348c703020000004889dfbe01000000baffffff7fb8ca0000000f05' +
  'eb90';

/** Returns the program for an architecture, named as in `process.arch`; undefined where there is none. */
export function agentCode(arch: string): Uint8Array | undefined {
  return arch === 'x64' ? Uint8Array.from(Buffer.from(X64, 'hex')) : undefined;
}

/** A letter box: whose turn it is, the call and its arguments, the letter box of a child, the result. Offsets in bytes. */
export const BOX = { turn: 0, number: 8, args: 16, child: 64, result: 72, bytes: 128 } as const;
/** Values of `turn`. */
export const TURN = { idle: 0, request: 1, answer: 2 } as const;
