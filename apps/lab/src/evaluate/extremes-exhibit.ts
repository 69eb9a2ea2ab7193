// Which design is cheapest and which is dearest, in words.
import { type DesignEvaluation, standsApart } from '@idspace/evaluation';
import { mean, timesFewer } from '../format/number.ts';

/**
 * Names the designs with the lowest and the highest value, all of them where several share it.
 *
 * Those that stand apart are left out: their timers are of another size, so that they would be compared by more than their table.
 *
 * @param unit What is counted, in the plural, such as 'lines'.
 * @returns '' where there is nothing to compare.
 */
export function extremes(
  designs: readonly DesignEvaluation[],
  unit: string,
  value: (design: DesignEvaluation) => number,
): string {
  const comparable = designs.filter(({ design }) => standsApart(design) === null);
  if (comparable.length === 0) return '';
  const values = comparable.map(value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (mean(least) === mean(most)) return '';
  const having = (wanted: number): string =>
    comparable
      .filter((design) => mean(value(design)) === mean(wanted))
      .map(({ design }) => design)
      .join(', ');
  const fewer = least > 0 ? `, ${timesFewer(least, most)}` : '';
  return `Fewest ${unit}: ${having(least)} (${mean(least)}${fewer}); most: ${having(most)} (${mean(most)}).`;
}
