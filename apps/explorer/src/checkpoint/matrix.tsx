// The same checkpoint by every kind of CRIU on every kind of kernel: a click plans with that pair.
import { SPACE_TITLES } from '@idspace/restore-planner/plan';
import { Fragment, type JSX } from 'preact';
import { kernelName } from '../engine/kernel-names.ts';
import { duration } from '../shell/number.ts';
import { Scroll } from '../shell/scroll.tsx';
import { Explained, Term } from '../shell/term.tsx';
import type { CheckpointState } from './checkpoint-state.ts';
import { ENDINGS, kernelLabel, kernelWords, pageWords, restorerName, sentence } from './sentences.ts';
import type { MatrixCell } from './summary.ts';

export function Matrix({ state }: { state: CheckpointState }): JSX.Element {
  const cells = state.matrix.value;
  if (cells === undefined) return <p class="note">Planning for other kernels …</p>;
  const crius = [...new Set(cells.map(({ criu }) => criu))];
  const kernels = [...new Set(cells.map(({ kernel }) => kernel))];
  return (
    <section aria-labelledby="matrix-title">
      <h3 id="matrix-title">On other kernels, by other CRIUs</h3>
      <p class="note">
        Choose a cell to plan with it; below its row stands why it ends so. Proposed kernels were never built. Times are
        those of the timers.
      </p>
      <Scroll label="Kernels and CRIUs">
        <table class="matrix" style={{ '--crius': crius.length }}>
          <thead>
            <tr>
              <th scope="col">Kernel</th>
              {crius.map((criu) => (
                <th scope="col" key={criu}>
                  {criu === 'native' ? <Term word="best restorer" /> : `CRIU ${criu}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kernels.map((kernel) => (
              <Fragment key={kernel}>
                <tr>
                  <th scope="row">
                    {kernelName(kernel)}
                    {/^\d/.test(kernel) && <small>{kernelWords(kernel)}</small>}
                  </th>
                  {crius.map((criu) => (
                    <td key={criu}>
                      <Cell cell={cells.find((one) => one.kernel === kernel && one.criu === criu)!} state={state} />
                    </td>
                  ))}
                </tr>
                <Chosen
                  cell={cells.find((one) => isChosen(one, state) && one.kernel === kernel)}
                  columns={crius.length + 1}
                />
              </Fragment>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function isChosen({ kernel, criu }: MatrixCell, state: CheckpointState): boolean {
  const asked = state.options.value;
  return kernel === asked.kernel && criu === asked.criu;
}

/** The verdict of the chosen cell, below its row: the one at the top of the page may be out of sight. */
function Chosen({ cell, columns }: { cell: MatrixCell | undefined; columns: number }): JSX.Element | null {
  if (cell === undefined) return null;
  const { outcome, kernel, criu, why } = cell;
  return (
    <tr class="chosen">
      <td colSpan={columns} class={outcome}>
        <p>
          {sentence(`${restorerName(criu)} on ${kernelLabel(kernel)}`)} <b>{ENDINGS[outcome].head}.</b>{' '}
          {why !== null && <Explained text={sentence(pageWords(why))} />}
        </p>
      </td>
    </tr>
  );
}

function Cell({ cell, state }: { cell: MatrixCell; state: CheckpointState }): JSX.Element {
  const { outcome, kernel, criu, space, seconds, why } = cell;
  const isOfTimers = space === null || space === 'timers';
  // What ends before the first timer has no time of its own: why it ends says more.
  const time =
    outcome === 'hangs' ? 'tries forever' : outcome !== 'ok' && seconds === 0 ? (why ?? '') : duration(seconds);
  const more = isOfTimers ? time : SPACE_TITLES[space];
  const choose = (): void => {
    state.kernel.value = kernel;
    state.criu.value = criu;
  };
  return (
    <button
      type="button"
      class={`outcome ${outcome}`}
      aria-pressed={isChosen(cell, state)}
      aria-label={`${restorerName(criu)} on ${kernelLabel(kernel)}: ${ENDINGS[outcome].word}, ${more}`}
      onClick={choose}
    >
      <span aria-hidden="true">{ENDINGS[outcome].sign}</span> <span class="word">{ENDINGS[outcome].word}</span>{' '}
      <small>{more}</small>
    </button>
  );
}
