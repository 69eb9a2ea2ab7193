// What one does to a session: the kernel, the calls, and the player.

import { HARDWARE_NAMES, hardwareNamed } from '@idspace/evaluation';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { kernelKindName, kernelSentence } from '../engine/kernel-names.ts';
import { isSame, type Kind, operation } from '../engine/operations.ts';
import type { Session } from '../engine/session.ts';
import { RELEASES } from '../engine/setup.ts';
import { announce } from '../shell/announce.tsx';
import { Button } from '../shell/button.tsx';
import { count, counted } from '../shell/number.ts';
import { Explained } from '../shell/term.tsx';
import { wholeOf } from '../shell/whole.ts';
import { EXAMPLES } from './examples.ts';
import { MAX_SPEED, type Player } from './store.ts';

/** Which machine, and what is beside it. */
export function SetupBar({ player }: { player: Player }): JSX.Element {
  const { setup } = player.session.value;
  // Which example it shows may change with each call, but not while it plays.
  if (!player.playing.value) void player.version.value;
  return (
    <div class="bar setup">
      <KernelList title="Kernel" value={setup.release} choose={(release) => player.change({ release })} />
      <KernelList
        title="Beside it"
        none="nothing"
        value={setup.beside}
        choose={(beside) => player.change({ beside })}
      />
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
              {hardwareNamed(name).title.replace(/ \(.*/, '')}
            </option>
          ))}
        </select>
      </label>
      <label class="example">
        Example
        <select
          value={exampleOf(player.session.value)}
          onChange={(event) => {
            const example = EXAMPLES[Number(event.currentTarget.value)];
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
          <option value={-1}>your own calls</option>
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

interface KernelListProps {
  readonly title: string;
  /** What stands for no kernel. */
  readonly none?: string;
  readonly value: string;
  readonly choose: (release: string) => void;
}

/** A kernel by its name, and below it what it does. */
function KernelList({ title, none, value, choose }: KernelListProps): JSX.Element {
  const listed = RELEASES.includes(value) || value === '' ? RELEASES : [value, ...RELEASES];
  return (
    <span class="kernel">
      <label>
        {title}
        <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
          {none !== undefined && <option value="">{none}</option>}
          {listed.map((release) => (
            <option key={release} value={release}>
              {kernelKindName(release)}
            </option>
          ))}
        </select>
      </label>
      <small>{kernelSentence(value)}</small>
    </span>
  );
}

/** The example that a session shows; −1 where it shows other calls. */
function exampleOf({ setup, operations }: Session): number {
  return EXAMPLES.findIndex(
    (example) =>
      isSame(example.operations, operations) &&
      Object.entries({ cpus: 1, ...example.setup }).every(([key, value]) => setup[key as keyof typeof setup] === value),
  );
}

/** What a button does, by its title; listed below the buttons. */
const ACTIONS: readonly (readonly [kind: Kind, title: string, does: string])[] = [
  ['create', 'Create', 'calls timer_create: the kernel chooses the ID'],
  ['delete-random', 'Delete random', 'calls timer_delete for live timers, picked at random'],
  ['lookup-random', 'Look up random', 'calls timer_gettime for live timers, picked at random'],
  ['churn', 'Replace random', 'deletes a live timer, picked at random, and creates one'],
  ['pairs', 'Create and delete', 'creates a timer and deletes it'],
];
const ID_ACTIONS: readonly (readonly [title: string, does: string])[] = [
  ['Ask for it', 'switches restore mode on with prctl and creates the timer with this ID, as CRIU 4.2 does'],
  ['Dance to it', 'creates timers and deletes them until this ID comes, as CRIU did until 4.1'],
  ['Look it up', 'calls timer_gettime'],
  ['Delete it', 'calls timer_delete'],
];

/** Says of each button what it does. */
function Actions(): JSX.Element {
  return (
    <details class="actions-help">
      <summary>What the buttons do</summary>
      <dl>
        {[
          ...ACTIONS.map(([, title, does]) => [title, `${does}; as often as “How many” says`] as const),
          ...ID_ACTIONS,
        ].map(([title, does]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <Explained text={does} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Calls to make. */
export function ActionBar({ player }: { player: Player }): JSX.Element {
  const [times, setTimes] = useState(1);
  const [text, setText] = useState('1,000');
  const id = idOf(text) ?? -1;
  const valid = id >= 0;
  return (
    <div class="bar actions">
      <label>
        How many
        <select value={times} onChange={(event) => setTimes(Number(event.currentTarget.value))}>
          {[1, 10, 100, 1000, 10_000, 100_000].map((n) => (
            <option key={n} value={n}>
              {count(n)}
            </option>
          ))}
        </select>
      </label>
      {ACTIONS.map(([kind, title]) => (
        <button
          key={kind}
          type="button"
          class={kind === 'create' ? 'primary' : ''}
          onClick={() => player.apply(operation(kind, times))}
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
        <Button off={!valid} onClick={() => player.apply(operation('restore', 1, id))}>
          Ask for it
        </Button>
        <Button off={!valid} onClick={() => player.danceTo(id)}>
          Dance to it
        </Button>
        <Button off={!valid} onClick={() => player.apply(operation('lookup', 1, id))}>
          Look it up
        </Button>
        <Button off={!valid} onClick={() => player.apply(operation('delete', 1, id))}>
          Delete it
        </Button>
      </span>
      <Actions />
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
          Call <b data-count="position">{count(position)}</b> of {count(length)}
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
