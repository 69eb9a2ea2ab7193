// Runs the command line: in this process where that is enough, as a process of its own where it is not.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { run } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Screen } from '../../src/format/screen.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
export const ROOT: string = fileURLToPath(new URL('../../../../', import.meta.url));
export const CHECKPOINTS: string = `${ROOT}packages/restore-planner/test/ground-truth/criu`;
export const TRACES: string = `${ROOT}packages/cache-sim/test/ground-truth`;

/** A file: 100 columns of text, no colours. */
export const PLAIN: Screen = { out: { write: () => {} }, env: {} };

export interface Ran {
  exitCode: number;
  out: string;
  err: string;
}

/** Leaves out the lines on progress: whether there is one depends on how busy the machine is. */
export function withoutBeats(err: string): string {
  return err.replace(/^… .*: \d+ % in .*\n/gm, '');
}

/** Runs a command line in this process. */
export async function idspace(args: readonly string[], terminal: Partial<Terminal> = {}): Promise<Ran> {
  const out = new Collector();
  const err = new Collector();
  const exitCode = await run(args, { folder: ROOT, env: {}, out, err, ...terminal });
  return { exitCode, out: out.text, err: withoutBeats(err.text) };
}

/** What Node needs to run the command line from the sources. */
export const CLI_ARGUMENTS: readonly string[] = [...FROM_SOURCES, CLI];

/** Runs a command line from the sources as a process of its own. */
export function spawnIdspace(
  args: readonly string[],
  {
    cwd = ROOT,
    env = {},
    input = '',
  }: { cwd?: string; env?: Record<string, string>; input?: string | Uint8Array } = {},
): SpawnSyncReturns<string> {
  const ran = spawnSync(process.execPath, [...CLI_ARGUMENTS, ...args], {
    cwd,
    encoding: 'utf8',
    input,
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  return { ...ran, stderr: withoutBeats(ran.stderr) };
}

/** A stream that keeps what is written to it. */
export class Collector extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
