// A scene's calls, made step by step on the engine's session: the row of numbers, and the calls with what they returned.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { toLink } from '../engine/link.ts';
import { callText } from '../engine/machine.ts';
import type { Session } from '../engine/session.ts';
import { idsOf } from '../engine/views.ts';
import { announce } from '../shell/announce.tsx';
import { Button } from '../shell/button.tsx';
import { useKeys } from '../shell/keys.tsx';
import { count, counted } from '../shell/number.ts';
import { goTo } from '../shell/route.ts';
import { sessionOf } from './panels-view.tsx';
import type { Play } from './scene.ts';
import { type Cell, stripOf } from './strip.ts';

/** Calls that are listed. */
const LISTED = 40;
const SIGNS = { live: '■', hole: '○', lost: '✕', free: '·' } as const;
const WORDS = { live: 'live timer', hole: 'hole, can be filled', lost: 'hole that stays', free: 'free' } as const;

export function Stage({ play }: { play: Play }): JSX.Element {
  const session = useMemo(() => sessionOf(play), [play]);
  const version = useSignal(0);
  const show = (): void => {
    version.value++;
    announce(session.call === null ? 'No call made yet.' : `${callText(session.call)}.`);
  };
  const go = (position: number): void => {
    session.seek(position);
    show();
  };
  useKeys([
    { key: 's', label: 'S', does: 'make the next call', run: () => go(session.position + 1) },
    { key: 'b', label: 'B', does: 'take the last call back', run: () => go(session.position - 1) },
  ]);
  const isAtStart = session.position === 0;
  const isAtEnd = session.position === session.length;
  return (
    <div class="panel stage" data-version={version.value}>
      <p class="controls">
        <Button class="primary" off={isAtEnd} onClick={() => go(session.position + 1)}>
          Next call
        </Button>
        <Button off={isAtStart} onClick={() => go(session.position - 1)}>
          Back
        </Button>
        <Button off={isAtEnd} onClick={() => go(session.length)}>
          All calls
        </Button>
        <Button off={isAtStart} onClick={() => go(0)}>
          Back to the start
        </Button>
        <span class="position">{`${count(session.position)} of ${counted(session.length, 'call')}`}</span>
        <TimelineButton play={play} />
      </p>
      <Strip cells={stripOf(idsOf(session))} />
      <Calls session={session} />
    </div>
  );
}

/** Shows a scene's calls on the timeline, all of them made. */
export function TimelineButton({ play }: { play: Play }): JSX.Element {
  const open = async (): Promise<void> => {
    const { setup, operations, length } = sessionOf(play);
    goTo('timeline', await toLink({ setup, operations, position: length, access: 0 }));
  };
  return (
    <button type="button" class="open" onClick={() => void open()}>
      See table and caches on the timeline
    </button>
  );
}

function Strip({ cells }: { cells: readonly Cell[] }): JSX.Element {
  return (
    <>
      <ol class="strip" aria-label="Timer IDs">
        {cells.map((cell) => (
          <li key={cell.first} class={cell.kind} data-next={cell.isNext} data-wanted={cell.isWanted}>
            <span class="sign" aria-hidden="true">
              {cell.count > 1 ? '…' : SIGNS[cell.kind]}
            </span>
            <span class="id">
              {cell.count > 1
                ? `${count(cell.count)} ${cell.kind === 'lost' ? 'passed' : cell.kind}`
                : count(cell.first)}
            </span>
            <span class="marks">
              {cell.isNext && 'next'}
              {cell.isWanted && ' wanted'}
            </span>
            <span class="hidden">{WORDS[cell.kind]}</span>
          </li>
        ))}
      </ol>
      <p class="legend">
        {[...new Set(cells.map(({ kind }) => kind))].map((kind) => (
          <span key={kind} class={kind}>
            <span class="sign" aria-hidden="true">
              {SIGNS[kind]}
            </span>{' '}
            {WORDS[kind]}
          </span>
        ))}
      </p>
    </>
  );
}

function Calls({ session }: { session: Session }): JSX.Element {
  const rows = session.log.newest(0, LISTED).filter(({ at }) => at < session.position);
  return (
    <ol class="calls" reversed start={session.position}>
      {rows.map((row) => (
        <li key={row.at}>
          <code>{callText(row)}</code>
        </li>
      ))}
    </ol>
  );
}
