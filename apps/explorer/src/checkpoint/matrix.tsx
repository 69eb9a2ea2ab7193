// The same checkpoint by every kind of CRIU on every kind of kernel: a click plans with that pair.
import type { JSX } from 'preact';
import { duration } from '../shell/number.ts';
import type { CheckpointState } from './checkpoint-state.ts';
import { ENDINGS, kernelLabel, kernelWords, restorerName, SPACE_TITLES } from './sentences.ts';
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
        Click a cell to plan with it. Names without a number are kernels that were proposed and not built. Times are
        those of the timers.
      </p>
      <div class="scroll">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Kernel</th>
              {crius.map((criu) => (
                <th scope="col" key={criu}>
                  {criu === 'native' ? 'native' : `CRIU ${criu}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kernels.map((kernel) => (
              <tr key={kernel}>
                <th scope="row">
                  {kernel}
                  <small>{kernelWords(kernel)}</small>
                </th>
                {crius.map((criu) => (
                  <td key={criu}>
                    <Cell cell={cells.find((one) => one.kernel === kernel && one.criu === criu)!} state={state} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ cell, state }: { cell: MatrixCell; state: CheckpointState }): JSX.Element {
  const { outcome, kernel, criu, space, seconds, error } = cell;
  const { kernel: asked, criu: by } = state.options.value;
  const time = outcome === 'hangs' ? '∞' : duration(seconds);
  const more = space === null || space === 'timers' ? time : `(${SPACE_TITLES[space]})`;
  const choose = (): void => {
    state.kernel.value = kernel;
    state.criu.value = criu;
  };
  return (
    <button
      type="button"
      class={`outcome ${outcome}`}
      aria-pressed={kernel === asked && criu === by}
      aria-label={`${restorerName(criu)} on ${kernelLabel(kernel)}: ${outcome} ${more}`}
      title={error ?? undefined}
      onClick={choose}
    >
      <span aria-hidden="true">{ENDINGS[outcome].sign}</span> <span class="word">{outcome}</span> <small>{more}</small>
    </button>
  );
}
