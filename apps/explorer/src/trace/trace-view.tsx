import type { JSX } from 'preact';
import './trace.css';
import { DropZone } from '../shell/drop-zone.tsx';
import { Privacy } from '../shell/privacy.tsx';
import { Term } from '../shell/term.tsx';
import { wholeOf } from '../shell/whole.ts';
import { ClassResults, PlayedTrace } from './results.tsx';
import { TraceState } from './trace-state.ts';

const LABEL =
  "Drop a memory trace anywhere on this page: of valgrind's lackey (valgrind --tool=lackey --trace-mem=yes --log-file=ls.trace ls), " +
  'din, or another form that idspace simulate reads; plain, in gzip or in zstd.';

/** Outlives the view: what was measured is still there when one comes back. */
const state = new TraceState();

/** The cache misses of a dropped trace, or of a pasted class beside ours. */
export function TraceView(): JSX.Element {
  return (
    <div class="trace">
      <DropZone label={LABEL} onFiles={(files) => void state.take(files)} onError={state.refuse} />
      <Privacy />
      <CachesForm />
      <Doing about="trace" />
      {state.trace.value !== undefined && <PlayedTrace result={state.trace.value} />}
      <ClassForm />
      {state.classes.value.length > 0 && <ClassResults results={state.classes.value} />}
    </div>
  );
}

/** Both levels, as cachegrind writes them. */
function CachesForm(): JSX.Element {
  const { caches } = state;
  return (
    <div class="row fields">
      {(['d1', 'll'] as const).map((level) => (
        <label key={level}>
          {level === 'd1' ? 'First cache: bytes, ways, bytes of a line' : 'Last cache: the same'}
          <input
            value={caches.value[level]}
            spellcheck={false}
            onInput={({ currentTarget }) => {
              caches.value = { ...caches.value, [level]: currentTarget.value };
            }}
          />
        </label>
      ))}
    </div>
  );
}

/** What goes on, or what went wrong: each beside what began it. */
function Doing({ about }: { about: 'trace' | 'class' }): JSX.Element | null {
  if (state.about.value !== about) return null;
  if (state.error.value !== '') {
    return (
      <p class="error" role="alert">
        {state.error}
      </p>
    );
  }
  if (state.doing.value === '') return null;
  const progress = state.progress.value;
  return (
    <p class="row" role="status">
      <span>{state.doing}</span>
      {progress === undefined ? <progress /> : <progress max={progress.total} value={progress.done} />}
      <button type="button" onClick={state.stop}>
        Stop
      </button>
    </p>
  );
}

function ClassForm(): JSX.Element {
  const { calls, code } = state;
  return (
    <section class="paste-class">
      <h2>Or paste a class that hands out IDs</h2>
      <p class="note">
        It needs <code>allocate()</code>, which returns an ID that is not in use, and <code>free(id)</code>, and keeps
        its data in typed arrays that are fields of the object. It runs in a worker, without a network, for 10 s at
        most. The same calls then run on two classes of idspace, <Term word="IdPool" /> and <Term word="Ida" />.
      </p>
      <label>
        JavaScript
        <textarea
          rows={14}
          spellcheck={false}
          value={code.value}
          onInput={({ currentTarget }) => {
            code.value = currentTarget.value;
          }}
        />
      </label>
      <div class="row fields">
        {(['live', 'pairs', 'seed'] as const).map((name) => (
          <label key={name}>
            {{ live: 'IDs at the same time', pairs: 'Then frees and allocates', seed: 'Seed' }[name]}
            <input
              inputMode="numeric"
              value={calls.value[name]}
              aria-invalid={wholeOf(calls.value[name]) === null}
              onInput={({ currentTarget }) => {
                calls.value = { ...calls.value, [name]: currentTarget.value };
              }}
            />
          </label>
        ))}
        <button type="button" class="primary" onClick={() => void state.run()}>
          Run it beside ours
        </button>
      </div>
      <Doing about="class" />
    </section>
  );
}
