// Numbers as a page shows them, to be compared with those of the JSON of the same run.

/** A table of the page: the name of the figure or section it is in, its heads, its rows. */
export interface ShownTable {
  heads: string[];
  rows: string[][];
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  days: 86_400,
};

/** Whether what is shown is the number, rounded to as many digits as are shown. */
export function shows(shown: string, value: number): boolean {
  const sampled = /^<1\/(\d+)(k?)$/.exec(shown);
  if (sampled !== null) return value === 0;
  const parts = /^([\d,]+(?:\.\d+)?(?:e[-+]\d+)?)(?:\s(\S+))?$/.exec(shown);
  if (parts === null) return shown === '–' && value === 0;
  const [, digits, unit] = parts;
  const decimals = digits!.split('.')[1]?.length ?? 0;
  const number = Number(digits!.replaceAll(',', ''));
  const scale = unit === undefined ? 1 : UNITS[unit]!;
  // Durations have three digits that count; below 0.005 a mean has one.
  const half = unit !== undefined && number >= 100 ? 0.5 : number < 0.005 ? number / 2 : 0.5 * 10 ** -decimals;
  return Math.abs(number * scale - value) <= half * scale * (1 + 1e-9);
}

/** The cells of a design under some heads; rows that look alike were put together. */
export function cellsOf({ heads, rows }: ShownTable, name: string, under: readonly string[]): (string | undefined)[] {
  const row = rows.find(([first]) => first!.split(', ').includes(name)) ?? rows.find(([first]) => first === name);
  return under.map((head) => row?.[heads.indexOf(head)]);
}
