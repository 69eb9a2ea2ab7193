// What passes between the page and its worker.

/** What a worker can be asked: by name, with plain data, answered by plain data. */
export type Calls = { readonly [name: string]: (question: never, tell: (progress: unknown) => void) => unknown };

export type Question<All extends Calls, Name extends keyof All> = Parameters<All[Name]>[0];
export type Answer<All extends Calls, Name extends keyof All> = Awaited<ReturnType<All[Name]>>;

/** From the page. */
export interface Asked {
  readonly number: number;
  readonly name: string;
  readonly question: unknown;
}

/** To the page: progress any number of times, then an answer or an error. */
export type Told =
  | { readonly number: number; readonly progress: unknown }
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly error: Failure };

/** An error as plain data. */
export interface Failure {
  /** Of the package's error classes; 'error' for others. */
  readonly code: string;
  readonly message: string;
}

/** What a question ended with instead of an answer. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code: string;

  constructor({ code, message }: Failure) {
    super(message);
    this.code = code;
  }
}

/** Turns whatever was thrown into plain data. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'error', message: `threw ${shown(error)}` };
  const { code } = error as { code?: unknown };
  return { code: typeof code === 'string' ? code : 'error', message: error.message || error.name };
}

function shown(value: unknown): string {
  try {
    return String(value).slice(0, 200);
  } catch {
    return typeof value;
  }
}
