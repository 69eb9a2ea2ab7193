// Which design is cheapest and which is dearest, in words.
import type { DesignEvaluation } from '../evaluate/evaluation.ts';
import { mean } from '../text/number.ts';

/**
 * Names the designs with the lowest and the highest value.
 *
 * @param unit What is counted, in the plural, such as 'lines'.
 * @returns '' where there is nothing to compare.
 */
export function extremes(
  designs: readonly DesignEvaluation[],
  unit: string,
  value: (design: DesignEvaluation) => number,
): string {
  const sorted = [...designs].sort((a, b) => value(a) - value(b));
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (!least || !most || value(least) === value(most)) return '';
  return `Fewest ${unit}: ${least.design} (${mean(value(least))}); most: ${most.design} (${mean(value(most))}).`;
}
