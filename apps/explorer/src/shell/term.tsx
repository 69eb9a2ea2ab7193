// Words that can be asked for what they mean: a click or Enter shows it beside them.
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { GLOSSARY, type Word, wordsIn } from './glossary.ts';

/** The word that was asked for last, and where it stands in the window. */
const asked = signal<{ word: Word; left: number; top: number; bottom: number } | null>(null);

/** A word of the glossary in the page. @param shown How it is written there, if not as in the glossary. */
export function Term({ word, shown = word }: { word: Word; shown?: string }): JSX.Element {
  const ask = ({ currentTarget }: MouseEvent): void => {
    const { left, top, bottom } = (currentTarget as HTMLElement).getBoundingClientRect();
    asked.value = { word, left, top, bottom };
  };
  return (
    <button type="button" class="term" aria-haspopup="dialog" onClick={ask}>
      {shown}
    </button>
  );
}

/** A name of the packages: one that can be asked for if the glossary has it, else as it is. */
export function Named({ name, shown = name }: { name: string; shown?: string }): JSX.Element | string {
  return name in GLOSSARY ? <Term word={name as Word} shown={shown} /> : shown;
}

/** A text in which each word of the glossary can be asked for, where it first stands. */
export function Explained({ text }: { text: string }): JSX.Element {
  return <>{wordsIn(text).map((piece, i) => (i % 2 === 0 ? piece : <Term key={piece} word={piece as Word} />))}</>;
}

/** What the last word that was asked for means; the shell has one. */
export function Meaning(): JSX.Element {
  const note = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (asked.value === null) return;
    const { current } = note;
    const { left, top, bottom } = asked.value;
    if (!current!.matches(':popover-open')) current!.showPopover();
    // Inside the window, below the word or, where there is no room, above it.
    const { width, height } = current!.getBoundingClientRect();
    current!.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    current!.style.top = `${Math.max(8, bottom + height + 4 > innerHeight ? top - height - 4 : bottom + 4)}px`;
  }, [asked.value]);
  const word = asked.value?.word;
  return (
    <div
      ref={note}
      id="meaning"
      class="meaning"
      popover="auto"
      role="dialog"
      aria-label="What it means"
      tabIndex={-1}
      autofocus
    >
      {word !== undefined && (
        <>
          <b>{word}</b>: {GLOSSARY[word]}
        </>
      )}
    </div>
  );
}

/** All words with their meanings. */
export function AllWords(): JSX.Element {
  return (
    <details class="words">
      <summary>Words of this page</summary>
      <dl>
        {Object.entries(GLOSSARY).map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
