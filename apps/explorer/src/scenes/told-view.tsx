// What was measured for a scene: a guess first where it has one, and the answer.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { GuessView } from './guess-view.tsx';
import type { Guess, Scene } from './scene.ts';

/** Lets the page draw and answer. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 16));

export function ToldView({ scene }: { scene: Scene }): JSX.Element {
  const told = useSignal<{ guess: Guess | undefined; answer: string } | null>(null);
  useEffect(() => {
    let shown = true;
    void scene.told(turn).then((found) => {
      if (shown) told.value = found;
    });
    return () => {
      shown = false;
    };
  }, [scene]);
  if (told.value === null) return <p class="panel counting">Counting, on this page …</p>;
  const { guess, answer } = told.value;
  if (guess !== undefined) return <GuessView guess={guess} answer={answer} />;
  return <p class="panel answer">{answer}</p>;
}
