/** Reads a whole number as people and this page write it: '1000', '1,000', '1_000'. Null for any other text. */
export function wholeOf(text: string): number | null {
  const digits = text.trim();
  return /^\d[\d,_]*$/.test(digits) ? Number(digits.replace(/[,_]/g, '')) : null;
}
