// The dance on dense IDs, made by hand: the same number comes each time.

import { CLOCK_MONOTONIC, type Process } from '@idspace/posix-timers';
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { announce } from '../shell/announce.tsx';
import { counted } from '../shell/number.ts';
import { PLAIN, processOn } from './model.ts';

export function AgainView(): JSX.Element {
  const process: Process = useMemo(() => processOn('dense'), []);
  const ids = useSignal<readonly number[]>([]);
  const tries = (count: number): void => {
    const made = Array.from({ length: count }, () => {
      const id = process.timerCreate(CLOCK_MONOTONIC, PLAIN);
      process.timerDelete(id);
      return id;
    });
    ids.value = [...ids.value, ...made];
    announce(`The kernel gave ID ${made.at(-1)}. It is deleted.`);
  };
  const given = [...new Set(ids.value)];
  return (
    <div class="panel again">
      <p class="controls">
        <button type="button" class="primary" onClick={() => tries(1)}>
          Create a timer; if it is not 5, delete it
        </button>
        <button type="button" onClick={() => tries(1000)}>
          1,000 times
        </button>
      </p>
      <p>
        {ids.value.length === 0
          ? 'No call made yet. CRIU wants ID 5.'
          : `${counted(ids.value.length, 'try', 'tries')}; the kernel gave ${given.length === 1 ? `ID ${given[0]} every time` : `IDs ${given.join(', ')}`}.`}
      </p>
    </div>
  );
}
