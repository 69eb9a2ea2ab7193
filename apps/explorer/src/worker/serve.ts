// The worker's side: answers what the page asks.
import { type Asked, type Calls, failureOf, type Told } from './calls.ts';

/** What is used of a worker's global scope. */
interface Scope {
  postMessage(told: Told): void;
  addEventListener(type: 'message', listener: (event: { data: Asked }) => void): void;
}

/** Answers each question by the call that it names. */
export function serve(calls: Calls, scope: Scope = globalThis as never): void {
  scope.addEventListener('message', ({ data: { number, name, question } }) => {
    const tell = (progress: unknown): void => scope.postMessage({ number, progress });
    const answered = async (): Promise<unknown> => calls[name]!(question as never, tell);
    answered().then(
      (answer) => scope.postMessage({ number, answer }),
      (error: unknown) => scope.postMessage({ number, error: failureOf(error) }),
    );
  });
}
