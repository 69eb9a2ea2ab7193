// Numbers as people read them: thousands separators, units that fit, three digits.

/** Units of time, and how many of each read better in the next larger one. */
const TIME_UNITS: readonly { name: string; seconds: number; below: number }[] = [
  { name: 'ns', seconds: 1e-9, below: 1000 },
  { name: 'µs', seconds: 1e-6, below: 1000 },
  { name: 'ms', seconds: 1e-3, below: 1000 },
  { name: 's', seconds: 1, below: 120 },
  { name: 'min', seconds: 60, below: 120 },
  { name: 'h', seconds: 3600, below: 48 },
  { name: 'days', seconds: 86_400, below: 1000 },
  { name: 'years', seconds: 365.25 * 86_400, below: Number.POSITIVE_INFINITY },
];

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Formats a whole number: 2000001 → '2,000,001'. */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** Formats a whole number with its noun: (1, 'timer') → '1 timer', (2000, 'timer') → '2,000 timers'. */
export function counted(value: number, noun: string, plural: string = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** Formats a number with three digits that count: 3.14159 → '3.14', 97.65 → '97.7', 1234.5 → '1,235', 0 → '0'. */
export function three(value: number): string {
  if (Math.abs(value) >= 1000) return count(value);
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** Formats seconds in the unit that fits, with no-break space: 1.787998 → '1.79 s', 1919.8 → '32 min', 5.4e7 → '621 days'; '∞' without an end. */
export function duration(seconds: number): string {
  if (seconds === 0) return '0\u00a0s';
  if (!Number.isFinite(seconds)) return '∞';
  // Rounded once, in the unit that is shown: 999.6 ns would be 1000 ns, and is 1 µs.
  const inUnit = (unit: number): number => Number((seconds / unit).toPrecision(3));
  const { name, seconds: one } = TIME_UNITS.find(({ seconds: unit, below }) => inUnit(unit) < below)!;
  return `${three(inUnit(one))}\u00a0${name}`;
}

/** Formats a size: 4096 → '4 KiB', 100 → '100 B', 1329984 → '1.27 MiB'. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const step = value < 1024 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  return `${three(value / 1024 ** step)}\u00a0${units[step]}`;
}
