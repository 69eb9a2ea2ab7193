// The first page: four restores in figures, above the text of index.html, which needs no JavaScript.
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { EXAMPLE_IDS, INT_MAX, planOf } from '../race/restore.ts';
import { count, duration } from '../shell/number.ts';
import { AllWords, Explained } from '../shell/term.tsx';

/** A restore: who restores what, and where it can be tried. */
const RESTORES = [
  {
    kernel: '6.18',
    criu: '4.2',
    ids: EXAMPLE_IDS,
    text: 'CRIU asks for each number, since Linux 6.15',
    href: '#scenes/ask',
  },
  { kernel: '6.14', criu: '4.1', ids: EXAMPLE_IDS, text: 'CRIU 4.1 dances on Linux 6.14', href: '#race' },
  {
    kernel: '6.14',
    criu: '4.1',
    ids: [INT_MAX],
    text: 'the same dance to the largest number',
    href: '#scenes/half-an-hour',
  },
  {
    kernel: 'dense',
    criu: '3.18',
    ids: EXAMPLE_IDS,
    text: 'CRIU 3.18 on the proposed kernel with small numbers',
    href: '#race/1000000-2000000.dense',
  },
] as const;

export function StartView(): JSX.Element {
  useLayoutEffect(() => {
    const text = document.getElementById('about')!;
    text.hidden = false;
    return () => {
      text.hidden = true;
    };
  }, []);
  const restores = useMemo(() => RESTORES.map(planned), []);
  return (
    <>
      <ul class="figures" aria-label="Four restores">
        {restores.map(({ text, href, ids, outcome, seconds }) => (
          <li key={text} class="panel">
            <b>{outcome === 'hangs' ? 'never ends' : duration(seconds)}</b>
            <span>
              <Explained text={`${text}: ${ids.length === 1 ? 'timer' : 'timers'} ${ids.map(count).join(' and ')}.`} />
            </span>
            <a href={href}>See it</a>
          </li>
        ))}
      </ul>
      <AllWords />
    </>
  );
}

function planned({ kernel, criu, ids, text, href }: (typeof RESTORES)[number]) {
  const { outcome, seconds } = planOf(ids, { kernel, criu });
  return { ids, text, href, outcome, seconds };
}
