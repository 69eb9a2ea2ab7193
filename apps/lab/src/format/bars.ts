// A chart in block characters: a bar for each value, on a scale where each step is ten times longer.
import { columnsOf, type Screen, toned, widthOf } from './screen.ts';

/** One bar. */
export interface Bar {
  label: string;
  /** Above 0; null where there is none to draw. */
  value: number | null;
  /** What stands behind it. */
  text: string;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const MOST = 40; // columns

/** Draws bars as long as the logarithm of their values; the shortest has one column, the longest what the screen has left. */
export function logBars(bars: readonly Bar[], screen: Screen): string {
  const label = Math.max(...bars.map((bar) => columnsOf(bar.label)));
  const text = Math.max(...bars.map((bar) => columnsOf(bar.text)));
  const room = Math.max(4, Math.min(MOST, widthOf(screen) - label - text - 6));
  const values = bars.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]));
  const [least, most] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  const lines = bars.map((bar) => {
    const space = ' '.repeat(label - columnsOf(bar.label));
    return `  ${bar.label}${space}  ${drawn(bar.value)}${bar.text}\n`;
  });
  return lines.join('');

  function drawn(value: number | null): string {
    if (value === null) return '';
    if (!Number.isFinite(value)) return `${toned('▒'.repeat(room), 'red', screen)} `;
    const share = most === least ? 1 : (Math.log10(value) - least) / (most - least);
    const eighths = Math.round(8 * (1 + share * (room - 1)));
    return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8]} `;
  }
}
