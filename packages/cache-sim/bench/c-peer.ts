// The C program to compare with: compiled here, given the same traces.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AccessBatch, Geometry } from '../src/index.ts';

/** What a run of it said. */
export interface PeerRun {
  /** CPU seconds of a round. */
  seconds: number;
  /** Accesses of all rounds by kind and by the level that served them. */
  served: number[];
}

export class CPeer {
  private readonly folder: string = mkdtempSync(join(tmpdir(), 'cache-sim-'));
  private readonly program: string = join(this.folder, 'lru');

  /** Compiles it for two levels with lines of 64 bytes. */
  constructor([first, second]: readonly Geometry[]) {
    const sets = ({ size, ways, line }: Geometry): number => size / ways / line;
    const shape = [
      `-DWAYS1=${first.ways}`,
      `-DSETS1=${sets(first)}`,
      `-DWAYS2=${second.ways}`,
      `-DSETS2=${sets(second)}`,
    ];
    execFileSync('gcc', ['-O2', ...shape, '-o', this.program, fileURLToPath(new URL('./lru.c', import.meta.url))]);
  }

  /** Writes a trace where `run` finds it. */
  load({ addresses, bytes, kinds }: AccessBatch): void {
    const wide = BigUint64Array.from(addresses, BigInt);
    writeFileSync(
      join(this.folder, 'trace'),
      Buffer.concat([wide, bytes, kinds].map((array) => Buffer.from(array.buffer))),
    );
  }

  run(accesses: number, rounds: number): PeerRun {
    const out = execFileSync(this.program, [join(this.folder, 'trace'), String(accesses), String(rounds)], {
      encoding: 'utf8',
    });
    const [seconds, ...served] = out.trim().split(' ').map(Number);
    return { seconds, served };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** What gcc calls itself; undefined where there is none. */
export function gccVersion(): string | undefined {
  try {
    return execFileSync('gcc', ['--version'], { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return undefined;
  }
}
