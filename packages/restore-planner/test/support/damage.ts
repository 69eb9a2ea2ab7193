// Cuts the files of a checkpoint short and looks at what comes of it: a result that can be planned, or one CheckpointError.
import { type Checkpoint, CheckpointError, planRestore } from '@idspace/restore-planner';

export type Files = Record<string, Uint8Array>;

/** A checkpoint in one form. */
export interface DamagedForm {
  name: string;
  files: Files;
  read: (files: Files) => Promise<Pick<Checkpoint, 'processes'>>;
  /** Whether a file that is cut anywhere must be refused, the last bytes of an archive's end mark apart. */
  isCutRefused: boolean;
  /** Cut at every so many bytes. */
  stride: number;
}

/** What came of many tries. */
export interface Tally {
  tries: number;
  refused: number;
  /** Longest time of a try, ms. */
  worst: number;
  faults: string[];
}

/** Cuts every file of a form at every length. */
export async function cutAll(form: DamagedForm): Promise<Tally> {
  const tally: Tally = { tries: 0, refused: 0, worst: 0, faults: [] };
  for (const [file, bytes] of Object.entries(form.files)) {
    for (let length = 0; length < bytes.length; length += form.stride) {
      const what = `${form.name}, ${file} cut to ${length} of ${bytes.length} bytes`;
      const wasRead = await tried(form, { ...form.files, [file]: bytes.subarray(0, length) }, what, tally);
      if (wasRead && form.isCutRefused) tally.faults.push(`${what} was read`);
    }
  }
  return tally;
}

/** @returns Whether it was read. */
async function tried(form: DamagedForm, files: Files, what: string, tally: Tally): Promise<boolean> {
  const start = performance.now();
  let wasRead = true;
  try {
    const { processes } = await form.read(files);
    planRestore({ source: 'damaged', format: 'criu-v1.1', processes }, { kernel: '6.1', criu: '4.2' });
  } catch (error) {
    wasRead = false;
    tally.refused++;
    if (!(error instanceof CheckpointError)) tally.faults.push(`${what}: ${error}`);
  }
  tally.tries++;
  tally.worst = Math.max(tally.worst, performance.now() - start);
  return wasRead;
}
