const FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Writes a whole number with its digits in groups: 2000001 → '2,000,001'. */
export function grouped(value: number): string {
  return value > -1000 && value < 1000 ? `${value}` : FORMAT.format(value);
}
