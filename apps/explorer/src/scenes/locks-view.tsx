// The wait for one lock and for many, for as many processes as one likes.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { waitText } from './arguments/locks.ts';
import { type LockWaits, PROCESSES } from './counting.ts';
import { PAGE_COUNTER } from './page-counter.ts';

export function LocksView(): JSX.Element {
  const place = useSignal(3);
  const waits = useSignal<LockWaits | null>(null);
  const processes = PROCESSES[place.value];
  useEffect(() => {
    let wanted = true;
    void PAGE_COUNTER.lockWaits({ processes }).then((found) => {
      if (wanted) waits.value = found;
    });
    return () => {
      wanted = false;
    };
  }, [processes]);
  const found = waits.value;
  const most = Math.max(found?.one.waitNs ?? 0, found?.many.waitNs ?? 0, 1);
  return (
    <div class="panel locks">
      <label>
        Processes that create timers at the same time: <output>{processes}</output>
        <input
          type="range"
          min={0}
          max={PROCESSES.length - 1}
          value={place.value}
          aria-valuetext={`${processes} processes`}
          onInput={({ currentTarget }) => {
            place.value = Number(currentTarget.value);
          }}
        />
      </label>
      <dl aria-busy={found?.processes !== processes}>
        {(['one', 'many'] as const).map((kind) => (
          <div key={kind}>
            <dt>{kind === 'one' ? 'one lock (until 6.14)' : 'a lock per bucket (6.15)'}</dt>
            <dd>
              <span class={`bar ${kind}`} style={{ width: `${(100 * (found?.[kind].waitNs ?? 0)) / most}%` }} />
              {found === null ? '…' : `${waitText(found[kind].waitNs)} of waiting for each create`}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
