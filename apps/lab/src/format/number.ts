// Numbers as people read them: thousands separators, units that fit, no false precision.

/** Units of time, and how many of each read better in the next larger one. */
const TIME_UNITS: readonly { seconds: number; name: string; below: number }[] = [
  { seconds: 1e-9, name: 'ns', below: 1000 },
  { seconds: 1e-6, name: 'µs', below: 1000 },
  { seconds: 1e-3, name: 'ms', below: 1000 },
  { seconds: 1, name: 's', below: 120 },
  { seconds: 60, name: 'min', below: 120 },
  { seconds: 3600, name: 'h', below: 48 },
  { seconds: 86_400, name: 'days', below: Number.POSITIVE_INFINITY },
];

/** Formats a whole number: 2000001 → '2,000,001'. */
export function count(value: number | bigint): string {
  return decimal(value, 0);
}

/** Formats a mean, with fewer decimals the larger it is: 0 → '0', 0.0012 → '0.001', 3.14159 → '3.14', 97.65 → '97.7', 1234.5 → '1,235'. */
export function mean(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.005) return value.toPrecision(1);
  if (Math.abs(value) < 9.995) return decimal(value, 2);
  return Math.abs(value) < 999.95 ? decimal(value, 1) : decimal(value, 0);
}

/**
 * Formats a mean over some of all operations: where none of those had any, it is below one in as many and need not be 0.
 *
 * @param counted Operations that were counted: 1,706 → '<1/1k', 400 → '<1/400'.
 */
export function sampledMean(value: number, counted: number, of: number): string {
  if (value !== 0 || counted >= of) return mean(value);
  return counted < 1000 ? `<1/${counted}` : `<1/${Math.floor(counted / 1000)}k`;
}

/**
 * Formats seconds in the unit that fits: 1.787998 → '1.79 s', 1919.8 → '32.0 min'.
 *
 * @param seconds Any number; without an end it is '∞'.
 * @param digits Digits that count, 2 or 3.
 */
export function duration(seconds: number, digits: 2 | 3 = 3): string {
  if (seconds === 0) return '0 s';
  if (!Number.isFinite(seconds)) return Number.isNaN(seconds) ? '–' : '∞';
  // Rounded once, in the unit that is shown: 999.6 ns would be 1000 ns, and is 1.00 µs.
  const rounded = (unit: number): number => Number((seconds / unit).toPrecision(digits));
  const unit = TIME_UNITS.find(({ seconds: one, below }) => Math.abs(rounded(one)) < below)!;
  const inUnit = rounded(unit.seconds);
  return `${Math.abs(inUnit) < 10 ** (digits - 1) ? inUnit.toPrecision(digits) : decimal(inUnit, 0)} ${unit.name}`;
}

/** Formats a share: 0.0123 → '1.23 %'. */
export function percent(share: number): string {
  return `${decimal(100 * share, 2)} %`;
}

/** Formats a size in bytes as caches are named: 32768 → '32 KiB', 100 → '100 B'. */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let step = value < 1024 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  // 1,048,575 B would be 1,024 KiB, and is 1 MiB.
  if (step > 0 && step < units.length - 1 && value / 1024 ** step >= 1023.5) step++;
  const inUnit = step === 0 ? value : Math.max(1, value / 1024 ** step);
  return `${Number.isInteger(inUnit) ? decimal(inUnit, 0) : mean(inUnit)} ${units[step]}`;
}

/** Formats a number with its noun: (1, 'timer') → '1 timer', (2000, 'timer') → '2,000 timers'. */
export function counted(value: number, noun: string, plural: string = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/**
 * Writes a number with separators between thousands, rounded to so many decimals, halves away from zero.
 *
 * As Intl.NumberFormat('en-US') does, whose data take longer to load than a short command has to do.
 */
export function decimal(value: number | bigint, decimals: number): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : `${value < 0 ? '-' : ''}∞`;
  }
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [whole, fraction] = digitsOf(String(value).replace(/^-/, ''));
  const kept = whole + fraction.slice(0, decimals).padEnd(decimals, '0');
  const rounded = String(BigInt(kept) + ((fraction[decimals] ?? '0') >= '5' ? 1n : 0n)).padStart(decimals + 1, '0');
  const end = rounded.length - decimals;
  const grouped = rounded.slice(0, end).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${sign}${grouped}${decimals === 0 ? '' : `.${rounded.slice(end)}`}`;
}

/** Splits the shortest text of a number, such as '1.5e+21' or '2.5e-7', into the digits before and after the point. */
function digitsOf(text: string): [string, string] {
  const [digits, exponent = '0'] = text.split('e');
  const [whole, fraction = ''] = digits!.split('.');
  const shift = Number(exponent);
  if (shift >= 0) return [whole + fraction.slice(0, shift).padEnd(shift, '0'), fraction.slice(shift)];
  return ['0', '0'.repeat(-shift - 1) + whole + fraction];
}

/** Compares a smaller number with a larger one: (5, 4_000_000) → '800,000 × fewer'. @param what 'fewer', 'less time'. */
export function timesFewer(less: number, more: number, what = 'fewer'): string {
  const ratio = Number((more / less).toPrecision(2));
  return `${ratio < 10 ? decimal(ratio, 1) : count(ratio)} × ${what}`;
}
