// The state of the trace view: what is measured, and what has come of it.
import { type Signal, signal } from '@preact/signals';
import { announce } from '../shell/announce.tsx';
import type { Files } from '../shell/dropped-files.ts';
import { count, counted } from '../shell/number.ts';
import { wholeOf } from '../shell/whole.ts';
import { Thread } from '../worker/thread.ts';
import type { AllocatorResult, Calls } from './allocator-run.ts';
import { EXAMPLE_CLASS } from './example-class.ts';
import { type Caches, USUAL_CACHES } from './meter.ts';
import { GUARD, MOST_SECONDS, pastedScript } from './pasted.ts';
import type { TraceResult, traceCalls } from './trace-calls.ts';

type TraceCalls = ReturnType<typeof traceCalls>;

/** The calls as numbers. @throws RangeError naming the field that has none. */
function readCalls(texts: Readonly<Record<keyof Calls, string>>): Calls {
  const read = (name: string, text: string): number => {
    const value = wholeOf(text);
    if (value === null) throw new RangeError(`${name}: got "${text}", expected a whole number`);
    return value;
  };
  return { live: read('IDs', texts.live), pairs: read('pairs', texts.pairs), seed: read('seed', texts.seed) };
}

export class TraceState {
  readonly caches: Signal<Caches> = signal(USUAL_CACHES);
  /** As typed. */
  readonly calls: Signal<Readonly<Record<keyof Calls, string>>> = signal({ live: '2,000', pairs: '2,000', seed: '1' });
  readonly code: Signal<string> = signal(EXAMPLE_CLASS);
  /** What is going on, and how far: '' if nothing. */
  readonly doing: Signal<string> = signal('');
  readonly progress: Signal<{ done: number; total: number } | undefined> = signal(undefined);
  readonly error: Signal<string> = signal('');
  /** What `doing` and `error` are about: they are shown beside what was clicked. */
  readonly about: Signal<'trace' | 'class'> = signal('trace');
  readonly trace: Signal<(TraceResult & { readonly name: string }) | undefined> = signal(undefined);
  /** The pasted class first, then ours. */
  readonly classes: Signal<readonly AllocatorResult[]> = signal([]);
  private thread: Thread<TraceCalls> | undefined;

  /** Plays a trace. */
  readonly take = async (files: Files): Promise<void> => {
    const [file] = files.values();
    if (file === undefined) return;
    await this.guarded('trace', `Playing ${file.name}`, async (start) => {
      this.trace.value = undefined;
      const onProgress = (progress: { done: number; total: number }): void => {
        this.progress.value = progress;
      };
      const question = { file, name: file.name, caches: this.caches.value };
      const result = await start().ask('playTrace', question, onProgress);
      this.trace.value = { ...result, name: file.name };
      announce(
        `${counted(result.read.accesses, 'access', 'accesses')}, ${count(result.d1Misses)} of data missed in D1.`,
      );
    });
  };

  /** Runs the class that is in the text, and ours. */
  readonly run = async (): Promise<void> => {
    await this.guarded('class', 'Running the class', async (start) => {
      this.classes.value = []; // results of another class would stand below what is said of this one
      const question = { calls: readCalls(this.calls.value), caches: this.caches.value };
      const thread = start(GUARD + pastedScript(this.code.value));
      const why = {
        code: 'timeout',
        message: `The class took more than ${MOST_SECONDS} s and was ended: a loop without an end, or too many calls.`,
      };
      const timer = setTimeout(() => thread.stop(why), MOST_SECONDS * 1000);
      const pasted = await thread.ask('runPasted', question).finally(() => clearTimeout(timer));
      thread.stop();
      const ours = await start().ask('runOurs', question);
      this.classes.value = [pasted, ...ours];
      announce(
        `${pasted.name}: ${count(pasted.d1Misses)} misses in D1; ${ours.map((one) => `${one.name} ${count(one.d1Misses)}`).join(', ')}.`,
      );
    });
  };

  readonly stop = (): void => {
    this.thread?.stop();
    announce('Stopped.');
  };

  /** Says why a file that was given cannot be used. */
  readonly refuse = (error: unknown): void => {
    this.trace.value = undefined; // what was measured of another file would stand below what is said of this one
    this.about.value = 'trace';
    this.fail(error);
  };

  private readonly fail = (error: unknown): void => {
    this.error.value = error instanceof Error ? error.message : String(error);
    announce(`Not measured: ${this.error.value}`);
  };

  /** Runs one thing at a time, and shows what goes wrong; what was stopped was stopped on purpose. */
  private async guarded(
    about: 'trace' | 'class',
    doing: string,
    run: (start: (before?: string) => Thread<TraceCalls>) => Promise<void>,
  ): Promise<void> {
    this.thread?.stop();
    this.error.value = '';
    this.about.value = about;
    this.doing.value = doing;
    this.progress.value = undefined;
    let own: Thread<TraceCalls> | undefined;
    try {
      await run((before) => {
        own = new Thread<TraceCalls>(before);
        this.thread = own;
        return own;
      });
    } catch (error) {
      if ((error as { code?: string }).code !== 'stopped') this.fail(error);
    } finally {
      own?.stop();
      if (own === this.thread) this.doing.value = '';
    }
  }
}
