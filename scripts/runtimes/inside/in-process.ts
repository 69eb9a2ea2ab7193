// Reports to the process that started this one: a line of standard output each.
import { MARK } from '../outcome.ts';
import { runFiles } from './run.ts';

const print = console.log.bind(console);

/** Runs the files in Node.js, Bun or Deno, and ends the process. */
export async function main(files: Record<string, () => Promise<unknown>>): Promise<void> {
  // A test may wait for a timer that keeps no process alive, such as that of AbortSignal.timeout.
  setInterval(() => {}, 2 ** 30);
  await runFiles(files, (outcome) => print(MARK + JSON.stringify(outcome)));
  print(`${MARK}end`);
  (globalThis as { process?: { exit(code: number): void } }).process?.exit(0);
}
