// AgentMemory: the memory that agents and this process share: the program, room for arguments, letter boxes.
import type { Libc } from '../libc.ts';
import { LiveKernelError } from '../live-kernel-error.ts';
import { BOX } from './agent-code.ts';

const PAGE = 4096;
const ROOM = 2 * PAGE; // for arguments
const PROT_READ_WRITE = 3;
const PROT_READ_EXEC = 5;
const MAP_SHARED_ANONYMOUS = 0x21;

/** Places for arguments, as offsets in bytes from `room`. */
export const PLACE = {
  cloneArgs: 0,
  setTid: 96,
  patience: 104,
  path: 128,
  text: 384,
  vectors: 640,
  number: 680,
  ringHeader: 704,
  request: 768,
  pointers: 1024,
  events: 2048,
  options: 4096,
} as const;

/** Memory that agents share with this process, at addresses that both know. */
export class AgentMemory {
  /** Addresses: of all of it, of the program, of the room for arguments. */
  readonly base: number;
  readonly length: number;
  readonly room: number;
  readonly words: Int32Array;
  readonly longs: BigInt64Array;
  readonly bytes: Uint8Array;
  private readonly libc: Libc;
  private used = 0;
  private readonly boxes: number;

  /**
   * @param boxes How many agents there may be.
   * @throws LiveKernelError (unavailable) if there is no memory for it, or it may not hold a program.
   */
  constructor(libc: Libc, code: Uint8Array, boxes: number) {
    this.libc = libc;
    this.boxes = boxes;
    this.length = Math.ceil((PAGE + ROOM + boxes * BOX.bytes) / PAGE) * PAGE;
    this.base = libc.mmap(0, this.length, PROT_READ_WRITE, MAP_SHARED_ANONYMOUS, -1, 0);
    if (this.base === -1) throw new LiveKernelError('unavailable', `mmap failed with errno ${libc.errno()}`);
    this.room = this.base + PAGE;
    new Uint8Array(libc.view(this.base, PAGE)).set(code);
    const rest = libc.view(this.room, this.length - PAGE);
    this.words = new Int32Array(rest);
    this.longs = new BigInt64Array(rest);
    this.bytes = new Uint8Array(rest);
    if (libc.mprotect(this.base, PAGE, PROT_READ_EXEC) !== 0) {
      throw new LiveKernelError('unavailable', `no memory may hold a program here: mprotect, errno ${libc.errno()}`);
    }
  }

  /** Takes the next letter box. Returns its offset from `room`; −1 if all are in use. */
  takeBox(): number {
    return this.used === this.boxes ? -1 : ROOM + this.used++ * BOX.bytes;
  }

  /** Gives the letter box back that was taken last. */
  returnBox(): void {
    this.used--;
  }

  /** Writes a text with its closing 0. Returns its address. */
  text(place: 'path' | 'text' | 'options', text: string): number {
    const end = new TextEncoder().encodeInto(text, this.bytes.subarray(PLACE[place], PLACE[place] + 255)).written;
    this.bytes[PLACE[place] + end] = 0;
    return this.room + PLACE[place];
  }

  /** Writes 64-bit numbers. Returns the address of the first. */
  numbers(place: keyof typeof PLACE, values: readonly number[]): number {
    for (const [at, value] of values.entries()) this.longs[PLACE[place] / 8 + at] = BigInt(value);
    return this.room + PLACE[place];
  }

  /** Unmaps it. No agent may live. */
  free(): void {
    this.libc.munmap(this.base, this.length);
  }
}
