// What one does to a session: the kernel, the calls, and the player.

import { HARDWARE_NAMES } from '@idspace/evaluation';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type Kind, operation } from '../engine/operations.ts';
import { RELEASES } from '../engine/setup.ts';
import { announce } from '../shell/announce.tsx';
import { Button } from '../shell/button.tsx';
import { counted } from '../shell/number.ts';
import { wholeOf } from '../shell/whole.ts';
import { EXAMPLES } from './examples.ts';
import { MAX_SPEED, type Player } from './store.ts';

/** Which machine, and what is beside it. */
export function SetupBar({ player }: { player: Player }): JSX.Element {
  const { setup } = player.session.value;
  return (
    <div class="bar setup">
      <label>
        Kernel
        <select value={setup.release} onChange={(event) => player.change({ release: event.currentTarget.value })}>
          {RELEASES.map(([release, title]) => (
            <option key={release} value={release}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Beside it
        <select value={setup.beside} onChange={(event) => player.change({ beside: event.currentTarget.value })}>
          <option value="">nothing</option>
          {RELEASES.map(([release, title]) => (
            <option key={release} value={release}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        CPUs
        <select value={setup.cpus} onChange={(event) => player.change({ cpus: Number(event.currentTarget.value) })}>
          {[1, 2, 4, 8, 16, 64].map((cpus) => (
            <option key={cpus} value={cpus}>
              {cpus}
            </option>
          ))}
        </select>
      </label>
      <label>
        Caches of
        <select value={setup.hardware} onChange={(event) => player.change({ hardware: event.currentTarget.value })}>
          {HARDWARE_NAMES.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Example
        <select
          value=""
          onChange={(event) => {
            const example = EXAMPLES[Number(event.currentTarget.value)];
            event.currentTarget.value = '';
            if (example === undefined) return;
            const { operations } = example;
            player.open({
              setup: { ...setup, cpus: 1, ...example.setup },
              operations,
              position: Number.MAX_SAFE_INTEGER,
              access: 10_000,
            });
          }}
        >
          <option value="">open…</option>
          {EXAMPLES.map(({ title }, i) => (
            <option key={title} value={i}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const ACTIONS: readonly (readonly [kind: Kind, title: string, hint: string])[] = [
  ['create', 'Create', 'timer_create: the kernel chooses the ID'],
  ['delete-random', 'Delete random', 'timer_delete of live timers, picked at random'],
  ['lookup-random', 'Look up random', 'timer_gettime of live timers, picked at random'],
  ['churn', 'Churn', 'delete a random timer and create one, so often'],
  ['pairs', 'Create and delete', 'create a timer and delete it, so often'],
];

/** Calls to make. */
export function ActionBar({ player }: { player: Player }): JSX.Element {
  const [count, setCount] = useState(1);
  const [text, setText] = useState('1000');
  const id = idOf(text) ?? -1;
  const valid = id >= 0;
  return (
    <div class="bar actions">
      <label>
        How many
        <select value={count} onChange={(event) => setCount(Number(event.currentTarget.value))}>
          {[1, 10, 100, 1000, 10_000, 100_000].map((n) => (
            <option key={n} value={n}>
              {n.toLocaleString('en')}
            </option>
          ))}
        </select>
      </label>
      {ACTIONS.map(([kind, title, hint]) => (
        <button
          key={kind}
          type="button"
          title={hint}
          class={kind === 'create' ? 'primary' : ''}
          onClick={() => player.apply(operation(kind, count))}
        >
          {title}
        </button>
      ))}
      <span class="group">
        <label>
          ID
          <input
            inputMode="numeric"
            value={text}
            aria-invalid={!valid}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <Button off={!valid} title="as CRIU 4.2 does" onClick={() => player.apply(operation('restore', 1, id))}>
          Ask for it
        </Button>
        <Button off={!valid} title="as CRIU did until 4.1" onClick={() => player.danceTo(id)}>
          Dance to it
        </Button>
        <Button off={!valid} onClick={() => player.apply(operation('lookup', 1, id))}>
          Look it up
        </Button>
        <Button off={!valid} onClick={() => player.apply(operation('delete', 1, id))}>
          Delete it
        </Button>
      </span>
    </div>
  );
}

/** Forwards and back. */
export function PlayerBar({
  player,
  onLink,
  onTest,
}: {
  player: Player;
  onLink: () => void;
  onTest: () => void;
}): JSX.Element {
  const session = player.session.value;
  const { position, length } = session;
  const n = (count: number): string => count.toLocaleString('en');
  const playing = player.playing.value;
  return (
    <div class="bar player">
      <span class="group">
        <Button onClick={() => player.goTo(0)} off={position === 0} aria-label="To the beginning">
          |◀
        </Button>
        <Button onClick={() => player.backCall()} off={position === 0} aria-label="One call back">
          ◀ call
        </Button>
        <Button onClick={() => player.backAccess()} off={position === 0} aria-label="One access back">
          ◀ access
        </Button>
        <Button class="primary" onClick={() => player.toggle()} off={length === 0}>
          {playing ? '❚❚ Pause' : '▶ Play'}
        </Button>
        <Button onClick={() => player.stepAccess()} aria-label="One access on" off={isAtEnd(player)}>
          access ▶
        </Button>
        <Button onClick={() => player.stepCall()} aria-label="One call on" off={position === length}>
          call ▶
        </Button>
        <Button onClick={() => player.goTo(length)} aria-label="To the end" off={position === length}>
          ▶|
        </Button>
      </span>
      <label class="where">
        <span>
          Call <b data-count="position">{n(position)}</b> of {n(length)}
        </span>
        <input
          type="range"
          min={0}
          max={length}
          value={position}
          onInput={(event) => player.goTo(event.currentTarget.valueAsNumber)}
        />
      </label>
      <label>
        <span>Speed: {counted(10 ** player.speed.value, 'call')} a second</span>
        <input
          type="range"
          min={0}
          max={MAX_SPEED}
          step={1}
          value={player.speed.value}
          onInput={(event) => player.setSpeed(event.currentTarget.valueAsNumber)}
        />
      </label>
      <span class="group">
        <Button onClick={() => player.undo()} off={length === 0}>
          ↶ Undo
        </Button>
        <button type="button" onClick={onLink}>
          Copy link
        </button>
        <button type="button" onClick={onTest}>
          Copy as test
        </button>
      </span>
    </div>
  );
}

function isAtEnd(player: Player): boolean {
  const { position, length, access, call } = player.session.value;
  return position === length && access >= (call?.accesses.length ?? 0);
}

/** Puts a text where it can be pasted. A page from disk may not be let: then it is shown, to be copied by hand. */
export async function copy(text: string, what: string, show: (text: string) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(`${what} is copied.`);
  } catch {
    show(text);
    announce(`${what} is shown below, to be copied.`);
  }
}

/** Reads an ID as it is typed: '1000', '1,000'. Null for what is none. */
function idOf(text: string): number | null {
  const id = wholeOf(text);
  return id !== null && id <= 0x7fff_ffff ? id : null;
}
