// A progress bar on a terminal, and silence everywhere else.
import { createRequire } from 'node:module';
import { printable } from '../format/printable.ts';
import type { Terminal, TerminalStream } from './terminal.ts';

/** Shows how far a command has come. */
export interface Progress {
  /** @param done 0…1. @param what A few words on what is going on. */
  update(done: number, what?: string): void;
  /** Takes the bar away. */
  stop(): void;
}

const STEPS = 1000;

/** Starts a progress bar on stderr; where stderr is no terminal it shows nothing. */
export function startProgress(terminal: Terminal, what: string): Progress {
  if (terminal.err.isTTY !== true) return { update: () => {}, stop: () => {} };
  // Loaded where a bar is shown: a short command is over sooner than it is loaded.
  const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
  const bar = new SingleBar({
    stream: terminal.err.raw ?? (terminal.err as TerminalStream),
    format: '{bar} {percentage} %  {duration_formatted}  {what}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    // A computation keeps the event loop busy, so that a handler of SIGINT would not run: Ctrl-C ends the process as it
    // is, and the terminal must be as it was.
    gracefulExit: false,
    hideCursor: null,
    linewrap: true,
  });
  bar.start(STEPS, 0, { what: printable(what) });
  return {
    update: (done, now) =>
      bar.update(Math.round(done * STEPS), now === undefined ? undefined : { what: printable(now) }),
    stop: () => bar.stop(),
  };
}
