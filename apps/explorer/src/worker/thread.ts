// The page's side: a worker that runs the page's own script, so that reading and simulating never keep the page from answering.
import { type Answer, type Asked, type Calls, type Question, type Told, WorkerError } from './calls.ts';

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
  onProgress: ((progress: never) => void) | undefined;
}

/** A worker, started when it is first asked. */
export class Thread<All extends Calls> {
  private readonly before: string;
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  /** Of the script, which is loaded some time after the worker is made. */
  private url = '';

  /** @param before Script text that the worker runs before the page's: foreign code. It runs under the page's policy. */
  constructor(before = '') {
    this.before = before;
  }

  /**
   * Asks, and waits for the answer. Questions are taken up in their order.
   *
   * @throws WorkerError for what the worker throws; with code 'stopped' after `stop`, 'script' where the worker's script fails.
   */
  ask<Name extends keyof All & string>(
    name: Name,
    question: Question<All, Name>,
    onProgress?: (progress: never) => void,
  ): Promise<Answer<All, Name>> {
    this.worker ??= this.start();
    const number = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve: resolve as never, reject, onProgress });
      this.worker!.postMessage({ number, name, question } satisfies Asked);
    });
  }

  /** Ends the worker, whatever it does. The next question starts a new one, which knows nothing of the old. */
  stop(why = { code: 'stopped', message: 'stopped' }): void {
    this.worker?.terminate();
    this.worker = undefined;
    URL.revokeObjectURL(this.url);
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(new WorkerError(why));
  }

  private start(): Worker {
    // No module: browsers refuse those from a blob to a page that is opened from disk. As a function, its names stay its own.
    const script = `${this.before}\n(() => {'use strict';${pageScript()}\n})();`;
    const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.addEventListener('message', ({ data }: MessageEvent<Told>) => this.take(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault(); // it is told where the question was asked, not on the console
      const message = `${event.message || 'the script cannot be loaded'}${event.lineno > 0 ? `, line ${event.lineno}` : ''}`;
      this.stop({ code: 'script', message });
    });
    this.url = url;
    return worker;
  }

  private take(told: Told): void {
    const asked = this.waiting.get(told.number);
    if (asked === undefined) return;
    if ('progress' in told) {
      asked.onProgress?.(told.progress as never);
      return;
    }
    this.waiting.delete(told.number);
    if ('error' in told) asked.reject(new WorkerError(told.error));
    else asked.resolve(told.answer);
  }
}

/** The text of the page's script; in development, where the page has none in it, an import of it. */
function pageScript(): string {
  const script = document.querySelector<HTMLScriptElement>('script[type=module]:not([src]):not(:empty)');
  if (script !== null) return script.text;
  return `import(${JSON.stringify(new URL('src/main.tsx', location.href).href)});`;
}
