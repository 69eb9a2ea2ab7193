// How far a command has come: a bar on a terminal, a line now and then everywhere else. Both say how long it will take.
import { createRequire } from 'node:module';
import { duration } from '../format/number.ts';
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
const BEAT = 15_000; // ms between two lines where there is no terminal
const SURE = 2; // seconds before what is left can be told

/** Starts a progress bar on stderr; where stderr is no terminal, a line every 15 seconds. */
export function startProgress(terminal: Terminal, what: string): Progress {
  return terminal.err.isTTY === true ? startBar(terminal, what) : startHeartbeat(terminal, what);
}

/** Shows progress while something is done, and takes it away however that ends. */
export async function withProgress<Result>(
  terminal: Terminal,
  what: string,
  run: (update: Progress['update']) => Result | Promise<Result>,
): Promise<Result> {
  const progress = startProgress(terminal, what);
  try {
    return await run((done, now) => progress.update(done, now));
  } finally {
    progress.stop();
  }
}

function startBar(terminal: Terminal, what: string): Progress {
  // Loaded where a bar is shown: a short command is over sooner than it is loaded.
  const { SingleBar } = createRequire(import.meta.url)('cli-progress') as typeof import('cli-progress');
  const bar = new SingleBar({
    stream: terminal.err.raw ?? (terminal.err as TerminalStream),
    format: '{bar} {percentage} %  {duration_formatted}  {what}{left}',
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
  bar.start(STEPS, 0, { what: printable(what), left: '' });
  const estimate = new Estimate();
  return {
    update: (done, now) => {
      const left = estimate.left(done);
      bar.update(Math.round(done * STEPS), now === undefined ? { left } : { what: printable(now), left });
    },
    stop: () => bar.stop(),
  };
}

/** A computation keeps the event loop busy, so that most lines come with an update; the timer is for what waits. */
function startHeartbeat({ err }: Terminal, what: string): Progress {
  const estimate = new Estimate();
  const started = performance.now();
  let [last, share, doing] = [started, 0, what];
  const beat = (): void => {
    const now = performance.now();
    if (now - last < BEAT) return;
    last = now;
    const soFar = duration((now - started) / 1000, 2);
    err.write(`… ${printable(doing)}: ${Math.floor(share * 100)} % in ${soFar}${estimate.left(share)}\n`);
  };
  const timer = setInterval(beat, BEAT).unref();
  return {
    update: (done, now = doing) => {
      [share, doing] = [done, now];
      estimate.left(done);
      beat();
    },
    stop: () => clearInterval(timer),
  };
}

/** What is left, by what was done since the first update: work that was found done already took no time. */
class Estimate {
  private first: { at: number; done: number } | undefined;

  /** ', about 40 s left'; nothing where it cannot be told yet. */
  left(done: number): string {
    const now = performance.now();
    this.first ??= { at: now, done };
    const { at, done: before } = this.first;
    const seconds = (now - at) / 1000;
    if (seconds < SURE || done <= before || done >= 1) return '';
    return `, about ${duration(Math.max(1, (seconds * (1 - done)) / (done - before)), 2)} left`;
  }
}
