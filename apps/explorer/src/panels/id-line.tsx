// The ID line: all 2³¹ IDs on a logarithmic scale, and a close-up in which each ID is a cell.
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Session } from '../engine/session.ts';
import { type IdsView, idsOf, lowerBound } from '../engine/views.ts';
import { Button } from '../shell/button.tsx';
import { count, counted } from '../shell/number.ts';
import { colour } from '../shell/theme.ts';
import { Canvas, stripes } from './canvas.tsx';
import { idInWords } from './id-words.ts';

const IDS = 2 ** 31;
const DECADES = [0, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
/** IDs in the close-up, by zoom. */
const CELLS = [64, 256, 1024, 4096, 16_384, 65_536];

const placeOf = (id: number, width: number): number => (Math.log2(id + 1) / 31) * width;
const idAt = (x: number, width: number): number =>
  Math.max(0, Math.min(IDS - 1, Math.round(2 ** ((x / width) * 31) - 1)));
const short = (n: number): string =>
  n >= 1e9 ? `${n / 1e9} G` : n >= 1e6 ? `${n / 1e6} M` : n >= 1000 ? `${n / 1000} k` : `${n}`;

interface PanelProps {
  readonly session: Session;
  /** Changes when the session does. */
  readonly version: number;
}

/** Shows which IDs are live, which are holes, and where the kernel goes on. */
export function IdLine({ session, version }: PanelProps): JSX.Element {
  const ids = useMemo(() => idsOf(session), [session, version]);
  const [zoom, setZoom] = useState(1);
  const [chosen, setChosen] = useState<number | null>(null);
  /** The ID under the pointer. */
  const [pointed, setPointed] = useState<number | null>(null);
  useLayoutEffect(() => setChosen(null), [session]); // what was chosen was chosen of another history
  const cells = CELLS[zoom];
  const focus = chosen ?? focusOf(session, ids);
  const start = Math.max(0, Math.min(IDS - cells, Math.floor(focus / cells) * cells));
  const cellAt = (x: number, width: number): number =>
    start + Math.max(0, Math.min(cells - 1, Math.floor((x / width) * cells)));
  const told = pointed ?? focus;
  const words = idInWords(session, told);
  return (
    <section class="panel ids" aria-labelledby="ids-title">
      <h2 id="ids-title">IDs of the process</h2>
      <Legend ids={ids} />
      <Canvas
        height={64}
        label={`All IDs from 0 to ${count(IDS - 1)}, on a logarithmic scale. ${count(ids.live.length)} live, ${counted(ids.holes, 'hole')}.`}
        draw={(context, width) => drawAll(context, width, ids, start, cells)}
        onPick={(x, _y, width) => setChosen(idAt(x, width))}
        onHover={(x, width) => setPointed(x === null ? null : idAt(x, width))}
        class="pickable"
      />
      <div class="close-up">
        <p>
          Close-up: IDs {count(start)} to {count(start + cells - 1)}
        </p>
        <div class="buttons">
          <Button off={zoom === 0} onClick={() => setZoom(zoom - 1)} aria-label="Fewer IDs">
            +
          </Button>
          <Button off={zoom === CELLS.length - 1} onClick={() => setZoom(zoom + 1)} aria-label="More IDs">
            −
          </Button>
          <button type="button" onClick={() => setChosen(Math.max(0, start - cells))} aria-label="Earlier IDs">
            ‹
          </button>
          <button type="button" onClick={() => setChosen(Math.min(IDS - 1, start + cells))} aria-label="Later IDs">
            ›
          </button>
          <Button off={chosen === null} onClick={() => setChosen(null)}>
            Follow the calls
          </Button>
        </div>
      </div>
      <Canvas
        height={60}
        label={`IDs ${count(start)} to ${count(start + cells - 1)}, one cell each where there is room.`}
        draw={(context, width) => drawCells(context, width, ids, start, cells, told)}
        onPick={(x, _y, width) => setChosen(cellAt(x, width))}
        onHover={(x, width) => setPointed(x === null ? null : cellAt(x, width))}
        class="pickable"
        slider={{ label: 'ID', value: focus, text: words, max: IDS - 1, page: cells, choose: setChosen }}
      />
      <p class="told">{words}</p>
    </section>
  );
}

function Legend({ ids }: { ids: IdsView }): JSX.Element {
  const holes = ids.refillable ? 'free, will be used again' : 'free, but used again only after every other ID';
  return (
    <p class="legend">
      <span>
        <span class="key live" /> live: <b data-count="live">{count(ids.live.length)}</b>
      </span>
      <span>
        <span class={`key ${ids.refillable ? 'refill' : 'lost'}`} /> {holes}:{' '}
        <b data-count="holes">{count(ids.holes)}</b>
      </span>
      {ids.cursor >= 0 && (
        <span>
          <span class="key cursor">▼</span> next: <b data-count="cursor">{count(ids.cursor)}</b>
        </span>
      )}
      {ids.wanted.length > 0 && (
        <span>
          <span class="key wanted">◇</span> to restore: <b>{count(ids.wanted.length)}</b>
        </span>
      )}
    </p>
  );
}

/** The ID that the last call was about. */
function focusOf({ call }: Session, { live, cursor }: IdsView): number {
  if (call?.name === 'timer_create' && call.result >= 0) return call.result;
  if (call !== null && call.argument > 1 && call.name.startsWith('timer')) return call.argument;
  return Math.max(cursor, live.at(-1) ?? 0, 0);
}

const TOP = 16;
const BAR = 26;

function drawAll(context: CanvasRenderingContext2D, width: number, ids: IdsView, start: number, cells: number): void {
  const { live, end, refillable, cursor, wanted } = ids;
  context.fillStyle = colour('--soft');
  context.fillRect(0, TOP, width, BAR);
  holes(context, refillable, 0, placeOf(end, width), TOP, BAR);
  // Live IDs of a column, as a part of the IDs that it stands for.
  context.fillStyle = colour('--blue');
  let at = 0;
  // Low IDs are wider than a column.
  for (; at < live.length && placeOf(live[at] + 1, width) - placeOf(live[at], width) >= 1; at++) {
    const x = placeOf(live[at], width);
    context.fillRect(x, TOP, placeOf(live[at] + 1, width) - x, BAR);
  }
  for (let x = 0; x < width && at < live.length; x++) {
    const to = 2 ** (((x + 1) / width) * 31) - 1;
    const from = at;
    while (at < live.length && live[at] < to) at++;
    if (at === from) continue;
    const all = Math.max(1, Math.min(to, Math.max(end, live[at - 1] + 1)) - Math.max(0, 2 ** ((x / width) * 31) - 1));
    const height = Math.max(2, BAR * Math.min(1, (at - from) / all));
    context.fillRect(x, TOP + BAR - height, 1.5, height);
  }
  context.strokeStyle = colour('--ink');
  context.strokeRect(
    placeOf(start, width) + 0.5,
    TOP - 2.5,
    Math.max(3, placeOf(start + cells, width) - placeOf(start, width)),
    BAR + 5,
  );
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = colour('--faint');
  context.textAlign = 'center';
  for (const id of DECADES) {
    const x = placeOf(id, width);
    if (width < 600 && id > 0 && Math.log10(id) % 3 !== 0) continue;
    if (x > width - 90) continue; // the end has a label of its own
    context.fillRect(x, TOP + BAR, 1, 4);
    context.fillText(short(id), Math.max(6, x), TOP + BAR + 16);
  }
  context.textAlign = 'right';
  context.fillText(width < 600 ? '2³¹' : count(IDS - 1), width, TOP + BAR + 16);
  if (cursor >= 0) pointer(context, placeOf(cursor, width), TOP, '--ink');
  for (const id of wanted) diamond(context, placeOf(id, width), TOP - 8);
}

function drawCells(
  context: CanvasRenderingContext2D,
  width: number,
  ids: IdsView,
  start: number,
  cells: number,
  told: number,
): void {
  const { live, end, refillable, cursor, wanted } = ids;
  const step = width / cells;
  const place = (id: number): number => (id - start) * step;
  const gap = step > 4 ? 1 : 0;
  context.fillStyle = colour('--soft');
  context.fillRect(0, TOP, width, BAR);
  if (end > start) holes(context, refillable, 0, Math.min(width, place(end)), TOP, BAR);
  context.fillStyle = colour('--blue');
  for (let at = lowerBound(live, start); at < live.length && live[at] < start + cells; at++) {
    context.fillRect(place(live[at]), TOP, Math.max(step - gap, 0.5), BAR);
  }
  if (step >= (start + cells > 1000 ? 40 : 26)) {
    context.font = '11px system-ui, sans-serif';
    context.textAlign = 'center';
    context.fillStyle = colour('--panel');
    for (let at = lowerBound(live, start); at < live.length && live[at] < start + cells; at++) {
      context.fillText(count(live[at]), place(live[at]) + step / 2, TOP + BAR / 2 + 4);
    }
  }
  if (told >= start && told < start + cells) {
    context.strokeStyle = colour('--ink');
    context.lineWidth = 2;
    context.strokeRect(place(told) - 1, TOP - 2, Math.max(step - gap, 1) + 2, BAR + 4);
    context.lineWidth = 1;
  }
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = colour('--faint');
  const n = width < 600 ? 2 : 8;
  for (let i = 0; i <= n; i++) {
    const id = start + Math.round((i * cells) / n);
    context.textAlign = i === 0 ? 'left' : i === n ? 'right' : 'center';
    context.fillText(count(id), place(id), TOP + BAR + 12);
  }
  if (cursor >= start && cursor <= start + cells) pointer(context, place(cursor) + step / 2, TOP, '--ink');
  for (const id of wanted) if (id >= start && id < start + cells) diamond(context, place(id) + step / 2, TOP - 8);
}

/** Paints where there are holes: stripes for lost ones, a frame of dots for those that are used again. */
function holes(
  context: CanvasRenderingContext2D,
  refillable: boolean,
  from: number,
  to: number,
  y: number,
  height: number,
): void {
  if (to <= from) return;
  if (!refillable) {
    context.fillStyle = stripes(context, colour('--orange'));
    context.fillRect(from, y, to - from, height);
    return;
  }
  context.save();
  context.strokeStyle = colour('--sky');
  context.setLineDash([2, 3]);
  context.lineWidth = 2;
  context.strokeRect(from + 1, y + 1, Math.max(1, to - from - 2), height - 2);
  context.restore();
}

function pointer(context: CanvasRenderingContext2D, x: number, y: number, token: string): void {
  context.fillStyle = colour(token);
  context.beginPath();
  context.moveTo(x - 6, y - 12);
  context.lineTo(x + 6, y - 12);
  context.lineTo(x, y - 1);
  context.fill();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.strokeStyle = colour('--red');
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y - 6);
  context.lineTo(x + 5, y);
  context.lineTo(x, y + 6);
  context.lineTo(x - 5, y);
  context.closePath();
  context.stroke();
  context.lineWidth = 1;
}
