// Runs a bundle in a process that prints its outcomes.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { MARK, type Outcome } from './outcome.ts';

/** How long a runtime may say nothing: far more than any test takes. */
export const SILENCE_MS = 300_000;

/** Calls back, one time, unless it is touched every {@link SILENCE_MS} until its end. */
export class Watch {
  private readonly timer: NodeJS.Timeout;
  constructor(onSilence: () => void) {
    this.timer = setTimeout(onSilence, SILENCE_MS);
  }
  touch(): void {
    this.timer.refresh();
  }
  /** A touch that comes later changes nothing. */
  end(): void {
    clearTimeout(this.timer);
  }
}

/** Runs a command. */
export async function inProcess([file, ...args]: readonly string[], report: (outcome: Outcome) => void): Promise<void> {
  const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const watch = new Watch(() => child.kill('SIGKILL'));
  let last = '';
  child.stderr.on('data', (data) => (last = (last + data).slice(-2_000)));
  const closed = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  let isWhole = false;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      watch.touch();
      // A test may print without ending its line.
      const at = line.indexOf(MARK);
      if (at < 0) continue;
      const text = line.slice(at + MARK.length);
      if (text === 'end') isWhole = true;
      else report(JSON.parse(text));
    }
    const code = await closed;
    if (!isWhole) throw new Error(`ended with ${code} before its last test: ${last}`);
  } finally {
    watch.end();
  }
}
