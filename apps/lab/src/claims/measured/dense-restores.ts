// Every kind of restorer on every kind of kernel, planned and carried out on the models.

import { findPolicy, type IdPolicy } from '@idspace/live-kernel';
import { Kernel } from '@idspace/posix-timers';
import { MATRIX_CRIUS, MATRIX_KERNELS } from '@idspace/restore-planner';
import { counted } from '../../format/number.ts';
import { type Claim, doesNotHold, holds, holdsIf, holdsOnlyIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { type ModelRestore, restoreOnModel } from './model-restore.ts';

/** IDs with others free below them, and IDs without. */
const WITH_GAPS = [3, 1000];
const WITHOUT = [0, 1, 2];
/** The restorers that search for IDs. */
const SEARCHING = ['3.18', '4.1'];
/** All but the restorer that was never released. */
const RELEASED = ['3.18', '4.1', '4.2'];

/** A restore, and how the kernel was found to hand out IDs. */
export type MatrixCell = ModelRestore & { idPolicy: IdPolicy };

export interface MatrixFigures {
  withGaps: { ids: number[]; cells: MatrixCell[] };
  withoutGaps: { ids: number[]; cells: MatrixCell[] };
}

export async function matrix(): Promise<MatrixFigures> {
  const run = async (ids: number[]): Promise<{ ids: number[]; cells: MatrixCell[] }> => {
    const cells: MatrixCell[] = [];
    for (const kernel of MATRIX_KERNELS) {
      const { idPolicy } = findPolicy(new Kernel({ release: kernel }).spawn());
      for (const criu of MATRIX_CRIUS) cells.push({ ...(await restoreOnModel(ids, kernel, criu)), idPolicy });
    }
    return { ids, cells };
  };
  return { withGaps: await run(WITH_GAPS), withoutGaps: await run(WITHOUT) };
}

const measure = (lab: Lab): Promise<MatrixFigures> => lab.once(matrix);

/** Those that the model did not carry out as planned decide nothing. */
function carriedOut({ withGaps, withoutGaps }: MatrixFigures): boolean {
  return [...withGaps.cells, ...withoutGaps.cells].every(({ asPlanned }) => asPlanned);
}

function on(cells: readonly MatrixCell[], kernel: string, criu: string): MatrixCell {
  return cells.find((cell) => cell.kernel === kernel && cell.criu === criu)!;
}

/** 'CRIU 3.18 hangs after 1 create, CRIU 4.1 fails after 2 creates'. */
function told(cells: readonly MatrixCell[]): string {
  return cells
    .map(({ criu, outcome, creates }) => `CRIU ${criu} ${outcome} after ${counted(creates, 'create')}`)
    .join(', ');
}

const isOk = ({ outcome }: MatrixCell): boolean => outcome === 'ok';
/** Kernels on which the next ID is not the one after the last. */
const isOther = ({ idPolicy }: MatrixCell): boolean => idPolicy !== 'cyclic';

export const DENSE_RESTORE_CLAIMS: readonly Claim<MatrixFigures>[] = [
  {
    id: 'S9',
    claim: 'That IDs follow one another is an ABI now, and the kernel must keep it forever',
    source: LETTER,
    measure,
    judge(figures) {
      const cells = figures.withGaps.cells.filter((cell) => isOther(cell) && RELEASED.includes(cell.criu));
      const [bound, free] = [true, false].map((breaks) =>
        RELEASED.filter((criu) => cells.filter((cell) => cell.criu === criu).every((cell) => !isOk(cell)) === breaks),
      );
      const kernels = new Set(cells.map(({ kernel }) => kernel)).size;
      const restored = RELEASED.map(
        (criu) => `CRIU ${criu} on ${cells.filter((cell) => cell.criu === criu && isOk(cell)).length}`,
      );
      const text = `Of ${kernels} kernels that choose IDs otherwise, timers ${figures.withGaps.ids.join(' and ')} come back with ${restored.join(', ')}.`;
      if (!carriedOut(figures) || bound.length === 0) return doesNotHold(text);
      if (free.length === 0) return holds(text);
      return holdsOnlyIf(`CRIU ${bound.join(' and ')} must go on working; ${free.join(' and ')} can ask for IDs`, text);
    },
  },
  {
    id: 'S10',
    claim: 'This ABI rules out an xarray per process in place of the global lock and hash table',
    source: LETTER,
    measure,
    judge(figures) {
      const { cells } = figures.withGaps;
      const rows = ['dense', 'xarray', 'xarray-cyclic'].map((kernel) =>
        RELEASED.map((criu) => on(cells, kernel, criu)),
      );
      const [dense, withCall, cyclic] = rows;
      const text =
        `An xarray with dense IDs: ${told(dense)}. With dense IDs that can be asked for: ${told(withCall)}. ` +
        `An xarray that keeps the next ID: ${told(cyclic)}.`;
      if (!carriedOut(figures) || dense.some(isOk)) return doesNotHold(text);
      const conditions = [
        ...(cyclic.every(isOk) ? ['its IDs are dense (an xarray with next IDs works, at the price of memory)'] : []),
        ...(withCall.some(isOk) ? ['the restorer cannot ask for an ID'] : []),
      ];
      return conditions.length === 0 ? holds(text) : holdsOnlyIf(conditions.join(' and '), text);
    },
  },
  {
    id: 'S14',
    claim: 'Dense IDs and the search by next ID do not fit together',
    source: LETTER,
    measure,
    judge(figures) {
      const [gaps, none] = [figures.withGaps, figures.withoutGaps].map(({ cells }) =>
        cells.filter(({ idPolicy, criu }) => idPolicy === 'lowest' && SEARCHING.includes(criu)),
      );
      const text =
        `Restores by search on kernels with dense IDs: of timers ${figures.withGaps.ids.join(', ')} ${gaps.filter(isOk).length} of ${gaps.length} succeed, ` +
        `of timers ${figures.withoutGaps.ids.join(', ')} ${none.filter(isOk).length} of ${none.length}.`;
      if (!carriedOut(figures) || gaps.some(isOk)) return doesNotHold(text);
      return none.some(isOk) ? holdsOnlyIf('an ID below one of the timers is free', text) : holds(text);
    },
  },
  {
    id: 'S19',
    claim: 'The way out is another restore mechanism, and CRIU has to take part',
    source: LETTER,
    measure,
    judge(figures) {
      const { cells } = figures.withGaps;
      const searching = cells.filter((cell) => isOther(cell) && SEARCHING.includes(cell.criu));
      const asking = cells.filter(({ strategy }) => ['restore-ids', 'create-at-id', 'cursor'].includes(strategy));
      const merged = on(cells, '6.18', '4.2');
      const mechanisms = new Set(asking.map(({ kernel }) => kernel)).size;
      const text =
        `On kernels without next IDs, search restores ${searching.filter(isOk).length} of ${searching.length}. Where the restorer asks for IDs ` +
        `(${mechanisms} kernels), ${asking.filter(isOk).length} of ${asking.length}. Merged in 2025: CRIU 4.2 on Linux 6.18 ${merged.outcome}, ${merged.creates} creates.`;
      const isWayOut = asking.length > 0 && asking.every(isOk) && isOk(merged);
      return holdsIf(carriedOut(figures) && isWayOut && !searching.some(isOk), text);
    },
  },
  {
    id: '4',
    claim:
      'Where IDs are dense, CRIU before 3.19 hangs and later ones give up immediately; by prctl each timer is one create',
    source: 'A. Vagin and T. Gleixner, linux-kernel, May 2023; CRIU c6ac396aa',
    measure,
    judge(figures) {
      const { ids, cells } = figures.withGaps;
      const dense = RELEASED.map((criu) => on(cells, 'dense', criu));
      const today = on(cells, '6.18', '4.2');
      const text = `Timers ${ids.join(' and ')}, dense IDs: ${told(dense)}. Linux 6.18: ${told([today])}.`;
      const [old, ...checked] = dense;
      const stops = checked.every(({ outcome, creates }) => outcome === 'fails' && creates <= 2);
      const isDirect = isOk(today) && today.creates === ids.length;
      return holdsIf(carriedOut(figures) && old.outcome === 'hangs' && stops && isDirect, text);
    },
  },
];
