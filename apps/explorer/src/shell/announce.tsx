// The line that says in words what has just happened: shown to all, and read out by screen readers.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

const sentence = signal('');

/** Says what happened, in one sentence. At high speed, say it a few times a second, not for every step. */
export function announce(text: string): void {
  sentence.value = text;
}

/** The line; the shell has one. */
export function Announcement(): JSX.Element {
  const turn = useRef(0);
  turn.current = 1 - turn.current;
  return (
    <p class="announcement" role="status" aria-live="polite" data-turn={turn.current}>
      {sentence.value}
    </p>
  );
}
