// Two CPUs, stepped by hand: steps in the right order make a search endless.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { announce } from '../shell/announce.tsx';
import { Button } from '../shell/button.tsx';
import { useKeys } from '../shell/keys.tsx';
import { AFTER, BEFORE, IDS } from './arguments/endless-search.ts';
import { beginning, nextRight, outlook, type Schedule, stepped } from './schedule.ts';

const OUTLOOK = {
  open: 'Both calls can still return.',
  over: 'Both calls have returned an error, as they must when no ID is free. Go back and try another order.',
  endless: 'Endless: from here, no order of further steps lets both calls return.',
} as const;

export function ScheduleView(): JSX.Element {
  const schedule = useSignal(beginning(BEFORE, IDS));
  const now = schedule.value;
  const show = (next: Schedule | null): void => {
    if (next === null) return;
    schedule.value = next;
    const last = next.made.at(-1);
    const end = outlook(next);
    announce(
      `${last === undefined ? 'At the beginning.' : `CPU ${last.cpu} ${last.text}.`} ${end === 'open' ? '' : OUTLOOK[end]}`,
    );
  };
  const step = (cpu: number): void => show(stepped(now, cpu));
  useKeys([
    { key: '0', label: '0', does: 'make a step of CPU 0', run: () => step(0) },
    { key: '1', label: '1', does: 'make a step of CPU 1', run: () => step(1) },
    { key: 'Backspace', label: '⌫', does: 'take the last step back', run: () => show(now.before) },
  ]);
  return (
    <div class="panel schedule" data-outlook={outlook(now)}>
      <p class="controls">
        <label>
          Rule of{' '}
          <select value={now.release} onChange={({ currentTarget }) => show(beginning(currentTarget.value, IDS))}>
            <option value={BEFORE}>{`Linux ${BEFORE}`}</option>
            <option value={AFTER}>{`Linux ${AFTER}`}</option>
          </select>
        </label>
        <Button onClick={() => show(now.before)} off={now.before === null}>
          Step back
        </Button>
        <Button onClick={() => show(beginning(now.release, IDS))} off={now.before === null}>
          Back to the start
        </Button>
        <Button onClick={() => show(nextRight(now))} off={nextRight(now) === null}>
          Show me the next right step
        </Button>
      </p>
      <p class="counter">
        The counter of the process: <output>{now.state.next}</output>
        {now.state.next < 0 && ' (overflowed for a moment)'}
      </p>
      <p class="outlook">{OUTLOOK[outlook(now)]}</p>
      <div class="cpus">
        {[0, 1].map((cpu) => (
          <Cpu key={cpu} cpu={cpu} schedule={now} step={step} />
        ))}
      </div>
    </div>
  );
}

function Cpu({ cpu, schedule, step }: { cpu: number; schedule: Schedule; step: (cpu: number) => void }): JSX.Element {
  const { at, first, result } = schedule.state.cpus[cpu];
  const holds = schedule.state.locks.includes(cpu);
  const can = stepped(schedule, cpu) !== null;
  return (
    <section aria-label={`CPU ${cpu}`}>
      <h3>
        CPU {cpu} {holds && <span class="holds">has the lock</span>}
      </h3>
      <Button class="primary" off={!can} onClick={() => step(cpu)}>
        {at === 'done'
          ? `Returned ${result < 0 ? 'an error' : result}`
          : can
            ? `Step CPU ${cpu}`
            : 'Waits for the lock'}
      </Button>
      {schedule.release === BEFORE && (
        <p class="note">{at === 'start' ? 'Has not begun.' : `Its search began at ${first}.`}</p>
      )}
      <ol>{schedule.made.map(({ cpu: of, text }, i) => of === cpu && <li value={i + 1}>{text}</li>)}</ol>
    </section>
  );
}
