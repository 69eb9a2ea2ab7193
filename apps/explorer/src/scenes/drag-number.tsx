// A number in a sentence that can be dragged, or changed by keys: a slider to screen readers.
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { count, three } from '../shell/number.ts';
import { type Knob, keyed, shareOf, valueAt } from './knob.ts';

/** Pixels of a drag over the whole range. */
const WAY = 500;

export function DragNumber({
  knob,
  value,
  change,
}: {
  knob: Knob;
  value: number;
  change: (value: number) => void;
}): JSX.Element {
  const from = useRef<{ x: number; share: number } | null>(null);
  const down = ({ currentTarget, pointerId, clientX }: PointerEvent): void => {
    (currentTarget as HTMLElement).setPointerCapture(pointerId);
    from.current = { x: clientX, share: shareOf(knob, value) };
  };
  const move = ({ clientX }: PointerEvent): void => {
    if (from.current !== null) change(valueAt(knob, from.current.share + (clientX - from.current.x) / WAY));
  };
  const up = (): void => {
    from.current = null;
  };
  const press = (event: KeyboardEvent): void => {
    const next = keyed(knob, value, event.key);
    if (next === null) return;
    event.preventDefault();
    change(next);
  };
  return (
    <span
      class="drag"
      role="slider"
      tabIndex={0}
      aria-label={knob.label}
      aria-valuemin={knob.min}
      aria-valuemax={knob.max}
      aria-valuenow={value}
      aria-valuetext={`${shown(value)} ${knob.label}`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={press}
    >
      {shown(value)}
    </span>
  );
}

function shown(value: number): string {
  return Number.isInteger(value) ? count(value) : three(value);
}
