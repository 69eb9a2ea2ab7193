// LiveRings: AIO rings of an agent, on the running kernel.
import { PLACE } from './agent-memory.ts';
import type { Agents } from './agents.ts';
import { CALL } from './x64-calls.ts';

const O_WRONLY = 1;
const IOCB_CMD_PWRITE = 1;
const HEADER_BYTES = 32;
/** Requests in one call. */
const MOST = 64;

/** AIO rings. Calls return a result, or −errno. */
export class LiveRings {
  private readonly agents: Agents;
  private nowhere = -1;

  constructor(agents: Agents) {
    this.agents = agents;
  }

  /** Makes a ring. Returns its address in the memory of the agent. */
  setUp(requests: number): number {
    const { memory } = this.agents;
    const place = memory.numbers('number', [0]);
    const result = this.agents.first(CALL.ioSetup, requests, place);
    return result < 0 ? result : Number(memory.longs[PLACE.number / 8]);
  }

  /** Removes one. Returns 0. */
  destroy(ring: number): number {
    return this.agents.first(CALL.ioDestroy, ring);
  }

  /**
   * Submits requests that do nothing, which complete immediately, and takes their events.
   *
   * @param requests 1…64 of them are submitted.
   * @returns How many.
   */
  submit(ring: number, requests: number): number {
    const { agents } = this;
    const { memory } = agents;
    if (this.nowhere < 0) this.nowhere = agents.first(CALL.open, memory.text('path', '/dev/null'), O_WRONLY, 0);
    if (this.nowhere < 0) return this.nowhere;
    const count = Math.min(requests, MOST);
    // struct iocb: data, key and flags, opcode and descriptor, buffer, bytes, offset, reserved, flags.
    const opcode = IOCB_CMD_PWRITE + this.nowhere * 2 ** 32;
    const request = memory.numbers('request', [0, 0, opcode, memory.room, 1, 0, 0, 0]);
    const pointers = memory.numbers('pointers', Array<number>(count).fill(request));
    const taken = agents.first(CALL.ioSubmit, ring, count, pointers);
    if (taken <= 0) return taken;
    const got = agents.first(CALL.ioGetevents, ring, taken, taken, memory.room + PLACE.events, 0);
    return got < 0 ? got : taken;
  }

  /** Reads the header of a ring: how many events it holds, and where the next one goes. */
  read(ring: number): { nr: number; tail: number } {
    const { agents } = this;
    const { memory } = agents;
    const to = memory.room + PLACE.ringHeader;
    const vectors = memory.numbers('vectors', [to, HEADER_BYTES, ring, HEADER_BYTES]);
    const self = agents.first(CALL.getpid);
    const read = agents.first(CALL.processVmReadv, self, vectors, 1, vectors + 16, 1, 0);
    if (read !== HEADER_BYTES) return { nr: read, tail: read };
    const [, nr, , tail] = memory.words.subarray(PLACE.ringHeader / 4);
    return { nr: nr!, tail: tail! };
  }
}
