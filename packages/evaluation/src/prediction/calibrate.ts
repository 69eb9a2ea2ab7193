// calibrate: fits what is not known of the published machine to the first row of the table, and to nothing else.
//
// Three values: a read from the last level, and what create and lookup do beside the table. Each stays near its prior; the most
// probable values are sought with the times taken as linear in them, which they are except for overlaps.
import type { Hardware, Parameter } from '../hardware/hardware.ts';
import { TIE } from '../hardware/tie.ts';
import type { PredictedCell, PredictedRow } from './predict.ts';

/** How far the machine in the table may be from the priors, and the row from the model, as factors: one standard deviation. */
const LEVEL_SPREAD = 1.25;
const CALL_SPREAD = 1.5;
const TIME_SPREAD = TIE;
/** Rounds of going through the three values in turn. */
const ROUNDS = 200;
const STEP = 0.01;

/** The parameters that are fitted, ns. */
export interface Calibration {
  lastLevelNs: number;
  createNs: number;
  lookupNs: number;
}

/** Fits the row. @param machine The one that predicted it. */
export function calibrate({ cells }: PredictedRow, machine: Hardware): Calibration {
  const { readNs, createNs, lookupNs, syscallNs } = machine.parameters;
  const last = readNs.length - 2;
  const start: Calibration = {
    lastLevelNs: readNs[last].value,
    createNs: createNs.value,
    lookupNs: lookupNs.value,
  };
  // hash-512-precheck is reported, not fitted.
  const fitted = cells.filter(({ design }) => design !== 'hash-512-precheck');
  const error = (at: Calibration): number =>
    deviation(at.lastLevelNs / priorOf(readNs[last]), LEVEL_SPREAD) +
    deviation((syscallNs.value + at.createNs) / (syscallNs.value + priorOf(createNs)), CALL_SPREAD) +
    deviation((syscallNs.value + at.lookupNs) / (syscallNs.value + priorOf(lookupNs)), CALL_SPREAD) +
    fitted.reduce(
      (sum, cell) => sum + deviation(timeAt(cell, at, start, last, readNs[last]) / cell.publishedMs, TIME_SPREAD),
      0,
    );
  return descend(start, error);
}

/** A cell's time with other values. */
function timeAt(cell: PredictedCell, at: Calibration, start: Calibration, last: number, level: Parameter): number {
  const [base, ...variants] = cell.byMachine;
  const perNs = (variants[last] - base) / (level.value * (level.uncertainty - 1));
  const perOperation = base / Object.values(cell.parts).reduce((sum, ns) => sum + ns, 0);
  const body = cell.operation === 'create' ? at.createNs - start.createNs : at.lookupNs - start.lookupNs;
  return base + perNs * (at.lastLevelNs - start.lastLevelNs) + perOperation * body;
}

function descend(start: Calibration, error: (at: Calibration) => number): Calibration {
  let best = start;
  let least = error(best);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(start) as (keyof Calibration)[]) {
      for (const factor of [1 + STEP, 1 / (1 + STEP)]) {
        const tried = { ...best, [name]: best[name] * factor };
        const that = error(tried);
        if (that < least) [best, least] = [tried, that];
      }
    }
  }
  return best;
}

function deviation(factor: number, spread: number): number {
  return (Math.log(factor) / Math.log(spread)) ** 2;
}

function priorOf({ prior, value }: Parameter): number {
  return prior ?? value;
}
