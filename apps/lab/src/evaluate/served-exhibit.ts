// Where the references that miss the first cache go, and how much of its lines and pages is used.
import type { DesignEvaluation, Evaluation, OperationCost } from '@idspace/evaluation';
import { type ColumnOf, type Exhibit, tableOf } from '../format/exhibit.ts';
import { mean } from '../format/number.ts';
import { OPERATIONS, ofAll } from './operation-exhibit.ts';

/** Shows what lies behind the D1 misses of each operation. */
export function servedExhibit(evaluation: Evaluation): Exhibit {
  const { designs, machine } = evaluation;
  const levels = machine.levels.map(({ name }) => name);
  const past = [levels[levels.length - 1], 'memory', 'other core'];
  return {
    title: 'Levels, pages and lines, kernel layout',
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      ...OPERATIONS.flatMap((group): ColumnOf<DesignEvaluation>[] => {
        const column = (head: string, cell: (cost: OperationCost) => string) => {
          return { group, head, cell: ({ [group]: cost }: DesignEvaluation) => cell(cost) };
        };
        const beyond = ({ servedBy }: OperationCost): number => past.reduce((sum, name) => sum + servedBy[name], 0);
        return [
          column('far', (cost) => ofAll(evaluation, cost, beyond(cost))),
          column('core', (cost) => ofAll(evaluation, cost, cost.transfers)),
          column('TLB', (cost) => ofAll(evaluation, cost, cost.tlbMisses)),
          column('bytes', ({ usefulBytesPerLine: useful }) => (useful === 0 ? '–' : mean(useful))),
        ];
      }),
    ]),
    reading:
      `Four columns per operation, means. far: references that ${past[0]}, memory or another core served; core: those of them ` +
      'whose line came from another core. TLB: misses of the first TLB, with pages of 2 MiB. bytes: bytes of a line that are ' +
      'used while it is in the first level; – if no line came. <1/n: none in n operations, where not all are counted.',
  };
}
