// Guess first, then see: a question, some choices, and the measured answer.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { announce } from '../shell/announce.tsx';
import { Button } from '../shell/button.tsx';
import { Explained } from '../shell/term.tsx';
import type { Guess } from './scene.ts';

export function GuessView({ guess, answer }: { guess: Guess; answer: string }): JSX.Element {
  /** The choice taken; −1 for none that was shown all the same. */
  const taken = useSignal<number | null>(null);
  const told = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    if (taken.value === -1) told.current!.focus(); // the button that was clicked is gone
  }, [taken.value]);
  const take = (i: number): void => {
    taken.value = i;
    if (i >= 0) announce(guess.choices[i].right ? 'Right.' : 'Not quite.');
  };
  const isOpen = taken.value === null;
  return (
    <div class="guess panel">
      <p class="question">{guess.question}</p>
      <p class="choices">
        {guess.choices.map(({ text, right }, i) => (
          <Button
            key={text}
            off={!isOpen}
            data-is={isOpen ? undefined : right ? 'right' : taken.value === i ? 'wrong' : 'other'}
            onClick={() => take(i)}
          >
            {!isOpen && <span aria-hidden="true">{right ? '✓ ' : taken.value === i ? '✗ ' : ''}</span>}
            {text}
          </Button>
        ))}
        {isOpen && (
          <button type="button" class="show" onClick={() => take(-1)}>
            Show me
          </button>
        )}
      </p>
      <p class="answer" aria-live="polite" ref={told} tabIndex={-1}>
        {!isOpen && <Explained text={answer} />}
      </p>
    </div>
  );
}
