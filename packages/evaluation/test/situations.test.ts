// The situations that are compared need all designs that are compared.
import { expect, test } from 'vitest';
import { type Evaluation, hasRivals, RIVALS, situations } from '../src/index.ts';

const evaluationOf = (designs: readonly string[]): Evaluation =>
  ({ designs: designs.map((design) => ({ design })) }) as unknown as Evaluation;

test('where one of the designs is not there, nothing is compared', () => {
  expect(hasRivals(evaluationOf(RIVALS))).toBe(true);
  expect(hasRivals(evaluationOf([...RIVALS, 'another']))).toBe(true);
  for (const missing of RIVALS) {
    const evaluation = evaluationOf(RIVALS.filter((rival) => rival !== missing));
    expect(hasRivals(evaluation), missing).toBe(false);
    expect(situations(evaluation), missing).toEqual([]);
  }
});
