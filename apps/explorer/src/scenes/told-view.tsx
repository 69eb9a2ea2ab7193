// What was measured for a scene: a guess first where it has one, and the answer.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Explained } from '../shell/term.tsx';
import { GuessView } from './guess-view.tsx';
import { PAGE_COUNTER } from './page-counter.ts';
import type { Guess, Scene } from './scene.ts';

export function ToldView({ scene }: { scene: Scene }): JSX.Element {
  const told = useSignal<{ guess: Guess | undefined; answer: string } | null>(null);
  const failed = useSignal('');
  useEffect(() => {
    let shown = true;
    scene.told(PAGE_COUNTER).then(
      (found) => {
        if (shown) told.value = found;
      },
      (error: unknown) => {
        if (shown) failed.value = String(error);
      },
    );
    return () => {
      shown = false;
    };
  }, [scene]);
  if (failed.value !== '') return <p class="error">{`This could not be counted: ${failed.value}`}</p>;
  if (told.value === null) return <p class="panel counting">Counting, on this page …</p>;
  const { guess, answer } = told.value;
  if (guess !== undefined) return <GuessView guess={guess} answer={answer} />;
  return (
    <p class="panel answer">
      <Explained text={answer} />
    </p>
  );
}
