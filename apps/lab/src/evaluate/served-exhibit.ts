// Where the references that miss the first cache go, and how much of its lines and pages is used.
import type { Evaluation, OperationCost } from '@idspace/evaluation';
import type { Exhibit } from '../format/exhibit.ts';
import { mean } from '../format/number.ts';
import { OPERATIONS, ofAll } from './operation-exhibit.ts';

const HEADS = ['far', 'core', 'TLB', 'bytes'];

/** Shows what lies behind the D1 misses of each operation. */
export function servedExhibit(evaluation: Evaluation): Exhibit {
  const { designs, machine } = evaluation;
  const levels = machine.levels.map(({ name }) => name);
  const past = [levels[levels.length - 1], 'memory', 'other core'];
  return {
    title: 'Levels, pages and lines, kernel layout',
    columns: [
      { head: 'Design', align: 'left' },
      ...OPERATIONS.flatMap((operation) => HEADS.map((head) => ({ group: operation, head }))),
    ],
    rows: designs.map((design) => [
      design.design,
      ...OPERATIONS.flatMap((operation) => cells(evaluation, design[operation], past)),
    ]),
    reading:
      `Four columns per operation, means. far: references that ${past[0]}, memory or another core served; core: those of them ` +
      'whose line came from another core. TLB: misses of the first TLB, with pages of 2 MiB. bytes: bytes of a line that are ' +
      'used while it is in the first level; – if no line came. <1/n: none in n operations, where not all are counted.',
  };
}

function cells(evaluation: Evaluation, cost: OperationCost, past: string[]): string[] {
  const { servedBy, transfers, tlbMisses, usefulBytesPerLine } = cost;
  const beyond = past.reduce((sum, name) => sum + servedBy[name], 0);
  const useful = usefulBytesPerLine === 0 ? '–' : mean(usefulBytesPerLine);
  return [...[beyond, transfers, tlbMisses].map((value) => ofAll(evaluation, cost, value)), useful];
}
