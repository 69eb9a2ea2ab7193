// The first cache: a column for each set, a row for each way; lines that the last call touched are lit by the level that served them.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Session } from '../engine/session.ts';
import { type CacheView, cacheOf } from '../engine/views.ts';
import { count, counted } from '../shell/number.ts';
import { Named } from '../shell/term.tsx';
import { colour } from '../shell/theme.ts';
import { Canvas, levelGlyph, levelSign, levelToken } from './canvas.tsx';

interface PanelProps {
  readonly session: Session;
  readonly version: number;
  /** Shows so many accesses of the last call. */
  readonly onAccess: (access: number) => void;
}

/** Shows the caches' part in the last call. */
export function CachePanel({ session, version, onAccess }: PanelProps): JSX.Element {
  const view = useMemo(() => cacheOf(session), [session, version]);
  const memory = view.levels.length - 1;
  const accesses = session.call?.accesses ?? [];
  const served = view.levels.map(
    (_, level) => accesses.slice(0, session.access).filter((access) => access.level === level).length,
  );
  const height = Math.min(13, Math.max(8, 150 / view.ways)) * view.ways + 18;
  return (
    <section class="panel cache" aria-labelledby="cache-title">
      <h2 id="cache-title">Memory of the last call</h2>
      <p class="hint">
        Each sign is one access, in order, by what served it. Below: the first cache, {count(view.sets)} sets of{' '}
        {view.ways} lines of {view.line} bytes. Grey lines are there from earlier calls.
      </p>
      <p class="legend">
        {view.levels.map((name, level) => (
          <span key={name}>
            <span class="glyph" style={{ color: `var(${levelToken(level, memory)})` }}>
              {levelGlyph(level, memory)}
            </span>{' '}
            <Named name={name} />: <b data-count={`served-${level}`}>{count(served[level])}</b>
          </span>
        ))}
      </p>
      <AccessStrip session={session} memory={memory} onAccess={onAccess} />
      <Canvas
        height={height}
        label={`${view.levels[0]}, ${count(view.sets)} sets of ${view.ways}: ${counted(view.touched.size, 'line')} touched.`}
        draw={(context, width, tall) => drawCache(context, width, tall, view)}
      />
    </section>
  );
}

/** All accesses of the last call in a row; a click goes there. */
function AccessStrip({
  session,
  memory,
  onAccess,
}: {
  session: Session;
  memory: number;
  onAccess: (access: number) => void;
}): JSX.Element {
  const accesses = session.call?.accesses ?? [];
  if (accesses.length === 0) {
    const text =
      session.call === null
        ? 'No call is made yet.'
        : 'Not recorded: this call touches no table, or is one of a long run.';
    return <p class="note">{text}</p>;
  }
  const lines = Math.min(4, Math.ceil(accesses.length / 60));
  const perLine = Math.ceil(accesses.length / lines);
  const size = (width: number): number => Math.min(14, width / perLine);
  return (
    <Canvas
      height={lines * 16 + 2}
      class="pickable"
      label={`${counted(accesses.length, 'access', 'accesses')}, ${count(session.access)} shown.`}
      onPick={(x, y, width) => onAccess(Math.floor(y / 16) * perLine + Math.floor(x / size(width)) + 1)}
      draw={(context, width) => {
        for (const [i, { level }] of accesses.entries()) {
          const x = (i % perLine) * size(width);
          const y = Math.floor(i / perLine) * 16;
          context.fillStyle = i < session.access ? colour(levelToken(level, memory)) : colour('--line');
          levelSign(context, level, memory, x, y + 2, Math.max(2, size(width) - 2));
        }
      }}
    />
  );
}

function drawCache(context: CanvasRenderingContext2D, width: number, height: number, view: CacheView): void {
  const { sets, ways, lines, touched, levels } = view;
  const memory = levels.length - 1;
  const step = width / sets;
  const row = (height - 18) / ways;
  const gap = step > 3 ? 1 : 0;
  const [grey, soft] = [colour('--line'), colour('--soft')];
  for (let set = 0; set < sets; set++) {
    for (let way = 0; way < ways; way++) {
      const line = lines[set * ways + way];
      const level = touched.get(line);
      context.fillStyle = line < 0 ? soft : grey;
      context.fillRect(set * step, way * row, step - gap, row - 1);
      if (level === undefined || line < 0) continue;
      context.fillStyle = colour(levelToken(level, memory));
      if (step > 9) context.fillRect(set * step, way * row, step - gap, row - 1);
      if (step > 9) context.fillStyle = colour('--panel');
      const size = Math.min(step, row) - 1;
      levelSign(context, level, memory, set * step + (step - gap - size) / 2, way * row + (row - 1 - size) / 2, size);
    }
  }
  context.fillStyle = colour('--faint');
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'left';
  context.fillText('set 0', 0, height - 4);
  context.textAlign = 'right';
  context.fillText(`set ${sets - 1}`, width, height - 4);
}
