// The hash table: a bar for each bucket, as high as its chain is long, and one chain opened.
import type { JSX } from 'preact';
import { useId, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Session } from '../engine/session.ts';
import { bucketOfCall, bucketsOf, chainOf } from '../engine/views.ts';
import { count, counted } from '../shell/number.ts';
import { colour } from '../shell/theme.ts';
import { Canvas } from './canvas.tsx';
import { titleOf } from './panel-title.ts';

/** IDs of a chain that are shown. */
const SHOWN = 100;

interface PanelProps {
  readonly session: Session;
  readonly version: number;
  /** The kernel, where there is another beside it. */
  readonly kernel?: string;
}

/** Shows the buckets of a session's table; nothing where it has none. */
export function HashPanel({ session, version, kernel }: PanelProps): JSX.Element | null {
  const view = useMemo(() => bucketsOf(session.machine), [session, version]);
  const [chosen, setChosen] = useState<number | null>(null);
  useLayoutEffect(() => setChosen(null), [session]); // what was chosen was chosen of another history
  const title = useId();
  if (view === undefined) return null;
  const { lengths, longest, locking } = view;
  const last = bucketOfCall(session);
  const bucket = Math.min(chosen ?? last ?? 0, lengths.length - 1);
  const pick = (x: number, width: number): void =>
    setChosen(Math.min(lengths.length - 1, Math.max(0, Math.floor(((x - AXIS) / (width - AXIS)) * lengths.length))));
  return (
    <section class="panel hash" aria-labelledby={title}>
      <h2 id={title}>{titleOf('Hash table', kernel)}</h2>
      <p class="hint">
        The kernel finds a timer here: process and ID choose one of {count(lengths.length)} buckets, whose timers form a
        chain. A search walks it.{' '}
        {locking === 'global' ? 'One lock guards the whole table.' : 'Each bucket has its own lock.'}
      </p>
      <Canvas
        height={96}
        label={`${count(lengths.length)} buckets; the longest chain has ${counted(longest, 'timer')}.`}
        draw={(context, width, height) => drawBars(context, width, height, lengths, longest, bucket)}
        onPick={(x, _y, width) => pick(x, width)}
        class="pickable"
        slider={{
          label: 'bucket',
          value: bucket,
          text: `bucket ${count(bucket)}, ${counted(lengths[bucket], 'timer')}`,
          max: lengths.length - 1,
          page: Math.ceil(lengths.length / 16),
          choose: setChosen,
        }}
      />
      <p class="chain">
        <b>Bucket {count(bucket)}</b>
        {chosen === null ? (last === null ? '' : ', of the last call') : ', chosen'}:{' '}
        <Chain session={session} bucket={bucket} length={lengths[bucket]} />
      </p>
      <p class="numbers">
        Longest chain <b data-count="longest">{count(longest)}</b> · empty buckets{' '}
        <b data-count="empty">{count(emptyOf(lengths))}</b>
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

/** The IDs of a chain, as few pieces of text: they change with each frame. */
function Chain({ session, bucket, length }: { session: Session; bucket: number; length: number }): JSX.Element {
  if (length === 0) return <>empty</>;
  const { call } = session;
  const chain = chainOf(session.machine, bucket, SHOWN);
  const at = chain.indexOf((call?.name === 'timer_create' ? call.result : call?.argument) ?? -1);
  const text = (ids: readonly number[]): string => ids.map((id) => ` → ${count(id)}`).join('');
  const more = length > SHOWN ? ` … ${count(length - SHOWN)} more` : '';
  if (at < 0) return <>{text(chain) + more}</>;
  return (
    <>
      {`${text(chain.slice(0, at))} → `}
      <b class="found">{count(chain[at])}</b>
      {text(chain.slice(at + 1)) + more}
    </>
  );
}

function emptyOf(lengths: Uint32Array): number {
  let empty = 0;
  for (const length of lengths) if (length === 0) empty++;
  return empty;
}

/** Pixels for the number of the axis, left of the bars. */
const AXIS = 28;

function drawBars(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  lengths: Uint32Array,
  longest: number,
  marked: number,
): void {
  const bottom = height - 14;
  const columns = Math.min(lengths.length, Math.max(1, Math.floor((width - AXIS) / 2)));
  const step = (width - AXIS) / columns;
  const place = (column: number): number => AXIS + column * step;
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
    context.fillRect(place(column), bottom - bar, Math.max(1, step - (step > 3 ? 1 : 0.3)), bar);
    if (!isMarked) continue;
    const x = place(column + 0.5);
    context.beginPath();
    context.moveTo(x, bottom + 2);
    context.lineTo(x + 5, bottom + 11);
    context.lineTo(x - 5, bottom + 11);
    context.fill();
  }
  context.fillStyle = colour('--faint');
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'right';
  context.fillText(count(scale), AXIS - 6, 12);
  context.fillText('0', AXIS - 6, bottom);
  context.textAlign = 'left';
}
