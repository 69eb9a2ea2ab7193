// Counts in running text.

/** Writes a whole number with a comma between groups of three digits: 6000 → '6,000'. IDs are written without. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
