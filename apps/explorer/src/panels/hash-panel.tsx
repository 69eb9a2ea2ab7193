// The hash table: a bar for each bucket, as high as its chain is long, and one chain opened.
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Session } from '../engine/session.ts';
import { bucketOfCall, bucketsOf, chainOf } from '../engine/views.ts';
import { counted } from '../shell/number.ts';
import { colour } from '../shell/theme.ts';
import { Canvas } from './canvas.tsx';

/** IDs of a chain that are shown. */
const SHOWN = 200;

/** Shows the buckets of a session's table; nothing where it has none. */
export function HashPanel({ session, version }: { session: Session; version: number }): JSX.Element | null {
  const view = useMemo(() => bucketsOf(session.machine), [session, version]);
  const [chosen, setChosen] = useState<number | null>(null);
  useLayoutEffect(() => setChosen(null), [session]); // what was chosen was chosen of another history
  if (view === undefined) return null;
  const { lengths, longest, locking } = view;
  const last = bucketOfCall(session);
  const bucket = Math.min(chosen ?? last ?? 0, lengths.length - 1);
  const chain = chainOf(session.machine, bucket, SHOWN);
  const n = (count: number): string => count.toLocaleString('en');
  const id = session.call?.name === 'timer_create' ? session.call.result : session.call?.argument;
  return (
    <section class="panel hash" aria-labelledby="hash-title">
      <h2 id="hash-title">Hash table</h2>
      <p class="hint">
        The kernel finds a timer here: process and ID choose one of {n(lengths.length)} buckets, whose timers form a
        chain. A search walks it.{' '}
        {locking === 'global' ? 'One lock guards the whole table.' : 'Each bucket has its own lock.'}
      </p>
      <Canvas
        height={96}
        label={`${n(lengths.length)} buckets; the longest chain has ${counted(longest, 'timer')}.`}
        draw={(context, width, height) => drawBars(context, width, height, lengths, longest, bucket)}
        onPick={(x, _y, width) => setChosen(Math.floor((x / width) * lengths.length))}
        class="pickable"
      />
      <p class="chain">
        <b>Bucket {n(bucket)}</b>
        {chosen === null ? (last === null ? '' : ', of the last call') : ', chosen'}:{' '}
        {chain.length === 0 ? 'empty' : ''}
        {chain.map((each) => (
          <span key={each} class={each === id ? 'link found' : 'link'}>
            {n(each)}
          </span>
        ))}
        {lengths[bucket] > SHOWN && ` … ${n(lengths[bucket] - SHOWN)} more`}
      </p>
      <p class="numbers">
        Longest chain <b data-count="longest">{n(longest)}</b> · empty buckets{' '}
        <b data-count="empty">{n(lengths.filter((length) => length === 0).length)}</b>
        {chosen !== null && ' '}
        {chosen !== null && (
          <button type="button" onClick={() => setChosen(null)}>
            Follow the calls
          </button>
        )}
      </p>
    </section>
  );
}

function drawBars(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  lengths: Uint32Array,
  longest: number,
  marked: number,
): void {
  const bottom = height - 14;
  const columns = Math.min(lengths.length, Math.max(1, Math.floor(width / 2)));
  const step = width / columns;
  const scale = Math.max(longest, 4);
  const [blue, soft, red] = [colour('--blue'), colour('--line'), colour('--red')];
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * lengths.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * lengths.length) / columns));
    let most = 0;
    for (let at = from; at < to; at++) most = Math.max(most, lengths[at]);
    const isMarked = marked >= from && marked < to;
    context.fillStyle = isMarked ? red : most === 0 ? soft : blue;
    const bar = most === 0 ? 1 : Math.max(2, (most / scale) * (bottom - 4));
    context.fillRect(column * step, bottom - bar, Math.max(1, step - (step > 3 ? 1 : 0.3)), bar);
    if (!isMarked) continue;
    const x = (column + 0.5) * step;
    context.beginPath();
    context.moveTo(x, bottom + 2);
    context.lineTo(x + 5, bottom + 11);
    context.lineTo(x - 5, bottom + 11);
    context.fill();
  }
  context.fillStyle = colour('--faint');
  context.font = '11px system-ui, sans-serif';
  context.fillText(`${scale}`, 0, 10);
}
