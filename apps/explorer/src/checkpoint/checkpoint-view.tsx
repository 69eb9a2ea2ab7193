import type { JSX } from 'preact';
import './checkpoint.css';
import { DropZone } from '../shell/drop-zone.tsx';
import { Privacy } from '../shell/privacy.tsx';
import { CheckpointState } from './checkpoint-state.ts';
import { EXAMPLES, exampleFiles } from './examples.ts';
import { Machine, Versions } from './machine.tsx';
import { Matrix } from './matrix.tsx';
import { originText } from './sentences.ts';
import { Verdict } from './verdict.tsx';

const LABEL =
  'Drop a checkpoint anywhere on this page: an archive of podman, CRI-O or Kubernetes (tar, gzip, zstd), a folder of images, an OCI layout, ' +
  'JSON of crit, or the text of /proc/PID/timers. The JSON of idspace probe --facts describes the machine to restore on.';

/** Outlives the view: what was dropped is still there when one comes back. */
const state = new CheckpointState();

/** Whether and how fast a dropped checkpoint restores, on which kernel by which CRIU. */
export function CheckpointView(): JSX.Element {
  return (
    <div class="checkpoint">
      <DropZone
        label={LABEL}
        pastes="The text of /proc/PID/timers, JSON of crit, or the JSON of idspace probe --facts"
        folders
        onFiles={state.take}
        onError={state.fail}
      >
        {EXAMPLES.map((example) => (
          <button type="button" key={example.name} onClick={() => void state.take(exampleFiles(example))}>
            {example.label}
          </button>
        ))}
      </DropZone>
      <Privacy />
      <Reading />
      {state.error.value !== '' && (
        <p class="error" role="alert">
          {state.error}
        </p>
      )}
      <Several />
      <Answer />
    </div>
  );
}

/** Shown while a file is read. */
function Reading(): JSX.Element | null {
  const progress = state.progress.value;
  if (progress === undefined) return null;
  const { done, total } = progress;
  return (
    <p class="row" role="status">
      <span>Reading {state.path}</span>
      {total > 0 ? <progress max={total} value={done} /> : <progress />}
      <button type="button" onClick={state.stop}>
        Stop
      </button>
    </p>
  );
}

/** The checkpoints of a folder that has several. */
function Several(): JSX.Element | null {
  const { paths, isCut } = state.found.value;
  if (paths.length < 2) return null;
  return (
    <label class="row">
      {isCut ? `The first ${paths.length} checkpoints in it` : `${paths.length} checkpoints in it`}
      <select value={state.path.value} onChange={({ currentTarget }) => void state.choose(currentTarget.value)}>
        {paths.map((path) => (
          <option key={path}>{path}</option>
        ))}
      </select>
    </label>
  );
}

function Answer(): JSX.Element | null {
  const checkpoint = state.checkpoint.value;
  if (checkpoint === undefined) return null;
  return (
    <>
      <h2>{checkpoint.source}</h2>
      <p class="note">{originText(checkpoint)}</p>
      <Versions state={state} />
      <div class="columns">
        <div class="answers">
          <Verdict state={state} />
          <Matrix state={state} />
        </div>
        <Machine state={state} />
      </div>
    </>
  );
}
