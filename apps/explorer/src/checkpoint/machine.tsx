// The machine to restore on: kernel, CRIU, and as much as is known of the rest. Every answer follows what is typed immediately.
import { MATRIX_CRIUS, MATRIX_KERNELS } from '@idspace/restore-planner/plan';
import type { JSX } from 'preact';
import { kernelName, kernelSentence } from '../engine/kernel-names.ts';
import { Term } from '../shell/term.tsx';
import type { CheckpointState } from './checkpoint-state.ts';
import { kernelWords, restorerName } from './sentences.ts';
import { FIELD_GROUPS, type Field } from './target-form.ts';

const CRIUS = ['3.11', '3.18', '3.19', '4.0', '4.1', '4.2', 'native'];
const KERNELS = ['3.9', '4.18', '5.4', '5.10', '5.15', '6.1', '6.6', '6.12', '6.14', '6.15', '6.18'];

/** Which kernel, and which CRIU. */
export function Versions({ state }: { state: CheckpointState }): JSX.Element {
  return (
    <div class="versions">
      <label>
        Kernel
        <input
          list="kernels"
          value={state.kernel.value}
          spellcheck={false}
          onInput={({ currentTarget }) => {
            state.kernel.value = currentTarget.value;
          }}
        />
        <small>{kernelText(state.options.value.kernel)}</small>
      </label>
      <label>
        CRIU
        <input
          list="crius"
          value={state.criu.value}
          spellcheck={false}
          onInput={({ currentTarget }) => {
            state.criu.value = currentTarget.value;
          }}
        />
      </label>
      <small class="criu">
        a version of <Term word="CRIU" />, or native: the <Term word="best restorer" />
      </small>
      <Options id="kernels" values={[...new Set([...KERNELS, ...MATRIX_KERNELS])]} label={kernelName} />
      <Options id="crius" values={[...new Set([...CRIUS, ...MATRIX_CRIUS])]} label={restorerName} />
    </div>
  );
}

function kernelText(kernel: string): string {
  const how = kernelWords(kernel);
  if (how === undefined) return 'a release such as 6.1, or one that was proposed';
  return /^\d/.test(kernel) ? `its timer IDs: ${how}` : `${kernelName(kernel)}. ${kernelSentence(kernel)}`;
}

/** What else is known of the machine, field by field. */
export function Machine({ state }: { state: CheckpointState }): JSX.Element {
  const { target } = state.target.value;
  const source = state.formSource.value;
  return (
    <aside class="machine panel" aria-label="The machine to restore on">
      <h3>The machine to restore on</h3>
      <p class="note">
        {target === undefined
          ? NOTHING_KNOWN
          : `${source === '' ? '' : `From ${source}. `}What is missing counts as not known.`}
      </p>
      {target !== undefined && (
        <button type="button" onClick={state.clearForm}>
          Forget the machine
        </button>
      )}
      {FIELD_GROUPS.map(({ title, fields }) => (
        <details key={title} open={fields.some(({ key }) => (state.form.value[key] ?? '') !== '')}>
          <summary>{title}</summary>
          {fields.map((field) => (
            <FormField key={field.key} field={field} state={state} />
          ))}
        </details>
      ))}
    </aside>
  );
}

interface OptionsProps {
  readonly id: string;
  readonly values: readonly string[];
  readonly label: (value: string) => string;
}

const NOTHING_KNOWN =
  'Nothing is known of it yet, so what depends on the machine alone is left out of the verdict. Fill in what you know, or drop the file that idspace probe --facts writes there.';

function Options({ id, values, label }: OptionsProps): JSX.Element {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} label={label(value)} />
      ))}
    </datalist>
  );
}

function FormField({ field, state }: { field: Field; state: CheckpointState }): JSX.Element {
  const { key, kind, label, where } = field;
  const value = state.form.value[key] ?? '';
  const error = state.target.value.errors[key];
  const common = {
    id: key,
    value,
    'aria-invalid': error !== undefined,
    onInput: ({ currentTarget }: { currentTarget: { value: string } }): void => {
      state.form.value = { ...state.form.value, [key]: currentTarget.value };
    },
  };
  return (
    <label for={key}>
      {label}
      {kind === 'yes-no' ? (
        <select {...common}>
          <option value="">not known</option>
          <option>yes</option>
          <option>no</option>
        </select>
      ) : kind === 'whole' ? (
        <input inputMode="numeric" {...common} />
      ) : (
        <textarea rows={2} spellcheck={false} {...common} />
      )}
      <small class={error === undefined ? '' : 'wrong'}>{error ?? where}</small>
    </label>
  );
}
