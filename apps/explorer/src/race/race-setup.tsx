// What is raced: the checkpoint, what the dance runs on, and how fast.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { kernelName } from '../engine/kernel-names.ts';
import { count, counted } from '../shell/number.ts';
import type { DanceOn } from './lanes.ts';
import { readIds } from './own-ids.ts';
import type { Pace } from './race.ts';
import { planOf } from './restore.ts';
import { CHECKPOINTS, type Setup } from './setup.ts';

export function RaceSetup({ setup, choose }: { setup: Setup; choose: (setup: Setup) => void }): JSX.Element {
  const known = CHECKPOINTS.findIndex(({ ids }) => ids.join() === setup.ids.join());
  return (
    <div class="setup">
      <label>
        <span>Checkpoint</span>
        <select
          value={String(known)}
          onChange={({ currentTarget: { value } }) => {
            if (value !== '-1') choose({ ...setup, ids: CHECKPOINTS[Number(value)].ids });
          }}
        >
          {CHECKPOINTS.map(({ title }, i) => (
            <option key={title} value={String(i)}>
              {title}
            </option>
          ))}
          <option value="-1">own IDs</option>
        </select>
      </label>
      <OwnIds ids={setup.ids} choose={(ids) => choose({ ...setup, ids })} />
      <label>
        <span>The dance runs on</span>
        <select
          value={setup.danceOn}
          onChange={({ currentTarget: { value } }) => choose({ ...setup, danceOn: value as DanceOn })}
        >
          <option value="next">{kernelName('6.14')}</option>
          <option value="dense">{kernelName('dense')}</option>
        </select>
        {setup.danceOn === 'dense' && <small>{olderCriu()}</small>}
      </label>
      <label>
        <span>Pace</span>
        <select
          value={setup.pace}
          onChange={({ currentTarget: { value } }) => choose({ ...setup, pace: value as Pace })}
        >
          <option value="kernel">as long as the kernel takes</option>
          <option value="page">as fast as this page can</option>
        </select>
      </label>
    </div>
  );
}

/** Why the dance is that of an older CRIU on dense numbers. */
function olderCriu(): string {
  const newer = planOf(FAR, { kernel: 'dense', criu: '4.1' });
  return `Here CRIU 3.18 dances, and not 4.1, which ${newer.outcome === 'fails' ? 'gives up' : 'ends'} after ${counted(newer.creates, 'create')}.`;
}

/** An ID that a dense kernel does not give a new process. */
const FAR = [5];

function OwnIds({ ids, choose }: { ids: readonly number[]; choose: (ids: readonly number[]) => void }): JSX.Element {
  const error = useSignal('');
  /** What was refused: it stays, to be mended. */
  const refused = useSignal<string | null>(null);
  useLayoutEffect(() => {
    error.value = '';
    refused.value = null;
  }, [ids.join()]);
  return (
    <label>
      <span>Its timer IDs</span>
      <input
        type="text"
        inputMode="numeric"
        value={refused.value ?? ids.map(count).join(', ')}
        aria-invalid={error.value !== ''}
        aria-describedby="own-ids-error"
        onChange={({ currentTarget: { value } }) => {
          const read = readIds(value);
          error.value = 'error' in read ? read.error : '';
          refused.value = 'error' in read ? value : null;
          if ('ids' in read) choose(read.ids);
        }}
      />
      <span id="own-ids-error" class="refused" role="alert">
        {error}
      </span>
    </label>
  );
}
