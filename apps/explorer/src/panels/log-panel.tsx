// The log: the calls so far, newest first; a click on one goes there.
import type { JSX } from 'preact';
import { isMissed } from '../engine/log.ts';
import { callText } from '../engine/machine.ts';
import type { Session } from '../engine/session.ts';
import { count, counted } from '../shell/number.ts';

/** Rows; few, as all are made again with each step. */
const SHOWN = 30;

interface PanelProps {
  readonly session: Session;
  readonly onGo: (position: number) => void;
}

export function LogPanel({ session, onGo }: PanelProps): JSX.Element {
  const rows = session.log.newest(0, SHOWN);
  return (
    <section class="panel log" aria-labelledby="log-title">
      <h2 id="log-title">Calls, newest first</h2>
      {rows.length === 0 && <p class="note">No call is made yet. Create some timers above, or open an example.</p>}
      <ol reversed class="rows">
        {rows.map((row, place) => (
          // By place: while it plays, the same elements get the next calls.
          <li key={place}>
            <button
              type="button"
              onClick={() => onGo(row.at + row.calls)}
              aria-current={row.at + row.calls === session.position}
            >
              <span class="at">{count(row.at + row.calls)}</span>
              <span class={row.result < 0 || isMissed(row) ? 'what failed' : 'what'}>{callText(row)}</span>
              <span class="more">
                {isMissed(row) && '✗ not the ID asked for; '}
                {row.calls > 1
                  ? `and ${count(row.calls - 1)} before it`
                  : row.refs < 0
                    ? ''
                    : `${counted(row.refs, 'access', 'accesses')}, ${counted(row.misses, 'miss', 'misses')}`}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
