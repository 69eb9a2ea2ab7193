// The race as shown: what is restored and how it is run, and the four lanes.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { announce } from '../shell/announce.tsx';
import { useKeys } from '../shell/keys.tsx';
import { duration } from '../shell/number.ts';
import { rewrite, route } from '../shell/route.ts';
import { LanePanel } from './lane-panel.tsx';
import { laneSentence, RATES } from './lane-words.ts';
import { Race, type RaceState, type World } from './race.ts';
import { RaceSetup } from './race-setup.tsx';
import { readSetup, type Setup, setupText } from './setup.ts';
import './race.css';

const PAGE: World = {
  now: () => performance.now(),
  frame: () => new Promise((resolve) => requestAnimationFrame(() => resolve())),
};

/** What the first button says. */
const BUTTON: Readonly<Record<RaceState, string>> = {
  ready: 'Start',
  running: 'Pause',
  paused: 'Go on',
  over: 'Back to the start',
};

export function RaceView(): JSX.Element {
  const setup = useSignal<Setup>(readSetup(route.value.state));
  const round = useSignal(0);
  const tick = useSignal(0);
  const race = useMemo(() => {
    const ended = new Set<string>();
    const made: Race = new Race(setup.value, PAGE, () => {
      for (const run of made.runs) {
        if (run.end === null || ended.has(run.lane.name)) continue;
        ended.add(run.lane.name);
        announce(`${run.lane.title}: ${laneSentence(run, made.limit)}`);
      }
      tick.value++;
    });
    made.pace = setup.value.pace;
    return made;
  }, [setup.value, round.value]);
  useEffect(() => () => race.abandon(), [race]);
  // Before anything can be pressed, and not for what it shows already: another setup is another race.
  useLayoutEffect(() => {
    const wanted = readSetup(route.value.state);
    if (setupText(wanted) !== setupText(setup.value)) setup.value = wanted;
  }, [route.value.state]);
  const again = (): void => {
    round.value++;
    announce('Back to the start.');
  };
  const toggle = (): void => {
    if (race.state === 'over') again();
    else if (race.state === 'running') {
      race.pause();
      announce('The race is paused.');
    } else {
      announce('The race runs.');
      void race.start();
    }
  };
  const choose = (chosen: Setup): void => {
    rewrite('race', setupText(chosen));
    setup.value = chosen;
  };
  useKeys([
    { key: ' ', label: 'Space', does: 'start or pause the race', run: toggle },
    { key: 'r', label: 'R', does: 'go back to the start', run: again },
  ]);
  return (
    <div class="race" data-frames={tick.value}>
      <p class="note">
        A checkpoint holds timers, and each must come back under its old ID. These are the four ways to get it there
        that were used or proposed. Each lane makes its calls on a model of the kernel it needs.
      </p>
      <RaceSetup setup={setup.value} choose={choose} />
      <p class="controls">
        <button type="button" class="primary" onClick={toggle}>
          {BUTTON[race.state]}
        </button>
        {(race.state === 'running' || race.state === 'paused') && (
          <button type="button" onClick={again}>
            {BUTTON.over}
          </button>
        )}
        <output class="clock">{duration(Math.round(race.seconds * 100) / 100)}</output>
      </p>
      <div class="lanes">
        {race.runs.map((run) => (
          <LanePanel key={run.lane.name} run={run} race={race} />
        ))}
      </div>
      <p class="note">{`“The kernel” times are at ${RATES}. Counts are exact and need no machine.`}</p>
    </div>
  );
}
