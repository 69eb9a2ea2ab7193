// A number that can be dragged: its range, and where keys and the pointer take it.

/** A number of a sentence that its reader changes. */
export interface Knob {
  /** Names it in the sentence and in links; letters only. */
  readonly name: string;
  /** What it is, for screen readers: 'timers a second'. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  /** `linear`: whole numbers. `log`: two digits that count, 1, 1.1, … 9.9, 10, 11, …; `powers`: 2ⁿ. The ends are always reached. */
  readonly scale: 'linear' | 'log' | 'powers';
}

/** Steps that Page Up makes. */
const PAGE: Readonly<Record<Knob['scale'], number>> = { linear: 10, log: 90, powers: 4 };

/** Returns the value that is so many steps from another; it stays in the range. */
export function stepped(knob: Knob, value: number, steps: number): number {
  return valueHere(knob, placeOf(knob, value) + steps);
}

/** Returns where a key takes a value; null for a key that is not a slider's. */
export function keyed(knob: Knob, value: number, key: string): number | null {
  switch (key) {
    case 'ArrowUp':
    case 'ArrowRight':
      return stepped(knob, value, 1);
    case 'ArrowDown':
    case 'ArrowLeft':
      return stepped(knob, value, -1);
    case 'PageUp':
      return stepped(knob, value, PAGE[knob.scale]);
    case 'PageDown':
      return stepped(knob, value, -PAGE[knob.scale]);
    case 'Home':
      return knob.min;
    case 'End':
      return knob.max;
    default:
      return null;
  }
}

/** Returns the value for a share of the range, 0…1: a drag goes the same way for every factor of a logarithmic scale. */
export function valueAt(knob: Knob, share: number): number {
  const last = placeOf(knob, knob.max);
  const first = placeOf(knob, knob.min);
  return valueHere(knob, Math.round(first + Math.min(1, Math.max(0, share)) * (last - first)));
}

/** Returns the share of the range that a value stands at, 0…1. */
export function shareOf(knob: Knob, value: number): number {
  const first = placeOf(knob, knob.min);
  return (placeOf(knob, value) - first) / (placeOf(knob, knob.max) - first);
}

/** Brings any number into the range, to a value of the scale; what is no number becomes the initial value. */
export function checked(knob: Knob, value: number): number {
  if (!Number.isFinite(value)) return knob.initial;
  if (value <= knob.min) return knob.min;
  return value >= knob.max ? knob.max : valueHere(knob, placeOf(knob, value));
}

/** The number of a value on its scale; an end that is off the scale counts as the next whole place beyond. */
function placeOf({ scale, min, max }: Knob, value: number): number {
  const round = value === max ? Math.ceil : value === min ? Math.floor : Math.round;
  if (scale === 'linear') return round(value);
  if (scale === 'powers') return round(Math.log2(value));
  const decade = Math.floor(Math.log10(value) + 1e-12);
  return decade * 90 + round(Number(((value / 10 ** decade) * 10).toPrecision(12))) - 10;
}

function valueHere({ scale, min, max }: Knob, place: number): number {
  return Math.min(max, Math.max(min, onScale(scale, place)));
}

function onScale(scale: Knob['scale'], place: number): number {
  if (scale === 'linear') return place;
  if (scale === 'powers') return 2 ** place;
  const decade = Math.floor(place / 90);
  return Number(`${place - decade * 90 + 10}e${decade - 1}`);
}
