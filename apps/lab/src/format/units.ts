// Words that belong together: a number and its unit, a name and its version.

/** Puts no-break spaces between numbers and their units, and between names and their versions. */
export function keepUnits(text: string): string {
  return text
    .replace(/(\d) (ns|µs|ms|s|min|h|days|%|B|KiB|MiB|GiB)(?![\w-])/g, '$1\u00a0$2')
    .replace(/\b(CRIU|Linux|ID|IDs) (?=[≥≤]? ?\d)/g, '$1\u00a0')
    .replace(/([≥≤]) (?=\d)/g, '$1\u00a0')
    .replace(/(\d) × (?=[a-z])/g, '$1\u00a0×\u00a0');
}
