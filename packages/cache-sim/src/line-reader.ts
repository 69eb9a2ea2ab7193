// The parts of a trace format.
import type { Batch } from './batch.ts';
import type { TraceCursor } from './trace-cursor.ts';

/**
 * Reads the line that starts at the cursor, and goes on to the next.
 *
 * @param batch Has room for the line's access.
 * @param longest Data accesses of lackey's are cut to so many bytes.
 * @throws TraceError for a line of another form, with the cursor's place.
 */
export type LineReader = (cursor: TraceCursor, batch: Batch, longest: number) => void;

/** A format of traces. */
export interface LineFormat {
  readLine: LineReader;
  /** Reads as many lines of the usual form as there are, faster, up to a full batch. */
  readLines?: LineReader;
  /** Lines of the format; what is cut off one is the start of one of these. */
  examples: readonly string[];
  /** What the format does not tell and how it is played for that reason. */
  note?: string;
  /** What the end of at least one line looks like; where none does, the lines may be of another format that is not known here. */
  proof?: RegExp;
}
